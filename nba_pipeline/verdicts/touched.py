"""Whose verdicts may be others than before: dates that were written, and those that read them.

Belongs here: following what was read from the ledger's newest rows on, so that the cost follows
from what changed and from its readers. Does not belong here: judging any of them (``snapshot``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from nba_pipeline.contracts.registry import calendar, contracts
from nba_pipeline.contracts.sql_files import load_sql
from nba_pipeline.warehouse.base import Warehouse

Dates = dict[str, set[dt.date]]


def touched(
    warehouse: Warehouse,
    since: dt.datetime,
    known: Mapping[str, Collection[dt.date]],
    *,
    only_readers: bool = False,
) -> Dates:
    """Dates by table that were written since a moment, what they are read by, and ``known`` ones.

    ``only_readers``: not those that were written: whoever wrote them has told of them.

    Raises:
        WarehouseError: the ledger could not be read.
    """
    with warehouse.held():
        rows = warehouse.query(load_sql("ops/ledger_rows_since"), {"since": since})
        written = _by_table(zip(*rows.to_pydict().values(), strict=True))
        found = _all_readers(warehouse, written)
    wanted = {t: dates - written.get(t, set()) if only_readers else dates
              for t, dates in found.items()}  # fmt: skip
    for table, dates in known.items():
        wanted[table] = wanted.get(table, set()) | set(dates)
    return {table: dates for table, dates in wanted.items() if dates}


def _all_readers(warehouse: Warehouse, written: Dates) -> Dates:
    """What was written and what read it, also by others in between."""
    found = {table: set(dates) for table, dates in written.items()}
    for date in written.get(calendar().name, ()):  # every table's verdicts rest on the schedule
        for name, contract in contracts().items():
            if contract.is_partitioned:
                found.setdefault(name, set()).add(date)
    edge = written
    while edge:
        readers = _readers(warehouse, edge)
        edge = {t: new for t, dates in readers.items() if (new := dates - found.get(t, set()))}
        for table, dates in edge.items():
            found.setdefault(table, set()).update(dates)
    return found


def _readers(warehouse: Warehouse, of: Dates) -> Dates:
    """What read dates of these spans; tables without dates have a span of their own."""
    pairs = []
    dated = {t: dates for t, dates in of.items() if contracts()[t].is_partitioned}
    for part in (dated, {t: dates for t, dates in of.items() if t not in dated}):
        if part:
            days = [d for dates in part.values() for d in dates]
            params = {"upstreams": list(part), "first_date": min(days), "last_date": max(days)}
            rows = warehouse.query(load_sql("ops/readers"), params).to_pydict()
            pairs += list(zip(*rows.values(), strict=True))
    return _by_table(pairs)


def _by_table(pairs: Iterable[tuple[str, dt.date]]) -> Dates:
    """Dates by table; tables that are no more have no verdict."""
    found: Dates = {}
    for table, date in pairs:
        if table in contracts():
            found.setdefault(table, set()).add(date)
    return found
