"""Ledger against warehouse: is what was recorded what is there?

Belongs here: recounting and re-hashing published rows, in both directions, and closing the gate for
dates that do not hold. Does not belong here: repairing them (``nba backfill``).
A row deleted, added or changed by hand is found by count or by content hash.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from nba_pipeline.audit.dates import OUT_OF_RANGE, AuditReport, DateAudit, audit
from nba_pipeline.build.publish import record_attempts
from nba_pipeline.contracts import ops
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import WHOLE_TABLE, TableContract
from nba_pipeline.contracts.sql_files import load_sql
from nba_pipeline.league.calendar import Day, DayKind
from nba_pipeline.league.sides import scheduled_sides
from nba_pipeline.sources.lookup import code_version
from nba_pipeline.verdicts.contents import DAMAGED
from nba_pipeline.verdicts.ledger import Attempt, rows_table
from nba_pipeline.verdicts.snapshot import Snapshot, all_dates
from nba_pipeline.verdicts.verdict import EMPTY, LedgerRow, State
from nba_pipeline.warehouse.base import Batch, Warehouse

_ASIDE_SQL = "SELECT row_json FROM nba_orchestration.quarantined_rows WHERE asset = @asset"


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One date on which ledger and table disagree."""

    table: str
    date: dt.date
    recorded_rows: int
    rows_now: int
    detail: str


def published_rows(
    warehouse: Warehouse, contract: TableContract, dates: Sequence[dt.date] | None = None
) -> pa.Table:
    """Published rows of a table, all or those of some dates, in the contract's Arrow schema."""
    names = ", ".join(contract.column_names)
    where, asked = all_dates(contract), {}
    if dates and contract.is_partitioned:
        # the range as well: a large table refuses what does not bound its dates
        where = "game_date BETWEEN @first AND @last AND game_date IN UNNEST(@dates)"
        asked = {"first": min(dates), "last": max(dates), "dates": list(dates)}
    rows = warehouse.query(f"SELECT {names} FROM {contract.path} WHERE {where}", asked)  # noqa: S608
    return rows.cast(arrow_schema(contract))


def rows_aside(warehouse: Warehouse, contract: TableContract, rows: pa.Table) -> pa.Table:
    """Rows kept aside when ``rows`` were published; those of a refused attempt are not of them."""
    schema = arrow_schema(contract)
    held = warehouse.query(_ASIDE_SQL, {"asset": contract.name}).to_pylist()
    published = {tuple(r.values()) for r in rows.select(list(contract.key)).to_pylist()}
    dates = set(rows["game_date"].to_pylist()) if contract.is_partitioned else None
    found = []
    for text in dict.fromkeys(h["row_json"] for h in held):
        told = json.loads(text)
        row = {column.name: _stored(column.type, told.get(column.name)) for column in schema}
        is_of_them = dates is None or row["game_date"] in dates
        if is_of_them and tuple(row[k] for k in contract.key) not in published:
            found.append(row)
    return pa.Table.from_pylist(found, schema=schema)


def _stored(kind: pa.DataType, value: Any) -> Any:
    """A value of JSON as its column has it: dates and times are text there."""
    if value is None:
        return None
    if pa.types.is_date(kind):
        return dt.date.fromisoformat(value)
    return dt.datetime.fromisoformat(value) if pa.types.is_timestamp(kind) else value


def reaudit(
    warehouse: Warehouse, snapshot: Snapshot, contract: TableContract
) -> tuple[AuditReport, Mapping[dt.date, Day]]:
    """The audit of publishing, over everything that is published now."""
    rows = published_rows(warehouse, contract)
    if not contract.is_partitioned:
        days: dict[dt.date, Day] = {WHOLE_TABLE: Day(WHOLE_TABLE, DayKind.GAMES)}
    else:
        dates = sorted(set(rows["game_date"].to_pylist()))
        days = {d: snapshot.expected_day(contract, d) for d in dates}
    if contract.is_calendar:
        days = {d: Day(d, DayKind.GAMES) for d in days}
    return audit(contract, rows, days, aside=rows_aside(warehouse, contract, rows)), days


