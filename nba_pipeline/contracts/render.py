"""What is rendered from a contract: DDL, Arrow schema, conditions, reference page.

Belongs here: pure functions from a contract to another notation. Does not belong here: executing
any of it (``warehouse``), Dagster objects (``orchestration.factory``).
"""

from __future__ import annotations

from typing import Protocol

import pyarrow as pa

from nba_pipeline.contracts.columns import Column
from nba_pipeline.contracts.field import Kind
from nba_pipeline.contracts.parts import CoverageFloor
from nba_pipeline.contracts.spec import Requirement, TableContract, Window

DUCKDB_TYPES = {
    Kind.STRING: "VARCHAR",
    Kind.INT64: "BIGINT",
    Kind.FLOAT64: "DOUBLE",
    Kind.BOOL: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.TIMESTAMP: "TIMESTAMPTZ",
}
_ARROW = {
    Kind.STRING: pa.string(),
    Kind.INT64: pa.int64(),
    Kind.FLOAT64: pa.float64(),
    Kind.BOOL: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.TIMESTAMP: pa.timestamp("us", tz="UTC"),
}


class Described(Protocol):
    """A contract or a bookkeeping table: anything with a path, columns and a key."""

    @property
    def path(self) -> str:
        """``dataset.table``."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns in order."""

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the key columns."""


def duckdb_ddl(table: Described) -> str:
    """``CREATE TABLE IF NOT EXISTS`` for DuckDB; keys are audited, not declared."""
    lines = [
        f"  {c.field.name} {DUCKDB_TYPES[c.field.kind]}{' NOT NULL' if c.required else ''}"
        for c in table.columns
    ]
    return f"CREATE TABLE IF NOT EXISTS {table.path} (\n" + ",\n".join(lines) + "\n)"


def bigquery_ddl(table: Described, *, needs_filter: bool = False) -> str:
    """``CREATE TABLE IF NOT EXISTS`` for BigQuery, partitioned by date, clustered by key.

    ``needs_filter`` makes the service refuse queries that would read every partition by mistake.
    """
    names = [c.field.name for c in table.columns]
    lines = [
        f"  {c.field.name} {c.field.kind}{' NOT NULL' if c.required else ''}"
        f" OPTIONS (description = {_quoted(c.field.description)})"
        for c in table.columns
    ]
    ddl = f"CREATE TABLE IF NOT EXISTS `{table.path}` (\n" + ",\n".join(lines) + "\n)"
    date = next((n for n in ("game_date", "target_date") if n in names), None)
    if date:
        ddl += (
            f"\nPARTITION BY DATE_TRUNC({date}, MONTH)"
            if not table.key
            else (f"\nPARTITION BY {date}")
        )
    cluster = [k for k in table.key if k != date][:4]
    ddl += f"\nCLUSTER BY {', '.join(cluster)}" if cluster else ""
    return ddl + ("\nOPTIONS (require_partition_filter = TRUE)" if needs_filter else "")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def arrow_schema(table: Described) -> pa.Schema:
    """Arrow schema of the table's rows, the form in which rows move between all parts."""
    return pa.schema([pa.field(c.field.name, _ARROW[c.field.kind]) for c in table.columns])


def suspect_rows(contract: TableContract) -> str:
    """SQL condition of DuckDB that is true of every row with a NULL, value or text out of bounds.

    It may be true of a row that is good (not a number), never false of a bad one.
    """
    found = []
    for c in contract.columns:
        f = c.field
        found += [f"{f.name} IS NULL"] if c.required else []
        found += [f"{f.name} < {f.low!r}"] if f.low is not None else []
        found += [f"{f.name} > {f.high!r}"] if f.high is not None else []
        found += [f"isnan({f.name})"] if f.kind is Kind.FLOAT64 else []
        if f.allowed:
            found.append(f"{f.name} NOT IN ({', '.join(_literal(v) for v in f.allowed)})")
        if f.pattern:
            found.append(f"NOT regexp_matches({f.name}, {_literal(f'^(?:{f.pattern})')})")
    return " OR ".join(f"({condition})" for condition in found) or "FALSE"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def counted_rows(floor: CoverageFloor) -> str:
    """SQL condition, the same in both dialects: the row is one of the floor's denominator.

    It is never NULL: a row of which nobody can say whether it counts does not.
    """
    counts = f"COALESCE({floor.of}, FALSE)"
    if not floor.excused:
        return counts
    reasons = ", ".join(f"'{r}'" for r in floor.excused)
    return f"{counts} AND COALESCE({floor.reason_column}, '') NOT IN ({reasons})"


def requirement_text(requirement: Requirement) -> str:
    """A requirement in words, for asset descriptions and the reference page."""
    where = {
        Window.SAME_DATE: "same date",
        Window.TRAILING_DAYS: f"{requirement.days} days before",
        Window.SEASON_TO_DATE: "season before the date",
        Window.WHOLE_TABLE: "whole table",
    }[requirement.window]
    names = " or ".join(requirement.upstreams)
    need = f"{requirement.min_coverage:.0%}" if requirement.required else "optional"
    return f"{names} ({where}, {need})"


def reference_page(contract: TableContract) -> str:
    """Markdown reference of one table."""
    lines = [f"## {contract.path}", "", contract.description, ""]
    lines += [f"* Grain: {contract.grain}; key: {', '.join(contract.key)}"]
    lines += [f"* Needs: {requirement_text(r)}" for r in contract.requirements]
    lines += [
        f"* Coverage: {f.column} at least {f.floor:.0%} of rows"
        + (f" where `{f.of}`" if f.of != "TRUE" else "")
        + (f"; every NULL has a {f.reason_column}" if f.reason_column else "")
        + (f", not counted: {', '.join(f.excused)}" if f.excused else "")
        for f in contract.audits.floors
    ]
    lines += [f"* Row rule: {r.name}" for r in contract.audits.rules]
    lines += [f"* Identity: {name}" for name in contract.audits.identities]
    if contract.publishing.tolerance:
        lines.append(
            f"* Quarantine: up to {contract.publishing.tolerance:.0%} of a date's rows: "
            f"{contract.publishing.tolerance_reason}"
        )
    lines += ["", "| column | type | NULL | unit | range | meaning |", "|---|---|---|---|---|---|"]
    for c in contract.columns:
        f = c.field
        source = f" ({f.source})" if f.source else ""
        cells = [f.name, str(f.kind), "" if c.required else "yes", f.unit,
                 f.range_text.replace("|", "\\|"), f.description + source]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])
