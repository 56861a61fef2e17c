"""Loaders of the local archives: schedules, game logs, Basketball-Reference games, reference lists.

Belongs here: which file answers which request, and what the archives will never hold. Does not
belong here: reading the files (``parse_*``). Files are payloads like any other: landed, parsed and
judged in the same way as answers of the web.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload
from nba_pipeline.league.calendar import Game, SeasonType, season_label, season_year_on
from nba_pipeline.sources.archive.bdl import BdlArchive
from nba_pipeline.sources.archive.file import archived
from nba_pipeline.sources.archive.lines import LineArchive
from nba_pipeline.sources.archive.markets import GameLineArchive, PrizePicksArchive
from nba_pipeline.sources.archive.people import people_archives
from nba_pipeline.sources.archive.plays import PlayArchive
from nba_pipeline.sources.archive.sheets import SheetArchive
from nba_pipeline.sources.loader import Loader

_REGULAR, _PLAYOFFS = SeasonType.REGULAR, SeasonType.PLAYOFFS
_PLAYER, _COMPACT = "stats_nba_player_gamelog", "stats_nba_player_gamelog_compact"
_TEAM = "stats_nba_team_gamelog"


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A file, the season it belongs to (None: all), what it holds and how it is read.

    ``last_game_id`` is the last whole game of a file that was cut.
    """

    path: str
    layout: Layout
    season_year: int | None = None
    holds: tuple[SeasonType, ...] = ()
    last_game_id: str = ""

    @property
    def request_key(self) -> str:
        """What was asked, with the file's name so that snapshots of a season stay apart."""
        name = Path(self.path).name.removesuffix(".gz").rsplit(".", 1)[0].replace(" ", "_")
        season = f"season={season_label(self.season_year)}/" if self.season_year else ""
        return f"{season}file={name}"


_LAST = "_to_2025-12-31"

_FILES: Mapping[Endpoint, tuple[ArchiveFile, ...]] = {
    Endpoint.SCHEDULE: tuple(
        ArchiveFile(f"schedules/{name}", layout, year)
        for name, layout, year in (
            ("nbahxschedule_21-22.csv.gz", Layout.SCHEDULE_NBAHX, 2021),
            ("nbahxschedule_22-23.csv.gz", Layout.SCHEDULE_NBAHX, 2022),
            ("nbahxschedule_23-24.csv.gz", Layout.SCHEDULE_NBAHX, 2023),
            ("nbaschedule_2425_preseason_snapshot.csv.gz", Layout.SCHEDULE_FLAT_V2, 2024),
            ("legacy_full_schedule_2024-25_midseason_raw.json.gz", Layout.SCHEDULE_LSCD, 2024),
            ("scheduleleaguev2_2024-25_final_raw.json.gz", Layout.SCHEDULE_LEAGUE_V2, 2024),
            ("nba_schedule_2025_26_preseason_snapshot.json.gz", Layout.SCHEDULE_SNAKE_LIST, 2025),
        )
    ),
    Endpoint.PLAYER_GAMELOG: (
        *(
            ArchiveFile(f"{_PLAYER}/game_logs_{season_label(year)}{end}.csv.gz",
                        Layout.GAMELOG_CSV, year, (_REGULAR,))
            for year, end in ((2021, ""), (2022, ""), (2023, ""), (2024, ""), (2025, _LAST))
        ),
        # the only player box scores of these playoffs; the other seasons are better in bref
        ArchiveFile(f"{_COMPACT}/player_game_logs_2024-25.csv.gz", Layout.GAMELOG_COMPACT_CSV,
                    2024, (_PLAYOFFS,)),
    ),
    Endpoint.TEAM_GAMELOG: (
        *(
            ArchiveFile(f"{_TEAM}/league_gamelog_{year}_{year - 1999}_{name}.parquet",
                        Layout.GAMELOG_PARQUET, year, (kind,))
            for year in (2021, 2022, 2023, 2024)
            for name, kind in (("Regular_Season", _REGULAR), ("Playoffs", _PLAYOFFS))
        ),
        ArchiveFile(f"{_TEAM}/team_game_logs_compact_2025-26{_LAST}.csv.gz",
                    Layout.GAMELOG_COMPACT_CSV, 2025, (_REGULAR,)),
    ),
    Endpoint.BREF_BOXSCORES: tuple(
        ArchiveFile(f"bref_boxscores/{season_label(year)}{end}.jsonl.gz", Layout.BREF_JSONL, year,
                    tuple(t for t in SeasonType if t.counts))
        for year, end in ((2021, ""), (2022, ""), (2023, ""), (2025, _LAST))
    ),
    Endpoint.SHOTS: (
        # the league's answer was cut at 102,400 rows, in the middle of game 581
        ArchiveFile("stats_nba_shots/shots_2021-22_first_102400_rows.parquet",
                    Layout.SHOTS_PARQUET, 2021, (_REGULAR,), "0022100580"),
        *(ArchiveFile(f"stats_nba_shots/NBA_{year + 1}_Shots.parquet", Layout.SHOTS_PARQUET, year,
                      (_REGULAR,)) for year in (2022, 2023, 2024)),
    ),
    Endpoint.ALIASES: (),  # decisions of the package and of operators: ``aliases``
    # markets have loaders of their own; BettingPros has no archive
    Endpoint.POINTS_LINES: (),
    Endpoint.PRIZEPICKS_LINES: (),
    Endpoint.GAME_LINES: (),
    Endpoint.BETTINGPROS_LINES: (),
    Endpoint.GAME_SHEETS: (),  # files of a month: ``archive_sheets``
    Endpoint.BDL_BOXSCORES: (),  # one answer: ``archive_bdl``
    Endpoint.BREF_PLAYS: (
        ArchiveFile(f"bref_play_by_play/2025-26{_LAST}.jsonl.gz", Layout.BREF_PLAYS_JSONL, 2025,
                    (_REGULAR, SeasonType.CUP_FINAL)),
    ),
    Endpoint.LEAGUE_PLAYS: (),  # files of a game: ``archive_plays``
    Endpoint.TEAMS: (ArchiveFile("players/nbateaminfo.csv.gz", Layout.TEAMS_CSV),),
}  # fmt: skip

