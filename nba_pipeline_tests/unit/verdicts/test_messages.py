"""The next command is one that works."""

from __future__ import annotations

import datetime as dt

import pytest

from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.verdicts.gate import Problem, Refusal
from nba_pipeline.verdicts.messages import (
    backfill_command,
    date_ranges,
    failure_headline,
    refusal_text,
    verdict_line,
)
from nba_pipeline.verdicts.verdict import State, Verdict

DAY = dt.date(2026, 1, 3)


def days(*offsets: int) -> list[dt.date]:
    return [DAY + dt.timedelta(n) for n in offsets]


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        (days(0), "nba backfill --table t --date 2026-01-03"),
        (days(0, 1, 2), "nba backfill --table t --from 2026-01-03 --to 2026-01-05"),
        (days(0, 5), "nba backfill --table t --date 2026-01-03 --date 2026-01-08"),
        (days(*range(0, 30, 2)), "nba backfill --table t --from 2026-01-03 --to 2026-01-31"),
        ([WHOLE_TABLE], "nba backfill --table t"),
        ([WHOLE_TABLE, DAY], "nba backfill --table t --date 2026-01-03"),
    ],
)
def test_the_command_names_every_date_and_no_impossible_one(
    dates: list[dt.date], words: str
) -> None:
    assert backfill_command(["t"], dates) == words
    assert backfill_command(["t"], dates, downstream=True) == f"{words} --downstream"


def test_consecutive_dates_are_one_range() -> None:
    assert date_ranges(days(4, 0, 1)) == [(days(0)[0], days(1)[0]), (days(4)[0], days(4)[0])]


MISSING = Verdict(State.MISSING, ("never built",))


def test_a_table_without_dates_is_named_without_one() -> None:
    assert verdict_line("teams", WHOLE_TABLE, MISSING) == "teams missing: never built"
    assert verdict_line("t", DAY, MISSING) == "t 2026-01-03 missing: never built"
    problem = Problem("teams", WHOLE_TABLE, MISSING, None, "required 100%")
    lines = refusal_text(Refusal("players", WHOLE_TABLE, (problem,))).splitlines()
    assert lines[:2] == [
        "REFUSED nba_reference.players",
        "  teams is MISSING (required 100%)",
    ]
    assert failure_headline("teams", 0, {WHOLE_TABLE: "no source"}) == "teams: not published"
    assert failure_headline("t", 1, {DAY: "x"}) == "t: 1 of 2 dates not published: 2026-01-03"
