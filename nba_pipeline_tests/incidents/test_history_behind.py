"""Dagster lacks what the ledger has: a crash before the events, or a history that is gone."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from click.testing import CliRunner
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus

from nba_pipeline.build.verify import close_gate, verify_table
from nba_pipeline.cli.main import cli
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.orchestration.event_batch import BatchedSqliteEventLog
from nba_pipeline.orchestration.events import COMPLETE_CHECK, DATA_VERSION, asset_key
from nba_pipeline.orchestration.factory import table_asset
from nba_pipeline.orchestration.instance import dagster_instance
from nba_pipeline.orchestration.partitions import GAME_DATES
from nba_pipeline.orchestration.reconcile import Gap, Reconciliation, reconcile
from nba_pipeline.orchestration.runner import run_dates
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.warehouse.faults import VARIABLE
from nba_pipeline_tests.four_dates import DATES, KEYS, RANGE, built_inputs
from nba_pipeline_tests.support import NIGHT, OFFENSE, TODAY, fault, run

AT_ONCE = dt.timedelta(0)
RUN = f"""
import datetime as dt
from nba_pipeline.orchestration.instance import dagster_instance
from nba_pipeline.orchestration.runner import run_dates
from nba_pipeline.platform import default_platform
platform = default_platform()
dates = [dt.date.fromisoformat(d) for d in {KEYS!r}]
with dagster_instance(platform.settings.home) as instance:
    print(run_dates(platform, instance, {OFFENSE!r}, dates))
"""


def killed(home: Path, faults: str) -> None:
    """A run in another process that dies at a failpoint."""
    env = {
        **os.environ,
        "NBA_HOME": str(home),
        "NBA_SOURCE": "simulated",
        "NBA_TODAY": TODAY.isoformat(),
        "NBA_SIMULATED_FIRST_SEASON": "2025",
        VARIABLE: faults,
    }
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", RUN], env=env, capture_output=True, timeout=120
    )
    assert found.returncode == -signal.SIGKILL, found


def state(instance: dg.DagsterInstance, table: str = OFFENSE) -> dict[str, Any]:
    """What Dagster shows of a table's dates."""
    key = asset_key(contracts()[table])
    storage = instance.event_log_storage
    checks = storage.get_asset_check_partition_info([dg.AssetCheckKey(key, COMPLETE_CHECK)])
    return {
        "materialized": instance.get_materialized_partitions(key),
        "statuses": instance.get_status_by_partition(key, KEYS, GAME_DATES),
        "versions": storage.get_latest_tags_by_partition(
            key, dg.DagsterEventType.ASSET_MATERIALIZATION, [DATA_VERSION]
        ),
        "checks": {
            i.partition_key: (i.latest_execution_status, i.is_current)
            for i in checks
            if i.partition_key
        },
        "metadata": {
            r.partition_key: {
                k: v.value
                for k, v in r.asset_materialization.metadata.items()
                if k != "published_by_run"
            }
            for r in instance.fetch_materializations(key, limit=len(KEYS)).records
            if r.asset_materialization
        },
    }


