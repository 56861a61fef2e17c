"""Every check is checked: silent on good rows, and loud on missing, extra, wrong and NULL ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from nba_pipeline.audit import AuditReport, audit
from nba_pipeline.calendar import Day
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.snapshot import Snapshot
from nba_pipeline.verdict import State
from nba_pipeline.verify import published_rows
from nba_pipeline.warehouse.sql import SQL_ROOT
from nba_pipeline_tests.checks_of_checks import test_audit_plays as of_plays
from nba_pipeline_tests.checks_of_checks.sheet_cases import BDL, SHEET_CASES, SHEETS
from nba_pipeline_tests.incidents.test_contexts import LAWS
from nba_pipeline_tests.support import DEFENSE, NEED_A_PAST, NIGHT, OFFENSE, PLAYERS, built_night

Row = dict[str, object]
PLAYER_LOG, BREF, TEAM_LOG = (
    "nbac_player_boxscores",
    "bref_player_boxscores",
    "nbac_team_boxscore",
)
TEAM_TABLES = (TEAM_LOG, OFFENSE, DEFENSE)
PLAYER_TABLES = (PLAYER_LOG, BREF, SHEETS, BDL, PLAYERS)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[Row]], Day]:
    """Published rows of every table on the night, and what the night expects."""
    platform = built_night(Path(tmp_path_factory.mktemp("night")))
    found = {
        name: published_rows(platform.warehouse, c).to_pylist()
        for name, c in contracts().items()
        if c.is_partitioned
    }
    return found, Snapshot(platform.warehouse).day(NIGHT)


Night = tuple[dict[str, list[Row]], Day]


def audited(
    table: str, rows: list[Row], day: Day, expected: dict[dt.date, int] | None = None
) -> AuditReport:
    contract = contracts()[table]
    schema = arrow_schema(contract)
    frame = pa.Table.from_pylist(rows, schema=schema)
    if table == "nbac_schedule":
        day = replace(day, games=())
    return audit(contract, frame, {NIGHT: day}, expected_rows=expected)


def copied(rows: list[Row]) -> list[Row]:
    return [dict(r) for r in rows]


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


def first(rows: list[Row], **changes: object) -> str:
    """Change the first row; its team is the culprit."""
    rows[0].update(changes)
    return str(rows[0]["team"])


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


def _scorer_lost(rows: list[Row]) -> str:
    top = max(rows, key=lambda r: int(str(r["points"] or 0)))
    rows.remove(top)
    return str(top["team"])


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
    ("player_points_equal_final_score", PLAYERS, _scorer_lost),
    ("player_points_equal_final_score", PLAYER_LOG, _scorer_lost),
    ("player_points_equal_final_score", BREF, _scorer_lost),
    ("player_minutes_add_up", PLAYERS, _longest_without_minutes),
    ("player_minutes_add_up", PLAYER_LOG, _longest_without_minutes),
    ("player_points_equal_final_score", SHEETS, _scorer_lost),
    ("player_points_equal_final_score", BDL, _scorer_lost),
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
        assert set(contract.identities) <= files


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


RANGES: list[tuple[str, str, object]] = [
    (PLAYERS, "usage_rate", 1329.8),
    (PLAYERS, "minutes_played", -1.0),
    (PLAYERS, "player_name", None),
    (PLAYERS, "player_lookup", "Not A Key"),
    (PLAYERS, "usage_null_reason", "because"),
    (OFFENSE, "possessions", 7.0),
    (OFFENSE, "team", "SEA"),
    (OFFENSE, "points", None),
    (OFFENSE, "true_shooting_pct", 3.1),
    (TEAM_LOG, "season_type", "friendly"),
]


@pytest.mark.parametrize(("table", "column", "value"), RANGES)
def test_a_value_out_of_range_is_a_named_cell(
    night: Night, table: str, column: str, value: object
) -> None:
    rows, day = night
    mine = copied(rows[table])
    mine[0][column] = value
    report = audited(table, mine, day)
    assert (column, None if value is None else str(value)) in {
        (c.column, c.value) for c in report.bad
    }
    assert {c.position for c in report.bad} == {0}
    assert report.dates[NIGHT].quarantined == 1


@pytest.mark.parametrize("table", [*TEAM_TABLES[:2], *PLAYER_TABLES])
def test_points_that_are_not_made_of_shots_break_their_rule(night: Night, table: str) -> None:
    rows, day = night
    mine = copied(rows[table])
    mine[0]["points"] = int(str(mine[0]["points"])) + 1
    assert "points_from_shots" in {c.rule for c in audited(table, mine, day).bad}


def _lost_scorer_and(rows: list[Row], **bad: object) -> str:
    """The best scorer is gone, and a mate's row has a bad value."""
    team = _scorer_lost(rows)
    mate = next(r for r in rows if r["team"] == team)
    mate.update(bad)
    return team


