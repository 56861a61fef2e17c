"""The ledger: reading its rows, and building new ones.

Belongs here: the shape of ledger, inputs, history and quarantine rows. Does not belong here:
writing them (only ``publish`` does, through the warehouse) or judging them (``verdict``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from nba_pipeline.contracts import ops
from nba_pipeline.contracts.render import Described, arrow_schema
from nba_pipeline.verdicts.verdict import LedgerRow

LEDGER_SQL = """
SELECT asset, game_date, status, version, row_count, expected_rows, code_version, config_hash,
  attempt, is_degraded, COALESCE(failed_checks, '') AS failed_checks, COALESCE(note, '') AS note,
  run_id, published_at, completeness_pct, COALESCE(waiver_id, '') AS waiver_id
FROM nba_orchestration.partition_ledger
"""
INPUTS_SQL = """
SELECT asset, game_date, upstream, window_start, window_end, version
FROM nba_orchestration.partition_inputs
"""


@dataclass(frozen=True, slots=True)
class Input:
    """One window that a published date read, and the version it had."""

    upstream: str
    window_start: dt.date
    window_end: dt.date
    version: str


def rows_table(table: Described, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Arrow table of a bookkeeping table from mappings; absent columns are NULL."""
    schema = arrow_schema(table)
    rows = list(rows)
    return pa.table(
        {f.name: pa.array([r.get(f.name) for r in rows], f.type) for f in schema}, schema=schema
    )


def ledger_of(rows: pa.Table) -> dict[str, dict[dt.date, LedgerRow]]:
    """Ledger rows (of ``LEDGER_SQL``) by table and date."""
    found: dict[str, dict[dt.date, LedgerRow]] = {}
    columns = rows.to_pydict()
    keys = zip(columns.pop("asset"), columns.pop("game_date"), strict=True)
    for (asset, date), values in zip(keys, zip(*columns.values(), strict=True), strict=True):
        found.setdefault(asset, {})[date] = LedgerRow(**dict(zip(columns, values, strict=True)))
    return found


def inputs_of(rows: pa.Table) -> dict[str, dict[dt.date, list[Input]]]:
    """What each published date read (of ``INPUTS_SQL``), by table and date."""
    found: dict[str, dict[dt.date, list[Input]]] = {}
    columns = rows.to_pydict()
    for asset, date, *rest in zip(*columns.values(), strict=True):
        found.setdefault(asset, {}).setdefault(date, []).append(Input(*rest))
    return found


def inputs_rows(asset: str, inputs: Mapping[dt.date, Sequence[Input]]) -> pa.Table:
    """``partition_inputs`` rows."""
    return rows_table(
        ops.INPUTS,
        (
            {
                "asset": asset,
                "game_date": date,
                "upstream": i.upstream,
                "window_start": i.window_start,
                "window_end": i.window_end,
                "version": i.version,
            }
            for date, read in inputs.items()
            for i in read
        ),
    )
