"""The ledger: its rows as they are read, and as they are written.

Belongs here: the shape of rows of ledger, inputs and history, each made in one place, and versions
of windows. Does not belong here: writing them (only ``build`` does, through the warehouse) or
judging them (``verdict``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from nba_pipeline.contracts import ops
from nba_pipeline.contracts.render import Described, arrow_schema
from nba_pipeline.contracts.spec import TableContract


@dataclass(frozen=True, slots=True)
class Input:
    """One window that a published date read, and the version it had."""

    upstream: str
    window_start: dt.date
    window_end: dt.date
    version: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is recorded of every attempt at dates of a table.

    Attributes:
        run_id: the run.
        started_at: when it began; UTC.
        ended_at: when its outcome was known; UTC.
    """

    contract: TableContract
    code_version: str
    run_id: str
    started_at: dt.datetime
    ended_at: dt.datetime

    def ledger_row(self, date: dt.date, attempt: int, **values: Any) -> dict[str, Any]:
        """The current row of a date; ``values`` are the columns that the outcome decides."""
        return {
            "asset": self.contract.name,
            "game_date": date,
            "code_version": self.code_version,
            "config_hash": self.contract.config_hash,
            "attempt": attempt,
            "run_id": self.run_id,
            "started_at": self.started_at,
            "published_at": self.ended_at,
            **values,
        }

    def history_row(self, date: dt.date, status: str, **values: Any) -> dict[str, Any]:
        """The row of an attempt; without ``values`` nothing was staged and nothing written."""
        return {
            "processor": self.contract.name,
            "target_date": date,
            "status": status,
            "started_at": self.started_at,
            "completed_at": self.ended_at,
            "rows_staged": 0,
            "rows_written": 0,
            "rows_quarantined": 0,
            "run_id": self.run_id,
            "code_version": self.code_version,
            **values,
        }


def row_hash(date: dt.date, version: str) -> tuple[int, int]:
    """Two 64-bit halves of the hash of a date's version in a window."""
    digest = hashlib.md5(f"{date}={version}".encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big")


def window_version(high: int, low: int) -> str:
    """Version of a window: the sum of its dates' hashes, half by half, modulo 2**64.

    A sum and not a digest over a list, so that the version of any window is the difference of two
    running sums. It is a check against change, not against forgery.
    """
    return f"{high:016x}{low:016x}"


def inputs_hash(inputs: Iterable[Input]) -> str:
    """Digest of what a date read, whatever the order."""
    texts = sorted(f"{i.upstream}:{i.window_start}:{i.window_end}={i.version}" for i in inputs)
    return hashlib.sha256(";".join(texts).encode()).hexdigest()[:32]


def rows_table(table: Described, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Arrow table of a bookkeeping table from mappings; absent columns are NULL."""
    schema = arrow_schema(table)
    rows = list(rows)
    return pa.table(
        {f.name: pa.array([r.get(f.name) for r in rows], f.type) for f in schema}, schema=schema
    )


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
