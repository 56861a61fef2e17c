"""What somebody did by hand, what people type then, and whether the world is as before."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb

from nba_pipeline.build.door import build
from nba_pipeline.build.prove import prove
from nba_pipeline.build.verify import close_gate, verify_table
from nba_pipeline.contracts import ops
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.planner import plan_table
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline_tests.support import NIGHT, platform_in, rows


def contents(platform: Platform) -> dict[str, list[str]]:
    """Rows of every table as text, in no order; times of publishing are in none of them."""
    return {name: sorted(map(str, rows(platform, name))) for name in contracts()}


def dates_of(table: str) -> list:
    return [NIGHT] if contracts()[table].is_partitioned else [WHOLE_TABLE]


def repair(platform: Platform) -> None:
    """``nba verify`` and ``nba backfill``, without Dagster: each looks again after it has built."""
    platform.warehouse.ensure_tables()
    snapshot = snapshot_of(platform, dates=[NIGHT])
    for contract in contracts().values():
        found = verify_table(platform.warehouse, snapshot, contract)
        close_gate(platform.warehouse, snapshot, contract, found, run_id="verify")
    prove(platform.warehouse, snapshot_of(platform, dates=[NIGHT]), "verify")
    snapshot = snapshot_of(platform, dates=[NIGHT])
    for name in contracts():
        for date in plan_table(snapshot, name, [NIGHT]).dates:
            build(platform, name, [date], run_id="repair")
            snapshot = snapshot_of(platform, dates=[NIGHT])


def outcome(platform: Platform, untouched: Mapping[str, list[str]]) -> str:
    """Empty if every table is as it was; else what is not, with what its verdict says of it."""
    now = contents(platform)
    snapshot = snapshot_of(platform)
    other = [t for t in contracts() if now[t] != untouched[t]]
    told = {t: snapshot.verdict(t, dates_of(t)[0]) for t in other}
    silent = [t for t, verdict in told.items() if verdict.is_settled]
    assert not silent, f"other rows than before, and settled: {silent}"
    return "; ".join(f"{t} {v.state}: {', '.join(v.reasons)}" for t, v in told.items())


def unsettled(platform: Platform) -> set[str]:
    """A night alone leaves those open that look back on a past."""
    snapshot = snapshot_of(platform)
    return {t for t in contracts() if not snapshot.verdict(t, dates_of(t)[0]).is_settled}


def reads(platform: Platform) -> set[tuple[object, ...]]:
    """What every date is recorded to have read; without it nothing could become stale."""
    names = ", ".join(ops.INPUTS.column_names)
    found = platform.warehouse.query(f"SELECT {names} FROM {ops.INPUTS.path}")  # noqa: S608
    return {tuple(row.values()) for row in found.to_pylist()}


def damaged(night: Path, tmp_path: Path, *statements: str) -> Platform:
    """A copy of a home, changed by hand."""
    home = Path(shutil.copytree(night, tmp_path / "home"))
    with duckdb.connect(str(platform_in(home).settings.duckdb_path)) as con:
        for statement in statements:
            con.execute(statement)
    return platform_in(home)