def test_a_bad_rate_hides_no_lost_player_of_its_team(night: Night) -> None:
    rows, day = night
    mine = copied(rows[PLAYERS])
    team = _lost_scorer_and(mine, usage_rate=1329.8)
    found = audited(PLAYERS, mine, day).dates[NIGHT]
    assert found.quarantined == 1
    assert team in str(found.failures["player_points_equal_final_score"])
    assert team in str(found.failures["player_minutes_add_up"])
    assert found.state is State.INVALID


def test_bad_points_hide_no_lost_minutes(night: Night) -> None:
    rows, day = night
    mine = copied(rows[PLAYERS])
    team = _lost_scorer_and(mine, points=999)
    found = audited(PLAYERS, mine, day).dates[NIGHT]
    assert "player_points_equal_final_score" not in found.failures  # nobody can say
    assert team in str(found.failures["player_minutes_add_up"])


@pytest.mark.parametrize(("column", "value"), [("points", 999), ("minutes_played", -1.0)])
def test_a_bad_value_of_a_sum_costs_its_row_and_not_the_date(
    night: Night, column: str, value: object
) -> None:
    rows, day = night
    mine = copied(rows[PLAYERS])
    mine[0][column] = value
    found = audited(PLAYERS, mine, day).dates[NIGHT]
    assert (found.quarantined, found.failures, found.state) == (1, {}, State.COMPLETE)


@pytest.mark.parametrize(("spared", "name"), [(0, "rows_left_to_publish"), (4, "players_per_team")])
def test_a_team_whose_rows_are_kept_aside_is_not_complete(
    night: Night, spared: int, name: str
) -> None:
    """Where many games are played, a whole team is within the tolerance of the date."""
    rows, day = night
    mine = copied(rows[PLAYERS])
    team = mine[0]["team"]
    crowd = [{**r, "player_lookup": f"{r['player_lookup']}x"} for r in mine if r["team"] != team]
    for r in [r for r in mine if r["team"] == team][spared:]:
        r["usage_rate"] = 1329.8
    found = audited(PLAYERS, mine + crowd, day).dates[NIGHT]
    assert "within_schema_ranges" not in found.failures
    assert str(team) in str(found.failures[name])


def test_coverage_is_judged_per_date_and_per_team(night: Night) -> None:
    """96 percent overall is no comfort to a team without any value."""
    rows, day = night
    mine = copied(rows[PLAYERS])
    team = str(mine[0]["team"])
    for r in mine:
        if r["team"] == team:
            r["true_shooting_pct"] = None
            r["usage_rate"], r["usage_null_reason"] = None, "no_minutes"
    found = audited(PLAYERS, mine, day).dates[NIGHT]
    assert team in found.failures["coverage_of_usage_rate"]
    assert found.coverage["usage_rate"] < 0.95


def test_a_reason_that_is_no_excuse_counts_against_the_floor(night: Night) -> None:
    rows, day = night
    n = len(rows[PLAYERS])
    for reason, fails in (("no_minutes", True), ("small_sample", False)):
        mine = copied(rows[PLAYERS])
        for r in mine[: n // 10]:
            r["usage_rate"], r["usage_null_reason"] = None, reason
        found = audited(PLAYERS, mine, day).dates[NIGHT]
        assert ("coverage_of_usage_rate" in found.failures) is fails


@pytest.mark.parametrize("table", [PLAYERS, OFFENSE])
def test_a_null_without_a_reason_fails_however_rare(night: Night, table: str) -> None:
    rows, day = night
    mine = copied(rows[table])
    mine[0]["paint_attempted"] = mine[0]["zones_null_reason"] = None
    found = audited(table, mine, day).dates[NIGHT]
    assert "1 NULLs without a reason" in found.failures["coverage_of_paint_attempted"]


def test_no_rows_at_all_are_every_team_missing(night: Night) -> None:
    _, day = night
    found = audited(OFFENSE, [], day).dates[NIGHT]
    assert found.missing == day.teams
    assert found.completeness_pct == 0


def test_the_version_is_of_content_not_of_order_or_time(night: Night) -> None:
    rows, day = night
    version = audited(PLAYER_LOG, rows[PLAYER_LOG], day).dates[NIGHT].version
    shuffled = copied(rows[PLAYER_LOG])[::-1]
    for r in shuffled:
        r["fetched_at"] = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    assert audited(PLAYER_LOG, shuffled, day).dates[NIGHT].version == version
    shuffled[0]["assists"] = int(str(shuffled[0]["assists"])) + 1
    assert audited(PLAYER_LOG, shuffled, day).dates[NIGHT].version != version


def test_noise_in_the_last_digits_is_no_change(night: Night) -> None:
    rows, day = night
    version = audited(OFFENSE, rows[OFFENSE], day).dates[NIGHT].version
    noisy = copied(rows[OFFENSE])
    noisy[0]["pace"] = float(str(noisy[0]["pace"])) * (1 + 1e-15)
    assert audited(OFFENSE, noisy, day).dates[NIGHT].version == version
