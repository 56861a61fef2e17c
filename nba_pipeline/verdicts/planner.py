"""The plan: which dates of which tables are to be built, in order, and why.

Belongs here: pure selection over a snapshot. Does not belong here: launching anything.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from nba_pipeline.contracts.parts import Due
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE, TableContract
from nba_pipeline.league.calendar import DayKind
from nba_pipeline.verdicts.arrays import STATES
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.verdicts.verdict import SETTLED, State

_MANY = 30
"""Dates from which on it takes less time to look at a table as a whole."""


@dataclass(frozen=True)
class Step:
    """Dates of one table that are to be built.

    Attributes:
        by_date: why each date is to be built.
        expected_rows: rows these dates must hold, None where their number is not known beforehand.
        skipped: dates that need nothing.
    """

    table: str
    dates: tuple[dt.date, ...]
    by_date: Mapping[dt.date, str] = field(default_factory=dict)
    expected_rows: int | None = None
    skipped: int = 0

    @property
    def reasons(self) -> Counter[str]:
        """How many of the dates for each reason."""
        return Counter(self.by_date[d] for d in self.dates if d in self.by_date)


def plan_table(
    snapshot: Snapshot,
    table: str,
    dates: Sequence[dt.date],
    *,
    again: bool = False,
    offered: Collection[dt.date] = (),
) -> Step:
    """The dates of a table that are not settled, with the reason of each.

    A date without a ledger row is built even when it expects nothing, so that it shows as looked
    at; a date that is not due is left alone. ``again`` takes every date. ``offered`` are dates that
    were settled as lost and that their source now has.
    """
    contract = contracts()[table]
    asked = list(dates) if contract.is_partitioned else [WHOLE_TABLE]
    chosen: dict[dt.date, str] = {}
    quiet = frozenset[dt.date]() if again else _quiet(snapshot, contract, asked)
    for date in asked:
        if date in quiet and date not in offered:
            continue
        reason = "asked for again" if again else _reason(snapshot, contract, date)
        if not reason and date in offered:
            reason = "offered now"
        if reason:
            chosen[date] = reason
    return Step(
        table=table,
        dates=tuple(chosen),
        by_date=chosen,
        expected_rows=_expected(snapshot, contract, chosen),
        skipped=len(asked) - len(chosen),
    )


def _quiet(
    snapshot: Snapshot, contract: TableContract, dates: Sequence[dt.date]
) -> frozenset[dt.date]:
    """Dates that have no reason for sure, told of all at once: nearly all are, in most plans."""
    if len(dates) < _MANY or not contract.is_partitioned:
        return frozenset()
    column = snapshot.column(contract.name)
    places = np.array([column.index(date) for date in dates])
    is_quiet = (column.is_settled & (column.at >= 0))[places]
    if contract.landing is not None and contract.expectation.due is not Due.AFTER_GAMES:
        schedule = snapshot.schedule
        on = places + (column.span.first - schedule.span.first).days
        is_quiet &= ~schedule.has_games[on] | schedule.is_final[on]
    return frozenset(date for date, yes in zip(dates, is_quiet.tolist(), strict=True) if yes)


def _reason(snapshot: Snapshot, contract: TableContract, date: dt.date) -> str:
    column = snapshot.column(contract.name)
    place = column.index(date)
    state, has_row = STATES[int(column.states[place])], bool(column.at[place] >= 0)
    is_posted = contract.expectation.due is not Due.AFTER_GAMES and contract.is_partitioned
    if contract.landing is not None and is_posted:
        day = snapshot.day(date)
        is_open = day.kind is DayKind.GAMES and not day.is_final
        if is_open and has_row:
            return "results may be in" if contract.is_calendar else "news may be in"
    if state not in SETTLED:
        return str(state)
    if state is not State.NOT_DUE and not has_row:
        return "never looked at"
    return ""


def _expected(snapshot: Snapshot, contract: TableContract, dates: Iterable[dt.date]) -> int | None:
    a_game = contract.rows_per_game
    if a_game is None:
        return None
    days = [snapshot.day(d) for d in dates]
    if any(day.kind is DayKind.UNKNOWN for day in days):
        return None
    return sum(a_game * len(day.games) for day in days)
