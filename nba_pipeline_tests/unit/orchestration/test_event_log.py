from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.noop_compute_log_manager import NoOpComputeLogManager
from sqlalchemy import inspect

from nba_pipeline.files import REPO_ROOT
from nba_pipeline.orchestration import event_log
from nba_pipeline.orchestration.event_log import PooledSqliteEventLog
from nba_pipeline.orchestration.instance import dagster_instance, storage_overrides

DATES = dg.StaticPartitionsDefinition(["a", "b", "c"])


@dg.asset(partitions_def=DATES, backfill_policy=dg.BackfillPolicy.single_run())
def thing(context: dg.AssetExecutionContext) -> None:
    for key in context.partition_keys:
        context.log_event(dg.AssetMaterialization("thing", partition=key))


def run_once(instance: dg.DagsterInstance) -> None:
    tags = {"dagster/asset_partition_range_start": "a", "dagster/asset_partition_range_end": "c"}
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    assert dg.materialize([thing], instance=instance, tags=tags, run_config=quiet).success


def test_the_stock_storage_reads_what_the_pooled_one_wrote(tmp_path: Path) -> None:
    with dagster_instance(tmp_path) as instance:
        assert isinstance(instance.event_log_storage, PooledSqliteEventLog)
        run_once(instance)
        run_once(instance)  # its file is a copy of the first one's
        folder = instance.event_log_storage._base_dir
        runs = [r.run_id for r in instance.get_runs()]
        written = {r: [e.message for e in instance.all_logs(r)] for r in runs}
    stock = SqliteEventLogStorage(folder)
    assert stock.get_materialized_partitions(thing.key) == {"a", "b", "c"}
    assert len(written) == 2
    for run_id, messages in written.items():
        assert [e.message for e in stock.get_logs_for_run(run_id)] == messages
        assert len(messages) > 8
    assert sorted(stock.get_all_run_ids()) == sorted(runs)
    stock.upgrade()  # every file has the revision that Dagster's migrations begin with


def test_a_runs_file_has_no_tables_but_the_log(tmp_path: Path) -> None:
    with dagster_instance(tmp_path) as instance:
        run_once(instance)
        run_once(instance)
        for run in instance.get_runs():
            with instance.event_log_storage.run_connection(run.run_id) as connection:
                tables = set(inspect(connection).get_table_names())
            assert tables == {"event_logs", "asset_event_tags", "alembic_version"}
        instance.delete_run(run.run_id)
        assert len(instance.get_runs()) == 1
        assert not instance.all_logs(run.run_id)


def test_the_command_line_captures_nothing_and_the_interface_does(tmp_path: Path) -> None:
    with dagster_instance(tmp_path) as instance:
        assert isinstance(instance.compute_log_manager, NoOpComputeLogManager)
        run_once(instance)
    assert not list((tmp_path / "dagster" / "compute_logs").rglob("*.out"))
    config = yaml.safe_load((REPO_ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    assert config["compute_logs"]["class"] == "LocalComputeLogManager"


def test_a_file_that_another_process_has_begun_is_finished(tmp_path: Path) -> None:
    with dagster_instance(tmp_path) as instance:
        run_once(instance)
        storage = instance.event_log_storage
        Path(storage.path_for_shard("begun")).touch()
        with storage.run_connection("begun") as connection:
            assert inspect(connection).has_table("event_logs")
            assert inspect(connection).has_table("alembic_version")


def test_many_runs_keep_few_files_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "_OPEN_SHARDS", 3)
    with dagster_instance(tmp_path) as instance:
        for _ in range(4):
            run_once(instance)
        storage = instance.event_log_storage
        assert len(storage._engines) <= 3
        assert len(instance.get_runs()) == 4
        assert all(instance.all_logs(r.run_id) for r in instance.get_runs())


def test_wiping_closes_and_forgets(tmp_path: Path) -> None:
    with dagster_instance(tmp_path) as instance:
        run_once(instance)
        instance.event_log_storage.wipe()
        assert not instance.event_log_storage.get_materialized_partitions(thing.key)
        run_once(instance)
        assert instance.event_log_storage.get_materialized_partitions(thing.key)


def test_another_dagster_gets_the_stock_storage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = {"base_dir": str(tmp_path)}
    assert type(PooledSqliteEventLog.from_config_value(None, config)) is PooledSqliteEventLog
    monkeypatch.setattr(event_log, "SUPPORTED", "9.99.")
    assert type(PooledSqliteEventLog.from_config_value(None, config)) is SqliteEventLogStorage


def test_the_command_line_writes_where_the_ui_reads(tmp_path: Path) -> None:
    config = yaml.safe_load((REPO_ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    moved = storage_overrides(tmp_path)
    with_state = {k for k, v in config.items() if "base_dir" in (v.get("config") or {})}
    assert set(moved) == with_state
    assert len(moved) == 5
    here = storage_overrides(REPO_ROOT / ".nba")
    for key in with_state:
        expected = str((REPO_ROOT / config[key]["config"]["base_dir"]).resolve())
        assert here[key]["config"]["base_dir"] == expected


def test_telemetry_and_the_welcome_are_off() -> None:
    config = yaml.safe_load((REPO_ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    assert config["telemetry"] == config["nux"] == {"enabled": False}
