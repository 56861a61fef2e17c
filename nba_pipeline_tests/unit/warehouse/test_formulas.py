"""Formulas against worked examples: NYK at PHI on 2025-01-15, one overtime."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from nba_pipeline.contracts.fields.shots import SHOT_ZONES
from nba_pipeline.contracts.sql_files import SqlError, formulas
from nba_pipeline.warehouse.sql import to_duckdb


def rows(expression: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as con:  # the module's own is everybody's, with what others left open
        return con.execute(to_duckdb(f"SELECT {expression}")).fetchall()


def value(expression: str) -> float:
    return float(rows(expression)[0][0])


# FGA, FTA, FGM, TOV, OREB and the opponent's DREB of the official box score
PHI = "own_possessions(92, 14, 46, 12, 11, 30)"
NYK = "own_possessions(86, 24, 46, 16, 15, 24)"
GAME = f"possessions({PHI}, {NYK})"
PAINT = ("Restricted Area", "In The Paint (Non-RA)")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # 92 + 5.6 - 1.07 * 11/41 * 46 + 12 and 86 + 9.6 - 1.07 * 15/39 * 40 + 16
        (PHI, 96.395),
        (NYK, 95.138),
        (GAME, 95.767),
        (f"possessions({NYK}, {PHI})", 95.767),
        (f"rating(119, {GAME})", 124.26),
        (f"rating(125, {GAME})", 130.53),
        (f"pace({GAME}, 265.0)", 86.73),
        # nobody missed for good: no rebound to share
        ("own_possessions(40, 10, 40, 5, 0, 0)", 49),
        # of the players, who are charged with 12 turnovers
        ("possessions_used(92, 14, 12)", 110.16),
        ("true_shooting_pct(119, 92, 14)", 0.6062),
        ("true_shooting_pct(125, 86, 24)", 0.6473),
        ("effective_field_goal_pct(40, 12, 80)", 0.575),
        ("overtime_periods(240.0)", 0),
        ("overtime_periods(265.0)", 1),
        ("overtime_periods(315.0)", 3),
        ("minutes_of_game(237.0)", 240),
        ("minutes_of_game(267.0)", 265),
        # 29.5 is 29:27 to 29:33, which may be 30; 29.4 is 29:27 at most, which is 29
        ("is_rounded_of(30.0, 29.5)", 1),
        ("is_rounded_of(30.0, 29.4)", 0),
        ("is_rounded_of(30.0, 30.5)", 1),
        ("is_rounded_of(1.0, 0.5)", 1),
        ("is_rounded_of(0.0, 0.6)", 0),
        ("has_result('final', 110, 100)", 1),
        ("has_result('final', 110, NULL)", 0),
        ("has_result('scheduled', NULL, NULL)", 0),
        ("implied_probability(-150.0)", 0.6),
        ("implied_probability(150.0)", 0.4),
        *((f"is_paint('{zone}')", float(zone in PAINT)) for zone in SHOT_ZONES),
        *((f"is_mid_range('{zone}')", float(zone == "Mid-Range")) for zone in SHOT_ZONES),
        # a degree of a meridian, a quarter of the equator, from pole to pole, and no way at all
        ("great_circle_miles(0.0, 0.0, 1.0, 0.0)", 69.094),
        ("great_circle_miles(0.0, 0.0, 0.0, 90.0)", 6218.468),
        ("great_circle_miles(90.0, 0.0, -90.0, 0.0)", 12436.937),
        ("great_circle_miles(42.4, -71.1, 42.4, -71.1)", 0),
        # a fifth of the team's possessions in all of its minutes is 20 percent, overtime or not
        ("usage_rate(20.0, 48.0, 100.0, 240.0)", 20),
        ("usage_rate(20.0, 53.0, 100.0, 265.0)", 20),
    ],
)
def test_a_formula_gives_the_worked_example(expression: str, expected: float) -> None:
    assert value(expression) == pytest.approx(expected, abs=0.005 if expected > 2 else 0.00005)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("difference('assists', 5, 6)", ", assists 5/6"),
        ("difference('assists', 5, 5)", ""),
        ("difference('assists', NULL, 5)", ""),
        ("difference('assists', 5, NULL)", ""),
        ("minutes_difference(30.0, 29.3)", ", minutes_played 30.0/29.3"),
        ("minutes_difference(30.0, 29.5)", ""),
        ("minutes_difference(30.0, NULL)", ""),
        ("in_tenths(0.0)", "0.0"),
        ("in_tenths(9.96)", "10.0"),
        ("in_tenths(53.2)", "53.2"),
    ],
)
def test_a_formula_says_the_worked_example(expression: str, expected: str) -> None:
    assert duckdb.sql(to_duckdb(f"SELECT {expression}")).fetchall() == [(expected,)]


@pytest.mark.parametrize(
    "expression",
    ["true_shooting_pct(0, 0, 0)", "usage_rate(1.0, 0.0, 100.0, 240.0)", "rating(10, 0.0)"],
)
def test_nothing_over_nothing_is_null_not_zero(expression: str) -> None:
    assert rows(expression) == [(None,)]


def test_a_call_with_another_number_of_arguments_is_refused() -> None:
    with pytest.raises(SqlError, match="possessions_used takes fga, fta, tov"):
        to_duckdb("SELECT possessions_used(1, 2)")


def test_sums_of_floats_are_of_whole_billionths() -> None:
    table = "FROM UNNEST([31.5, 28.25, NULL, 40.0]) AS minutes"
    assert rows(f"total(minutes) {table}") == [(99.75,)]
    assert rows(f"average(minutes) {table}") == [(33.25,)]
    points = "FROM UNNEST([10, 20, 30]) AS points"
    assert rows(f"sample_deviation(points) {points}") == [(10.0,)]


def test_every_formula_has_an_example_here() -> None:
    with open(__file__, encoding="utf-8") as file:  # noqa: PTH123
        text = file.read()
    missing = [name for name in formulas() if f"{name}(" not in text]
    assert missing == []
