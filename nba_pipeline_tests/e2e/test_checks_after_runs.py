"""What checks say after a run that looked at its own dates only."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration.events import asset_key
from nba_pipeline.orchestration.factory import table_asset
from nba_pipeline.orchestration.instance import dagster_instance
from nba_pipeline.orchestration.partitions import GAME_DATES
from nba_pipeline.orchestration.recheck import RANGES, READ_AGAIN, results, table_checks
from nba_pipeline.orchestration.runner import run_dates
from nba_pipeline.platform import Platform
from nba_pipeline_tests.support import (
    NIGHT,
    platform_in,
    start_from,
)

TABLE = "nbac_player_boxscores"
OTHER = NIGHT + dt.timedelta(1)
DONE, FAILED = AssetCheckExecutionRecordStatus.SUCCEEDED, AssetCheckExecutionRecordStatus.FAILED


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    found = platform_in(tmp_path)
    start_from(found, NIGHT, OTHER, upto="nbac_schedule")
    return found


def latest(instance: dg.DagsterInstance, name: str) -> dg.AssetCheckEvaluation:
    """The newest answer of a check of the table."""
    key = dg.AssetCheckKey(asset_key(contracts()[TABLE]), name)
    (record,) = instance.event_log_storage.get_asset_check_execution_history(
        key, limit=1, status={DONE, FAILED}
    )
    assert record.event is not None
    found = record.event.get_dagster_event().asset_check_evaluation_data
    assert isinstance(found, dg.AssetCheckEvaluation)
    return found


def test_a_bad_value_that_a_recheck_found_stays_bad_until_its_date_is_built_again(
    platform: Platform,
) -> None:
    contract = contracts()[TABLE]
    with dagster_instance(platform.settings.home) as instance:
        assert run_dates(platform, instance, TABLE, [NIGHT]) == ""
        assert latest(instance, RANGES).passed
        with duckdb.connect(str(platform.settings.duckdb_path)) as con:
            con.execute(
                f"UPDATE {contract.path} SET assists = 5000 WHERE game_date = $date "
                f"AND player_id = (SELECT min(player_id) FROM {contract.path} "
                "WHERE game_date = $date)",
                {"date": NIGHT},
            )
        found = {r.check_name: r for r in results(contract, platform, "recheck")}
        assert not found[RANGES].passed
        # one row of a night is within what the contract tolerates, but it is published
        assert run_dates(platform, instance, TABLE, [OTHER]) == ""
        assert not latest(instance, RANGES).passed
        assert latest(instance, RANGES).severity is dg.AssetCheckSeverity.ERROR
        assert run_dates(platform, instance, TABLE, [NIGHT]) == ""
        assert latest(instance, RANGES).passed


def test_when_the_table_was_last_read_whole_is_told_by_later_runs_too(platform: Platform) -> None:
    contract = contracts()[TABLE]
    checks = table_checks(contract, lambda: platform)
    parts = [
        table_asset(contract, lambda: platform),
        checks,
        *(
            dg.AssetSpec(asset_key(contracts()[u]), partitions_def=GAME_DATES)
            for u in contract.upstreams
        ),
    ]
    of_table = dg.AssetSelection.assets(asset_key(contract))
    only_checks = dg.AssetSelection.checks_for_assets(asset_key(contract))
    only_checks -= dg.AssetSelection.checks(*table_asset(contract, lambda: platform).check_keys)
    with dagster_instance(platform.settings.home) as instance:
        assert run_dates(platform, instance, TABLE, [NIGHT]) == ""
        assert "never" in str(latest(instance, RANGES).metadata[READ_AGAIN].value)
        assert dg.materialize(parts, selection=only_checks, instance=instance).success
        told = latest(instance, RANGES).metadata[READ_AGAIN].value
        assert str(told).endswith("UTC")
        # as the interface launches it: the run plans the checks that the table's step answers
        both = dg.materialize(
            parts,
            selection=of_table | only_checks,
            instance=instance,
            partition_key=OTHER.isoformat(),
        )
        assert both.success
        assert latest(instance, RANGES).metadata[READ_AGAIN].value == told
