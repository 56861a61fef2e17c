"""A Dagster run over a range: every date has its event and its own check evaluation."""

from __future__ import annotations

import datetime as dt
import os
import signal
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.definitions import build_defs
from nba_pipeline.orchestration import recorded
from nba_pipeline.orchestration.events import COMPLETE_CHECK, asset_key
from nba_pipeline.orchestration.instance import dagster_instance
from nba_pipeline.orchestration.recheck import table_checks
from nba_pipeline.orchestration.runner import Backfill, run_backfill, run_dates
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline.warehouse.base import Batch, Outcome, WarehouseError
from nba_pipeline_tests.support import (
    LAST_INPUT,
    NIGHT,
    OFFENSE,
    PLAYERS,
    SPINE_TABLES,
    fault,
    platform_in,
    start_from,
    verdict,
)

DATES = [NIGHT + dt.timedelta(n) for n in (-2, -1, 0, 1)]
Ranged = tuple[Platform, dg.DagsterInstance]
KEY = asset_key(contracts()[OFFENSE])


@pytest.fixture(scope="module")
def ranged(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Platform, dg.DagsterInstance]]:
    """Four dates, each with 2 of 16 teams."""
    home = Path(tmp_path_factory.mktemp("ranged"))
    platform = platform_in(home)
    start_from(platform, *DATES, upto=LAST_INPUT)
    with dagster_instance(home) as instance:
        bad_writer = f"staged:{OFFENSE}=keep:2"
        with fault(bad_writer):
            failure = run_dates(platform, instance, OFFENSE, DATES)
            assert failure.startswith(f"{OFFENSE}: 4 of 4 dates not published")
        yield platform, instance


def events(instance: dg.DagsterInstance, kind: dg.DagsterEventType) -> list[dg.DagsterEvent]:
    run = instance.get_runs()[0]
    return [
        e.get_dagster_event()
        for e in instance.all_logs(run.run_id)
        if e.is_dagster_event and e.get_dagster_event().event_type is kind
    ]


def failure_text(instance: dg.DagsterInstance) -> str:
    data = events(instance, dg.DagsterEventType.STEP_FAILURE)[0].event_specific_data
    return str(data.user_failure_data.description if data.user_failure_data else data.error)


def test_every_date_of_a_failed_range_has_its_own_evaluation(
    ranged: Ranged,
) -> None:
    _, instance = ranged
    found = {
        e.event_specific_data.partition: e.event_specific_data
        for e in events(instance, dg.DagsterEventType.ASSET_CHECK_EVALUATION)
        if e.event_specific_data.check_name == COMPLETE_CHECK
    }
    assert set(found) == {d.isoformat() for d in DATES} | {None}
    assert all(not found[d.isoformat()].passed for d in DATES)
    assert not found[None].passed
    detail = found[NIGHT.isoformat()].metadata["detail"].value
    assert detail.startswith("missing: ")


def test_the_other_checks_show_the_published_table_and_not_the_failure(
    ranged: Ranged,
) -> None:
    _, instance = ranged
    found = {
        e.event_specific_data.check_name: e.event_specific_data.passed
        for e in events(instance, dg.DagsterEventType.ASSET_CHECK_EVALUATION)
        if e.event_specific_data.check_name != COMPLETE_CHECK
    }
    assert {"within_schema_ranges", "run_history_matches_table", "margins_mirror"} <= set(found)
    assert all(found.values())


def test_the_run_fails_and_names_the_dates(ranged: Ranged) -> None:
    _, instance = ranged
    text = failure_text(instance)
    assert f"{OFFENSE}: 4 of 4 dates not published" in text
    assert all(str(d) in text for d in DATES)
    assert instance.get_runs()[0].status is dg.DagsterRunStatus.FAILURE


def test_no_materialization_is_recorded_for_what_was_not_published(
    ranged: Ranged,
) -> None:
    _, instance = ranged
    assert instance.get_materialized_partitions(KEY) == set()


