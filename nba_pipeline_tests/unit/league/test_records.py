"""Records bound what is believed: the record itself and a little more, never a slipped digit."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from nba_pipeline.contracts.dictionary import FIELDS
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.league.records import FOULS_OF_A_PLAYER, most_of_a_player, most_of_a_team

PLAYER_TABLES = (
    "nbac_player_boxscores", "bref_player_boxscores", "nbac_game_sheets", "bdl_player_boxscores",
    "player_game_summary",
)  # fmt: skip


def rules_broken(table: str, count: str, value: int) -> set[str]:
    """Which rules and ranges a row breaks of which one count is known."""
    contract = contracts()[table]
    schema = arrow_schema(contract)
    known = {count: value}
    row = pa.table([pa.array([known.get(f.name)], f.type) for f in schema], schema=schema)
    with duckdb.connect() as con:
        con.register("row", row)
        found = {
            r.name
            for r in contract.audits.rules
            if con.execute(f"SELECT COUNT(*) FROM row WHERE {r.bad}").fetchall() == [(1,)]  # noqa: S608
        }
    high = FIELDS[count].high
    assert high is not None
    return found | ({"range"} if value > high else set())


@pytest.mark.parametrize("table", PLAYER_TABLES)
@pytest.mark.parametrize(
    ("count", "believed", "refused"),
    [
        ("personal_fouls", 6, 7),
        ("turnovers", 14, 40),
        ("steals", 11, 15),
        ("blocks", 17, 23),
        ("assists", 30, 80),
        ("rebounds", 55, 70),
    ],
)
def test_a_players_record_is_believed_and_what_is_far_beyond_is_not(
    table: str, count: str, believed: int, refused: int
) -> None:
    assert rules_broken(table, count, believed) == set()
    assert f"{count}_at_most_{most_of_a_player()[count]}" in rules_broken(table, count, refused)


def test_every_bound_of_a_player_is_within_that_of_a_team() -> None:
    for name, most in most_of_a_player().items():
        assert most <= most_of_a_team(name) == FIELDS[name].high, name
    assert most_of_a_player()["personal_fouls"] == FOULS_OF_A_PLAYER


@pytest.mark.parametrize(
    ("count", "believed", "refused"), [("turnovers", 45, 60), ("steals", 27, 36)]
)
def test_a_teams_record_is_believed_and_what_is_far_beyond_is_not(
    count: str, believed: int, refused: int
) -> None:
    assert rules_broken("nbac_team_boxscore", count, believed) == set()
    assert rules_broken("nbac_team_boxscore", count, refused) == {"range"}
