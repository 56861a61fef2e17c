"""Moving a history from one warehouse to another: rows, ledger, inputs, quarantine, attempts.

Belongs here: copying through the same publish as every run, and proving that the copy is equal.
Does not belong here: choosing the warehouses. The copy keeps versions: what was complete stays
complete without a rebuild, and what disagrees afterwards is named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from nba_pipeline.build.verify import published_rows, verify_table
from nba_pipeline.contracts import ops
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import Described, arrow_schema
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.league.sides import scheduled_sides
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.warehouse.base import Batch, Warehouse, WarehouseError

_DATES_A_BATCH = 800


@dataclass(frozen=True, slots=True)
class Moved:
    """One table after the move; ``wrong`` names dates on which the copy is not the original."""

    table: str
    dates: int
    rows: int
    wrong: tuple[str, ...]


def migrate(
    source: Warehouse, target: Warehouse, today: dt.date, *, progress: Callable[[str], None]
) -> list[Moved]:
    """Copy every table into an empty warehouse and verify counts and versions.

    Raises:
        WarehouseError: the target already has a ledger, or could not be written.
    """
    target.ensure_tables()
    held = _all(target, ops.LEDGER)["asset"].to_pylist()
    if held:
        names = ", ".join(sorted(set(held)))
        raise WarehouseError(f"the target already has a ledger of {names}; nothing was copied")
    ledger, inputs, quarantine, history = (
        _all(source, t) for t in (ops.LEDGER, ops.INPUTS, ops.QUARANTINE, ops.HISTORY)
    )
    for contract in contracts().values():
        progress(contract.name)
        rows = published_rows(source, contract)
        mine = _of(ledger, "asset", contract.name)
        for dates in _chunks(mine["game_date"].to_pylist()):
            target.publish(
                Batch(
                    contract=contract,
                    rows=_on(rows, "game_date", dates) if contract.is_partitioned else rows,
                    swap_dates=dates,
                    ledger=_on(mine, "game_date", dates),
                    inputs=_on(_of(inputs, "asset", contract.name), "game_date", dates),
                    history=_on(_of(history, "processor", contract.name), "target_date", dates),
                    quarantine=_on(_of(quarantine, "asset", contract.name), "game_date", dates),
                    protected=scheduled_sides({}),
                    seen=dict.fromkeys(dates, 0),
                )
            )
    here, there = Snapshot(source, today), Snapshot(target, today)
    return [_verified(target, here, there, c) for c in contracts().values()]


def _verified(target: Warehouse, here: Snapshot, there: Snapshot, contract: TableContract) -> Moved:
    found = [f"{d.date}: {d.detail}" for d in verify_table(target, there, contract)]
    original, copied = here.rows(contract.name), there.rows(contract.name)
    for date in sorted(set(original) | set(copied)):
        one, other = original.get(date), copied.get(date)
        if one is None or other is None or one.version != other.version:
            found.append(f"{date}: version differs")
        elif here.state(contract.name, date) != there.state(contract.name, date):
            found.append(f"{date}: verdict differs")
    rows = sum(r.row_count for r in copied.values())
    return Moved(contract.name, len(copied), rows, tuple(found))


def _all(warehouse: Warehouse, table: Described) -> pa.Table:
    names = ", ".join(c.field.name for c in table.columns)
    return warehouse.query(f"SELECT {names} FROM {table.path}").cast(  # noqa: S608
        arrow_schema(table)
    )


def _of(table: pa.Table, column: str, value: str) -> pa.Table:
    return table.filter(pc.equal(table[column], value))


def _on(table: pa.Table, column: str, dates: Sequence[dt.date]) -> pa.Table:
    return table.filter(pc.is_in(table[column], pa.array(dates, pa.date32())))


def _chunks(dates: Sequence[dt.date]) -> Iterator[list[dt.date]]:
    ordered = sorted(dates)
    for start in range(0, len(ordered), _DATES_A_BATCH):
        yield ordered[start : start + _DATES_A_BATCH]
