"""A backfill that stops at the first bad date: one date after the other, through all its tables.

Belongs here: the order of dates, and putting together what became of them. Does not belong here:
running a date (``runner``). A run of many dates publishes each of them whatever becomes of the
others; so whoever wants none tried after a bad one has a run for each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nba_pipeline.contracts.registry import contracts

if TYPE_CHECKING:
    from nba_pipeline.orchestration.runner import TableOutcome


def until_failure(
    tables: Sequence[str],
    dates: Sequence[dt.date],
    run: Callable[[Sequence[str], dt.date], list[TableOutcome]],
) -> list[TableOutcome]:
    """Outcomes of ``run`` over tables and one date after the other, up to one that was stopped.

    Tables without dates are run with the first date only.
    """
    found: dict[str, TableOutcome] = {}
    for date in dates:
        names = [t for t in tables if contracts()[t].is_partitioned or t not in found]
        outcomes = run(names, date)
        for outcome in outcomes:
            _join(found, outcome)
        if any(outcome.was_stopped for outcome in outcomes):
            break
    return list(found.values())


def _join(found: dict[str, TableOutcome], new: TableOutcome) -> None:
    old = found.setdefault(new.step.table, new)
    if old is new:
        return
    rows = (old.step.expected_rows, new.step.expected_rows)
    old.step = replace(
        old.step,
        dates=old.step.dates + new.step.dates,
        by_date={**old.step.by_date, **new.step.by_date},
        expected_rows=None if None in rows else sum(n or 0 for n in rows),
        skipped=old.step.skipped + new.step.skipped,
    )
    old.done += new.done
    old.bad |= new.bad
    old.was_stopped |= new.was_stopped
    old.failed_runs += new.failed_runs
