"""``--stop-on-failure``: nothing is tried after the first bad date."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from nba_pipeline.orchestration.instance import dagster_instance
from nba_pipeline.orchestration.runner import Backfill, run_backfill
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline_tests.support import (
    DEFENSE,
    LAST_INPUT,
    NIGHT,
    OFFENSE,
    PLAYERS,
    fault,
    platform_in,
    start_from,
)

DATES = [NIGHT + dt.timedelta(n) for n in (-1, 0, 1)]


def silent(*_: object) -> None:
    """Nobody looks."""


def test_stop_on_failure_leaves_later_tables_alone(tmp_path: Path) -> None:
    platform = platform_in(tmp_path)
    start_from(platform, NIGHT, upto=LAST_INPUT)
    with dagster_instance(tmp_path) as instance, fault(f"staged:{OFFENSE}=keep:2"):
        work = Backfill([OFFENSE, PLAYERS], [NIGHT], stop_on_failure=True)
        found = run_backfill(platform, instance, work, progress=silent, planned=silent)
    assert [o.step.table for o in found] == [OFFENSE]
    assert found[0].was_stopped
    assert not snapshot_of(platform).rows(PLAYERS)


def test_stop_on_failure_tries_no_date_after_the_bad_one(tmp_path: Path) -> None:
    """In no table: the date after is good, and its turn never comes."""
    dates, after = DATES, DATES[-1]
    platform = platform_in(tmp_path)
    start_from(platform, *dates, upto=LAST_INPUT)
    kept = snapshot_of(platform).rows("nbac_schedule")[after]
    tables = ["nbac_schedule", OFFENSE, DEFENSE, PLAYERS]
    work = Backfill(tables, dates, again=True, stop_on_failure=True)
    bad_writer = f"staged:{DEFENSE}@{NIGHT}=keep:2"
    with dagster_instance(tmp_path) as instance, fault(bad_writer):
        found = run_backfill(platform, instance, work, progress=silent, planned=silent)
        keys = {r.tags["dagster/asset_partition_range_end"] for r in instance.get_runs()}
    assert keys == {str(d) for d in dates[:2]}
    by_table = {o.step.table: o for o in found}
    assert set(by_table) == set(tables)
    assert list(by_table[DEFENSE].bad) == [NIGHT]
    assert by_table[DEFENSE].was_stopped
    assert [by_table[t].step.dates for t in tables] == [tuple(dates[:2])] * 3 + [tuple(dates[:1])]
    tried = platform.warehouse.query(
        "SELECT processor, COUNT(*) AS n FROM nba_orchestration.processor_run_history "
        "WHERE target_date = @date AND processor IN UNNEST(@tables) GROUP BY processor",
        {"date": after, "tables": tables},
    ).to_pylist()
    assert tried == [{"processor": "nbac_schedule", "n": 1}]  # the one it was built by before
    now = snapshot_of(platform)
    assert now.rows("nbac_schedule")[after] == kept
    assert [set(now.rows(t)) for t in (OFFENSE, DEFENSE)] == [set(dates[:2])] * 2
    assert set(now.rows(PLAYERS)) == set(dates[:1])
