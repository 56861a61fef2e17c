"""Loader of the one archived answer of BallDontLie.

Belongs here: the file and its date. Does not belong here: reading it (``parse_bdl``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload
from nba_pipeline.league.calendar import Game
from nba_pipeline.sources.archive.file import archived

_FILE = "raw_api_samples/bdl_box_scores/raw_7a649e12.json.gz"
_DATE = dt.date(2024, 1, 15)


class BdlArchive:
    """Box scores of one date under ``root``."""

    name = "bdl_archive"
    endpoint = Endpoint.BDL_BOXSCORES

    def __init__(self, root: Path) -> None:
        self.root = root

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """The answer, where the range holds its date.

        Raises:
            SourceError: the file is not there or cannot be read.
        """
        if _DATE not in dates:
            return
        key = f"dates={_DATE}..{_DATE}/page=1"
        yield archived(self, self.root / _FILE, key, Layout.BDL_JSON)

    def not_offered(self, game: Game) -> str | None:
        """Every date but one is missing."""
        if game.game_date == _DATE:
            return None
        return f"{self.name}: no box scores of {game.game_date:%Y-%m}, only of {_DATE}"
