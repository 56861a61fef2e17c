"""Loader of the archived points lines: folders with a file a day, of three publishers.

Belongs here: which files may hold quotes of a game date, and which dates no file holds. Does not
belong here: reading them. A file's name is not the game date of its quotes: some are a day off, and
some hold the next days too, so the neighbours of a date are always read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload, SourceError
from nba_pipeline.league.calendar import Game
from nba_pipeline.sources.archive.file import archived

_FOLDERS = (
    ("btam-ny_daily", Layout.PROPS_OUTCOMES_CSV,
     re.compile(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)")),
    ("spon7ge_daily", Layout.PROPS_SIDES_CSV, re.compile(r"(?P<m>\d\d)_(?P<d>\d\d)_(?P<y>\d{4})")),
    ("MylesThomas_all_markets_daily", Layout.PROPS_LINES_CSV,
     re.compile(r"raw_(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)")),
)  # fmt: skip
_HELD = (
    DateRange(dt.date(2024, 3, 2), dt.date(2024, 3, 15)),
    DateRange(dt.date(2024, 3, 17), dt.date(2024, 3, 31)),
    DateRange(dt.date(2024, 5, 1), dt.date(2024, 5, 25)),
    DateRange(dt.date(2024, 10, 22), dt.date(2024, 12, 30)),
    DateRange(dt.date(2025, 10, 21), dt.date(2025, 11, 30)),
)
_NEIGHBOURS = dt.timedelta(2)


class LineArchive:
    """Points lines under ``root/odds_api_player_props``."""

    name = "odds_archive"
    endpoint = Endpoint.POINTS_LINES

    def __init__(self, root: Path) -> None:
        self.root = root / "odds_api_player_props"

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """Files of the dates and their neighbours.

        Raises:
            SourceError: a folder is not there, or a file is not named by a date.
        """
        wanted = DateRange(dates.first - _NEIGHBOURS, dates.last + _NEIGHBOURS)
        for folder, layout, pattern in _FOLDERS:
            path = self.root / folder
            if not path.is_dir():
                raise SourceError(f"{self.name}/{self.endpoint}: no folder {path}")
            for file in sorted(path.iterdir()):
                date = _date_of(file, pattern)
                if date in wanted:
                    name = file.name.removesuffix(".gz").removesuffix(".csv")
                    key = f"dates={date - _NEIGHBOURS}..{date + _NEIGHBOURS}/file={name}"
                    yield archived(self, file, key, layout)

    def not_offered(self, game: Game) -> str | None:
        """Why no file holds lines of the game's date."""
        if any(game.game_date in held for held in _HELD):
            return None
        return f"{self.name}: no points lines of {game.game_date:%Y-%m}"


def _date_of(file: Path, pattern: re.Pattern[str]) -> dt.date:
    found = pattern.search(file.name)
    if found is None:
        raise SourceError(f"odds_archive: {file.name} is not named by a date")
    return dt.date(*(int(found[part]) for part in ("y", "m", "d")))
