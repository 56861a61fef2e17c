"""What a backfill will use of BigQuery's limits, before it starts.

Belongs here: the limits with their meaning, and the arithmetic. Does not belong here: running jobs.
Figures are those of the service's quota page; a bookkeeping row never costs a job of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.warehouse.base import WarehouseError

PARTITIONS_A_TABLE = 10_000
"""Most partitions that the service lets a table have: 27 years of days."""
DATES_A_RUN = 800
"""Dates of one transaction: a fifth of the 4,000 partitions that a job may touch."""
_LOADS_A_RUN = 5  # rows, ledger, inputs, quarantine, history: to staging tables of their own
_STATEMENTS_A_RUN = 9


def plan(contract: TableContract, dates: Sequence[dt.date]) -> str:
    """Jobs and partitions of building ``dates`` of a table, in words.

    Raises:
        WarehouseError: more dates than a table may have partitions, with the split that it takes.
    """
    if len(dates) > PARTITIONS_A_TABLE:
        parts = -(-len(dates) // PARTITIONS_A_TABLE)
        raise WarehouseError(
            f"{contract.path}: {len(dates):,} dates, a table may have {PARTITIONS_A_TABLE:,} "
            f"partitions; split them among {parts} projects of at most "
            f"{-(-len(dates) // parts):,} dates"
        )
    runs = -(-len(dates) // DATES_A_RUN)
    return (
        f"{contract.path}: {runs * _LOADS_A_RUN} load jobs into staging, "
        f"{runs * _STATEMENTS_A_RUN} DML statements in {runs} transactions of at most "
        f"{min(len(dates), DATES_A_RUN)} partitions; 0 partition modifications by load"
    )
