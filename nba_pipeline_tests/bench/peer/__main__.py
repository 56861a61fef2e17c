"""``make bench-peer``: the derived tables over the same raw tables, in SQLMesh and here.

Belongs here: the order of the measurements and what is printed. Raw tables are built once and not
counted; the peer's DuckDB is older than our files and is given them as Parquet. To start Python and
to load modules or a project is not counted either, but for the whole product: that is a command as
a person types it. Rows are compared on every date that we publish.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from nba_pipeline.audit.versions import versions
from nba_pipeline.build.door import build
from nba_pipeline.contracts import ops
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.league.calendar import FIRST_GAME_DATE
from nba_pipeline.platform import build_platform
from nba_pipeline.settings import Settings
from nba_pipeline_tests.bench.__main__ import NEW as LAST
from nba_pipeline_tests.bench.__main__ import environment, settings_of
from nba_pipeline_tests.bench.peer.models import write_project
from nba_pipeline_tests.bench.report import Figure, print_figures
from nba_pipeline_tests.bench.selects import derived, given
from nba_pipeline_tests.bench.usage import Usage, run

DATES = [FIRST_GAME_DATE + dt.timedelta(n) for n in range((LAST - FIRST_GAME_DATE).days + 1)]
ONE_BY_ONE = DATES[-30:]
"""Thirty dates of the middle of a season, games on nearly all of them."""
CHUNK = 400
RUNNER = Path(__file__).with_name("sqlmesh_run.py")


def raw_tables(settings: Settings, folder: Path) -> None:
    """Build what the SELECTs read, and write it as Parquet for the peer."""
    platform = build_platform(settings)
    for contract in given():
        dates = DATES if contract.is_partitioned else [WHOLE_TABLE]
        for start in range(0, len(dates), CHUNK):
            build(platform, contract.name, dates[start : start + CHUNK], run_id="bench")
    folder.mkdir()
    with duckdb.connect(str(settings.duckdb_path), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        for contract in given():
            con.execute(f"COPY {contract.path} TO '{folder / contract.path}.parquet'")


class Peer:
    """SQLMesh in its own virtual environment, over a database of its own."""

    def __init__(self, python: Path, folder: Path) -> None:
        self.python = python.absolute()
        self.folder = folder
        self.database = folder / "peer.duckdb"

    def _run(self, project: str, *arguments: str) -> str:
        command = [str(self.python), str(RUNNER), str(self.folder / project), *arguments]
        return run(command, env={"SQLMESH__DISABLE_ANONYMIZED_ANALYTICS": "true"}).stdout

    def start(self, parquet: Path) -> None:
        """Import the raw tables and write both projects."""
        for project, batch_size in (("whole", None), ("daily", 1)):
            write_project(
                self.folder / project, self.database, start=DATES[0], batch_size=batch_size
            )
        self._run("whole", "--import-from", str(parquet), "--database", str(self.database))

    def plan(self, project: str, *restated: dt.date) -> dict[str, Any]:
        """Apply a plan up to the last date; ``restated`` are first and last date to make anew."""
        until = str(LAST + dt.timedelta(1))
        restate = ["--restate", *map(str, restated)] if restated else []
        found: dict[str, Any] = json.loads(self._run(project, "--until", until, *restate))
        return found


def ours(home: Path, archives: Path, dates: list[dt.date], *flags: str) -> dict[str, Any]:
    """The derived tables on dates, through the door and nothing else."""
    module = "nba_pipeline_tests.bench.peer.ours"
    asked = [str(home), str(archives), str(dates[0]), str(dates[-1]), *flags]
    found: dict[str, Any] = json.loads(run([sys.executable, "-m", module, *asked]).stdout)
    return found


def whole_product(home: Path, archives: Path) -> Usage:
    """The same tables as a person builds them: plan, Dagster's runs and events, verdicts."""
    chosen = [part for c in derived() for part in ("--table", c.name)]
    command = [
        str(Path(sys.executable).with_name("nba")), "backfill", "--to", str(LAST), *chosen
    ]  # fmt: skip
    return run(command, env=environment(home, archives)).usage


