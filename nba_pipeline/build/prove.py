"""Published rows that checksums say nothing of: proven by their version, or closed.

Belongs here: dates whose checksum is lacking or of another engine. Does not belong here: comparing
checksums (``verdicts``). A version is the same on every engine; it costs fifty times as much, and
is computed until a checksum of this engine is in the ledger again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pyarrow.compute as pc

from nba_pipeline.audit.versions import versions_of
from nba_pipeline.build.verify import Discrepancy, close_gate, published_rows
from nba_pipeline.contracts import ops
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.contracts.sql_files import load_sql
from nba_pipeline.league.sides import scheduled_sides
from nba_pipeline.verdicts.ledger import rows_table
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.warehouse.base import Batch, Warehouse


def prove(warehouse: Warehouse, snapshot: Snapshot, run_id: str) -> bool:
    """Prove the unproven dates of a snapshot; whether there were any, so that it is old now.

    Where the version holds, the ledger gets a checksum of this engine; elsewhere the gate is
    closed. A date that is stale as well gets none: it is built again, and proven until then.

    Raises:
        WarehouseError: a table could not be read, or the ledger not be written.
    """
    unproven = {t: dates for t in snapshot.spans if (dates := snapshot.board.unproven(t))}
    with warehouse.held():
        for table, dates in unproven.items():
            _prove(warehouse, snapshot, contracts()[table], dates, run_id)
    return bool(unproven)


def _prove(
    warehouse: Warehouse,
    snapshot: Snapshot,
    contract: TableContract,
    dates: Sequence[dt.date],
    run_id: str,
) -> None:
    recorded = snapshot.rows(contract.name)
    now = versions_of(contract, published_rows(warehouse, contract, dates))
    found = [
        Discrepancy(
            contract.name,
            date,
            recorded[date].row_count,
            snapshot.rows_now(contract.name, date) or 0,
            f"{recorded[date].row_count} rows as recorded, but their content changed",
        )
        for date in dates
        if now.get(date, "empty") != recorded[date].version
    ]
    close_gate(warehouse, snapshot, contract, found, run_id=run_id)
    wrong = {d.date for d in found}
    _renew(warehouse, contract, [d for d in dates if d not in wrong])


def _renew(warehouse: Warehouse, contract: TableContract, dates: Sequence[dt.date]) -> None:
    """Write the ledger rows again: a checksum is read back with every row that is written.

    They are as they were but for their number, by which others see that they were outrun.
    """
    if not dates:
        return
    asked = {"asset": contract.name, "dates": list(dates)}
    ledger, inputs, aside = (
        warehouse.query(load_sql(f"ops/{name}_of_dates"), asked).cast(arrow_schema(table))
        for name, table in (("ledger", ops.LEDGER), ("inputs", ops.INPUTS),
                            ("quarantine", ops.QUARANTINE))
    )  # fmt: skip
    place, seen = ledger.schema.get_field_index("attempt"), ledger["attempt"]
    again = ledger.set_column(place, ledger.schema.field(place), pc.add(seen, 1))
    warehouse.publish(
        Batch(
            contract=contract,
            rows=arrow_schema(contract).empty_table(),
            swap_dates=[],
            ledger=again,
            inputs=inputs,
            history=rows_table(ops.HISTORY, []),
            quarantine=aside,
            protected=scheduled_sides({}),
            seen=dict(zip(ledger["game_date"].to_pylist(), seen.to_pylist(), strict=True)),
        )
    )
