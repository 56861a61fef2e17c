"""After runs of the command line, the interface and the recheck, screens say what verdicts say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest
from click.testing import CliRunner

from nba_pipeline.cli.main import cli
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration.events import asset_key
from nba_pipeline.orchestration.factory import table_asset
from nba_pipeline.orchestration.instance import dagster_instance
from nba_pipeline.orchestration.partitions import GAME_DATES
from nba_pipeline.orchestration.recheck import table_checks
from nba_pipeline.orchestration.runner import Backfill, run_backfill, run_dates
from nba_pipeline.platform import Platform
from nba_pipeline_tests.e2e.test_interface_verdicts import (
    BASE,
    by_hand,
    looks,
)
from nba_pipeline_tests.four_dates import DATES, KEYS, built_inputs
from nba_pipeline_tests.support import (
    DEFENSE,
    NIGHT,
    OFFENSE,
    PLAYERS,
    TODAY,
    fault,
)


def repaired_night(home: Path) -> Platform:
    """Offense, defense and players built from a base that came again with another number."""
    platform = built_inputs(home)
    with dagster_instance(home) as instance:
        for table in (OFFENSE, DEFENSE, PLAYERS):
            assert run_dates(platform, instance, table, DATES) == ""
    by_hand(
        platform,
        f"UPDATE {contracts()[BASE].path} SET assists = assists + 1 "
        f"WHERE game_date = DATE '{NIGHT}'",
    )
    return platform


def verdicts(instance: dg.DagsterInstance, table: str) -> dict[str, str]:
    return {str(d): look.verdict for d, look in looks(instance, table).items()}


def launched_by_the_command_line(platform: Platform, instance: dg.DagsterInstance) -> None:
    work = Backfill([BASE], DATES)
    run_backfill(platform, instance, work, progress=lambda *_: None, planned=lambda _: None)


def launched_in_the_interface(platform: Platform, instance: dg.DagsterInstance) -> None:
    contract = contracts()[BASE]
    upstreams = [
        dg.AssetSpec(asset_key(contracts()[u]), partitions_def=GAME_DATES)
        for u in contract.upstreams
    ]
    assert dg.materialize(
        [table_asset(contract, lambda: platform), *upstreams],
        instance=instance,
        selection=dg.AssetSelection.assets(asset_key(contract)),
        partition_key=NIGHT.isoformat(),
    ).success


@pytest.mark.parametrize("launch", [launched_by_the_command_line, launched_in_the_interface])
def test_after_a_run_what_reads_its_dates_shows_stale_and_after_its_own_run_good(
    tmp_path: Path, launch: Callable[[Platform, dg.DagsterInstance], None]
) -> None:
    platform = built_inputs(tmp_path)
    with dagster_instance(tmp_path) as instance:
        for table in (OFFENSE, DEFENSE):
            assert run_dates(platform, instance, table, DATES) == ""
        by_hand(
            platform,
            "UPDATE nba_orchestration.partition_inputs SET version = 'older' "
            f"WHERE upstream = '{BASE}' AND game_date = DATE '{NIGHT}'",
        )
        by_hand(
            platform,
            "UPDATE nba_orchestration.partition_ledger SET code_version = 'older' "
            f"WHERE asset = '{BASE}' AND game_date = DATE '{NIGHT}'",
        )
        assert verdicts(instance, OFFENSE) == dict.fromkeys(KEYS, "complete")
        launch(platform, instance)
        stale = {**dict.fromkeys(KEYS, "complete"), str(NIGHT): "stale"}
        assert (verdicts(instance, OFFENSE), verdicts(instance, DEFENSE)) == (stale, stale)
        work = Backfill([OFFENSE, DEFENSE], DATES)
        run_backfill(platform, instance, work, progress=lambda *_: None, planned=lambda _: None)
        assert verdicts(instance, OFFENSE) == dict.fromkeys(KEYS, "complete")


def test_the_recheck_step_shows_what_it_found_on_the_dates_and_on_what_reads_them(
    tmp_path: Path,
) -> None:
    platform = repaired_night(tmp_path)
    with dagster_instance(tmp_path) as instance:
        assert verdicts(instance, OFFENSE) == dict.fromkeys(KEYS, "complete")
        checks = table_checks(contracts()[BASE], lambda: platform)
        dg.materialize(
            [checks, dg.AssetSpec(asset_key(contracts()[BASE]))],
            instance=instance,
            selection=dg.AssetSelection.all_asset_checks(),
        )
        expected = {**dict.fromkeys(KEYS, "complete"), str(NIGHT): "stale"}
        assert verdicts(instance, OFFENSE) == expected
        assert looks(instance, OFFENSE)[NIGHT].status == "FAILED"


def test_what_a_failed_attempt_said_stays_while_the_rows_before_it_are_good(
    tmp_path: Path,
) -> None:
    platform = built_inputs(tmp_path)
    with dagster_instance(tmp_path) as instance:
        assert run_dates(platform, instance, OFFENSE, DATES) == ""
        with fault(f"staged:{OFFENSE}@{NIGHT}=keep:2"):
            assert run_dates(platform, instance, OFFENSE, DATES)
    env = {"NBA_HOME": str(tmp_path), "NBA_SOURCE": "simulated", "NBA_TODAY": TODAY.isoformat()}
    CliRunner(env=env).invoke(cli, ["verify"])
    with dagster_instance(tmp_path) as instance:
        look = looks(instance, OFFENSE)[NIGHT]
        assert (look.status, look.verdict) == ("FAILED", "partial")
        assert look.detail.startswith("missing: ")
