"""The audit of a table's rows: against the schedule, the contract and the laws of the game.

Belongs here: judging rows that are in hand, date by date, before they are published or when they
are checked again. Does not belong here: reading or writing a warehouse. Everything is set-based
over all dates at once, in an in-memory DuckDB, so that both warehouses are judged by the same code.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from nba_pipeline.audit.identities import broken_identities, excuses_of
from nba_pipeline.audit.rows import BadCell, bad_cells
from nba_pipeline.audit.versions import date_of_table, versions
from nba_pipeline.contracts.parts import Expects
from nba_pipeline.contracts.render import counted_rows
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.league.calendar import Day
from nba_pipeline.league.sides import scheduled_sides
from nba_pipeline.verdicts.verdict import State
from nba_pipeline.warehouse.engine import scratch

OUT_OF_RANGE = "within_schema_ranges"
"""Failure of a date with more bad rows than the contract tolerates; the name of the check too."""


@dataclass
class DateAudit:
    """What the audit found for one date.

    Attributes:
        rows: rows good enough to publish.
        expected: what the date must hold: rows where their number is known, else entities.
        missing: names of the expected entities that are not there.
        failures: audits that did not hold, with the entities they name.
        coverage: share of values present of each watched column.
    """

    date: dt.date
    rows: int = 0
    expected: int = 0
    completeness_pct: float = 100.0
    missing: tuple[str, ...] = ()
    quarantined: int = 0
    failures: dict[str, list[str]] = field(default_factory=dict)
    coverage: dict[str, float] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    is_degraded: bool = False
    version: str = "empty"

    @property
    def state(self) -> State:
        """Complete, or what is wrong with it."""
        if self.missing:
            return State.PARTIAL
        return State.INVALID if self.failures else State.COMPLETE

    @property
    def failed_checks(self) -> str:
        """Failures in one line, empty when there is none."""
        parts = []
        if self.missing:
            parts.append(f"missing: {' '.join(self.missing)}")
        for name, entities in self.failures.items():
            shown = ", ".join(entities[:6])
            more = f" and {len(entities) - 6} more" if len(entities) > 6 else ""
            parts.append(f"{name}: {shown}{more}")
        return "; ".join(parts)


@dataclass
class AuditReport:
    """Audits by date, the rows that may be published, and those kept aside."""

    dates: dict[dt.date, DateAudit]
    good: pa.Table
    bad: list[BadCell]


def audit(
    contract: TableContract,
    rows: pa.Table,
    days: Mapping[dt.date, Day],
    *,
    expected_rows: Mapping[dt.date, int] | None = None,
    aside: pa.Table | None = None,
) -> AuditReport:
    """Audit ``rows`` of the dates in ``days``.

    Args:
        contract: what the rows must be.
        rows: staged or published rows in the contract's Arrow schema.
        days: expectation of each date; its games are those the table must hold.
        expected_rows: rows each date must hold where that is known apart from the schedule
            (the rows of the source that was read).
        aside: rows that were kept aside when ``rows`` were published; a part of their games still.
    """
    report = AuditReport({d: DateAudit(d) for d in days}, rows, [])
    bad = bad_cells(contract, rows)
    keep = _mask(rows.num_rows, {c.position for c in bad})
    report.bad, report.good = bad, rows.filter(keep)
    aside = rows.slice(0, 0) if aside is None else aside
    with scratch() as con:
        con.register("staged", pa.concat_tables([rows, aside]))
        con.register("good", report.good)
        con.register("scheduled_sides", scheduled_sides(days))
        _count(con, contract, report)
        _completeness(con, contract, report, days, expected_rows)
        _identities(con, contract, report, [*bad, *bad_cells(contract, aside)])
        _coverage(con, contract, report)
        for date, version in versions(con, contract).items():
            report.dates[date].version = version
    _tolerance(contract, report, rows)
    return report


def _mask(length: int, bad: set[int]) -> pa.Array:
    mask = [True] * length
    for position in bad:
        mask[position] = False
    return pa.array(mask, pa.bool_())


def _count(con: duckdb.DuckDBPyConnection, contract: TableContract, report: AuditReport) -> None:
    has = contract.column_names
    source = "source" if "source" in has else "''"
    degraded = "is_degraded" if "is_degraded" in has else "FALSE"
    columns = f"{date_of_table(contract)}, {source}, {degraded}"
    sql = f"SELECT {columns}, count(*) FROM good GROUP BY ALL ORDER BY ALL"  # noqa: S608
    for date, name, is_degraded, n in con.execute(sql).fetchall():
        found = report.dates[date]
        found.rows += n
        found.is_degraded |= bool(is_degraded)
        if name:
            found.sources[name] = found.sources.get(name, 0) + n


def _completeness(
    con: duckdb.DuckDBPyConnection,
    contract: TableContract,
    report: AuditReport,
    days: Mapping[dt.date, Day],
    expected_rows: Mapping[dt.date, int] | None,
) -> None:
    """Expected entities against those present, by name; rows known apart are conserved."""
    expectation = contract.expectation
    if expectation.named_in is not None:
        entities = f"SELECT DISTINCT game_date, {expectation.named_in} FROM"  # noqa: S608
        present, kept = (
            set(con.execute(f"{entities} {held}").fetchall()) for held in ("staged", "good")
        )
        for date, found in report.dates.items():
            expected = expectation.entities_of(days[date])
            found.missing = tuple(e for e in expected if (date, e) not in present)
            lost = [e for e in expected if (date, e) in present and (date, e) not in kept]
            if lost:
                found.failures["rows_left_to_publish"] = [f"{e} (all kept aside)" for e in lost]
            found.expected = len(expected)
            if expected:
                found.completeness_pct = 100.0 * (1 - len(found.missing) / len(expected))
    if expectation.entities is Expects.ANY:
        # who posts chooses the games: rows of any of them are a night, none at all is a hole
        for date, found in report.dates.items():
            any_of = expectation.entities_of(days[date])
            found.expected = 1 if any_of else 0
            if found.expected and not found.rows:
                found.missing, found.completeness_pct = any_of, 0.0
    for date, rows in (expected_rows or {}).items():
        _conserved(report, date, rows)


def _conserved(report: AuditReport, date: dt.date, expected: int) -> None:
    found = report.dates[date]
    found.expected = expected
    here = found.rows + len({c.position for c in report.bad if c.date == date})
    if here != expected:
        found.failures["rows_conserved"] = [f"{here} rows of {expected} read from the source"]
        found.completeness_pct = min(
            found.completeness_pct, 100.0 * min(here, expected) / max(expected, 1)
        )


def _identities(
    con: duckdb.DuckDBPyConnection,
    contract: TableContract,
    report: AuditReport,
    bad: Sequence[BadCell],
) -> None:
    for name, date, culprit in broken_identities(con, contract, excuses_of(bad)):
        report.dates[date].failures.setdefault(name, []).append(culprit)
    for found in report.dates.values():
        for entities in found.failures.values():
            entities.sort()


def _coverage(con: duckdb.DuckDBPyConnection, contract: TableContract, report: AuditReport) -> None:
    """Share of values present of watched columns: per date, and no side without any.

    Of all rows in hand: one kept aside because its value is missing lacks it all the same. Counted
    without such rows a floor under a column that may not be NULL could never be broken.
    """
    for floor in contract.audits.floors:
        group = contract.side or "NULL"
        counted = counted_rows(floor)
        silent = f"{floor.reason_column} IS NULL" if floor.reason_column else "FALSE"
        sql = (
            f"SELECT game_date, {group}, count(*) FILTER ({counted}), "  # noqa: S608
            f"count({floor.column}) FILTER ({counted}), "
            f"count(*) FILTER ({floor.column} IS NULL AND {silent}) "
            "FROM staged GROUP BY ALL ORDER BY ALL"
        )
        unexplained: dict[dt.date, int] = {}
        totals: dict[dt.date, tuple[int, int]] = {}
        empty: dict[dt.date, list[str]] = {}
        for date, side, rows, values, nulls in con.execute(sql).fetchall():
            if nulls:
                unexplained[date] = unexplained.get(date, 0) + nulls
            all_rows, all_values = totals.get(date, (0, 0))
            totals[date] = (all_rows + rows, all_values + values)
            if side is not None and rows and not values:
                empty.setdefault(date, []).append(side)
        for date, (all_rows, all_values) in totals.items():
            share = all_values / all_rows if all_rows else 1.0
            found = report.dates[date]
            found.coverage[floor.column] = round(share, 4)
            if (share < floor.floor and all_rows >= floor.least_rows) or date in empty:
                detail = [f"{share:.1%} of {all_rows} rows, floor {floor.floor:.0%}"]
                found.failures[f"coverage_of_{floor.column}"] = detail + empty.get(date, [])
        for date, nulls in unexplained.items():
            failures = report.dates[date].failures.setdefault(f"coverage_of_{floor.column}", [])
            failures.append(f"{nulls} NULLs without a reason")


def _tolerance(contract: TableContract, report: AuditReport, rows: pa.Table) -> None:
    by_date: dict[dt.date, set[int]] = {}
    for cell in report.bad:
        by_date.setdefault(cell.date, set()).add(cell.position)
    for date, positions in by_date.items():
        found = report.dates[date]
        found.quarantined = len(positions)
        total = found.rows + found.quarantined
        if found.quarantined > contract.publishing.tolerance * total:
            cells = [c for c in report.bad if c.date == date]
            found.failures[OUT_OF_RANGE] = [
                f"{c.key} {c.column} = {c.value} breaks {c.rule}" for c in cells
            ]


def coverage_json(found: DateAudit) -> str:
    """Coverage as the ledger stores it."""
    return json.dumps(found.coverage, sort_keys=True)
