"""The interface as people use it: what a click asks for runs, and its answer can be read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.definitions import defs
from nba_pipeline.orchestration.events import COMPLETE_CHECK, asset_key
from nba_pipeline.orchestration.instance import dagster_instance
from nba_pipeline.orchestration.runner import run_dates
from nba_pipeline_tests.e2e.interface import interface_on
from nba_pipeline_tests.e2e.test_interface_verdicts import BASE, by_hand, looks
from nba_pipeline_tests.four_dates import DATES, KEYS, built_inputs
from nba_pipeline_tests.support import (
    NIGHT,
    OFFENSE,
    PLAYERS,
    fault,
    platform_in,
    start_from,
)

ELEVEN = [dt.date(2025, 10, 15) + dt.timedelta(n) for n in range(11)]
"""Around opening night: windows that look back find nothing there, which is all there is."""
ANALYTICS = [n for n, c in contracts().items() if c.dataset == "nba_analytics"]
STATES = AssetCheckExecutionRecordStatus
RUNS = """
query { runsOrError(filter: {tags: [{key: "nba/%s", value: "%s"}]}) { ... on Runs { results {
  jobName status assetSelection { path } repositoryOrigin { repositoryLocationName repositoryName }
} } } }"""


def statuses(instance: dg.DagsterInstance, table: str, name: str) -> dict[str | None, STATES]:
    """Newest execution of a check by partition."""
    check = dg.AssetCheckKey(asset_key(contracts()[table]), name)
    found = instance.event_log_storage.get_asset_check_partition_info([check])
    return {i.partition_key: i.latest_execution_status for i in found}


def test_execute_all_runs_every_check_and_tells_what_the_verdicts_say_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = built_inputs(tmp_path)
    with dagster_instance(tmp_path) as instance:
        assert run_dates(platform, instance, OFFENSE, DATES) == ""
    by_hand(
        platform,
        f"UPDATE {contracts()[BASE].path} SET assists = assists + 1 "
        f"WHERE game_date = DATE '{NIGHT}'",
    )
    with interface_on(platform, monkeypatch) as screen:
        before = screen.instance.get_materialized_partitions(asset_key(contracts()[OFFENSE]))
        run = screen.execute_all(OFFENSE)
        assert run.status is dg.DagsterRunStatus.SUCCESS
        shown = looks(screen.instance, OFFENSE)
        assert {str(d): look.verdict for d, look in shown.items()} == {
            **dict.fromkeys(KEYS, "complete"), str(NIGHT): "stale",
        }  # fmt: skip
        found = statuses(screen.instance, OFFENSE, COMPLETE_CHECK)
        assert STATES.PLANNED not in found.values()
        history = screen.instance.event_log_storage.get_asset_check_execution_history(
            dg.AssetCheckKey(asset_key(contracts()[OFFENSE]), COMPLETE_CHECK), limit=10
        )
        (summary,) = (r for r in history if r.run_id == run.run_id and r.partition is None)
        told = summary.evaluation
        assert isinstance(told, dg.AssetCheckEvaluation)
        assert not told.passed
        assert str(told.description).startswith(f"1 of 4 dates not good; {OFFENSE} {NIGHT} stale")
        after = screen.instance.get_materialized_partitions(asset_key(contracts()[OFFENSE]))
        assert after == before


def test_a_range_of_one_date_leaves_no_check_open(tmp_path: Path) -> None:
    """A check that stays planned shows as skipped for ever."""
    platform = built_inputs(tmp_path)
    with dagster_instance(tmp_path) as instance:
        assert run_dates(platform, instance, OFFENSE, [NIGHT]) == ""
        run = instance.get_runs()[0]
        assert run.tags["dagster/asset_partition_range_start"] == str(NIGHT)
        for key in defs.resolve_asset_graph().asset_check_keys:
            if key.asset_key == asset_key(contracts()[OFFENSE]):
                found = statuses(instance, OFFENSE, key.name)
                assert set(found.values()) == {STATES.SUCCEEDED}, key.name
        assert statuses(instance, OFFENSE, COMPLETE_CHECK)[str(NIGHT)] is STATES.SUCCEEDED


@pytest.mark.filterwarnings("ignore:Function `AssetSelection.sources`:DeprecationWarning")
def test_a_backfill_of_a_group_targets_and_builds_the_dates_asked_for_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = platform_in(tmp_path)
    start_from(platform, *ELEVEN, upto="roster_name_matches", tables=contracts())
    with interface_on(platform, monkeypatch) as screen:
        backfill = screen.launch_backfill(ANALYTICS, [str(d) for d in ELEVEN])
        keys = {str(d) for d in ELEVEN}
        assert screen.targeted(backfill) == dict.fromkeys(ANALYTICS, keys)
        screen.daemon(backfill)
        runs = screen.instance.get_runs()
        assert {r.status for r in runs} == {dg.DagsterRunStatus.SUCCESS}
        built = {t: screen.instance.get_materialized_partitions(asset_key(contracts()[t]))
                 for t in ANALYTICS}  # fmt: skip
        assert built == dict.fromkeys(ANALYTICS, keys)
        span = f"{ELEVEN[0]}..{ELEVEN[-1]}"
        tags = {k: v for r in runs for k, v in r.tags.items() if k.startswith("nba/")}
        assert tags == {f"nba/{t}": span for t in ANALYTICS}


@pytest.fixture
def refused(tmp_path: Path) -> Any:
    """Players of a night of which the offense has two teams."""
    platform = built_inputs(tmp_path)
    with dagster_instance(tmp_path) as instance:
        with fault(f"staged:{OFFENSE}@{NIGHT}=keep:2"):
            assert run_dates(platform, instance, OFFENSE, DATES)
        assert run_dates(platform, instance, PLAYERS, DATES)
        yield platform, instance


def test_a_refusal_is_read_in_the_history_of_the_check_and_on_the_page_of_the_date(
    refused: Any,
) -> None:
    platform, instance = refused
    key = asset_key(contracts()[PLAYERS])
    history = instance.event_log_storage.get_asset_check_execution_history(
        dg.AssetCheckKey(key, COMPLETE_CHECK), limit=20
    )
    told = {r.partition: r.evaluation for r in history}
    assert {k for k, e in told.items() if e.description is None} == set(KEYS) - {str(NIGHT)}
    text = told[str(NIGHT)].description
    assert text.startswith(f"REFUSED nba_analytics.{PLAYERS} {NIGHT} {OFFENSE} {NIGHT} is PARTIAL")
    assert "missing: " in text
    assert f"next: nba backfill --table {OFFENSE} --date {NIGHT} --downstream" in text
    assert "\n" not in text
    assert told[None].description.startswith(f"1 of 4 dates; {NIGHT}: REFUSED")
    (seen,) = instance.fetch_observations(key, limit=10).records
    observation = seen.asset_observation
    assert observation.partition == str(NIGHT)
    assert observation.description == text
    assert "missing: " in observation.metadata["detail"].value


def test_runs_of_the_command_line_are_found_by_table_and_date_and_are_on_the_timeline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = built_inputs(tmp_path)
    with dagster_instance(tmp_path) as instance:
        assert run_dates(platform, instance, OFFENSE, [NIGHT]) == ""
    with interface_on(platform, monkeypatch) as screen:
        (run,) = screen.ask(RUNS % (OFFENSE, NIGHT))["runsOrError"]["results"]
        location = {"repositoryLocationName": "nba_pipeline", "repositoryName": "__repository__"}
        assert run == {
            "jobName": "__ASSET_JOB",
            "status": "SUCCESS",
            "repositoryOrigin": location,
            "assetSelection": [{"path": ["nba_analytics", OFFENSE]}],
        }
