"""Loader of the archived game sheets: months of two seasons, playoffs, and one gamebook.

Belongs here: which file holds a game, and which games no file holds. Does not belong here: reading
them (``parse_sheets``). A monthly file has ids for names, so the list of players of its publisher
goes with it.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload
from nba_pipeline.league.calendar import Game, SeasonType, season_label, season_year_on
from nba_pipeline.sources.archive.file import archived

_MONTHLY = "stats_nba_boxscore_v3_monthly"
_PLAYOFFS = "stats_nba_playoff_boxscores_with_dnp/play_off_box_scores_2010_2024.csv.gz"
_MONTHS = ((2025, 1), (2025, 2), (2025, 3), (2025, 4), (2025, 10), (2025, 11))
_PLAYOFF_SEASONS = (2021, 2022, 2023)
_PLAYOFFS_END = dt.date(2024, 4, 22)
"""Last playoff date in the file: eleven games of 2023-24 are there."""

_MONTHS_END = dt.date(2025, 11, 24)
"""Last date of the newest month: the 39 games after it are missing."""

_GAMEBOOKS = {"20240410_MEM_CLE": "raw_api_samples/nbac_gamebook_pdf/exp_0173bcd1.json.gz"}
"""Game, and the file of its gamebook; the other one in the archives is of a preseason game."""


class SheetArchive:
    """Game sheets under ``root``."""

    name = "nbac_archive"
    endpoint = Endpoint.GAME_SHEETS

    def __init__(self, root: Path) -> None:
        self.root = root

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """Files of the months, playoffs and gamebooks that the range touches.

        Raises:
            SourceError: a file that belongs to the archives is not there or cannot be read.
        """
        months = [m for m in _MONTHS if _touch(_month(*m), dates)]
        for year, month in months:
            span, file = _month(year, month), f"game_stats_{year}-{month:02d}"
            key = f"dates={span.first}..{span.last}/file={file}"
            path = self.root / _MONTHLY / f"{file}.csv.gz"
            yield archived(self, path, key, Layout.SHEET_IDS_CSV)
        if months:
            path = self.root / _MONTHLY / "players.csv.gz"
            yield archived(self, path, "file=players", Layout.SHEET_NAMES_CSV)
        seasons = range(season_year_on(dates.first), season_year_on(dates.last) + 1)
        if any(year in seasons for year in _PLAYOFF_SEASONS):
            key = f"file={Path(_PLAYOFFS).name.removesuffix('.csv.gz')}"
            yield archived(self, self.root / _PLAYOFFS, key, Layout.SHEET_TABLE_CSV)
        for game_id, file in _GAMEBOOKS.items():
            date = dt.datetime.strptime(game_id[:8], "%Y%m%d").date()
            if date in dates:
                key = f"dates={date}..{date}/gamebook={game_id}"
                yield archived(self, self.root / file, key, Layout.SHEET_GAMEBOOK_JSON)

    def not_offered(self, game: Game) -> str | None:
        """Why no file holds the game's sheets."""
        if game.game_id in _GAMEBOOKS:
            return None
        date, season = game.game_date, season_label(game.season_year)
        if game.season_type is SeasonType.PLAYOFFS:
            if game.season_year not in _PLAYOFF_SEASONS:
                return f"{self.name}: no game sheets of the playoffs of {season}"
            if date > _PLAYOFFS_END:
                return f"{self.name}: game sheets of the playoffs end with {_PLAYOFFS_END}"
            return None
        if game.season_type is not SeasonType.REGULAR:
            what = str(game.season_type).replace("_", " ")
            return f"{self.name}: no game sheets of {what} games in {season}"
        if (date.year, date.month) not in _MONTHS:
            return f"{self.name}: no game sheets of {date:%Y-%m}"
        if date > _MONTHS_END:
            return f"{self.name}: game sheets of {date:%Y-%m} end with {_MONTHS_END}"
        return None


def _month(year: int, month: int) -> DateRange:
    last = calendar.monthrange(year, month)[1]
    return DateRange(dt.date(year, month, 1), dt.date(year, month, last))


def _touch(one: DateRange, other: DateRange) -> bool:
    return one.first <= other.last and other.first <= one.last
