"""``nba sources``: when each source answered, what was loaded, and what changed in its form.

Belongs here: options and printing. Does not belong here: finding it out (``reports``).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
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
    reading_snapshot,
    reading_warehouse,
)
from nba_pipeline.platform import Platform
from nba_pipeline.reports.archives import ArchiveReport, OfferedNow, archive_report, offered_now
from nba_pipeline.reports.sources import Finding, Lost, SourceReport, drift_findings, source_reports
from nba_pipeline.settings import SourceMode
from nba_pipeline.sources.archive.manifest import manifest_text
from nba_pipeline.sources.archive.survey import SHOWN, Unknown
from nba_pipeline.verdicts.messages import backfill_command
from nba_pipeline.warehouse.base import Warehouse

_FOLDERS = 20
"""Folders with unknown files that are printed."""


@click.command()
@click.option("--acknowledge", "field_name", help="Take note of the open findings on this field.")
@click.option("--reason", help="Why; needed with --acknowledge.")
@click.option("--manifest", "as_manifest", is_flag=True, help="Print the archive's manifest.")
@click.option("--all", "every", is_flag=True, help="Every span of lost dates in a line.")
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")
@platform_options
@exits
def sources(
    field_name: str | None,
    reason: str | None,
    as_manifest: bool,
    every: bool,
    as_json: bool,
    home: Path | None,
    source: str | None,
    archives: Path | None,
) -> int:
    """Say per endpoint what was fetched, loaded and refused, and which fields have changed.

    Of an archive also: which of its files are not read, and why. Exit 1 while a field is missing,
    renamed, nested or of another type and nobody took note, while a file is missing or fits no
    pattern of the manifest, and while dates that were declared lost are offered.
    """
    if (field_name is None) != (reason is None):
        raise click.UsageError("--acknowledge and --reason belong together")
    platform = make_platform(home, source, archives)
    archive = _archive(platform)
    if as_manifest:
        if archive is None:
            raise click.UsageError("a manifest is of archives; set NBA_ARCHIVES")
        click.echo(manifest_text(archive.root), nl=False)
        return GOOD
    if archive is not None and not as_json:
        _print_archive(archive)
    if field_name is not None and reason is not None:
        _acknowledge(platform.warehouse, field_name, reason)
        platform.warehouse.share()
    warehouse = reading_warehouse(platform.settings)
    snapshot = reading_snapshot(platform.settings, warehouse)
    reports = source_reports(warehouse, snapshot, platform.landing, platform.loaders)
    offered = offered_now(snapshot, platform.loaders)
    if as_json:
        told = [_as_json(r, offered) for r in reports]
        print_json([*told, _archive_as_json(archive)] if archive else told)
    else:
        _print(reports, every=every)
        _print_offered(offered)
    is_open = any(f.is_open for r in reports for f in r.findings)
    is_at_odds = archive is not None and (archive.faults or archive.survey.unknown)
    return NOT_GOOD if is_open or offered or is_at_odds else GOOD


def _archive(platform: Platform) -> ArchiveReport | None:
    settings = platform.settings
    if settings.mode is not SourceMode.ARCHIVES or settings.archives is None:
        return None
    return archive_report(settings.archives, platform.loaders)


def _acknowledge(warehouse: Warehouse, field_name: str, reason: str) -> None:
    found = [f for f in drift_findings(warehouse) if f.is_open]
    chosen = [f.drift for f in found if f.drift.field_name == field_name]
    if not chosen:
        names = ", ".join(sorted({f.drift.field_name for f in found})) or "none"
        raise click.UsageError(f"no open finding on {field_name!r}; open: {names}")
    record_drift(warehouse, chosen, "cli", event="acknowledged", reason=reason)


def _as_json(report: SourceReport, offered: Sequence[OfferedNow]) -> dict[str, object]:
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
        "offered_now": [
            {"table": one.table, "first": one.dates[0], "last": one.dates[-1],
             "dates": len(one.dates)}
            for one in offered if one.table in report.tables
        ],
    }  # fmt: skip


def _archive_as_json(archive: ArchiveReport) -> dict[str, object]:
    """One more element, of no endpoint: files that no endpoint reads belong to none."""
    nothing = SourceReport("archive", None)
    return {
        **_as_json(nothing, []),
        "archive": {
            "root": archive.root,
            "manifest": archive.manifest,
            "inventory": archive.inventory or None,
            "read": archive.survey.read,
            "refused": {why: len(names) for why, names in archive.survey.refused.items()},
            "untimed": archive.survey.untimed,
            "unknown": [
                {"folder": u.folder, "files": u.files, "first": list(u.first)}
                for u in archive.survey.unknown
            ],
            "missing": list(archive.faults),
            "no_file_of": list(archive.empty),
        },
    }


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


def _print(reports: list[SourceReport], *, every: bool) -> None:
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
        by_table = groupby(sorted(report.unrecoverable, key=_table), key=_table)
        for _, spans in by_table:
            for line in _lost_lines(list(spans), every=every):
                click.echo(line)
    for report in reports:
        for finding in report.findings:
            state = "OPEN" if finding.is_open else "known" if finding.drift.kind.breaks else "told"
            drift = finding.drift
            click.echo(
                f"{state}: {drift.source}/{drift.endpoint} {drift.layout}: {drift.text}, "
                f"{finding.occurrences} times, last {_minute(finding.last_seen_at)}, "
                f"as in {drift.request_key}"
            )


def _table(lost: Lost) -> str:
    return lost.table


def _lost_lines(spans: Sequence[Lost], *, every: bool) -> Iterator[str]:
    """Lost dates of a table: a line, with the most frequent reason, or a line for every span."""
    if every or len(spans) == 1:
        for lost in spans:
            yield (
                f"unrecoverable: {lost.table} {lost.first} .. {lost.last}, {lost.dates} dates: "
                f"{lost.reason}"
            )
        return
    reasons = Counter[str]()
    for lost in spans:
        reasons[lost.reason] += lost.dates
    (reason, dates), others = reasons.most_common(1)[0], len(reasons) - 1
    first, last = min(s.first for s in spans), max(s.last for s in spans)
    more = f"; {others} more reasons: nba sources --all" if others else ""
    yield (
        f"unrecoverable: {spans[0].table} {sum(reasons.values())} dates in {first} .. {last}: "
        f"{dates} {reason}{more}"
    )


def _print_archive(archive: ArchiveReport) -> None:
    found = archive.survey
    counts = [
        f"{found.read} files read",
        f"{sum(map(len, found.refused.values()))} known and not read",
        f"{sum(u.files for u in found.unknown)} unknown",
    ]
    listed = f"; {archive.inventory} lists {archive.listed}" if archive.inventory else ""
    click.echo(f"{archive.root} by {archive.manifest}: {', '.join(counts)}{listed}")
    for fault in archive.faults:
        click.echo(f"MISSING: {_plain(fault)}")
    for unknown in found.unknown[:_FOLDERS]:
        click.echo(unknown_line(unknown))
    if len(found.unknown) > _FOLDERS:
        click.echo(f"unknown: {len(found.unknown) - _FOLDERS} more folders, in --json")
    for reason, number in found.untimed.items():
        click.echo(f"no line: {number} files: {reason}")
    for reason, files in found.refused.items():
        names = ", ".join(_plain(name) for name in files[:SHOWN])
        click.echo(f"not read: {len(files)} files: {reason}; first {names}")
    if archive.empty:
        click.echo(f"no file of: {', '.join(archive.empty)}")


def unknown_line(unknown: Unknown) -> str:
    """Files of a folder that fit no pattern, in one line."""
    names = ", ".join(_plain(name) for name in unknown.first)
    return f"unknown: {_plain(unknown.folder)}: {unknown.files} files, first {names}"


def _print_offered(offered: Sequence[OfferedNow]) -> None:
    for one in offered:
        command = backfill_command([one.table], one.dates, downstream=True)
        click.echo(
            f"offered now: {one.table}: {len(one.dates)} dates from {one.dates[0]} to "
            f"{one.dates[-1]} were declared lost: {command}"
        )


def _plain(name: str) -> str:
    """A name of somebody's file, safe on a terminal."""
    return name if name.isprintable() else repr(name)


def _minute(time: dt.datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M}" if time else ""
