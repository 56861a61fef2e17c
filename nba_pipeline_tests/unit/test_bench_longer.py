"""A history that was made longer is as whole as the one that it was copied from."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import dagster as dg
import pytest

from nba_pipeline.build.verify import reaudit, verify_table
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration.instance import dagster_instance
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline_tests.bench import longer
from nba_pipeline_tests.bench.longer import Copies, lengthen, unsettled
from nba_pipeline_tests.support import SEASON, TODAY, built_season

KEY = dg.AssetKey(["nba_raw", "nbac_schedule"])


def test_copies_lie_before_the_first_date_without_a_gap() -> None:
    first, last = dt.date(2021, 10, 19), dt.date(2025, 12, 30)
    copies = Copies.of(first, last, 8)
    assert (last - copies.first).days + 1 == 8 * ((last - first).days + 1)
    assert copies.start == first + longer.SEASON
    assert copies.end <= last
    ends = [copies.end - dt.timedelta(days) for _, days, _ in copies]
    starts = [copies.start - dt.timedelta(days) for _, days, _ in copies]
    assert ends == [first, *starts[:-1]]
    assert starts[-1] <= copies.first < ends[-1]
    assert [years for *_, years in copies] == [4 + 3 * n for n in range(copies.number)]
    assert all(days % 7 == 0 for _, days, _ in copies)
    with pytest.raises(ValueError, match="2021-10-19 .. 2023-01-01 has no two whole seasons"):
        Copies.of(first, dt.date(2023, 1, 1), 8)


def test_copied_dates_are_settled_and_their_rows_as_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = built_season(tmp_path)
    # a season of four weeks: the mechanism is the same and the league has one year
    monkeypatch.setattr(longer, "SEASON", dt.timedelta(28))
    first = lengthen(platform, 3)
    assert (SEASON[-1] - first).days + 1 == 3 * len(SEASON)
    snapshot = Snapshot(platform.warehouse, TODAY, dates=(first, SEASON[-1]))
    copied = [first + dt.timedelta(n) for n in range((SEASON[0] - first).days)]
    dated = [c for c in contracts().values() if c.is_partitioned]
    assert unsettled(platform, first, SEASON[0] - dt.timedelta(1)) == 0
    copies = Copies.of(SEASON[0], SEASON[-1], 3)
    there = {
        day - dt.timedelta(back): day
        for _, back, _ in copies
        for day in SEASON
        if copies.start <= day < copies.end
    }
    assert set(copied) <= set(there)
    for contract in dated:
        rows = [(snapshot.row(contract.name, d), snapshot.row(contract.name, there[d]))
                for d in copied]  # fmt: skip
        assert [(r and (r.status, r.row_count)) for r, _ in rows] == [
            (r and (r.status, r.row_count)) for _, r in rows
        ]
    for contract in dated:
        report, _ = reaudit(platform.warehouse, snapshot, contract)
        found = verify_table(platform.warehouse, snapshot, contract, report)
        assert [d for d in found if d.date < SEASON[0]] == []


def test_dagster_has_the_copied_partitions_and_the_newest_stays_the_newest(tmp_path: Path) -> None:
    first, last = dt.date(2021, 10, 19), dt.date(2023, 12, 30)
    days = [first + dt.timedelta(n) for n in range(0, (last - first).days + 1, 50)]
    with dagster_instance(tmp_path) as instance:
        for day in days:
            instance.report_runless_asset_event(
                dg.AssetMaterialization(KEY, partition=str(day), tags={"dagster/data_version": "x"})
            )
    copies = Copies.of(first, last, 2)
    longer._copy_events(tmp_path / "dagster" / "history" / "runs" / "index.db", copies)
    moved = {
        str(there)
        for _, back, _ in copies
        for day in days
        if copies.start <= day < copies.end and (there := day - dt.timedelta(back)) >= copies.first
    }
    assert len(moved) > 10
    with dagster_instance(tmp_path) as instance:
        assert instance.get_materialized_partitions(KEY) == {str(d) for d in days} | moved
        newest = instance.get_latest_materialization_event(KEY)
        assert newest is not None
        assert newest.asset_materialization is not None
        assert newest.asset_materialization.partition == str(days[-1])
        one = instance.fetch_materializations(
            dg.AssetRecordsFilter(KEY, asset_partitions=[min(moved)]), limit=1
        ).records[0]
        assert one.partition_key == min(moved)
        assert one.asset_materialization is not None
        assert one.asset_materialization.partition == min(moved)
