"""What somebody did by hand to tables, ledger or landing ends as if it had not been, or is told.

Every kind of damage, then what people type: a backfill of a reader at once, ``verify``, a backfill
of everything. In the end each table holds the rows of the world without the damage, or the date is
not settled.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import pytest

from nba_pipeline.build.verify import close_gate, verify_table
from nba_pipeline.contracts import ops
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.incidents.damage import outcome, reads, repair, unsettled
from nba_pipeline_tests.support import NIGHT, OFFENSE, PLAYERS, platform_in, rows, run

BOXSCORES, SCHEDULE = "nbac_player_boxscores", "nbac_schedule"
LAYERS = (SCHEDULE, BOXSCORES, "players", "player_name_matches", OFFENSE, PLAYERS)
READER = {
    SCHEDULE: BOXSCORES,
    BOXSCORES: PLAYERS,
    "players": "player_name_matches",
    "player_name_matches": PLAYERS,
    OFFENSE: PLAYERS,
    PLAYERS: "game_player_pool",
}
"""A table that reads it."""
CHANGED = {
    SCHEDULE: "away_score = away_score + 1",
    BOXSCORES: "assists = assists + 1",
    "players": "from_year = from_year + 1",
    "player_name_matches": "player_id = player_id + 1",
    OFFENSE: "assists = assists + 1",
    PLAYERS: "assists = assists + 1",
}

Damage = Callable[[duckdb.DuckDBPyConnection, str, str], None]


def _one(path: str) -> str:
    return f"rowid = (SELECT MIN(rowid) FROM {path})"


def _of_ledger(change: str) -> Damage:
    def damage(con: duckdb.DuckDBPyConnection, table: str, path: str) -> None:
        con.execute(f"{change} WHERE asset = '{table}'")

    return damage


LEDGER = "nba_orchestration.partition_ledger"
KINDS: Mapping[str, Damage] = {
    "a row deleted": lambda con, _, path: con.execute(f"DELETE FROM {path} WHERE {_one(path)}"),
    "all rows deleted": lambda con, _, path: con.execute(f"DELETE FROM {path}"),
    "a row doubled": lambda con, _, path: con.execute(
        f"INSERT INTO {path} SELECT * FROM {path} WHERE {_one(path)}"
    ),
    "a digit changed": lambda con, table, path: con.execute(
        f"UPDATE {path} SET {CHANGED[table]} WHERE {_one(path)}"
    ),
    "table dropped": lambda con, _, path: con.execute(f"DROP TABLE {path}"),
    "column dropped": lambda con, table, path: con.execute(
        f"ALTER TABLE {path} DROP COLUMN {CHANGED[table].split(' ')[0]}"
    ),
    "ledger row deleted": _of_ledger(f"DELETE FROM {LEDGER}"),
    "ledger row doubled": lambda con, table, _: con.execute(
        f"INSERT INTO {LEDGER} SELECT * REPLACE (attempt + 1 AS attempt, 'other' AS version) "
        f"FROM {LEDGER} WHERE asset = '{table}'"
    ),
    "ledger calls it empty": _of_ledger(
        f"UPDATE {LEDGER} SET status = 'no_games', row_count = 0, version = 'empty'"
    ),
    "ledger has another count": _of_ledger(f"UPDATE {LEDGER} SET row_count = row_count - 1"),
    "ledger has another version": _of_ledger(f"UPDATE {LEDGER} SET version = 'f' || version[2:]"),
    "inputs deleted": _of_ledger("DELETE FROM nba_orchestration.partition_inputs"),
    **{
        f"{table.name} dropped": lambda con, *_, path=table.path: con.execute(f"DROP TABLE {path}")
        for table in (ops.INPUTS, ops.QUARANTINE, ops.WAIVERS, ops.HISTORY, ops.DRIFT)
    },
}


def _both(*kinds: str) -> Damage:
    def damage(con: duckdb.DuckDBPyConnection, table: str, path: str) -> None:
        for kind in kinds:
            KINDS[kind](con, table, path)

    return damage


PAIRS = {
    f"{rows} and {records}": _both(rows, records)
    for rows in ("all rows deleted", "a digit changed")
    for records in ("ledger calls it empty", "inputs deleted", "partition_inputs dropped")
}
"""What proves a date and what tells that it is not proven, damaged together."""
KINDS = {**KINDS, **PAIRS}


def poisoned(night: Path, tmp_path: Path, table: str, kind: str) -> Platform:
    home = Path(shutil.copytree(night, tmp_path / "home"))
    platform = platform_in(home)
    with duckdb.connect(str(platform.settings.duckdb_path)) as con:
        KINDS[kind](con, table, contracts()[table].path)
    return platform_in(home)


SHORT = [
    (SCHEDULE, "all rows deleted"),
    (BOXSCORES, "a digit changed"),
    (BOXSCORES, "column dropped"),
    ("players", "a digit changed"),
    (OFFENSE, "ledger calls it empty"),
    (PLAYERS, "ledger row doubled"),
    (OFFENSE, "a digit changed and inputs deleted"),
]
LONG = [(t, k) for t in LAYERS for k in KINDS if (t, k) not in SHORT]


@pytest.mark.parametrize(
    ("table", "kind"), [*SHORT, *(pytest.param(*c, marks=pytest.mark.soak) for c in LONG)]
)
def test_damage_by_hand_ends_as_if_it_had_not_been(
    night: Path, untouched: dict[str, list[str]], tmp_path: Path, table: str, kind: str
) -> None:
    platform = poisoned(night, tmp_path, table, kind)
    run(platform, READER[table], NIGHT)
    repair(platform)
    repair(platform)
    assert outcome(platform, untouched) == ""
    assert unsettled(platform) == unsettled(platform_in(night))
    assert reads(platform) == reads(platform_in(night))


def test_lost_rows_of_the_schedule_cost_no_rows_of_other_tables(
    night: Path, untouched: dict[str, list[str]], tmp_path: Path
) -> None:
    platform = poisoned(night, tmp_path, SCHEDULE, "all rows deleted")
    found = run(platform, BOXSCORES, NIGHT)
    assert NIGHT in found.refused
    assert sorted(map(str, rows(platform, BOXSCORES))) == untouched[BOXSCORES]
    assert not snapshot_of(platform).verdict(BOXSCORES, NIGHT).is_settled
    assert not snapshot_of(platform).verdict(PLAYERS, NIGHT).is_settled


def test_a_damaged_source_is_not_read_because_there_is_another(night: Path, tmp_path: Path) -> None:
    """Two sources of box scores: rows that nobody published are no honest part of either."""
    for kind in ("a row deleted", "a digit changed"):
        platform = poisoned(night, tmp_path / kind.replace(" ", "-"), BOXSCORES, kind)
        found = run(platform, PLAYERS, NIGHT)
        assert NIGHT in found.refused, kind
        snapshot = snapshot_of(platform, tables=[BOXSCORES], dates=[NIGHT])
        wrong = verify_table(platform.warehouse, snapshot, contracts()[BOXSCORES])
        close_gate(platform.warehouse, snapshot, contracts()[BOXSCORES], wrong, run_id="verify")
        assert NIGHT in run(platform, PLAYERS, NIGHT).refused, kind
        assert snapshot_of(platform).verdict(PLAYERS, NIGHT).state is State.STALE
