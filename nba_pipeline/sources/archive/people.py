"""Loaders of the archives' files about people: players by season, transactions, one injury report.

Belongs here: which file answers which request, and what the archives will never hold. Does not
belong here: reading the files (``parse_*``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload
from nba_pipeline.league.calendar import Game, season_label
from nba_pipeline.sources.archive.file import archived
from nba_pipeline.sources.loader import Loader
from nba_pipeline.sources.own.fixed import ArenaLoader, NothingLoader

_LAST_SEASON = 2025
_REPORT_DATE = dt.date(2024, 1, 4)
_REPORT_SEASON = 2023
_TRANSACTIONS_END = dt.date(2025, 5, 13)
_LIST = ("players/commonallplayers_raw.json.gz", "all", Layout.PLAYERS_JSON)
_INDEX = (f"players/playerindex_{season_label(_LAST_SEASON)}_raw.json.gz",
          f"season={season_label(_LAST_SEASON)}/file=playerindex",
          Layout.PLAYER_INDEX_JSON)  # fmt: skip
_PROFILES = (f"players/player_profiles_{season_label(_LAST_SEASON)}.csv.gz",
             f"season={season_label(_LAST_SEASON)}/file=player_profiles",
             Layout.PLAYER_PROFILES_CSV)  # fmt: skip
_POSITIONS = tuple(
    (f"players/player_positions_{season_label(year)}.csv.gz",
     f"season={season_label(year)}/file=player_positions", Layout.PLAYER_POSITIONS_CSV)
    for year in range(2021, _LAST_SEASON + 1)
)  # fmt: skip

_File = tuple[str, str, Layout]
_FILES: Mapping[Endpoint, tuple[_File, ...]] = {
    Endpoint.PLAYERS: (_LIST, _PROFILES, _INDEX),
    Endpoint.PLAYER_SEASONS: (_LIST, _PROFILES, _INDEX, *_POSITIONS),
    Endpoint.INJURY_REPORT: (
        ("raw_api_samples/nbac_injury_report/raw_f4391904.pdf",
         f"dates={_REPORT_DATE}..{_REPORT_DATE}/report=12PM", Layout.INJURY_REPORT_PDF),
    ),
    Endpoint.INJURY_TRANSACTIONS: (
        ("injuries/prosportstransactions_injuries_all.csv.gz", "all", Layout.TRANSACTIONS_CSV),
    ),
}  # fmt: skip
_NAMES: Mapping[Endpoint, str] = {Endpoint.INJURY_TRANSACTIONS: "pst_archive"}


class PeopleArchive:
    """Whole files about people under ``root``."""

    def __init__(self, root: Path, endpoint: Endpoint) -> None:
        self.root = root
        self.endpoint = endpoint
        self.name = _NAMES.get(endpoint, "nbac_archive")

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """Every file; the report of one day only when it is asked for.

        Raises:
            SourceError: a file that belongs to the archives is not there or cannot be read.
        """
        if self.endpoint is Endpoint.INJURY_REPORT and _REPORT_DATE not in dates:
            return
        for path, key, layout in _FILES[self.endpoint]:
            yield archived(self, self.root / path, key, layout)

    def not_offered(self, game: Game) -> str | None:
        """Why the archives lack the injury report of the game's date."""
        if self.endpoint is Endpoint.INJURY_REPORT and game.game_date != _REPORT_DATE:
            held = f" but that of {_REPORT_DATE}" if game.season_year == _REPORT_SEASON else ""
            season = season_label(game.season_year)
            return f"{self.name}: no injury reports of {season}{held}"
        return None

    def not_offered_on(self, date: dt.date) -> str | None:
        """Why the archives lack the transactions of the date."""
        if self.endpoint is Endpoint.INJURY_TRANSACTIONS and date > _TRANSACTIONS_END:
            return f"{self.name}: transactions end with {_TRANSACTIONS_END}"
        return None


def people_archives(root: Path) -> Mapping[Endpoint, Loader]:
    """A loader per endpoint about people over the archives in ``root``."""
    loaders: dict[Endpoint, Loader] = {e: PeopleArchive(root, e) for e in _FILES}
    loaders[Endpoint.ROSTERS] = NothingLoader(
        "espn_archive", Endpoint.ROSTERS, "espn_archive: one roster of one team, of no known date"
    )
    loaders[Endpoint.ARENAS] = ArenaLoader()
    return loaders
