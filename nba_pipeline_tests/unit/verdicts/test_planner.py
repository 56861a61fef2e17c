"""A plan that looks at a table as a whole is the one made date by date."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.verdicts import planner
from nba_pipeline.verdicts.planner import plan_table
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline_tests.unit.verdicts.test_board import DATES, TABLES, TODAY, world_of


def test_dates_that_need_nothing_are_the_same_looked_at_one_by_one_or_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    skipped: list[int] = []  # in a random world all dates may need something, in thirty not

    @settings(max_examples=30, deadline=None)
    @given(st.integers(0, 2**32), st.sets(st.sampled_from(DATES)))
    def same(seed: int, offered: set[dt.date]) -> None:
        skipped.append(compared(monkeypatch, seed, offered))

    same()
    assert sum(skipped) > len(skipped)


def compared(monkeypatch: pytest.MonkeyPatch, seed: int, offered: set[dt.date]) -> int:
    """Dates left out of both plans of a random world, which are the same."""
    snapshot = Snapshot(
        world_of(seed),  # type: ignore[arg-type]
        TODAY,
        tables=TABLES,
        dates=(DATES[0], DATES[-1]),
    )
    skipped = 0
    for name in TABLES:
        for again in (False, True):
            monkeypatch.setattr(planner, "_MANY", 1)
            at_once = plan_table(snapshot, name, DATES, again=again, offered=offered)
            monkeypatch.setattr(planner, "_MANY", 1000)
            one_by_one = plan_table(snapshot, name, DATES, again=again, offered=offered)
            assert at_once == one_by_one, name
            skipped += at_once.skipped if contracts()[name].is_partitioned else 0
    return skipped


def test_what_needs_nothing_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many dates only those that may have a reason are asked for it."""
    snapshot = Snapshot(world_of(3), TODAY, tables=TABLES, dates=(DATES[0], DATES[-1]))  # type: ignore[arg-type]
    asked: list[dt.date] = []
    ask = planner._reason

    def counted(snapshot: Snapshot, contract: TableContract, date: dt.date) -> str:
        asked.append(date)
        return ask(snapshot, contract, date)

    monkeypatch.setattr(planner, "_reason", counted)
    monkeypatch.setattr(planner, "_MANY", 1)
    step = plan_table(snapshot, "nbac_player_boxscores", DATES)
    assert step.skipped
    assert len(asked) < len(DATES)
    assert set(step.dates) <= set(asked)
