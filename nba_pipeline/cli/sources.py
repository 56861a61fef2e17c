"""``nba sources``: when each source answered, what was loaded, and what changed in its form."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from nba_pipeline.build.publish import record_drift
from nba_pipeline.cli.common import (
    GOOD,
    NOT_GOOD,
    exits,
    make_platform,
    platform_options,
    print_grid,
    print_json,
    reading_warehouse,
)
from nba_pipeline.reports.sources import Finding, SourceReport, drift_findings, source_reports
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.warehouse.base import Warehouse


@click.command()
@click.option("--acknowledge", "field_name", help="Take note of the open findings on this field.")
@click.option("--reason", help="Why; needed with --acknowledge.")
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")
@platform_options
@exits
def sources(
    field_name: str | None,
    reason: str | None,
    as_json: bool,
    home: Path | None,
    source: str | None,
    archives: Path | None,
) -> int:
    """Say per endpoint what was fetched, loaded and refused, and which fields have changed.

    Exit 1 while a field is missing, renamed, nested or of another type and nobody took note.
    """
    if (field_name is None) != (reason is None):
        raise click.UsageError("--acknowledge and --reason belong together")
    platform = make_platform(home, source, archives)
    if field_name is not None and reason is not None:
        _acknowledge(platform.warehouse, field_name, reason)
        platform.warehouse.share()
    warehouse = reading_warehouse(platform.settings)
    snapshot = Snapshot(warehouse, platform.settings.league_today())
    reports = source_reports(warehouse, snapshot, platform.landing, platform.loaders)
    if as_json:
        print_json([_as_json(r) for r in reports])
    else:
        _print(reports)
    return NOT_GOOD if any(f.is_open for r in reports for f in r.findings) else GOOD


def _acknowledge(warehouse: Warehouse, field_name: str, reason: str) -> None:
    found = [f for f in drift_findings(warehouse) if f.is_open]
    chosen = [f.drift for f in found if f.drift.field_name == field_name]
    if not chosen:
        names = ", ".join(sorted({f.drift.field_name for f in found})) or "none"
        raise click.UsageError(f"no open finding on {field_name!r}; open: {names}")
    record_drift(warehouse, chosen, "cli", event="acknowledged", reason=reason)


def _as_json(report: SourceReport) -> dict[str, object]:
    return {
        "source": report.source,
        "endpoint": report.endpoint,
        "tables": report.tables,
        "landed": report.landed,
        "rejected": report.rejected,
        "fetched_at": report.fetched_at,
        "loaded_at": report.loaded_at,
        "drift": [_finding(f) for f in report.findings],
        "unrecoverable": [
            {"table": lost.table, "first": lost.first, "last": lost.last, "dates": lost.dates,
             "reason": lost.reason}
            for lost in report.unrecoverable
        ],
    }  # fmt: skip


def _finding(finding: Finding) -> dict[str, object]:
    drift = finding.drift
    return {
        "source": drift.source,
        "layout": drift.layout,
        "field": drift.field_name,
        "kind": drift.kind,
        "detail": drift.detail,
        "example": drift.request_key,
        "first_seen_at": finding.first_seen_at,
        "last_seen_at": finding.last_seen_at,
        "occurrences": finding.occurrences,
        "acknowledged_at": finding.acknowledged_at,
        "is_open": finding.is_open,
    }


def _print(reports: list[SourceReport]) -> None:
    print_grid(
        ["endpoint", "source", "fetched", "loaded", "landed", "rejected", "drift", "lost dates"],
        [
            [str(r.endpoint), r.source, _minute(r.fetched_at), _minute(r.loaded_at),
             str(r.landed or ""), str(r.rejected or ""), str(len(r.findings) or ""),
             str(sum(lost.dates for lost in r.unrecoverable) or "")]
            for r in reports
        ],
    )  # fmt: skip
    for report in reports:
        for lost in report.unrecoverable:
            click.echo(
                f"unrecoverable: {lost.table} {lost.first} .. {lost.last}, {lost.dates} dates: "
                f"{lost.reason}"
            )
    for report in reports:
        for finding in report.findings:
            state = "OPEN" if finding.is_open else "known" if finding.drift.kind.breaks else "told"
            drift = finding.drift
            click.echo(
                f"{state}: {drift.source}/{drift.endpoint} {drift.layout}: {drift.text}, "
                f"{finding.occurrences} times, last {_minute(finding.last_seen_at)}, "
                f"as in {drift.request_key}"
            )


def _minute(time: dt.datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M}" if time else ""
