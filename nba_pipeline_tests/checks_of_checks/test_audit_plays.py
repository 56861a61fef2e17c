"""The checks of plays are checked: silent on a game that adds up, loud on one that does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pyarrow as pa
import pytest

from nba_pipeline.audit.dates import AuditReport, audit
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.league.calendar import Day, DayKind
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.unit.league.test_calendar import DATE, game

TABLES = ("bref_play_by_play", "nbac_play_by_play")
DAY = Day(DATE, DayKind.GAMES, (game(),))
"""New York at Boston, 99-101."""

Row = dict[str, object]


def plays() -> list[Row]:
    """Four periods of threes, twos and a free throw that end at the final score."""
    rows: list[Row] = []
    score = {"BOS": 0, "NYK": 0}
    for number, (team, points) in enumerate(_scoring(), start=1):
        period = min(1 + number // 20, 4)
        score[team] += points
        rows.append(
            {
                "game_date": DATE, "game_id": DAY.games[0].game_id, "season_year": 2025,
                "season_type": "regular", "home_team": "BOS", "away_team": "NYK",
                "event_number": number, "action_number": number, "period": period,
                "seconds_remaining": 700.0 - number if number < 80 else 1.0, "team": team,
                "event_type": "free_throw" if points == 1 else "shot", "is_made": points > 0,
                "is_three": None if points == 1 else points == 3, "points": points,
                "running_home_score": score["BOS"], "running_away_score": score["NYK"],
                "description": "made up", "player_id": 201, "player_short_name": "A. Able",
                "shot_distance": 12.0, "shot_zone": "Mid-Range",
                "fetched_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "payload_sha256": "0" * 64,
            }
        )  # fmt: skip
    return rows


def _scoring() -> Iterator[tuple[str, int]]:
    for _ in range(32):
        yield from (("BOS", 3), ("NYK", 3))
    yield from (("BOS", 2), ("BOS", 2), ("BOS", 1), ("NYK", 2), ("NYK", 0))
    yield "NYK", 1
    yield from (("BOS", 0),) * 12


def audited(table: str, rows: list[Row]) -> AuditReport:
    contract = contracts()[table]
    frame = pa.Table.from_pylist(rows, schema=arrow_schema(contract))
    return audit(contract, frame, {DATE: DAY})


def changed(position: int, **changes: object) -> Callable[[list[Row]], None]:
    return lambda rows: rows[position].update(changes)


def _without_a_period(rows: list[Row]) -> None:
    for row in rows:
        if row["period"] == 3:
            row["period"] = 4


def _from_the_second(rows: list[Row]) -> None:
    for row in rows:
        period, number = int(str(row["period"])), int(str(row["event_number"]))
        row.update(period=period + 1, seconds_remaining=250.0 - number)


def _clock_back(rows: list[Row]) -> None:
    rows[5]["seconds_remaining"] = 100.0


def _twice(rows: list[Row]) -> None:
    rows.append(dict(rows[7]))


def _first_lost(rows: list[Row]) -> None:
    del rows[0]


CASES: list[tuple[str, Callable[[list[Row]], None]]] = [
    ("plays_equal_final_score", changed(0, points=2, is_three=False)),
    ("plays_equal_final_score", changed(1, is_made=False, points=0)),
    ("plays_equal_final_score", changed(-1, running_home_score=100)),
    ("plays_equal_final_score", changed(0, team="NYK")),
    ("plays_equal_final_score", _first_lost),
    ("periods_follow", _without_a_period),
    ("periods_follow", _from_the_second),
    ("periods_follow", _clock_back),
    ("one_row_per_key", _twice),
]


@pytest.mark.parametrize("table", TABLES)
def test_a_game_that_adds_up_is_complete(table: str) -> None:
    found = audited(table, plays()).dates[DATE]
    assert found.failed_checks == ""
    assert found.state is State.COMPLETE
    assert found.expected == 1


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(("name", "damage"), CASES)
def test_a_game_that_does_not_is_named(
    table: str, name: str, damage: Callable[[list[Row]], None]
) -> None:
    rows = plays()
    damage(rows)
    found = audited(table, rows).dates[DATE]
    assert name in found.failures
    text = str(found.failures[name])
    assert "BOS" in text or "NYK" in text
    assert found.state is State.INVALID


@pytest.mark.parametrize("table", TABLES)
def test_a_game_without_plays_is_missing_by_name(table: str) -> None:
    found = audited(table, []).dates[DATE]
    assert found.missing == (DAY.games[0].game_id,)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("points_fit_the_event", {"points": 1}),
        ("points_fit_the_event", {"is_made": False}),
        ("overtime_is_five_minutes", {"period": 5, "seconds_remaining": 301.0}),
        ("team_plays_the_game", {"team": "LAL"}),
        ("attempt_has_result", {"is_made": None, "points": 0}),
    ],
)
@pytest.mark.parametrize("table", TABLES)
def test_a_row_that_contradicts_itself_is_kept_aside(table: str, rule: str, changes: Row) -> None:
    rows = plays()
    rows[3].update(changes)
    (cell,) = audited(table, rows).bad
    assert cell.rule == rule