_SOURCES: Mapping[Endpoint, str] = {
    Endpoint.SCHEDULE: "nbac_archive",
    Endpoint.PLAYER_GAMELOG: "nbac_archive",
    Endpoint.TEAM_GAMELOG: "nbac_archive",
    Endpoint.BREF_BOXSCORES: "bref_archive",
    Endpoint.SHOTS: "nbac_archive",
    Endpoint.POINTS_LINES: "odds_archive",
    Endpoint.ALIASES: "registry",
    Endpoint.PRIZEPICKS_LINES: "prizepicks_archive",
    Endpoint.GAME_LINES: "odds_archive",
    Endpoint.BETTINGPROS_LINES: "bettingpros_archive",
    Endpoint.GAME_SHEETS: "nbac_archive",
    Endpoint.BDL_BOXSCORES: "bdl_archive",
    Endpoint.BREF_PLAYS: "bref_archive",
    Endpoint.LEAGUE_PLAYS: "nbac_archive",
    Endpoint.TEAMS: "nbac_archive",
}


class ArchiveLoader:
    """One endpoint of the archives under ``root``."""

    def __init__(self, root: Path, endpoint: Endpoint) -> None:
        self.root = root
        self.endpoint = endpoint
        self.name = _SOURCES[endpoint]

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """Files of the seasons that the range touches.

        Raises:
            SourceError: a file that belongs to the archives is not there or cannot be read.
        """
        seasons = range(season_year_on(dates.first), season_year_on(dates.last) + 1)
        for file in _FILES[self.endpoint]:
            if file.season_year is None or file.season_year in seasons:
                yield archived(self, self.root / file.path, file.request_key, file.layout)

    def not_offered(self, game: Game) -> str | None:
        """Why the archives lack the game; only for seasons that have begun in them."""
        if self.endpoint is Endpoint.SCHEDULE:
            return None
        files = [f for f in _FILES[self.endpoint] if f.season_year in (None, game.season_year)]
        season = season_label(game.season_year)
        for file in files:
            if file.season_year is None or game.season_type in file.holds:
                if file.last_game_id and (game.nba_game_id or "") > file.last_game_id:
                    return f"{self.name}: {self.endpoint} of {season} end with {file.last_game_id}"
                return None
        what = str(game.season_type).replace("_", " ")
        return f"{self.name}: no {self.endpoint} of {what} games in {season}"


def archive_loaders(root: Path) -> Mapping[Endpoint, Loader]:
    """A loader per endpoint over the archives in ``root``."""
    loaders: dict[Endpoint, Loader] = {e: ArchiveLoader(root, e) for e in _FILES}
    loaders[Endpoint.POINTS_LINES] = LineArchive(root)
    loaders |= people_archives(root)
    loaders[Endpoint.PRIZEPICKS_LINES] = PrizePicksArchive(root)
    loaders[Endpoint.GAME_LINES] = GameLineArchive(root)
    loaders[Endpoint.GAME_SHEETS] = SheetArchive(root)
    loaders[Endpoint.BDL_BOXSCORES] = BdlArchive(root)
    loaders[Endpoint.LEAGUE_PLAYS] = PlayArchive(root)
    return loaders


def archive_loader(root: Path, endpoint: Endpoint) -> Loader:
    """The loader of one endpoint."""
    return archive_loaders(root)[endpoint]
