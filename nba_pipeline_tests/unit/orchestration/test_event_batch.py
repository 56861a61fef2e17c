"""What a run over a range costs Dagster: transactions and bytes; and that nothing is left open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.events import DagsterEvent, StepMaterializationData
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from dagster._serdes import deserialize_value, serialize_value
from sqlalchemy import event

from nba_pipeline.build.door import BuildResult
from nba_pipeline.build.work import DateResult
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration import factory, recorded
from nba_pipeline.orchestration.event_batch import event_text
from nba_pipeline.orchestration.event_log import PooledSqliteEventLog
from nba_pipeline.orchestration.events import COMPLETE_CHECK, asset_key
from nba_pipeline.orchestration.instance import dagster_instance
from nba_pipeline.orchestration.runner import run_tables
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.support import NIGHT, OFFENSE, platform_in

KEY = asset_key(contracts()[OFFENSE])
CHECK = dg.AssetCheckKey(KEY, COMPLETE_CHECK)


def a_build(
    platform: Platform, table: str, dates: Sequence[dt.date], *, run_id: str
) -> BuildResult:
    """As if every third date were without games, and the last not due."""
    results = {
        d: DateResult(d, State.NO_GAMES, True, "empty", 0, 0, 100.0, "no games scheduled")
        if n % 3 == 0
        else DateResult(d, State.COMPLETE, True, f"{d}".replace("-", "a") * 3, 24, 24, 100.0)
        for n, d in enumerate(dates[:-1])
    }
    return BuildResult(table, results, not_due={dates[-1]: "3 of 8 games not final"})


@pytest.fixture
def nothing_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factory, "build", a_build)
    monkeypatch.setattr(recorded, "evaluations", lambda *_: [])


@pytest.fixture
def told(tmp_path: Path, nothing_built: None) -> Iterator[tuple[Platform, dg.DagsterInstance]]:
    """An instance of its own, and a platform on which nothing is built."""
    with dagster_instance(tmp_path) as instance:
        yield platform_in(tmp_path), instance


def dates(number: int, first: dt.date = NIGHT) -> list[dt.date]:
    return [first - dt.timedelta(n) for n in reversed(range(number))]


def test_transactions_of_a_run_do_not_grow_with_its_dates(
    told: tuple[Platform, dg.DagsterInstance], monkeypatch: pytest.MonkeyPatch
) -> None:
    platform, instance = told
    commits: list[int] = [0]
    original = PooledSqliteEventLog._engine

    def counted(self: PooledSqliteEventLog, shard: str) -> Any:
        engine = original(self, shard)
        if not event.contains(engine, "commit", count):
            event.listen(engine, "commit", count)
        return engine

    def count(_: object) -> None:
        commits[0] += 1

    def of_a_run(number: int) -> int:
        commits[0] = 0
        assert not run_tables(platform, instance, [OFFENSE], dates(number))
        return commits[0]

    of_a_run(2)  # whether tables and columns are there is asked once
    monkeypatch.setattr(PooledSqliteEventLog, "_engine", counted)
    few, many = of_a_run(3), of_a_run(200)
    assert few == many
    assert 10 < few < 60


def test_a_date_weighs_less_than_eight_kilobytes(tmp_path: Path, nothing_built: None) -> None:
    platform, weights = platform_in(tmp_path), []
    for built in (dates(100, NIGHT - dt.timedelta(500)), dates(400)):
        with dagster_instance(tmp_path) as instance:  # closed, nothing waits beside the files
            assert not run_tables(platform, instance, [OFFENSE], built)
        files = (tmp_path / "dagster").rglob("*")
        weights.append(sum(f.stat().st_size for f in files if f.is_file()))
    assert 1024 < (weights[1] - weights[0]) / 400 < 8 * 1024


@pytest.mark.parametrize("number", [1, 5])
def test_no_date_of_a_run_is_left_planned(
    told: tuple[Platform, dg.DagsterInstance], number: int
) -> None:
    """One that is not due neither: it passes, and says why there is nothing."""
    platform, instance = told
    assert not run_tables(platform, instance, [OFFENSE], dates(number))
    storage = instance.event_log_storage
    infos = {i.partition_key: i for i in storage.get_asset_check_partition_info([CHECK])}
    keys = {d.isoformat() for d in dates(number)}
    assert {k for k in infos if k} == keys
    done = AssetCheckExecutionRecordStatus.SUCCEEDED
    assert {infos[k].latest_execution_status for k in keys} == {done}
    assert all(infos[k].is_current for k in keys)
    assert instance.get_materialized_partitions(KEY) == keys - {NIGHT.isoformat()}
    records = storage.get_asset_check_execution_history(CHECK, limit=50)
    assert done in {r.status for r in records}
    assert AssetCheckExecutionRecordStatus.PLANNED not in {r.status for r in records}
    last = next(r for r in records if r.partition == NIGHT.isoformat())
    assert last.evaluation is not None
    assert last.evaluation.metadata["verdict"].value == "not_due"
    assert last.evaluation.metadata["detail"].value == "3 of 8 games not final"


def test_a_run_that_breaks_leaves_its_dates_failed(
    told: tuple[Platform, dg.DagsterInstance], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> BuildResult:
        raise OSError("the disk is gone")

    platform, instance = told
    monkeypatch.setattr(factory, "build", broken)
    assert "the disk is gone" in run_tables(platform, instance, [OFFENSE], dates(3))[OFFENSE]
    storage = instance.event_log_storage
    keys = {d.isoformat() for d in dates(3)}
    run_id = instance.get_runs()[0].run_id
    attempts = storage.get_latest_asset_partition_materialization_attempts_without_materializations(
        KEY
    )
    assert {k: r for k, (r, _) in attempts.items()} == dict.fromkeys(keys, run_id)
    planned = storage.get_asset_check_partition_info([CHECK])
    assert {i.partition_key for i in planned} == keys
    assert {i.latest_execution_status.value for i in planned} == {"PLANNED"}


def an_entry(data: Any, kind: dg.DagsterEventType) -> EventLogEntry:
    told = DagsterEvent(kind.value, "job", event_specific_data=data, message="", step_key="step")
    return EventLogEntry(None, 10, "", "run", 1.5, "step", "job", told)


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"empty": "", "none": dg.MetadataValue.json({"a": None, "b": [], "c": {}})},
        {"list": dg.MetadataValue.json([None, {}, []]), "table": dg.MetadataValue.null()},
        {"columns": dg.TableSchema([dg.TableColumn("a", constraints=None)])},
        {"n": 0, "f": 0.0, "b": False, "text": "é ✓ \x7f"},
    ],
)
def test_an_event_is_read_back_as_it_was(metadata: dict[str, Any]) -> None:
    entries = [
        an_entry(
            StepMaterializationData(dg.AssetMaterialization(KEY, partition="p", metadata=metadata)),
            dg.DagsterEventType.ASSET_MATERIALIZATION,
        ),
        an_entry(
            dg.AssetCheckEvaluation(KEY, "check", True, metadata=metadata),
            dg.DagsterEventType.ASSET_CHECK_EVALUATION,
        ),
        EventLogEntry(None, 20, "words", "run", 2.5),
    ]
    for entry in entries:
        assert deserialize_value(event_text(entry), EventLogEntry) == entry
        assert len(event_text(entry)) < len(serialize_value(entry))