def verify_table(
    warehouse: Warehouse,
    snapshot: Snapshot,
    contract: TableContract,
    report: AuditReport | None = None,
) -> list[Discrepancy]:
    """Dates on which the table is not what the ledger recorded, by count and by content.

    ``report`` is the re-audit of all published rows, where it is at hand.
    """
    if report is None:
        report, _ = reaudit(warehouse, snapshot, contract)
    now = {d: (a.rows + a.quarantined, a.version) for d, a in report.dates.items()}
    doubled = _doubled(warehouse, contract)
    contradicted = _contradicted(snapshot, contract)
    found = []
    recorded = snapshot.rows(contract.name)
    for date in sorted(set(recorded) | set(now)):
        row = recorded.get(date)
        rows_now, version = now.get(date, (0, "empty"))
        detail = _disagreement(row, rows_now, version, code_version(contract))
        if not detail and date in doubled:
            detail = f"the ledger has {doubled[date]} rows of it"
        if not detail and row is not None and date in report.dates:
            detail = _broken_since(row, report.dates[date])
        if not detail and date in contradicted:
            tables = contradicted[date]
            named = ", ".join(tables[:4]) + (" ..." if len(tables) > 4 else "")
            detail = f"it calls the day empty, but {len(tables)} tables hold rows of it: {named}"
        if detail:
            names = ""
            if date in report.dates and report.dates[date].missing:
                names = f"; missing: {' '.join(report.dates[date].missing)}"
            elif date not in report.dates and contract.is_partitioned:
                expected = contract.expectation.entities_of(snapshot.day(date))
                names = f"; missing: {' '.join(expected)}" if expected else ""
            failed = report.dates[date].failures if date in report.dates else {}
            names += "".join(f"; {n}: {', '.join(e[:4])}" for n, e in failed.items())
            if OUT_OF_RANGE not in failed:  # within the tolerance, but published now
                cells = [c for c in report.bad if c.date == date][:4]
                told = ", ".join(f"{c.key} {c.column} = {c.value} breaks {c.rule}" for c in cells)
                names += f"; {OUT_OF_RANGE}: {told}" if told else ""
            found.append(
                Discrepancy(
                    contract.name, date, row.row_count if row else 0, rows_now, detail + names
                )
            )
    return found


def _disagreement(row: LedgerRow | None, rows_now: int, version: str, code: str) -> str:
    if row is None:
        return f"{rows_now} rows that no ledger row knows" if rows_now else ""
    if row.row_count != rows_now:
        return f"ledger says {row.row_count} rows, table has {rows_now}"
    is_comparable = row.code_version == code  # with other columns there is another hash
    if row.row_count and row.version != version and is_comparable:
        return f"{rows_now} rows as recorded, but their content changed"
    return ""


def _doubled(warehouse: Warehouse, contract: TableContract) -> dict[dt.date, int]:
    rows = warehouse.query(load_sql("ops/doubled_ledger_rows"), {"asset": contract.name})
    return {r["game_date"]: r["n"] for r in rows.to_pylist()}


def _contradicted(snapshot: Snapshot, contract: TableContract) -> dict[dt.date, list[str]]:
    """Dates that the calendar calls empty without a row of its own, and who holds rows of them.

    The calendar is suspected first: nothing but its ledger row says so, and whoever believes it
    empties the others. Tables that the snapshot did not read are not asked.
    """
    found: dict[dt.date, list[str]] = {}
    if not contract.is_calendar:
        return found
    empty = [d for d, row in snapshot.rows(contract.name).items()
             if row.status in EMPTY and not snapshot.rows_now(contract.name, d)]  # fmt: skip
    for name, span in snapshot.spans.items():
        other = contracts()[name]
        if other.is_partitioned and not other.is_calendar and other.expectation.follows_schedule:
            for date in empty:
                if span.first <= date <= span.last and snapshot.rows_now(name, date):
                    found.setdefault(date, []).append(name)
    return found


def _broken_since(row: LedgerRow, audit: DateAudit) -> str:
    """Rows that were good when they were published and break a law now: their schedule changed."""
    new = [name for name in audit.failures if name not in row.failed_checks]
    return "rows as recorded, but not by the schedule as it is now" if new else ""


def close_gate(
    warehouse: Warehouse,
    snapshot: Snapshot,
    contract: TableContract,
    found: list[Discrepancy],
    *,
    run_id: str,
) -> None:
    """Write the discrepancies into the history, and their dates as bad into the ledger.

    The recorded row count becomes the one that is there, so that the ledger cannot lie a second
    time, and the version one that no reader has read; rows stay for the repair to replace.
    """
    if not found:
        return
    now = dt.datetime.now(dt.UTC)
    attempt = Attempt(contract, code_version(contract), run_id, now, now)
    record_attempts(warehouse, attempt, {d.date: d.detail for d in found}, "VerifyFailed")
    rows = {d.date: snapshot.row(contract.name, d.date) for d in found}
    warehouse.publish(
        Batch(
            contract=contract,
            rows=arrow_schema(contract).empty_table(),
            swap_dates=[],
            ledger=rows_table(ops.LEDGER, (_bad_row(attempt, d, rows[d.date]) for d in found)),
            inputs=rows_table(ops.INPUTS, []),
            history=rows_table(ops.HISTORY, []),
            quarantine=rows_table(ops.QUARANTINE, []),
            protected=scheduled_sides({}),
            seen={d: row.attempt if row else 0 for d, row in rows.items()},
        )
    )


def _bad_row(attempt: Attempt, found: Discrepancy, row: LedgerRow | None) -> dict[str, object]:
    fewer = found.rows_now < found.recorded_rows
    return attempt.ledger_row(
        found.date,
        (row.attempt if row else 0) + 1,
        status=str(State.PARTIAL if fewer else State.INVALID),
        version=DAMAGED,
        row_count=found.rows_now,
        expected_rows=row.expected_rows if row and row.expected_rows is not None else 0,
        distinct_keys=found.rows_now,
        completeness_pct=min(row.completeness_pct if row else 0.0, 99.99),
        is_degraded=row.is_degraded if row else False,
        failed_checks=f"verify: {found.detail}",
        note=row.note if row else "",
    )
