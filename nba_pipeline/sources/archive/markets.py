"""Loaders of archived boards of PrizePicks and of archived spreads and totals of games.

Belongs here: which files may hold quotes of a game date, and which dates no file holds. Does not
belong here: reading them. The dates are declared, so that a file that goes missing is a failure.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload, SourceError
from nba_pipeline.league.calendar import Game, season_label, season_year_on
from nba_pipeline.sources.archive.file import archived

_TAKEN = re.compile(r"_(\d{4}-\d\d-\d\d)T\d{6}Z")
_AHEAD = dt.timedelta(3)
"""How far ahead of its games a board may be."""
_BEHIND = dt.timedelta(1)
"""Late Eastern games are on boards of the next day in UTC."""


def _dates(months: Mapping[str, str]) -> frozenset[dt.date]:
    """Dates of ``{"2025-10": "21 22"}``."""
    return frozenset(
        dt.date.fromisoformat(f"{month}-{day}")
        for month, days in months.items()
        for day in days.split()
    )


_BOARDS = _dates({"2025-12": "06 07 11 12 13 14 15 16 17 18 19 20 21 22 23 25 26 27 28 29 30 31"})
_WHOLE_SEASONS = (2021, 2022, 2024)
_CONSENSUS = _dates({
    "2023-10": "24 25 26 27 28",
    "2023-11": "03 04 10 11 14 17 18 21 24 25 28",
    "2023-12": "01 02 04 05 08 09 15 16 22 23 25 29 30",
    "2024-01": "05 06 12 13 15 19 20 26 27",
    "2024-02": "02 03 09 10 22 23 24",
    "2024-03": "01 02 08 09 15 22 23 29",
    "2024-04": "05 06 12 17 19 20 21 26 27 28",
    "2024-05": "03 04 06 10 11 17 18 19 24 25",
    "2024-06": "06 09 14 17",
    "2025-10": "21 22 23 24 27 31",
    "2025-11": "07 14 21 25 26 28",
    "2025-12": "25",
})  # fmt: skip
"""Game dates of the two thin seasons on which the consensus has a line of any game."""


class PrizePicksArchive:
    """Boards under ``root/prizepicks_snapshots``."""

    name = "prizepicks_archive"
    endpoint = Endpoint.PRIZEPICKS_LINES

    def __init__(self, root: Path) -> None:
        self.root = root / "prizepicks_snapshots"

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """Boards taken on the dates, the days before them and, for late games, the day after.

        Raises:
            SourceError: the folder is not there, or a file is not named by its time.
        """
        if not self.root.is_dir():
            raise SourceError(f"{self.name}/{self.endpoint}: no folder {self.root}")
        wanted = DateRange(dates.first - _AHEAD, dates.last + _BEHIND)
        for file in sorted(self.root.iterdir()):
            taken = _TAKEN.search(file.name)
            if taken is None:
                raise SourceError(f"{self.name}: {file.name} is not named by its time")
            date = dt.date.fromisoformat(taken.group(1))
            if date in wanted:
                name = file.name.removesuffix(".json.gz")
                key = f"dates={date - _BEHIND}..{date + _AHEAD}/file={name}"
                yield archived(self, file, key, Layout.PRIZEPICKS_JSON)

    def not_offered(self, game: Game) -> str | None:
        """Why no board shows the game's date."""
        if game.game_date in _BOARDS:
            return None
        return f"{self.name}: no board with points lines of {game.game_date}"


class GameLineArchive:
    """Closing spreads and totals under ``root/odds_game_lines``."""

    name = "odds_archive"
    endpoint = Endpoint.GAME_LINES
    _files = (
        ("sbr_game_odds_2021-22_2022-23.csv.gz", Layout.SBR_GAMES_CSV, range(2021, 2023)),
        ("closing_lines_consensus.parquet", Layout.CONSENSUS_GAMES_PARQUET, range(2021, 2026)),
    )

    def __init__(self, root: Path) -> None:
        self.root = root / "odds_game_lines"

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """Files of the seasons that the range touches.

        Raises:
            SourceError: a file is not there.
        """
        seasons = set(range(season_year_on(dates.first), season_year_on(dates.last) + 1))
        for name, layout, held in self._files:
            if seasons.isdisjoint(held):
                continue
            key = f"file={name.removesuffix('.gz').rsplit('.', 1)[0]}"
            yield archived(self, self.root / name, key, layout)

    def not_offered(self, game: Game) -> str | None:
        """Why no file holds lines of the game's date."""
        if game.season_year in _WHOLE_SEASONS or game.game_date in _CONSENSUS:
            return None
        season = season_label(game.season_year)
        return f"{self.name}: of {season} only some dates have game lines, not {game.game_date}"
