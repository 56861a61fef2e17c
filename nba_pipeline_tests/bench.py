"""``make bench``: time and memory of the full-history backfill, split by stage, against bare SQL.

Not a test: figures depend on the machine. The floor is measured in the same process on the same
warehouse: the tables' own SELECTs, bare, each over the whole history in one statement.
"""

from __future__ import annotations

import datetime as dt
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from nba_pipeline.build import door as build
from nba_pipeline.build import publish
from nba_pipeline.build import raw as build_raw
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.sql_files import bound, load_sql
from nba_pipeline.league.calendar import FIRST_GAME_DATE
from nba_pipeline.orchestration.instance import dagster_instance
from nba_pipeline.orchestration.runner import Backfill, TableOutcome, run_backfill
from nba_pipeline.platform import Platform, build_platform
from nba_pipeline.settings import Settings, SourceMode
from nba_pipeline.warehouse.sql import to_duckdb

LAST = dt.date(2025, 12, 31)
DATES = [FIRST_GAME_DATE + dt.timedelta(n) for n in range((LAST - FIRST_GAME_DATE).days + 1)]
STAGES = ("read sources", "gate", "SQL", "audit", "publish", "read copy")

POINTS = (
    (build, "schedule_rows", "read sources"),
    (build, "fetch", "read sources"),
    (build, "reference_rows", "read sources"),
    (build_raw, "fetch", "read sources"),
    (build_raw, "landed_before", "read sources"),
    (build_raw, "shape", "read sources"),
    (build, "Snapshot", "gate"),
    (build, "ask", "gate"),
    (publish, "audit", "audit"),
)
"""Where ``build`` and ``publish`` call the stages: module, name, stage."""
WAREHOUSE_POINTS = (
    ("publish", "publish"),
    ("record", "publish"),
    ("share", "read copy"),
    ("query", "SQL"),
)


class Stopwatch:
    """Seconds by stage and table; a stage inside another stage counts once."""

    def __init__(self) -> None:
        self.seconds: dict[tuple[str, str], float] = {}
        self.table = ""
        self._running = False

    def wrap(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            if self._running:
                return function(*args, **kwargs)
            self._running, started = True, time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                key = (stage, self.table)
                self.seconds[key] = self.seconds.get(key, 0) + time.perf_counter() - started
                self._running = False

        return timed


def instrument(watch: Stopwatch, platform: Platform) -> None:
    """Time the stages where ``build`` and ``publish`` call them."""
    for module, name, stage in (*POINTS, *((platform.warehouse, *p) for p in WAREHOUSE_POINTS)):
        setattr(module, name, watch.wrap(stage, getattr(module, name)))
    door = build.build

    def entered(platform: Platform, table: str, *args: Any, **kwargs: Any) -> Any:
        watch.table = table
        return door(platform, table, *args, **kwargs)

    from nba_pipeline.orchestration import factory

    setattr(factory, "build", entered)  # noqa: B010


def bare_sql(path: Path) -> dict[str, float]:
    """Seconds of each derived table's SELECT alone, over the whole history."""
    found = {}
    with duckdb.connect(str(path), read_only=True) as con:
        for name, contract in contracts().items():
            if contract.statement.text:
                text = load_sql(contract.sql_path)
                statement = to_duckdb(text)
                values = bound(text, contract.sql_parameters(DATES[0], DATES[-1]))
                started = time.perf_counter()
                con.sql(statement, params=values).to_arrow_table()
                found[name] = time.perf_counter() - started
    return found


def report(
    watch: Stopwatch, outcomes: list[TableOutcome], wall: float, floor: dict[str, float]
) -> None:
    """Print the split and the targets."""
    grid = Table(title="seconds by stage")
    for name in ("table", "dates", *STAGES, "bare SQL", "times bare"):
        grid.add_column(name, justify="left" if name == "table" else "right")
    asset_partitions = sum(len(o.step.dates) for o in outcomes)
    for outcome in outcomes:
        table = outcome.step.table
        cells = [watch.seconds.get((s, table), 0.0) for s in STAGES]
        bare = floor.get(table)
        grid.add_row(
            table,
            str(len(outcome.step.dates)),
            *(f"{c:.2f}" for c in cells),
            f"{bare:.2f}" if bare else "",
            f"{sum(cells) / bare:.1f}" if bare else "",
        )
    Console(width=150).print(grid)
    stages = sum(watch.seconds.values())
    derived = sum(v for (_, t), v in watch.seconds.items() if t in floor)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    bookkeeping = 1000 * (wall - stages) / asset_partitions
    bare_total = sum(floor.values())
    print(f"whole: {wall:.1f} s for {asset_partitions} asset-partitions (target 180 s)")
    print(f"peak memory: {peak:.0f} MB (target 3,072 MB)")
    print(f"stages: {stages:.1f} s; rest: {wall - stages:.1f} s of Dagster, planning and retries")
    print(f"Dagster's bookkeeping: {bookkeeping:.2f} ms per asset-partition (target 6 ms)")
    print(
        f"derived tables: {derived:.2f} s, {derived / bare_total:.1f} times their bare SELECTs "
        f"({bare_total:.2f} s; target 5)"
    )


def main(archives: Path) -> int:
    """Backfill everything into a temporary folder and print the figures."""
    if not archives.is_dir():
        print(f"bench needs the archives; none at {archives}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(
            home=Path(home), source=SourceMode.ARCHIVES, archives=archives, today=LAST
        )
        platform, watch = build_platform(settings), Stopwatch()
        instrument(watch, platform)
        with dagster_instance(Path(home)) as instance:
            started = time.perf_counter()
            outcomes = run_backfill(
                platform,
                instance,
                Backfill(list(contracts()), DATES),
                progress=lambda *_: None,
                planned=lambda *_: None,
            )
            wall = time.perf_counter() - started
        bad = sum(len(o.bad) for o in outcomes)
        report(watch, outcomes, wall, bare_sql(settings.duckdb_path))
    print(f"{bad} dates not good")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")))