def told(found: Reconciliation) -> list[tuple[str, dt.date, Gap]]:
    return [(lack.table, lack.date, lack.gap) for lack in found.told]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Dagster shows after a run that nothing disturbed."""
    home = Path(tmp_path_factory.mktemp("clean"))
    with dagster_instance(home) as instance:
        assert not run_dates(built_inputs(home), instance, OFFENSE, DATES)
        return state(instance)


@pytest.mark.parametrize("point", ["after_commit", "materialized"])
def test_after_a_kill_before_the_events_dagster_is_told_what_was_published(
    tmp_path: Path, clean: dict[str, Any], point: str
) -> None:
    platform = built_inputs(tmp_path)
    killed(tmp_path, f"{point}:{OFFENSE}=kill")
    assert {str(d) for d in snapshot_of(platform).rows(OFFENSE)} == set(KEYS)
    with dagster_instance(tmp_path) as instance:
        assert state(instance) != clean
        gap = Gap.EVENT if point == "after_commit" else Gap.CHECK
        waiting = reconcile(platform, instance, [OFFENSE])
        assert not waiting.told  # the run may still be about to tell
        assert {lack.waits_for for lack in waiting.left} == {instance.get_runs()[0].run_id}
        found = reconcile(platform, instance, [OFFENSE], settle=AT_ONCE)
        assert told(found) == [(OFFENSE, d, gap) for d in DATES]
        assert not found.left
        assert state(instance) == clean
        runs = instance.get_runs()
        assert runs[0].job_name == f"reconcile_{OFFENSE}"
        assert runs[0].status is dg.DagsterRunStatus.SUCCESS
        again = reconcile(platform, instance, [OFFENSE], settle=AT_ONCE)
        assert (again.published, again.told, again.left) == (len(DATES), [], [])
        assert len(instance.get_runs()) == len(runs)


def test_a_batch_that_reached_the_runs_file_only_is_told_again(
    tmp_path: Path, clean: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(self: BatchedSqliteEventLog, connection: object, events: Sequence[Any]) -> None:
        if any(e.dagster_event_type is dg.DagsterEventType.ASSET_MATERIALIZATION
               for e, _ in events):  # fmt: skip
            raise OSError("no space left on device")
        original(self, connection, events)

    platform, original = built_inputs(tmp_path), BatchedSqliteEventLog._mirror
    with dagster_instance(tmp_path) as instance:
        monkeypatch.setattr(BatchedSqliteEventLog, "_mirror", lost)
        assert "no space left" in run_dates(platform, instance, OFFENSE, DATES)
        monkeypatch.undo()
        assert not state(instance)["materialized"]
        assert len(told(reconcile(platform, instance, [OFFENSE]))) == len(DATES)
        assert state(instance) == clean


def test_a_history_that_is_gone_is_told_from_the_ledger(
    tmp_path: Path, clean: dict[str, Any]
) -> None:
    platform = built_inputs(tmp_path)
    with dagster_instance(tmp_path) as instance:
        assert not run_dates(platform, instance, OFFENSE, DATES)
    shutil.rmtree(tmp_path / "dagster")
    with dagster_instance(tmp_path) as instance:
        found = reconcile(platform, instance, list(contracts()))
        assert not found.left
        tables = {table for table, *_ in told(found)}
        assert {OFFENSE, "nbac_schedule", "players"} <= tables
        assert state(instance) == clean
        newest = instance.get_latest_materialization_event(asset_key(contracts()["players"]))
        assert newest is not None
        assert newest.asset_materialization is not None
        assert newest.asset_materialization.partition is None
        published = snapshot_of(platform).row("players", WHOLE_TABLE)
        assert published is not None
        assert (newest.tags or {})[DATA_VERSION] == published.version
        runs = len(instance.get_runs())
        assert runs == len(tables)
        assert not reconcile(platform, instance, list(contracts())).told
        assert len(instance.get_runs()) == runs


def test_only_dates_that_were_published_elsewhere_are_told_of(tmp_path: Path) -> None:
    platform = built_inputs(tmp_path)
    with dagster_instance(tmp_path) as instance:
        assert not run_dates(platform, instance, OFFENSE, DATES[:2])
        run(platform, OFFENSE, *DATES)  # past Dagster; two dates are as they were
        by_hand = "UPDATE nba_orchestration.partition_ledger SET version = 'other' WHERE "
        _sql(platform, f"{by_hand} asset = '{OFFENSE}' AND game_date = DATE '{DATES[0]}'")
        found = reconcile(platform, instance, [OFFENSE])
        assert told(found) == [
            (OFFENSE, DATES[0], Gap.VERSION),
            (OFFENSE, DATES[2], Gap.EVENT),
            (OFFENSE, DATES[3], Gap.EVENT),
        ]
        assert state(instance)["versions"][KEYS[0]] == {DATA_VERSION: "other"}


def _sql(platform: Platform, text: str) -> None:
    import duckdb

    with duckdb.connect(str(platform.settings.duckdb_path)) as connection:
        connection.execute(text)


def test_a_later_attempt_that_failed_is_not_told_away(tmp_path: Path) -> None:
    platform = built_inputs(tmp_path)
    with dagster_instance(tmp_path) as instance:
        assert not run_dates(platform, instance, OFFENSE, DATES)
        with fault(f"staged:{OFFENSE}@{NIGHT}=keep:2"):
            assert run_dates(platform, instance, OFFENSE, DATES)
        before = state(instance)
        failed = AssetCheckExecutionRecordStatus.FAILED
        assert before["checks"][NIGHT.isoformat()] == (failed, True)
        found = reconcile(platform, instance, [OFFENSE])
        assert (found.told, found.left) == ([], [])
        assert state(instance) == before


def test_a_gate_that_was_closed_since_is_told(tmp_path: Path) -> None:
    platform = built_inputs(tmp_path)
    with dagster_instance(tmp_path) as instance:
        assert not run_dates(platform, instance, OFFENSE, DATES)
        _sql(platform, f"DELETE FROM {contracts()[OFFENSE].path} WHERE game_date = DATE '{NIGHT}'")
        snapshot = snapshot_of(platform)
        wrong = verify_table(platform.warehouse, snapshot, contracts()[OFFENSE])
        close_gate(platform.warehouse, snapshot, contracts()[OFFENSE], wrong, run_id="verify")
        found = reconcile(platform, instance, [OFFENSE])
        assert told(found) == [(OFFENSE, NIGHT, Gap.VERDICT)]
        failed = AssetCheckExecutionRecordStatus.FAILED
        assert state(instance)["checks"][NIGHT.isoformat()] == (failed, True)
        assert not reconcile(platform, instance, [OFFENSE]).told


def test_what_a_waiting_run_will_tell_is_left_to_it(tmp_path: Path, clean: dict[str, Any]) -> None:
    platform = built_inputs(tmp_path)
    run(platform, OFFENSE, *DATES)
    with dagster_instance(tmp_path) as instance:
        asset = table_asset(contracts()[OFFENSE], lambda: platform)
        job = dg.Definitions(assets=[asset]).resolve_implicit_global_asset_job_def()
        waiting = instance.create_run_for_job(job, tags=RANGE)
        found = reconcile(platform, instance, [OFFENSE])
        assert not found.told
        assert [lack.waits_for for lack in found.left] == [waiting.run_id] * len(DATES)
        instance.report_run_canceled(waiting)
        assert len(reconcile(platform, instance, [OFFENSE]).told) == len(DATES)
        assert state(instance) == clean


def test_the_verb_says_what_dagster_lacks_and_tells_it(tmp_path: Path) -> None:
    run(built_inputs(tmp_path), OFFENSE, *DATES)
    env = {"NBA_HOME": str(tmp_path), "NBA_SOURCE": "simulated", "NBA_TODAY": TODAY.isoformat()}

    def nba(*words: str) -> tuple[int, str]:
        found = CliRunner(env=env).invoke(cli, ["reconcile", "--table", OFFENSE, *words])
        return found.exit_code, found.output

    code, text = nba("--dry-run", "--json")
    assert code == 1
    rows = json.loads(text)
    assert [r["date"] for r in rows] == KEYS
    assert {(r["table"], r["gap"], r["outcome"], r["waits_for"]) for r in rows} == {
        (OFFENSE, "no materialization", "lacking", None)
    }
    code, text = nba("--dry-run")
    assert code == 1
    assert "4 dates are published; Dagster was told of 0 and lacks 4" in text
    assert "next: nba reconcile" in text
    code, text = nba()
    assert code == 0
    assert "4 dates are published; Dagster was told of 4 and lacks 0" in text
    assert nba("--json") == (0, "[]\n")


def test_without_a_warehouse_nothing_can_be_told(tmp_path: Path) -> None:
    found = CliRunner(env={"NBA_HOME": str(tmp_path), "NBA_SOURCE": "simulated"}).invoke(
        cli, ["reconcile"]
    )
    assert found.exit_code == 3
    assert "no warehouse" in found.output
