"""The budget: how often something is tried without a person, by what went wrong."""

from __future__ import annotations

import datetime as dt

import pytest

from nba_pipeline.verdicts.budget import FIRST_WAIT, LONGEST_WAIT, TRIES, Tried, why_not

NOON = dt.datetime(2026, 1, 6, 17, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def failed(*classes: str, at: dt.datetime = NOON) -> list[Tried]:
    return [Tried(c, at) for c in classes]


@pytest.mark.parametrize("error_class", ["AuditFailed", "Crashed", "SomethingNew"])
def test_what_may_come_out_otherwise_is_tried_three_times(error_class: str) -> None:
    later = NOON + dt.timedelta(hours=5)
    assert why_not(failed(*[error_class] * (TRIES - 1)), later) == ""
    assert "tries failed" in why_not(failed(*[error_class] * TRIES), later)


def test_a_refusal_costs_no_try_the_gate_says_when() -> None:
    assert why_not(failed(*["Refused"] * 20), NOON) == ""


def test_a_source_that_is_down_is_asked_less_and_less_often_and_never_given_up() -> None:
    waits = []
    for number in range(1, 9):
        attempts = failed(*["SourceFailed"] * number)
        wait = MINUTE
        while why_not(attempts, NOON + wait):
            wait += MINUTE
        waits.append(wait)
    assert waits[:4] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT, 8 * FIRST_WAIT]
    assert waits[-1] == LONGEST_WAIT


def test_an_outage_of_two_hours_costs_five_requests() -> None:
    now, attempts = NOON, list[Tried]()
    while now < NOON + dt.timedelta(hours=2):
        if not why_not(attempts, now):
            attempts.append(Tried("SourceFailed", now))
        now += MINUTE
    assert len(attempts) == 5


def test_nothing_that_failed_is_no_reason_to_wait() -> None:
    assert why_not([], NOON) == ""
