"""Loader of BallDontLie's box scores.

Belongs here: a request per date, page by page. Does not belong here: reading the answers
(``parse.bdl``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload, SourceError
from nba_pipeline.league.calendar import Game
from nba_pipeline.sources.web.client import WebClient, received

_MOST_PAGES = 20


class BdlLoader:
    """Box scores by date."""

    name = "bdl"
    asks_by_date = True
    endpoint = Endpoint.BDL_BOXSCORES

    def __init__(self, client: WebClient, url: str) -> None:
        self.client = client
        self.url = url

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """A payload per date and page.

        Raises:
            SourceError: a request failed for good, or pages do not end.
        """
        for date in dates.dates():
            cursor = ""
            for page in range(1, _MOST_PAGES + 1):
                asked = {"date": date.isoformat(), **({"cursor": cursor} if cursor else {})}
                content = self.client.get(self.url, asked).content
                key = f"dates={date}..{date}/page={page}"
                yield received(self, key, Layout.BDL_JSON, content)
                cursor = _next_cursor(content)
                if not cursor:
                    break
            else:
                raise SourceError(f"{self.name}: more than {_MOST_PAGES} pages of {date}")

    def not_offered(self, game: Game) -> str | None:
        """Everything is there for who has a key."""
        return None


def _next_cursor(content: bytes) -> str:
    """Cursor of the next page, empty at the end; an answer that is no JSON is the parser's case."""
    try:
        found = json.loads(content)
    except ValueError:
        return ""
    meta = found.get("meta") if isinstance(found, dict) else None
    cursor = meta.get("next_cursor") if isinstance(meta, dict) else None
    return "" if cursor is None else str(cursor)