def test_a_repaired_range_is_recorded_date_by_date(
    ranged: Ranged,
) -> None:
    platform, instance = ranged
    assert run_dates(platform, instance, OFFENSE, DATES) == ""
    keys = {d.isoformat() for d in DATES}
    assert instance.get_materialized_partitions(KEY) == keys
    snapshot = snapshot_of(platform)
    found = events(instance, dg.DagsterEventType.ASSET_MATERIALIZATION)
    assert len(found) == len(DATES)
    for event in found:
        date = dt.date.fromisoformat(event.partition or "")
        materialization = event.materialization
        assert materialization.tags["dagster/data_version"] == snapshot.version(OFFENSE, date, date)
        rows = materialization.metadata["dagster/partition_row_count"].value
        assert rows == snapshot.rows_now(OFFENSE, date)
    check = dg.AssetCheckKey(KEY, COMPLETE_CHECK)
    info = instance.event_log_storage.get_asset_check_partition_info(
        [check], partition_keys=list(keys)
    )
    assert {i.partition_key for i in info} == keys
    assert {str(i.latest_execution_status).split(".")[-1] for i in info} == {"SUCCEEDED"}


def test_good_dates_of_a_range_are_built_and_the_bad_one_is_named(
    ranged: Ranged, tmp_path: Path
) -> None:
    platform = platform_in(tmp_path)
    start_from(platform, *DATES, upto=LAST_INPUT)
    with dagster_instance(tmp_path) as instance:
        for date in DATES:
            with fault(f"staged:{OFFENSE}=keep:2" if date == NIGHT else ""):
                run_dates(platform, instance, OFFENSE, [date])
        assert "1 of 4 dates not published" in run_dates(platform, instance, PLAYERS, DATES)
        key = asset_key(contracts()[PLAYERS])
        good = {d.isoformat() for d in DATES if d != NIGHT}
        assert instance.get_materialized_partitions(key) == good
        (failed,) = events(instance, dg.DagsterEventType.STEP_FAILURE)
        text = failed.event_specific_data.error.message
        assert f"{PLAYERS}: 1 of 4 dates not published: {NIGHT}" in text
        assert "team_offense_game_summary 2026-01-03 is PARTIAL" in text


def silent(*_: object) -> None:
    pass


def test_a_backfill_resumes_and_builds_nothing_twice(tmp_path: Path) -> None:
    platform = platform_in(tmp_path)
    tables = list(SPINE_TABLES)
    with dagster_instance(tmp_path) as instance:
        work = Backfill(tables, DATES)
        first = run_backfill(platform, instance, work, progress=silent, planned=silent)
        assert not any(o.bad for o in first)
        assert check_statuses(instance, tables) == {AssetCheckExecutionRecordStatus.SUCCEEDED}
        runs = len(instance.get_runs())
        second = run_backfill(platform, instance, work, progress=silent, planned=silent)
        assert [len(o.step.dates) for o in second] == [0] * len(tables)
        assert len(instance.get_runs()) == runs


def check_statuses(
    instance: dg.DagsterInstance, tables: Iterable[str]
) -> set[AssetCheckExecutionRecordStatus]:
    """Of the latest execution of every check; a check that was skipped stays planned."""
    keys = [k for t in tables for k in table_checks(contracts()[t], Platform).check_keys]
    assert len(keys) > 2 * len(list(tables))
    found = instance.event_log_storage.get_latest_asset_check_execution_by_key(keys)
    assert set(found) == set(keys)
    return {record.status for record in found.values()}


@pytest.mark.parametrize("dates", [[NIGHT], [NIGHT, NIGHT + dt.timedelta(2)]])
def test_every_check_is_evaluated_in_one_run_and_after_several(
    tmp_path: Path, dates: list[dt.date]
) -> None:
    platform = platform_in(tmp_path)
    work = Backfill(["nbac_schedule", "nbac_team_boxscore"], dates)
    with dagster_instance(tmp_path) as instance:
        run_backfill(platform, instance, work, progress=silent, planned=silent)
        found = check_statuses(instance, work.tables)
    assert found == {AssetCheckExecutionRecordStatus.SUCCEEDED}


