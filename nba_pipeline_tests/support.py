"""What tests share: a simulated league, tampered sources, building without Dagster."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from nba_pipeline.build.door import BuildResult, build
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.contracts.tables.upcoming import LINE_TABLES
from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload
from nba_pipeline.landing.zone import Landing, LocalStore
from nba_pipeline.league.calendar import Game
from nba_pipeline.platform import Platform
from nba_pipeline.settings import Settings, SourceMode
from nba_pipeline.sources.feeds import FEEDS
from nba_pipeline.sources.loader import DailyLoader, Loader
from nba_pipeline.sources.lookup import loaders as loaders_of
from nba_pipeline.sources.own.aliases import AliasLoader
from nba_pipeline.sources.simulated.league import SimulatedLeague
from nba_pipeline.sources.web.loaders import Web
from nba_pipeline.sources.web.settings import WebSettings
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import Verdict
from nba_pipeline.warehouse.base import Warehouse
from nba_pipeline.warehouse.duckdb.warehouse import DuckDBWarehouse
from nba_pipeline.warehouse.faults import VARIABLE
from nba_pipeline_tests.templates import copy_of, parsed_once

NIGHT = dt.date(2026, 1, 3)
TODAY = dt.date(2026, 1, 6)
OFFENSE, DEFENSE, PLAYERS = (
    "team_offense_game_summary",
    "team_defense_game_summary",
    "player_game_summary",
)
RAW = ("nbac_player_boxscores", "bref_player_boxscores", "nbac_team_boxscore")
SPINE_TABLES = (
    "nbac_schedule",
    *RAW,
    "players",
    "player_aliases",
    "player_name_matches",
    OFFENSE,
    DEFENSE,
    PLAYERS,
)
"""What the incident is about; the rest makes a test slow and adds nothing to it."""
LINE_TABLES_OF_A_NIGHT = ("nbac_shots", *LINE_TABLES, "player_points_lines")
NEED_A_PAST = frozenset(
    n
    for n, c in contracts().items()
    if any(r.judged_in_season and r.required for r in c.requirements)
)
"""Tables that one night alone is not enough for."""
LAST_INPUT = "roster_name_matches"
"""Last of the raw and reference tables; what is computed comes after it."""


def simulated(as_of: dt.date = TODAY, first_season: int = 2025) -> Mapping[Endpoint, Loader]:
    """Loaders of a simulated league, rendered once per process."""
    return _rendered(as_of, first_season)


@functools.lru_cache(maxsize=4)
def _rendered(as_of: dt.date, first_season: int) -> Mapping[Endpoint, Loader]:
    return simulated_loaders(SimulatedLeague(7, first_season, as_of))


def simulated_loaders(league: SimulatedLeague) -> Mapping[Endpoint, Loader]:
    """Loaders of a league; those of aliases, which read a landing zone, are left out."""
    return _without_aliases(SourceMode.SIMULATED, league)


def web_loaders(settings: WebSettings) -> Mapping[Endpoint, Loader]:
    """Loaders of the web, likewise."""
    return _without_aliases(SourceMode.WEB, Web(settings))


def _without_aliases(mode: SourceMode, source: object) -> Mapping[Endpoint, Loader]:
    found = loaders_of(mode, source, Landing(LocalStore(Path("never-read"))))
    return {e: loader for e, loader in found.items() if e is not Endpoint.ALIASES}


def endpoint_of(layout: Layout) -> Endpoint:
    """The first endpoint whose payloads may have a layout."""
    return next(
        e for e, f in FEEDS.items() for named in f.layouts if named.endswith(f":{layout.name}")
    )


Change = Callable[[Payload], Payload | None]


@dataclass
class Tampered:
    """A loader whose payloads pass through ``change``; None drops a payload."""

    loader: Loader
    change: Change

    @property
    def name(self) -> str:
        return self.loader.name

    @property
    def endpoint(self) -> Endpoint:
        return self.loader.endpoint

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        for payload in self.loader.fetch(dates):
            changed = self.change(payload)
            if changed is not None:
                yield changed

    def not_offered(self, game: Game) -> str | None:
        return self.loader.not_offered(game)

    def not_offered_on(self, date: dt.date) -> str | None:
        assert isinstance(self.loader, DailyLoader)
        return self.loader.not_offered_on(date)


def platform_in(
    home: Path,
    *,
    loaders: Mapping[Endpoint, Loader] | None = None,
    today: dt.date = TODAY,
    lock_seconds: float = 20,
    warehouse: Warehouse | None = None,
    **changes: Change,
) -> Platform:
    """A platform on a simulated league; ``player_gamelog=change`` tampers with an endpoint."""
    settings = Settings(
        home=home, source=SourceMode.SIMULATED, today=today, lock_seconds=lock_seconds
    )
    landing = Landing(LocalStore(settings.landing_root), kept=parsed_once(settings))
    found = {Endpoint.ALIASES: AliasLoader(landing), **(loaders or simulated(today))}
    for name, change in changes.items():
        endpoint = Endpoint(name)
        found[endpoint] = Tampered(found[endpoint], change)
    return Platform(
        settings=settings,
        warehouse=warehouse or DuckDBWarehouse(settings.duckdb_path, lock_seconds=lock_seconds),
        landing=landing,
        loaders=found,
    )


def run(platform: Platform, table: str, *dates: dt.date, run_id: str = "test") -> BuildResult:
    """Build a table through the same door as every run."""
    asked = list(dates) if contracts()[table].is_partitioned else [WHOLE_TABLE]
    return build(platform, table, asked, run_id=run_id)


def run_all(
    platform: Platform,
    *dates: dt.date,
    upto: str = PLAYERS,
    tables: Iterable[str] = (*SPINE_TABLES, *LINE_TABLES_OF_A_NIGHT),
) -> None:
    """Build tables in order, up to and including one: those of the incident, shots and lines."""
    wanted = {*tables, upto}
    for table in contracts():
        if table in wanted:
            run(platform, table, *dates)
        if table == upto:
            return


def start_from(
    platform: Platform,
    *dates: dt.date,
    upto: str = PLAYERS,
    tables: Iterable[str] = (*SPINE_TABLES, *LINE_TABLES_OF_A_NIGHT),
) -> None:
    """What ``run_all`` leaves behind in an empty home, built once for all tests and copied here."""
    settings = platform.settings
    plain = simulated(settings.league_today())
    assert not settings.duckdb_path.exists(), "nothing may be built before"
    assert all(platform.loaders[e] is loader for e, loader in plain.items()), "tampered with"
    assert VARIABLE not in os.environ, "a fault is in force"
    wanted = {*tables, upto}
    what = f"{settings.league_today()} {sorted(wanted)} {upto} {[str(d) for d in dates]}"
    copy_of(
        f"run-{hashlib.sha256(what.encode()).hexdigest()[:16]}",
        settings.home,
        lambda home: run_all(
            platform_in(home, today=settings.league_today()), *dates, upto=upto, tables=wanted
        ),
    )


def verdict(platform: Platform, table: str, date: dt.date) -> Verdict:
    """The verdict by a fresh snapshot."""
    return snapshot_of(platform).verdict(table, date)


def rows(platform: Platform, table: str, date: dt.date | None = None) -> list[dict[str, object]]:
    """Published rows."""
    contract = contracts()[table]
    where = "WHERE game_date = @date" if date else ""
    names = ", ".join(contract.column_names)
    found = platform.warehouse.query(f"SELECT {names} FROM {contract.path} {where}", {"date": date})
    return found.to_pylist()


def edited_log(payload: Payload, edit: Callable[[dict[str, object]], bool]) -> Payload:
    """A game log with rows edited in place; a row for which ``edit`` is false is dropped."""
    found = json.loads(payload.content)
    part = found["resultSets"][0]
    kept = []
    for values in part["rowSet"]:
        row = dict(zip(part["headers"], values, strict=True))
        if edit(row):
            kept.append([row[h] for h in part["headers"]])
    part["rowSet"] = kept
    return replace(payload, content=json.dumps(found).encode())


SEASON = [dt.date(2025, 10, 15) + dt.timedelta(n) for n in range(85)]
"""From before opening night to tomorrow of the simulated league."""


def build_all(platform: Platform, dates: Sequence[dt.date]) -> None:
    """Every table on the dates."""
    for name, contract in contracts().items():
        build(platform, name, dates if contract.is_partitioned else [WHOLE_TABLE], run_id="all")


def built_season(home: Path) -> Platform:
    """A platform with the season up to tomorrow, every date of every table settled."""
    copy_of("season", home, lambda folder: build_all(platform_in(folder), SEASON))
    return platform_in(home)


def built_night(home: Path) -> Platform:
    """A platform with the night of 2026-01-03, every table complete."""
    platform = platform_in(home)
    start_from(platform, NIGHT, tables=contracts())
    return platform


@contextmanager
def fault(plan: str) -> Iterator[None]:
    """A fault plan in force."""
    os.environ[VARIABLE] = plan
    try:
        yield
    finally:
        del os.environ[VARIABLE]
