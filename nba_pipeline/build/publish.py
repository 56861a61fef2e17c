"""Publishing: staged rows are audited, and what may be published is swapped in with its ledger row.

Belongs here: the order of audit, swap and record. Does not belong here: what an audit means for a
date (``plan``), the gate (before) and Dagster's events (after).
A failed attempt never touches published rows; it is recorded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from nba_pipeline.audit.dates import audit
from nba_pipeline.build.plan import Plan
from nba_pipeline.build.work import DateResult, Work
from nba_pipeline.contracts import ops
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.contracts.sql_files import load_sql
from nba_pipeline.sources.reading.drift import Drift
from nba_pipeline.verdicts.ledger import Attempt, rows_table
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.warehouse.base import Warehouse, WarehouseError
from nba_pipeline.warehouse.faults import distort, failpoint


def publish(
    warehouse: Warehouse, snapshot: Snapshot, work: Work, attempt: Attempt
) -> dict[dt.date, DateResult]:
    """Audit, swap and record all dates of ``work`` in one transaction.

    Raises:
        WarehouseError: nothing was changed.
    """
    contract = work.contract
    failpoint("staged", contract.name)
    rows = distort("staged", contract.name, work.rows)
    report = audit(contract, rows, work.days, expected_rows=work.expected_rows)
    for date, found in work.findings.items():
        report.dates[date].failures.update({name: list(names) for name, names in found.items()})
    attempt = replace(attempt, ended_at=dt.datetime.now(dt.UTC))
    plan = Plan(snapshot, work, report, attempt, _aside_before(warehouse, work))
    batch = plan.batch()
    outcome = warehouse.publish(batch)
    results = plan.results(outcome)
    refused = {d: results[d].message for d in (*outcome.lost_keys, *outcome.conflicts)}
    record_attempts(warehouse, attempt, refused, "Refused")
    if aside := plan.quarantine_rows(plan.not_published(outcome)):
        warehouse.record(rows_table(ops.QUARANTINE, aside), ops.QUARANTINE)
    return results


def _aside_before(warehouse: Warehouse, work: Work) -> list[dt.date]:
    dates = [*work.days, *work.settled]
    asked = {
        "asset": work.contract.name,
        "first_date": min(dates),
        "last_date": max(dates),
        "whole_table": WHOLE_TABLE,
    }
    found: list[dt.date] = warehouse.query(load_sql("ops/quarantined_dates"), asked)[0].to_pylist()
    return found


def record_attempts(
    warehouse: Warehouse, attempt: Attempt, messages: Mapping[dt.date, str], error_class: str
) -> None:
    """Append attempts that published nothing to the history; none is nothing."""
    rows = [
        attempt.history_row(
            date, error_class.lower(), error_class=error_class, error_message=message
        )
        for date, message in messages.items()
    ]
    if rows:
        warehouse.record(rows_table(ops.HISTORY, rows))


@contextmanager
def crashes_recorded(
    warehouse: Warehouse, attempt: Attempt, dates: Iterable[dt.date]
) -> Iterator[None]:
    """Write an error of the block into the history of the dates; it goes on its way."""
    try:
        yield
    except Exception as error:
        lines = str(error).strip().splitlines() or ["no message"]
        told = f"{type(error).__name__}: {lines[0]}"
        ended = replace(attempt, ended_at=dt.datetime.now(dt.UTC))
        try:
            record_attempts(warehouse, ended, dict.fromkeys(dates, told), "Crashed")
        except WarehouseError as unwritten:  # what broke first is what is to be known
            error.add_note(f"nor could the attempt be recorded: {unwritten}")
        raise


def record_drift(
    warehouse: Warehouse,
    found: Iterable[Drift],
    run_id: str,
    *,
    event: str = "seen",
    reason: str | None = None,
) -> None:
    """Append sightings of changed fields, or the acknowledgement of them; none is nothing."""
    now = dt.datetime.now(dt.UTC)
    rows = [
        {
            "source": d.source,
            "endpoint": d.endpoint,
            "layout": d.layout,
            "field_name": d.field_name,
            "drift_kind": str(d.kind),
            "drift_event": event,
            "seen_at": now,
            "detail": d.detail or None,
            "request_key": d.request_key,
            "reason": reason,
            "run_id": run_id,
        }
        for d in found
    ]
    if rows:
        warehouse.record(rows_table(ops.DRIFT, rows), ops.DRIFT)
