from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.runs import SqliteRunStorage
from sqlalchemy import event

from nba_pipeline.orchestration import run_storage
from nba_pipeline.orchestration.instance import dagster_instance
from nba_pipeline.orchestration.run_storage import PooledSqliteRunStorage


@dg.op
def nothing() -> None: ...


@dg.job
def job() -> None:
    nothing()


def run_once(instance: dg.DagsterInstance) -> str:
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    return job.execute_in_process(instance=instance, run_config=quiet).run_id


def test_the_stock_storage_reads_what_the_pooled_one_wrote(tmp_path: Path) -> None:
    with dagster_instance(tmp_path) as instance:
        assert isinstance(instance.run_storage, PooledSqliteRunStorage)
        runs = [run_once(instance) for _ in range(2)]
        written = {r: instance.get_run_by_id(r) for r in runs}
    stock = SqliteRunStorage.from_local(str(tmp_path / "dagster" / "history"))
    assert {r.run_id: r for r in stock.get_runs()} == written
    assert all(run and run.status is dg.DagsterRunStatus.SUCCESS for run in written.values())


def test_a_run_opens_no_connection_of_its_own(tmp_path: Path) -> None:
    with dagster_instance(tmp_path) as instance:
        storage = instance.run_storage
        assert isinstance(storage, PooledSqliteRunStorage)
        run_once(instance)
        opened: list[object] = []
        event.listen(storage._engine, "connect", lambda connection, _: opened.append(connection))
        run_once(instance)
        assert opened == []
        storage.dispose()
        run_once(instance)
        assert len(opened) == 1


def test_another_dagster_gets_the_stock_storage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = {"base_dir": str(tmp_path)}
    assert type(PooledSqliteRunStorage.from_config_value(None, config)) is PooledSqliteRunStorage
    monkeypatch.setattr(run_storage, "SUPPORTED", "9.99.")
    assert type(PooledSqliteRunStorage.from_config_value(None, config)) is SqliteRunStorage
