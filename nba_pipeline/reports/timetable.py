"""The timetable: which date of which raw table is due, late or done by the league's clock.

Belongs here: tip-offs put beside verdicts; judged outside the scheduler, which may be what is dead.
Does not belong here: the rules of the clock (``league.clock``), printing (``cli.due``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.contracts.sql_files import load_sql
from nba_pipeline.league.clock import Night, Phase, Timing, night_of, phase
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.verdicts.verdict import USABLE, State
from nba_pipeline.warehouse.base import Warehouse

DONE = USABLE | {State.UNRECOVERABLE}
"""States in which the clock asks for nothing more."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One table on one date: moments in UTC, and where it stands."""

    table: str
    date: dt.date
    due_at: dt.datetime
    late_at: dt.datetime
    phase: Phase
    state: State


def timing_of(contract: TableContract) -> Timing | None:
    """When a date is due and late by the clock; None where it waits for tables alone."""
    return contract.landing.timing_of(contract.expectation.due) if contract.landing else None


def nights(warehouse: Warehouse, dates: Sequence[dt.date]) -> dict[dt.date, Night]:
    """The moments of each date, by the published schedule."""
    if not dates:
        return {}
    params = {"first_date": min(dates), "last_date": max(dates)}
    found = warehouse.query(load_sql("ops/tip_offs"), params).to_pylist()
    known = {r["game_date"]: (r["first_tip_off"], r["last_tip_off"]) for r in found}
    return {d: night_of(d, known.get(d, ())) for d in dates}


def timetable(
    snapshot: Snapshot, of: Mapping[dt.date, Night], now: dt.datetime, tables: Iterable[str] | None
) -> list[Entry]:
    """Every raw table on the dates, by date and building order."""
    found = []
    for date, night in of.items():
        for name in contracts() if tables is None else tables:
            timing = timing_of(contracts()[name])
            if timing is None:
                continue
            state = snapshot.states(name, [date])[date]
            where = phase(timing, night, now, is_settled=state in DONE)
            found.append(
                Entry(name, date, timing.due.of(night), timing.late.of(night), where, state)
            )
    return found
