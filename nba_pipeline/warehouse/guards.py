"""What is looked at again before and after a swap, the same on every engine.

Belongs here: dates that were outrun, published keys that would be lost, and reading back what was
written; all over a function that runs a query. Does not belong here: the swap itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from nba_pipeline.contracts.spec import WHOLE_TABLE, TableContract
from nba_pipeline.contracts.sql_files import load_sql
from nba_pipeline.warehouse.base import Batch, ReadBackError
from nba_pipeline.warehouse.engine import scratch

Run = Callable[[str, Mapping[str, object]], pa.Table]
"""Runs a GoogleSQL SELECT with bound parameters."""

# identifiers come from contracts, never from input; values are bound or registered as Arrow
# ruff: noqa: S608


def conflicts(batch: Batch, run: Run) -> dict[dt.date, str]:
    """Dates that another run published since this one looked, or whose inputs changed since."""
    single = [i for i in batch.inputs.to_pylist() if i["window_start"] == i["window_end"]]
    dates = [*batch.seen, *(i["window_start"] for i in single)]
    if not dates:
        return {}
    dated = [d for d in dates if d != WHOLE_TABLE] or [WHOLE_TABLE]
    rows = run(
        load_sql("ops/ledger_attempts"),
        {
            "assets": sorted({batch.contract.name, *(i["upstream"] for i in single)}),
            "first_date": min(dated),
            "last_date": max(dated),
            "whole_table": WHOLE_TABLE,
        },
    ).to_pylist()
    now = {(r["asset"], r["game_date"]): r for r in rows}
    found: dict[dt.date, str] = {}
    for date, attempt in batch.seen.items():
        row = now.get((batch.contract.name, date))
        if row is not None and row["attempt"] != attempt:
            found[date] = f"published meanwhile by run {row['run_id']}"
    for i in single:
        row = now.get((i["upstream"], i["window_start"]))
        if (row["version"] if row else "") != i["version"]:
            found[i["game_date"]] = f"{i['upstream']} changed while this run computed"
    return found


def lost_keys(batch: Batch, run: Run) -> dict[dt.date, list[str]]:
    """Published keys of sides that are still expected and not among the new rows, by date."""
    contract, side = batch.contract, batch.contract.side
    if side is None or not contract.keeps_keys or not batch.swap_dates:
        return {}
    names = ", ".join(dict.fromkeys((*contract.key, str(side))))
    published = run(
        f"SELECT {names} FROM {contract.path} WHERE game_date BETWEEN @first AND @last",
        {"first": min(batch.swap_dates), "last": max(batch.swap_dates)},
    )
    if not published.num_rows:
        return {}
    swapped = pa.table({"game_date": pa.array(list(batch.swap_dates), pa.date32())})
    same = " AND ".join(f"n.{k} = t.{k}" for k in contract.key)
    shown = " || ' ' || ".join(f"CAST(t.{k} AS VARCHAR)" for k in contract.key if k != "game_date")
    with scratch() as con:
        for name, table in (("published", published), ("given", batch.rows),
                            ("protected", batch.protected), ("swapped", swapped)):  # fmt: skip
            con.register(name, table)
        found = con.execute(
            f"SELECT t.game_date, {shown} FROM published t SEMI JOIN swapped USING (game_date) "
            "WHERE EXISTS (SELECT 1 FROM protected p WHERE p.game_date = t.game_date "
            f"AND p.{side} = t.{side}) "
            f"AND NOT EXISTS (SELECT 1 FROM given n WHERE {same}) ORDER BY ALL"
        ).fetchall()
    lost: dict[dt.date, list[str]] = {}
    for date, key in found:
        lost.setdefault(date, []).append(key)
    return lost


def read_back(contract: TableContract, counts: Mapping[dt.date, int], run: Run) -> None:
    """Count what was committed.

    Raises:
        ReadBackError: the table holds another number of rows than was written.
    """
    if not counts or not contract.is_partitioned:
        return
    params: dict[str, Any] = {"first": min(counts), "last": max(counts)}
    text = (
        f"SELECT game_date, COUNT(*) AS n FROM {contract.path} "
        "WHERE game_date BETWEEN @first AND @last GROUP BY game_date"
    )
    now = dict(zip(*run(text, params).to_pydict().values(), strict=True))
    wrong = {d: n for d, n in counts.items() if now.get(d, 0) != n}
    if wrong:
        date, n = next(iter(sorted(wrong.items())))
        raise ReadBackError(
            f"{contract.path}: {len(wrong)} dates not persisted, first {date}: wrote {n} "
            f"rows, read {now.get(date, 0)}; run nba verify"
        )