@pytest.mark.parametrize("dates", [[NIGHT], [NIGHT, NIGHT + dt.timedelta(2)]])
def test_checks_that_break_are_told_and_the_published_dates_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dates: list[dt.date]
) -> None:
    def broken(*_: object) -> Iterator[dg.AssetCheckResult]:
        raise WarehouseError("the table cannot be read")

    platform = platform_in(tmp_path)
    start_from(platform, *dates, upto="nbac_schedule")
    monkeypatch.setattr(recorded, "evaluations", broken)
    work = Backfill(["nbac_team_boxscore"], dates)
    with dagster_instance(tmp_path) as instance:
        (found,) = run_backfill(platform, instance, work, progress=silent, planned=silent)
        key = asset_key(contracts()["nbac_team_boxscore"])
        assert instance.get_materialized_partitions(key) == {d.isoformat() for d in dates}
    assert not found.bad
    assert {"the table cannot be read" in text for text in found.failed_runs} == {True}


def test_a_second_try_is_given_three_times_and_no_more(tmp_path: Path) -> None:
    platform = platform_in(tmp_path)
    start_from(platform, NIGHT, upto=LAST_INPUT)
    with dagster_instance(tmp_path) as instance:
        with fault(f"staged:{OFFENSE}=keep:2"):
            found = run_backfill(
                platform, instance, Backfill([OFFENSE, PLAYERS], [NIGHT]), progress=silent,
                planned=silent,
            )  # fmt: skip
        tried = steps(instance)
    assert [list(o.bad) for o in found] == [[NIGHT], [NIGHT]]
    assert tried == {OFFENSE: 3, PLAYERS: 1}  # a refusal is not tried again


def steps(instance: dg.DagsterInstance) -> Counter[str]:
    """How often each table was tried, over all runs."""
    started = dg.DagsterEventType.STEP_START
    return Counter(
        str(e.get_dagster_event().step_key)
        for run in instance.get_runs()
        for e in instance.all_logs(run.run_id, of_type=started)
    )


def test_an_interrupted_backfill_ends_and_goes_on_when_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the middle of a run: no retry, no later table, nothing half done."""
    platform = platform_in(tmp_path)
    start_from(platform, NIGHT, upto=LAST_INPUT)
    original = platform.warehouse.publish

    def interrupted(batch: Batch) -> Outcome:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)
        return original(batch)

    monkeypatch.setattr(platform.warehouse, "publish", interrupted)
    with dagster_instance(tmp_path) as instance:
        work = Backfill([OFFENSE, PLAYERS], [NIGHT])
        with pytest.raises(KeyboardInterrupt):
            run_backfill(platform, instance, work, progress=silent, planned=silent)
        assert len(instance.get_runs()) == 1
        assert verdict(platform, OFFENSE, NIGHT).state is State.MISSING
        monkeypatch.undo()
        again = run_backfill(platform, instance, work, progress=silent, planned=silent)
    assert not any(o.bad for o in again)


def test_the_checks_can_be_run_again_and_find_what_was_done_by_hand(tmp_path: Path) -> None:
    from nba_pipeline_tests.incidents.test_ledger_truth import by_hand

    platform = platform_in(tmp_path)
    start_from(platform, NIGHT)
    job = build_defs(platform=lambda: platform).resolve_job_def("recheck_published_tables")
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}

    def failed() -> set[tuple[str, str]]:
        result = job.execute_in_process(run_config=quiet)
        assert result.success
        evaluations = result.get_asset_check_evaluations()
        assert len(evaluations) > 30
        return {(e.asset_key.path[-1], e.check_name) for e in evaluations if not e.passed}

    assert failed() == set()
    by_hand(platform, f"UPDATE nba_analytics.{PLAYERS} SET usage_rate = 1329.8 WHERE points > 30")
    assert failed() == {(PLAYERS, "within_schema_ranges"), (PLAYERS, "run_history_matches_table")}
    assert not verdict(platform, PLAYERS, NIGHT).is_usable
