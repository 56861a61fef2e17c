"""What is recorded is what is there: counted, hashed and checked in both directions."""

from __future__ import annotations

import duckdb
import pytest

from nba_pipeline.build.verify import close_gate, verify_table
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.support import NEED_A_PAST, NIGHT, OFFENSE, PLAYERS, rows, run, verdict


def by_hand(platform: Platform, statement: str) -> None:
    """Someone with a SQL prompt."""
    with duckdb.connect(str(platform.settings.duckdb_path)) as con:
        con.execute(statement)


def test_a_snapshot_of_one_table_never_calls_another_one_missing(built: Platform) -> None:
    snapshot = snapshot_of(built, tables=[OFFENSE], dates=[NIGHT])
    whole = snapshot_of(built)
    assert snapshot.verdict(OFFENSE, NIGHT) == whole.verdict(OFFENSE, NIGHT)
    with pytest.raises(KeyError, match=PLAYERS):
        snapshot.verdict(PLAYERS, NIGHT)


DAMAGE = {
    "a row deleted": (
        f"DELETE FROM nba_analytics.{OFFENSE} WHERE team = (SELECT min(team) "
        f"FROM nba_analytics.{OFFENSE})",
        State.PARTIAL,
        "ledger says 16 rows, table has 15",
    ),
    "a row added": (
        f"INSERT INTO nba_analytics.{OFFENSE} SELECT * FROM nba_analytics.{OFFENSE} LIMIT 1",
        State.INVALID,
        "ledger says 16 rows, table has 17",
    ),
    "all rows deleted": (
        f"DELETE FROM nba_analytics.{OFFENSE}",
        State.PARTIAL,
        "ledger says 16 rows, table has 0",
    ),
    "the ledger row deleted": (
        f"DELETE FROM nba_orchestration.partition_ledger WHERE asset = '{OFFENSE}'",
        State.INVALID,
        "ledger says 0 rows, table has 16",
    ),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_the_gate_recounts_before_it_believes_the_ledger(built: Platform, what: str) -> None:
    statement, state, reason = DAMAGE[what]
    by_hand(built, statement)
    found = verdict(built, OFFENSE, NIGHT)
    assert found.state is state
    assert reason in found.reasons
    result = run(built, PLAYERS, NIGHT)
    assert reason in result.bad[NIGHT]


@pytest.mark.parametrize("what", DAMAGE)
def test_verify_names_the_date_and_closes_the_gate(built: Platform, what: str) -> None:
    by_hand(built, DAMAGE[what][0])
    contract, snapshot = contracts()[OFFENSE], snapshot_of(built)
    found = verify_table(built.warehouse, snapshot, contract)
    assert [d.date for d in found] == [NIGHT]
    close_gate(built.warehouse, snapshot, contract, found, run_id="verify")
    assert not verdict(built, OFFENSE, NIGHT).is_usable
    assert not run(built, OFFENSE, NIGHT).bad
    assert len(rows(built, OFFENSE)) == 16


def test_verify_sees_a_changed_value_behind_an_equal_count(built: Platform) -> None:
    by_hand(built, f"UPDATE nba_analytics.{PLAYERS} SET assists = assists + 1 WHERE points > 30")
    found = verify_table(built.warehouse, snapshot_of(built), contracts()[PLAYERS])
    assert [d.date for d in found] == [NIGHT]
    assert "content changed" in found[0].detail


def test_verify_is_silent_when_nothing_was_touched(built: Platform) -> None:
    snapshot = snapshot_of(built)
    for contract in contracts().values():
        assert verify_table(built.warehouse, snapshot, contract) == []


def test_rows_recorded_are_rows_read_back_never_rows_computed(built: Platform) -> None:
    ledger = built.warehouse.query(
        "SELECT asset, row_count, distinct_keys FROM nba_orchestration.partition_ledger"
    ).to_pylist()
    assert {r["asset"] for r in ledger} == set(contracts()) - NEED_A_PAST
    for row in ledger:
        assert row["row_count"] == len(rows(built, row["asset"])) == row["distinct_keys"]


def test_every_attempt_is_in_the_history(built: Platform) -> None:
    run(built, OFFENSE, NIGHT, run_id="second")
    found = built.warehouse.query(
        "SELECT run_id, status, rows_written FROM nba_orchestration.processor_run_history "
        "WHERE processor = @table ORDER BY started_at",
        {"table": OFFENSE},
    ).to_pylist()
    assert [(r["run_id"], r["status"]) for r in found] == [
        ("test", "complete"),
        ("second", "complete"),
    ]
    status = built.warehouse.query(
        "SELECT processor, run_id FROM nba_orchestration.backfill_status WHERE processor = @table",
        {"table": OFFENSE},
    ).to_pylist()
    assert status == [{"processor": OFFENSE, "run_id": "second"}]
