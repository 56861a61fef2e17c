"""Loader of BettingPros: the games of a date, then the offers of the points market.

Belongs here: which request gives which payload. Does not belong here: reading the answers
(``parse.bettingpros``), or how a request is made (``client``).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload, SourceError
from nba_pipeline.league.calendar import Game
from nba_pipeline.sources.parse.bettingpros import BETTINGPROS_EVENTS_JSON, POINTS_MARKET
from nba_pipeline.sources.web.client import WebClient, received

_PAGE = 25
_MAX_PAGES = 200


class BettingProsLoader:
    """Points lines of BettingPros."""

    name = "bettingpros"
    asks_by_date = True
    endpoint = Endpoint.BETTINGPROS_LINES

    def __init__(self, client: WebClient, base_url: str) -> None:
        self.client = client
        self.base_url = base_url.rstrip("/")

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """Per date a payload of events and one per page of offers.

        Raises:
            SourceError: a request failed for good, or an answer in another shape.
        """
        for date in dates.dates():
            listed = self._payload(
                "events", {"sport": "NBA", "date": date.isoformat()},
                f"dates={date}..{date}/kind=events", Layout.BETTINGPROS_EVENTS_JSON,
            )  # fmt: skip
            yield listed
            games = BETTINGPROS_EVENTS_JSON.read(listed)
            ids = ":".join(str(i) for i in games["event_id"])
            if ids:
                yield from self._offers(date, ids)

    def _offers(self, date: dt.date, ids: str) -> Iterator[Payload]:
        for page in range(1, _MAX_PAGES + 1):
            asked = {"sport": "NBA", "market_id": POINTS_MARKET, "event_id": ids, "limit": _PAGE,
                     "page": page}  # fmt: skip
            payload = self._payload(
                "offers", asked, f"dates={date}..{date}/kind=offers/page={page}",
                Layout.BETTINGPROS_OFFERS_JSON,
            )  # fmt: skip
            yield payload
            if page >= _pages(payload):
                return
        raise SourceError(f"{self.name}: more than {_MAX_PAGES} pages of offers of {date}")

    def _payload(self, path: str, asked: dict[str, object], key: str, layout: Layout) -> Payload:
        content = self.client.get(f"{self.base_url}/{path}", asked).content
        return received(self, key, layout, content)

    def not_offered(self, game: Game) -> str | None:
        """Past games are still listed."""
        return None


def _pages(payload: Payload) -> int:
    """Number of pages of the answer."""
    try:
        return int(json.loads(payload.content)["_pagination"]["total_pages"])
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(f"{payload.label}: no number of pages: {error}") from error
