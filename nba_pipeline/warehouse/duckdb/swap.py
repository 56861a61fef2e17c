"""The swap of one batch inside a DuckDB transaction.

Belongs here: the statements between BEGIN and COMMIT. Does not belong here: opening files,
locking, or what a good row is.
"""

from __future__ import annotations

import datetime as dt

import duckdb
import pyarrow as pa

from nba_pipeline.contracts import ops
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.warehouse.base import Batch, Outcome, ReadBackError
from nba_pipeline.warehouse.duckdb.contents import select_contents
from nba_pipeline.warehouse.faults import failpoint
from nba_pipeline.warehouse.guards import Run, conflicts, lost_keys

# Identifiers come from contracts, never from input; values are bound or registered as Arrow.
# ruff: noqa: S608


def swap(con: duckdb.DuckDBPyConnection, batch: Batch, run: Run) -> Outcome:
    """Replace the batch's dates and their bookkeeping; the caller commits or rolls back.

    ``run`` runs a query inside the transaction.

    Raises:
        ReadBackError: the table holds another number of rows than was inserted.
    """
    table = batch.contract.name
    con.register("new_rows", batch.rows)
    con.register("new_ledger", batch.ledger)
    con.register("new_inputs", batch.inputs)
    con.register("new_quarantine", batch.quarantine)
    con.register("new_history", batch.history)
    outrun = conflicts(batch, run)
    lost = {d: k for d, k in lost_keys(batch, run).items() if d not in outrun}
    refused = set(outrun) | set(lost)
    swapped = [d for d in batch.swap_dates if d not in refused]
    failpoint("before_swap", table)
    _replace_rows(con, batch, swapped)
    failpoint("after_swap", table)
    counts = _count(con, batch, swapped)
    failpoint("before_ledger", table)
    _replace_bookkeeping(con, batch, refused, counts)
    return Outcome(
        published={d: n for d, (n, _) in counts.items()}, lost_keys=lost, conflicts=outrun
    )


def _replace_rows(con: duckdb.DuckDBPyConnection, batch: Batch, dates: list[dt.date]) -> None:
    contract = batch.contract
    if not dates:
        return
    if not contract.is_partitioned:
        con.execute(f"DELETE FROM {contract.path}")
        failpoint("mid_swap", contract.name)
        con.execute(f"INSERT INTO {contract.path} BY NAME SELECT * FROM new_rows")
        return
    params = {"dates": dates}
    con.execute(f"DELETE FROM {contract.path} WHERE game_date IN (SELECT unnest($dates))", params)
    failpoint("mid_swap", contract.name)
    con.execute(
        f"INSERT INTO {contract.path} BY NAME "
        "SELECT * FROM new_rows WHERE game_date IN (SELECT unnest($dates))",
        params,
    )


def _count(
    con: duckdb.DuckDBPyConnection, batch: Batch, dates: list[dt.date]
) -> dict[dt.date, tuple[int, int]]:
    """Rows and distinct keys per swapped date as the table has them now.

    Proven equal in number to what was given.
    """
    contract = batch.contract
    key = ", ".join(contract.key)
    date = "game_date" if contract.is_partitioned else f"DATE '{WHOLE_TABLE}'"
    where = "game_date IN (SELECT unnest($dates))" if contract.is_partitioned else "len($dates) > 0"
    count = (
        f"SELECT {date} AS d, count(*), count(DISTINCT ({key})) FROM {{}} WHERE {where} GROUP BY 1"
    )
    given, read = (
        {d: (n, k) for d, n, k in con.execute(count.format(t), {"dates": dates}).fetchall()}
        for t in ("new_rows", contract.path)
    )
    for d in dates:
        if given.get(d, (0, 0)) != read.get(d, (0, 0)):
            raise ReadBackError(
                f"{contract.path} {d}: gave {given.get(d, (0, 0))[0]} rows, "
                f"table holds {read.get(d, (0, 0))[0]}; nothing was changed"
            )
    return {d: read.get(d, (0, 0)) for d in dates}


def _replace_bookkeeping(
    con: duckdb.DuckDBPyConnection,
    batch: Batch,
    refused: set[dt.date],
    counts: dict[dt.date, tuple[int, int]],
) -> None:
    """Ledger, inputs and quarantine of every date but the refused ones; history of all but them."""
    asset = batch.contract.name
    con.register("refused_dates", pa.table({"game_date": pa.array(sorted(refused), pa.date32())}))
    con.register(
        "read_back",
        pa.table(
            {
                "game_date": pa.array(list(counts), pa.date32()),
                "row_count": pa.array([n for n, _ in counts.values()], pa.int64()),
                "distinct_keys": pa.array([k for _, k in counts.values()], pa.int64()),
            }
        ),
    )
    kept = "game_date NOT IN (SELECT game_date FROM refused_dates)"
    touched = f"game_date IN (SELECT game_date FROM new_ledger) AND {kept}"
    for table, rows, name in (
        (ops.INPUTS, batch.inputs, "new_inputs"),
        (ops.QUARANTINE, batch.quarantine, "new_quarantine"),
    ):
        con.execute(f"DELETE FROM {table.path} WHERE asset = $asset AND {touched}",
                    {"asset": asset})  # fmt: skip
        if rows.num_rows:
            con.execute(f"INSERT INTO {table.path} BY NAME SELECT * FROM {name} WHERE {kept}")
    con.execute(f"DELETE FROM {ops.LEDGER.path} WHERE asset = $asset AND {touched}",
                {"asset": asset})  # fmt: skip
    touched_now = "game_date IN (SELECT game_date FROM new_ledger)"
    now = select_contents(batch.contract, touched_now if batch.contract.is_partitioned else "TRUE")
    con.execute(
        f"""INSERT INTO {ops.LEDGER.path} BY NAME
        SELECT l.* REPLACE (COALESCE(r.row_count, l.row_count) AS row_count,
          COALESCE(r.distinct_keys, l.distinct_keys) AS distinct_keys, c.checksum AS checksum)
        FROM new_ledger l LEFT JOIN read_back r USING (game_date)
        LEFT JOIN ({now}) c USING (game_date) WHERE l.{kept}"""
    )
    con.execute(
        f"INSERT INTO {ops.HISTORY.path} BY NAME "
        "SELECT * FROM new_history WHERE target_date NOT IN (SELECT game_date FROM refused_dates)"
    )