def compare(ours: Path, theirs: Path) -> str:
    """On how many of our dates with rows the peer has the same rows.

    Values are compared as versions are made, to twelve digits.
    """
    same = total = 0
    with (
        duckdb.connect(str(ours), read_only=True) as here,
        duckdb.connect(str(theirs), read_only=True) as there,
    ):
        for con in (here, there):
            con.execute("SET TimeZone = 'UTC'")
        for contract in derived():
            published = here.execute(
                f"SELECT game_date, version FROM {ops.LEDGER.path} "
                "WHERE asset = ? AND row_count > 0",
                [contract.name],
            ).fetchall()
            there.execute(f"CREATE OR REPLACE TEMP VIEW good AS FROM {contract.path}")
            found = versions(there, contract)
            total += len(published)
            same += sum(found.get(date) == version for date, version in published)
    return f"{same:,} of {total:,}"


def line(name: str, found: Usage, number: int, target: str = "") -> Figure:
    """What a measurement took, and how much of it each table and date."""
    each = f"{1000 * found.wall / number:.1f} ms, {1000 * found.cpu / number:.1f} CPU ms"
    return name, f"{found} ({each} per table and date)", target


def usage(found: dict[str, Any]) -> Usage:
    """What a measured process printed of itself."""
    return Usage(found["wall"], found["cpu"])


def main(archives: Path, python: Path) -> int:
    """Measure in a temporary folder and print both beside each other."""
    if not archives.is_dir() or not python.is_file():
        missing = python if archives.is_dir() else archives
        print(f"bench-peer needs archives and the peer's python; no {missing}", file=sys.stderr)
        return 2
    archives = archives.resolve()
    with tempfile.TemporaryDirectory(prefix="nba-bench-") as name:
        folder = Path(name)
        door, product, peer = folder / "door", folder / "product", Peer(python, folder / "peer")
        settings = settings_of(door, archives)
        raw_tables(settings, folder / "raw")
        shutil.copytree(door, product)
        peer.start(folder / "raw")
        their_batch = peer.plan("whole")
        our_batch = ours(door, archives, DATES)
        equal = compare(settings.duckdb_path, peer.database)
        our_product = whole_product(product, archives)
        peer.plan("daily")  # takes note of the new batch size; nothing is built
        their_dates = peer.plan("daily", ONE_BY_ONE[0], ONE_BY_ONE[-1])
        our_dates = ours(door, archives, ONE_BY_ONE, "--one-by-one")
    tables = len(derived())
    every, thirty = tables * len(DATES), tables * len(ONE_BY_ONE)
    theirs, product_ratio = usage(their_batch), our_product.cpu / their_batch["cpu"]
    figures = [
        line("SQLMesh, one batch per model", theirs, every),
        line("ours, one batch per table: gate, SQL, audit, publish", usage(our_batch), every),
        line(
            "ours, whole `nba backfill` with Dagster and verdicts", our_product, every, "60 CPU s"
        ),
        ("ours whole against SQLMesh's one batch", f"{product_ratio:.1f} times the CPU", ""),
        line("SQLMesh, batch_size 1, thirty dates", usage(their_dates), thirty),
        line("ours, date by date, thirty dates: gate .. publish", usage(our_dates), thirty),
    ]
    print_figures(figures, (f"{tables} derived tables", "measured", "target"))
    print(f"\ndates of ours with the same rows in SQLMesh: {equal}")
    warnings = [*their_batch["warnings"], *their_dates["warnings"]]
    print(f"audits that failed in SQLMesh (they stop nothing here): {len(warnings)}")
    for warning in warnings[:20]:
        print(f"  {warning}")
    print(f"dates not good in ours: {our_batch['bad']} of the batch, {our_dates['bad']} one by one")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
