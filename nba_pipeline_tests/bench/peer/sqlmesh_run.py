"""One plan of SQLMesh, measured; runs in the peer's own virtual environment, by its path.

Belongs here: what needs SQLMesh. Does not belong here: anything of nba_pipeline, which is not
installed beside it. Prints one line of JSON on stdout.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path

import duckdb
from sqlmesh import Context
from sqlmesh.core.console import NoopConsole, set_console


class AuditConsole(NoopConsole):
    """Says nothing and keeps what audits that stop nothing had to say."""

    def __init__(self) -> None:
        super().__init__()
        self.warnings: list[str] = []

    def log_warning(self, short_message: str, long_message: str | None = None) -> None:
        """Keep a warning."""
        self.warnings.append(" ".join(short_message.split()))


def spent() -> tuple[float, float]:
    """Seconds on the clock, and user and system seconds of this process and its children."""
    used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.perf_counter(), sum(u.ru_utime + u.ru_stime for u in used)


def import_tables(folder: Path, database: Path) -> None:
    """Tables of Parquet files ``dataset.table.parquet``, each in its schema."""
    with duckdb.connect(str(database)) as con:
        con.execute("SET TimeZone = 'UTC'")
        for file in sorted(folder.glob("*.parquet")):
            con.execute(f"CREATE SCHEMA IF NOT EXISTS {file.stem.split('.')[0]}")
            con.execute(f"CREATE TABLE {file.stem} AS FROM read_parquet('{file}')")


def main() -> None:
    """Import tables, or apply a plan and print what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("project", type=Path)
    parser.add_argument("--import-from", type=Path, help="Parquet files; imports and ends.")
    parser.add_argument("--database", type=Path)
    parser.add_argument("--until", help="The day after the last date.")
    parser.add_argument("--restate", nargs=2, metavar=("FIRST", "LAST"))
    given = parser.parse_args()
    if given.import_from:
        import_tables(given.import_from, given.database)
        return
    console = AuditConsole()
    set_console(console)
    context = Context(paths=str(given.project))
    options = {}
    if given.restate:
        first, last = given.restate
        options = {"start": first, "end": last, "restate_models": list(context.models)}
    wall, cpu = spent()
    context.plan(
        "prod",
        execution_time=given.until,
        auto_apply=True,
        no_prompts=True,
        skip_tests=True,
        **options,
    )
    now_wall, now_cpu = spent()
    print(json.dumps({"wall": now_wall - wall, "cpu": now_cpu - cpu, "warnings": console.warnings}))


if __name__ == "__main__":
    main()
