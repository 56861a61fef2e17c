"""What a backfill will use of BigQuery's limits, before it starts.

Belongs here: the limits with their meaning, and the arithmetic. Does not belong here: running jobs.
Figures are those of the service's quota page; a bookkeeping row never costs a job of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.warehouse.base import WarehouseError

PARTITIONS_A_JOB = 4_000
PARTITIONS_A_TRANSACTION = 100_000
LOADS_A_TABLE_AND_DAY = 1_500
DATES_A_RUN = 800
_LOADS_A_RUN = 5  # rows, ledger, inputs, quarantine, history: to staging tables of their own
_STATEMENTS_A_RUN = 9


def plan(contract: TableContract, dates: Sequence[dt.date]) -> str:
    """Jobs and partitions of building ``dates`` of a table, in words.

    Raises:
        WarehouseError: a run would touch more partitions than one job may.
    """
    runs = -(-len(dates) // DATES_A_RUN)
    a_run = min(len(dates), DATES_A_RUN)
    check_run(contract, a_run)
    return (
        f"{contract.path}: {runs * _LOADS_A_RUN} load jobs into staging, "
        f"{runs * _STATEMENTS_A_RUN} DML statements in {runs} transactions of at most {a_run} "
        "partitions; 0 partition modifications by load"
    )


def check_run(contract: TableContract, dates: int) -> None:
    """Refuse a run that the service would refuse, with the split that it would take.

    Raises:
        WarehouseError: too many dates for one run.
    """
    if dates > PARTITIONS_A_JOB:
        parts = -(-dates // PARTITIONS_A_JOB)
        raise WarehouseError(
            f"{contract.path}: {dates} dates in one run, a job may touch {PARTITIONS_A_JOB:,} "
            f"partitions; split into {parts} runs of at most {-(-dates // parts)} dates"
        )
