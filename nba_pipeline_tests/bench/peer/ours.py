"""Our derived tables through their one door, without Dagster, in a process of its own.

Belongs here: what ``make bench-peer`` measures of ours. Prints one line of JSON on stdout.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import duckdb

from nba_pipeline.build.door import build
from nba_pipeline.contracts import ops
from nba_pipeline.platform import build_platform
from nba_pipeline.settings import Settings, SourceMode
from nba_pipeline_tests.bench.selects import derived
from nba_pipeline_tests.bench.usage import spent


def forget(path: Path, dates: Sequence[dt.date]) -> None:
    """Take dates out of every derived table, as if they had never been looked at."""
    span = [min(dates), max(dates)]
    with duckdb.connect(str(path)) as con:
        for contract in derived():
            con.execute(f"DELETE FROM {contract.path} WHERE game_date BETWEEN ? AND ?", span)
            for table in (ops.LEDGER, ops.INPUTS):
                con.execute(
                    f"DELETE FROM {table.path} WHERE asset = ? AND game_date BETWEEN ? AND ?",
                    [contract.name, *span],
                )


def main() -> None:
    """Build dates that were never built and print what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("archives", type=Path)
    parser.add_argument("first", type=dt.date.fromisoformat)
    parser.add_argument("last", type=dt.date.fromisoformat)
    parser.add_argument("--one-by-one", action="store_true", help="Each date by itself.")
    given = parser.parse_args()
    platform = build_platform(
        Settings(
            home=given.home, source=SourceMode.ARCHIVES, archives=given.archives, today=given.last
        )
    )
    days = (given.last - given.first).days + 1
    dates = [given.first + dt.timedelta(n) for n in range(days)]
    forget(platform.settings.duckdb_path, dates)
    batches = [[d] for d in dates] if given.one_by_one else [dates]
    before, bad = spent(), 0
    for batch in batches:
        for contract in derived():
            bad += len(build(platform, contract.name, batch, run_id="bench").bad)
    print(json.dumps({**asdict(spent() - before), "bad": bad}))


if __name__ == "__main__":
    main()
