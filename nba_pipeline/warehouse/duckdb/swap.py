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
from nba_pipeline.warehouse.faults import failpoint

# Identifiers come from contracts, never from input; values are bound or registered as Arrow.
# ruff: noqa: S608


def swap(con: duckdb.DuckDBPyConnection, batch: Batch) -> Outcome:
    """Replace the batch's dates and their bookkeeping; the caller commits or rolls back.

    Raises:
        ReadBackError: the table holds another number of rows than was inserted.
    """
    table = batch.contract.name
    con.register("new_rows", batch.rows)
    con.register("new_ledger", batch.ledger)
    con.register("new_inputs", batch.inputs)
    con.register("new_quarantine", batch.quarantine)
    con.register("new_history", batch.history)
    con.register("protected", batch.protected)
    con.register("seen", _seen(batch))
    conflicts = _conflicts(con, batch)
    lost = {d: k for d, k in _lost_keys(con, batch).items() if d not in conflicts}
    refused = set(conflicts) | set(lost)
    swapped = [d for d in batch.swap_dates if d not in refused]
    failpoint("before_swap", table)
    _replace_rows(con, batch, swapped)
    failpoint("after_swap", table)
    counts = _count(con, batch, swapped)
    failpoint("before_ledger", table)
    _replace_bookkeeping(con, batch, refused, counts)
    return Outcome(
        published={d: n for d, (n, _) in counts.items()}, lost_keys=lost, conflicts=conflicts
    )


def _seen(batch: Batch) -> pa.Table:
    return pa.table(
        {
            "game_date": pa.array(list(batch.seen), pa.date32()),
            "attempt": pa.array(list(batch.seen.values()), pa.int64()),
        }
    )


def _conflicts(con: duckdb.DuckDBPyConnection, batch: Batch) -> dict[dt.date, str]:
    """Dates that another run published since this one looked, or whose inputs changed since."""
    asset = {"asset": batch.contract.name}
    found = con.execute(
        f"""SELECT l.game_date, 'published meanwhile by run ' || l.run_id
        FROM {ops.LEDGER.path} l JOIN seen s USING (game_date)
        WHERE l.asset = $asset AND l.attempt <> s.attempt
        UNION ALL
        SELECT i.game_date, i.upstream || ' changed while this run computed'
        FROM new_inputs i
        LEFT JOIN {ops.LEDGER.path} l ON l.asset = i.upstream AND l.game_date = i.window_start
        WHERE i.window_start = i.window_end AND COALESCE(l.version, '') <> i.version""",
        asset,
    ).fetchall()
    return dict(found)


def _lost_keys(con: duckdb.DuckDBPyConnection, batch: Batch) -> dict[dt.date, list[str]]:
    """Published keys of teams that are still expected and not among the new rows, by date."""
    contract = batch.contract
    if not contract.keeps_keys:
        return {}
    same_key = " AND ".join(f"n.{k} = t.{k}" for k in contract.key)
    shown = " || ' ' || ".join(f"CAST(t.{k} AS VARCHAR)" for k in contract.key if k != "game_date")
    found = con.execute(
        f"""SELECT t.game_date, {shown} FROM {contract.path} t
        WHERE t.game_date IN (SELECT unnest($dates))
          AND EXISTS (SELECT 1 FROM protected p
                      WHERE p.game_date = t.game_date AND p.team = t.team)
          AND NOT EXISTS (SELECT 1 FROM new_rows n WHERE {same_key})
        ORDER BY ALL""",
        {"dates": list(batch.swap_dates)},
    ).fetchall()
    lost: dict[dt.date, list[str]] = {}
    for date, key in found:
        lost.setdefault(date, []).append(key)
    return lost


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
    for table, rows in ((ops.INPUTS, "new_inputs"), (ops.QUARANTINE, "new_quarantine")):
        con.execute(f"DELETE FROM {table.path} WHERE asset = $asset AND {touched}",
                    {"asset": asset})  # fmt: skip
        con.execute(f"INSERT INTO {table.path} BY NAME SELECT * FROM {rows} WHERE {kept}")
    con.execute(f"DELETE FROM {ops.LEDGER.path} WHERE asset = $asset AND {touched}",
                {"asset": asset})  # fmt: skip
    con.execute(
        f"""INSERT INTO {ops.LEDGER.path} BY NAME
        SELECT l.* REPLACE (COALESCE(r.row_count, l.row_count) AS row_count,
          COALESCE(r.distinct_keys, l.distinct_keys) AS distinct_keys)
        FROM new_ledger l LEFT JOIN read_back r USING (game_date) WHERE l.{kept}"""
    )
    con.execute(
        f"INSERT INTO {ops.HISTORY.path} BY NAME "
        "SELECT * FROM new_history WHERE target_date NOT IN (SELECT game_date FROM refused_dates)"
    )
