"""``make bench``: what the full history, one new date and the verbs cost, beside their targets.

Belongs here: the order of the measurements and the targets. What is asked of the command line is
measured as whole processes, because that is what a person or a sensor pays.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.league.calendar import FIRST_GAME_DATE
from nba_pipeline.orchestration import runner
from nba_pipeline.orchestration.instance import dagster_instance
from nba_pipeline.platform import build_platform
from nba_pipeline.settings import Settings, SourceMode
from nba_pipeline_tests.bench.longer import lengthen, unsettled
from nba_pipeline_tests.bench.report import (
    Figure,
    door_figure,
    print_figures,
    print_tables,
    stage_figures,
)
from nba_pipeline_tests.bench.selects import bare_sql
from nba_pipeline_tests.bench.stages import instrumented
from nba_pipeline_tests.bench.usage import Usage, bytes_below, peak_mb, run, spent

NEW = dt.date(2025, 12, 31)
"""The last date of the archives, built by itself after all before it."""
DATES = [FIRST_GAME_DATE + dt.timedelta(n) for n in range((NEW - FIRST_GAME_DATE).days)]
TIMES = 8
VERBS = (
    ("nba backfill, nothing to do", ("backfill", "--to", str(DATES[-1])), "1.5 s"),
    ("nba status", ("status",), "1 s"),
    ("nba gaps", ("gaps",), "2 s"),
    ("nba explain", ("explain", list(contracts())[-1], str(DATES[-1])), "2 s"),
    ("nba --help", ("--help",), "0.5 s"),
)
"""What it is called, its arguments, and seconds on the clock that it may take."""


def settings_of(home: Path, archives: Path) -> Settings:
    """The archives, on the day of the new date."""
    return Settings(home=home, source=SourceMode.ARCHIVES, archives=archives, today=NEW)


def environment(home: Path, archives: Path) -> dict[str, str]:
    """The same settings for a process."""
    return {
        "NBA_HOME": str(home),
        "NBA_SOURCE": str(SourceMode.ARCHIVES),
        "NBA_ARCHIVES": str(archives.resolve()),
        "NBA_TODAY": str(NEW),
    }


def whole_backfill(home: Path, archives: Path) -> tuple[list[Figure], int]:
    """Backfill everything before the new date; figures, and how many dates are not good."""
    settings = settings_of(home, archives)
    platform = build_platform(settings)
    with dagster_instance(home) as instance, instrumented(platform) as watch:
        before = spent()
        outcomes = runner.run_backfill(
            platform,
            instance,
            runner.Backfill(list(contracts()), DATES),
            progress=lambda *_: None,
            planned=lambda *_: None,
        )
        whole = spent() - before
    peak = peak_mb()
    dates: Counter[str] = Counter()
    for outcome in outcomes:
        dates[outcome.step.table] += len(outcome.step.dates)
    floor = bare_sql(settings.duckdb_path, DATES)
    print_tables(watch, dates, floor)
    number = dates.total()
    dagster_s = watch.of("Dagster")
    disk = bytes_below(home / "dagster") / number
    figures = [
        (f"whole backfill, {number:,} asset-partitions", str(whole), "110 s"),
        *((f"of it {name}", used, target) for name, used, target in stage_figures(watch)),
        ("peak memory", f"{peak:,.0f} MB", "2,500 MB"),
        (
            "Dagster, per asset-partition",
            f"{1000 * dagster_s.wall / number:.2f} ms, {1000 * dagster_s.cpu / number:.2f} CPU ms",
            "1.2 ms",
        ),
        ("Dagster's history, per asset-partition", f"{disk / 1000:.1f} KB", "8 KB"),
        door_figure(watch, floor),
    ]
    return figures, sum(len(o.bad) for o in outcomes)


def verbs(home: Path, archives: Path) -> list[Figure]:
    """Whole processes, the better of two."""
    nba = str(Path(sys.executable).with_name("nba"))
    figures = []
    for name, arguments, target in VERBS:
        runs = [
            run([nba, *arguments], env=environment(home, archives), accept=(0, 1)).usage
            for _ in range(2)
        ]
        figures.append((name, str(min(runs, key=lambda u: u.wall)), target))
    return figures


def one_date(home: Path, archives: Path, first: dt.date) -> Usage:
    """The new date through every table, in a process of its own, where dates begin at ``first``.

    Twice, each time on a copy that never saw the date, and the one that used less: the first
    also fills what processes share, and the other history must not profit from it.
    """
    module = "nba_pipeline_tests.bench.cli_from"
    command = [sys.executable, "-m", module, str(first), "backfill", "--date", str(NEW)]
    runs = []
    for _ in range(2):
        with tempfile.TemporaryDirectory(dir=home.parent) as folder:
            copy = shutil.copytree(home, Path(folder) / "home")
            runs.append(run(command, env=environment(copy, archives)).usage)
    return min(runs, key=lambda u: u.cpu)


def growth(home: Path, archives: Path, longer: Path) -> list[Figure]:
    """The new date on the history as it is, and on one several times as long."""
    shutil.copytree(home, longer)
    platform = build_platform(settings_of(longer, archives))
    first = lengthen(platform, TIMES)
    left = unsettled(platform, first, DATES[-1])
    here, there = one_date(home, archives, FIRST_GAME_DATE), one_date(longer, archives, first)
    return [
        (f"one new date, {len(contracts())} tables, on {len(DATES):,} dates", str(here), "5 CPU s"),
        (f"the same on {(NEW - first).days:,} dates, {left} not settled", str(there), ""),
        (f"CPU on {TIMES} times the history", f"{there.cpu / here.cpu:.2f} times", "1.3 times"),
    ]


def main(archives: Path) -> int:
    """Measure in a temporary folder and print the figures; 1 when a date was not brought home."""
    if not archives.is_dir():
        print(f"bench needs the archives; none at {archives}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="nba-bench-") as folder:
        home = Path(folder) / "home"
        figures, bad = whole_backfill(home, archives)
        figures += verbs(home, archives)
        figures += growth(home, archives, Path(folder) / "longer")
    print_figures(figures, ("figure", "measured", "target"))
    print(f"\n{bad} dates not good")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")))
