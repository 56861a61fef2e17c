"""A date whose base turned bad after it was built says so, by verdict and in the interface."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus

from nba_pipeline.build.verify import close_gate, verify_table
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration.instance import dagster_instance
from nba_pipeline.orchestration.runner import run_dates
from nba_pipeline.orchestration.shown import shown_of, tell_others
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.four_dates import DATES, built_inputs
from nba_pipeline_tests.support import DEFENSE, NIGHT, OFFENSE

BASE, PATH = "nbac_team_boxscore", contracts()["nbac_team_boxscore"].path
LEDGER = "nba_orchestration.partition_ledger"
OF_NIGHT = f"game_date = DATE '{NIGHT}'"
TURNS = {
    State.INVALID: [f"UPDATE {PATH} SET assists = assists + 1 WHERE {OF_NIGHT}"],
    State.PARTIAL: [
        f"DELETE FROM {PATH} WHERE {OF_NIGHT} AND team = "
        f"(SELECT min(team) FROM {PATH} WHERE {OF_NIGHT})"
    ],
    State.UNRECOVERABLE: [
        f"DELETE FROM {PATH} WHERE {OF_NIGHT}",
        f"UPDATE {LEDGER} SET status = 'unrecoverable', version = 'empty', row_count = 0, "
        f"note = 'withdrawn by its source' WHERE asset = '{BASE}' AND {OF_NIGHT}",
    ],
}


@pytest.mark.parametrize("turned", list(TURNS))
def test_what_was_built_from_it_is_stale_and_names_it(tmp_path: Path, turned: State) -> None:
    platform = built_inputs(tmp_path)
    with dagster_instance(tmp_path) as instance:
        for table in (OFFENSE, DEFENSE):
            assert run_dates(platform, instance, table, DATES) == ""
        with duckdb.connect(str(platform.settings.duckdb_path)) as connection:
            for statement in TURNS[turned]:
                connection.execute(statement)
        if turned is not State.UNRECOVERABLE:
            contract, before = contracts()[BASE], snapshot_of(platform)
            wrong = verify_table(platform.warehouse, before, contract)
            assert [d.date for d in wrong] == [NIGHT]
            close_gate(platform.warehouse, before, contract, wrong, run_id="verify")
        tell_others(platform, instance, {OFFENSE: None, DEFENSE: None})
        snapshot = snapshot_of(platform)
        assert snapshot.state(BASE, NIGHT) is turned
        for table in (OFFENSE, DEFENSE):
            verdict = snapshot.verdict(table, NIGHT)
            assert verdict.state is State.STALE
            assert any(r.startswith((f"{BASE} {NIGHT}", OFFENSE)) for r in verdict.reasons)
            shown = shown_of(instance, snapshot, table)
            failed = AssetCheckExecutionRecordStatus.FAILED
            states = {k: s.info.latest_execution_status is failed for k, s in shown.items()}
            assert states == {str(d): d == NIGHT for d in DATES}
            assert shown[str(NIGHT)].verdict == "stale"
