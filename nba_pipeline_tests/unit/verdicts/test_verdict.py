from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nba_pipeline.league.calendar import Day, DayKind, GameStatus, day_of
from nba_pipeline.verdicts.verdict import SETTLED, USABLE, Facts, LedgerRow, State, judge
from nba_pipeline_tests.unit.league.test_calendar import game

DATE = dt.date(2026, 1, 3)
GAMES = day_of(DATE, [game()], covered=True)
OPEN = day_of(DATE, [game(status=GameStatus.LIVE)], covered=True)
NONE = Day(DATE, DayKind.NO_GAMES, (), "no games scheduled")
UNKNOWN = Day(DATE, DayKind.UNKNOWN, (), "no schedule covers this date")
ROW = LedgerRow("complete", "v", 16, 16, "code", "config", 1)


def facts(**changes: object) -> Facts:
    base = Facts(GAMES, ROW, 16, code_version="code", config_hash="config")
    return replace(base, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, State.COMPLETE),
        ({"rows_now": None}, State.COMPLETE),
        ({"day": UNKNOWN}, State.MISSING),
        ({"day": UNKNOWN, "row": None, "rows_now": 0}, State.MISSING),
        ({"day": NONE, "row": None, "rows_now": 0}, State.NO_GAMES),
        ({"day": NONE}, State.INVALID),
        ({"day": OPEN, "row": None, "rows_now": 0}, State.NOT_DUE),
        ({"day": OPEN, "due_when_final": False}, State.COMPLETE),
        ({"row": None, "rows_now": 0}, State.MISSING),
        ({"row": None, "rows_now": 3}, State.INVALID),
        ({"rows_now": 15}, State.PARTIAL),
        ({"rows_now": 17}, State.INVALID),
        ({"rows_now": 0}, State.PARTIAL),
        ({"code_version": "new"}, State.STALE),
        ({"config_hash": "new"}, State.STALE),
        ({"stale_inputs": ("x changed",)}, State.STALE),
        ({"row": replace(ROW, status="partial")}, State.PARTIAL),
        ({"row": replace(ROW, status="invalid")}, State.INVALID),
        ({"row": None, "rows_now": 0, "in_bootstrap": True}, State.BOOTSTRAP),
        (
            {
                "row": replace(ROW, status="unrecoverable", row_count=0, note="no source"),
                "rows_now": 0,
            },
            State.UNRECOVERABLE,
        ),
    ],
)
def test_the_first_rule_that_applies_is_the_verdict(
    changes: dict[str, object], state: State
) -> None:
    found = judge(facts(**changes))
    assert found.state is state
    assert found.reasons and found.reasons[0]


@pytest.mark.parametrize("status", ["partial", "invalid"])
def test_a_waiver_accepts_a_bad_state_and_shows(status: str) -> None:
    found = judge(facts(row=replace(ROW, status=status), waiver="waived by team:x: known"))
    assert found.state is State.WAIVED
    assert found.reasons[0] == "waived by team:x: known"


def test_a_waiver_does_not_make_the_missing_good() -> None:
    assert judge(facts(row=None, rows_now=0, waiver="w")).state is State.MISSING


def test_usable_is_part_of_settled_and_bad_states_are_neither() -> None:
    assert USABLE < SETTLED
    for state in (State.PARTIAL, State.INVALID, State.STALE, State.MISSING):
        assert state not in SETTLED


@given(
    day=st.sampled_from([GAMES, OPEN, NONE, UNKNOWN]),
    status=st.sampled_from([*State, None]),
    recorded=st.integers(0, 20),
    now=st.one_of(st.none(), st.integers(0, 20)),
    stale=st.booleans(),
)
def test_complete_is_never_given_without_every_proof(
    day: Day, status: State | None, recorded: int, now: int | None, stale: bool
) -> None:
    row = None if status is None else replace(ROW, status=str(status), row_count=recorded)
    found = judge(facts(day=day, row=row, rows_now=now, stale_inputs=("x",) if stale else ()))
    if found.state is State.COMPLETE:
        assert day is GAMES
        assert row is not None and row.status not in (State.PARTIAL, State.INVALID)
        assert now in (None, recorded)
        assert not stale
