"""Single values: out of range, against a rule, NULL; what they cost, and what is only noise."""

from __future__ import annotations

import datetime as dt

import pytest

from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.checks_of_checks.night import (
    PLAYER_LOG,
    PLAYER_TABLES,
    TEAM_LOG,
    TEAM_TABLES,
    Night,
    Row,
    audited,
    copied,
    scorer_lost,
)
from nba_pipeline_tests.support import NIGHT, OFFENSE, PLAYERS

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
    team = scorer_lost(rows)
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
