"""Every check is checked: silent on good rows, and loud on missing, extra and wrong ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.sql_files import SQL_ROOT
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.checks_of_checks import test_audit_plays as of_plays
from nba_pipeline_tests.checks_of_checks.night import (
    BREF,
    PLAYER_LOG,
    PLAYER_TABLES,
    TEAM_LOG,
    TEAM_TABLES,
    Night,
    Row,
    audited,
    copied,
    first,
    scorer_lost,
)
from nba_pipeline_tests.checks_of_checks.sheet_cases import BDL, SHEET_CASES, SHEETS
from nba_pipeline_tests.incidents.test_contexts import LAWS
from nba_pipeline_tests.support import DEFENSE, NEED_A_PAST, NIGHT, OFFENSE, PLAYERS

# the simulated league has no transactions and no BettingPros
NOT_SIMULATED = ("pst_transactions", "bettingpros_points_lines")
HELD = [
    n
    for n, c in contracts().items()
    if c.is_partitioned and n not in (*NOT_SIMULATED, *NEED_A_PAST, *of_plays.TABLES)
]


@pytest.mark.parametrize("table", HELD)
def test_good_rows_pass_every_check(night: Night, table: str) -> None:
    rows, day = night
    report = audited(table, rows[table], day)
    assert report.dates[NIGHT].failed_checks == ""
    assert report.dates[NIGHT].state is State.COMPLETE
    assert report.bad == []
    assert report.dates[NIGHT].rows == len(rows[table]) > 0


@pytest.mark.parametrize("table", TEAM_TABLES + PLAYER_TABLES)
def test_a_team_that_is_not_there_is_missing_by_name(night: Night, table: str) -> None:
    rows, day = night
    gone = day.teams[3]
    found = audited(table, [r for r in rows[table] if r["team"] != gone], day).dates[NIGHT]
    assert found.missing == (gone,)
    assert found.state is State.PARTIAL
    assert found.completeness_pct == pytest.approx(100 * 15 / 16)
    assert f"missing: {gone}" in found.failed_checks


def _twice(rows: list[Row]) -> str:
    rows.append(dict(rows[0]))
    return str(rows[0]["team"])


def _stranger(rows: list[Row]) -> str:
    rows.append({**rows[0], "team": "UTA", "opponent": "SEA", "player_lookup": "nobody"})
    return "UTA"


def _wrong_opponent(rows: list[Row]) -> str:
    other = next(r["team"] for r in rows if r["team"] not in (rows[0]["team"], rows[0]["opponent"]))
    return first(rows, opponent=other)


def _no_minutes_for_most(rows: list[Row]) -> str:
    mates = [r for r in rows if r["team"] == rows[0]["team"]]
    for r in mates[4:]:
        r["minutes_played"] = 0.0
    return str(rows[0]["team"])


def _longest_without_minutes(rows: list[Row]) -> str:
    most = max(rows, key=lambda r: float(str(r["minutes_played"] or 0)))
    most["minutes_played"] = 0.0
    return str(most["team"])


def _second_report_of_one_team(rows: list[Row]) -> str:
    at = rows[0]["report_at"]
    assert isinstance(at, dt.datetime)
    rows.append({**rows[0], "report_at": at + dt.timedelta(hours=1)})
    return str(rows[0]["opponent"])


CASES: list[tuple[str, str, Callable[[list[Row]], str]]] = [
    ("one_row_per_key", OFFENSE, _twice),
    ("one_row_per_key", TEAM_LOG, _twice),
    ("both_teams_present", OFFENSE, _wrong_opponent),
    ("both_teams_present", PLAYER_LOG, _wrong_opponent),
    ("both_teams_present", DEFENSE, lambda rows: first(rows, is_home=not rows[0]["is_home"])),
    ("players_per_team", PLAYERS, _no_minutes_for_most),
    ("players_per_team", BREF, _no_minutes_for_most),
    ("player_points_equal_final_score", PLAYERS, scorer_lost),
    ("player_points_equal_final_score", PLAYER_LOG, scorer_lost),
    ("player_points_equal_final_score", BREF, scorer_lost),
    ("player_minutes_add_up", PLAYERS, _longest_without_minutes),
    ("player_minutes_add_up", PLAYER_LOG, _longest_without_minutes),
    ("player_points_equal_final_score", SHEETS, scorer_lost),
    ("player_points_equal_final_score", BDL, scorer_lost),
    ("one_row_per_key", SHEETS, _twice),
    ("sheet_minutes_add_up", SHEETS, _longest_without_minutes),
    *SHEET_CASES,
    (
        "team_points_equal_final_score",
        TEAM_LOG,
        lambda rows: first(
            rows,
            points=int(str(rows[0]["points"])) + 1,
            free_throws_made=int(str(rows[0]["free_throws_made"])) + 1,
            free_throws_attempted=int(str(rows[0]["free_throws_attempted"])) + 1,
        ),
    ),
    ("team_minutes_add_up", OFFENSE, lambda rows: first(rows, team_minutes=250.0)),
    ("team_minutes_add_up", DEFENSE, lambda rows: first(rows, overtime_periods=1)),
    ("margins_mirror", OFFENSE, lambda rows: first(rows, margin=99)),
    ("margins_mirror", DEFENSE, lambda rows: first(rows, is_win=not rows[0]["is_win"])),
    ("usage_averages_20", PLAYERS, lambda rows: first(rows, usage_rate_raw=99.0)),
    ("every_team_on_injury_report", "nbac_injury_report_teams", _second_report_of_one_team),
    ("nulls_have_reasons", PLAYERS, lambda rows: first(rows, usage_rate=None)),
    ("nulls_have_reasons", PLAYERS, lambda rows: first(rows, usage_null_reason="no_minutes")),
]


@pytest.mark.parametrize(("name", "table", "damage"), CASES)
def test_a_broken_identity_is_found_and_its_team_named(
    night: Night, name: str, table: str, damage: Callable[[list[Row]], str]
) -> None:
    rows, day = night
    mine = copied(rows[table])
    team = damage(mine)
    game = next(str(r["game_id"]) for r in mine if r["team"] == team)
    found = audited(table, mine, day).dates[NIGHT]
    assert name in found.failures
    assert team in str(found.failures[name]) or game in str(found.failures[name])
    assert found.state is State.INVALID


def test_every_identity_has_a_case_that_breaks_it() -> None:
    files = {p.stem for p in (SQL_ROOT / "checks").glob("*.sql")} | {"one_row_per_key"}
    broken = {name for name, _, _ in CASES} | {
        "no_team_twice_on_a_date",
        "lines_name_the_schedules_teams",
    }
    broken |= {name for name, _ in of_plays.CASES} | {name for name, _, _ in LAWS}
    assert files == broken
    for contract in contracts().values():
        assert set(contract.audits.identities) <= files


def test_a_line_with_its_sides_swapped_is_found(night: Night) -> None:
    rows, day = night
    mine = copied(rows["odds_game_lines"])
    mine[0]["home_team"], mine[0]["away_team"] = mine[0]["away_team"], mine[0]["home_team"]
    found = audited("odds_game_lines", mine, day).dates[NIGHT]
    assert str(mine[0]["game_id"]) in str(found.failures["lines_name_the_schedules_teams"])
    assert found.state is State.INVALID


def test_a_team_listed_twice_on_a_date_is_found(night: Night) -> None:
    rows, day = night
    mine = copied(rows["nbac_schedule"])
    mine[1]["home_team"] = mine[0]["home_team"]
    found = audited("nbac_schedule", mine, day).dates[NIGHT]
    assert str(mine[0]["home_team"]) in str(found.failures["no_team_twice_on_a_date"])


def test_a_row_that_the_source_had_and_the_table_has_not_is_found(night: Night) -> None:
    rows, day = night
    n = len(rows[PLAYERS])
    assert not audited(PLAYERS, rows[PLAYERS], day, {NIGHT: n}).dates[NIGHT].failures
    found = audited(PLAYERS, rows[PLAYERS], day, {NIGHT: n + 1}).dates[NIGHT]
    assert found.failures["rows_conserved"] == [f"{n} rows of {n + 1} read from the source"]
