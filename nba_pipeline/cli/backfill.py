"""``nba backfill``: bring dates of tables to a good verdict, and say plainly what was not."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from nba_pipeline.cli.common import (
    GOOD,
    NOT_GOOD,
    GameDate,
    Table,
    exits,
    game_dates,
    make_platform,
    platform_options,
    print_grid,
    reading_warehouse,
    table_names,
)
from nba_pipeline.cli.sources import unknown_line
from nba_pipeline.contracts.registry import contracts, downstream_of
from nba_pipeline.platform import Platform
from nba_pipeline.reports.plan import plan_tables
from nba_pipeline.settings import SourceMode, WarehouseKind
from nba_pipeline.sources.archive.listing import archive_at
from nba_pipeline.sources.archive.survey import passed_over
from nba_pipeline.verdicts.gate import ask
from nba_pipeline.verdicts.messages import backfill_command, refusal_text, verdict_line
from nba_pipeline.verdicts.planner import Step
from nba_pipeline.verdicts.snapshot import Snapshot, snapshot_of
from nba_pipeline.warehouse.duckdb.warehouse import DuckDBWarehouse

if TYPE_CHECKING:
    from nba_pipeline.orchestration.runner import TableOutcome

_SHOWN = 10


@click.command()
@click.option("--from", "first", type=GameDate(), help="First game date.")
@click.option("--to", "last", type=GameDate(), help="Last game date (default: tomorrow).")
@click.option("--date", "dates", type=GameDate(), multiple=True, help="Single dates instead.")
@click.option("--table", "tables", type=Table(), multiple=True, help="Only these tables.")
@click.option("--downstream", is_flag=True, help="Also every table that reads the named ones.")
@click.option("--again", is_flag=True, help="Also what is complete and unchanged.")
@click.option(
    "--stop-on-failure",
    is_flag=True,
    help="Stop at the first bad date: no later date is tried; a run for each.",
)
@click.option(
    "--dry-run", is_flag=True, help="Print the plan and what the gate would refuse; write nothing."
)
@platform_options
@exits
def backfill(
    first: dt.date | None,
    last: dt.date | None,
    dates: tuple[dt.date, ...],
    tables: tuple[str, ...],
    downstream: bool,
    again: bool,
    stop_on_failure: bool,
    dry_run: bool,
    home: Path | None,
    source: str | None,
    archives: Path | None,
) -> int:
    """Build what is missing, partial or stale; skip what is complete and unchanged.

    Without --table: every table. Interrupt it at any time; the same command goes on from there.
    Exit 1 also while the archive has files that may be of these tables and dates and that fit no
    pattern of its manifest.
    """
    platform = make_platform(home, source, archives)
    chosen = game_dates(first, last, dates, platform.settings)
    names = table_names(tables)
    if downstream:
        names = downstream_of(names)
    if dry_run:
        with _only_looking(platform) as looking:
            return _dry_run(looking, names, chosen, again=again)
    platform.warehouse.ensure_tables()
    snapshot = snapshot_of(platform, tables=names, dates=chosen)
    steps = plan_tables(snapshot, platform.loaders, names, chosen, again=again)
    _print_plan(steps, chosen)
    _print_costs(platform, steps)
    is_passed_over = _tell_passed_over(platform, names, chosen)
    is_due = any(step.dates for step in steps)
    started = time.monotonic()
    try:
        outcomes = []
        if is_due:
            outcomes = run_with_progress(
                platform,
                names,
                chosen,
                again=again,
                stop_on_failure=stop_on_failure,
                snapshot=snapshot,
            )
    except KeyboardInterrupt:
        click.echo("nba: interrupted; run the same command again to go on", err=True)
        return NOT_GOOD
    code = _report(outcomes, len(names), time.monotonic() - started)
    return NOT_GOOD if is_passed_over else code


@contextmanager
def _only_looking(platform: Platform) -> Iterator[Platform]:
    """The platform over a warehouse that is only read; an empty one where there is none."""
    settings = platform.settings
    if settings.warehouse is not WarehouseKind.DUCKDB or settings.duckdb_path.exists():
        yield replace(platform, warehouse=reading_warehouse(settings))
        return
    with TemporaryDirectory() as folder:
        empty = DuckDBWarehouse(Path(folder) / "empty.duckdb")
        empty.ensure_tables()
        yield replace(platform, warehouse=empty)


def _dry_run(
    platform: Platform, tables: Sequence[str], dates: Sequence[dt.date], *, again: bool
) -> int:
    """Print the plan and what the gate would refuse of it, if what is planned comes out well."""
    snapshot = snapshot_of(platform, tables=tables, dates=dates)
    steps = plan_tables(snapshot, platform.loaders, tables, dates, again=again)
    _print_plan(steps, list(dates))
    _print_costs(platform, steps)
    planned = {(step.table, d) for step in steps for d in step.dates}
    refused = [
        replace(refusal, problems=problems)
        for step in steps
        if contracts()[step.table].requirements and not contracts()[step.table].is_calendar
        for refusal in ask(snapshot, contracts()[step.table], step.dates).refused.values()
        if (problems := tuple(
            p for p in refusal.problems if (p.upstream, p.date) not in planned
        ))
    ]  # fmt: skip
    for refusal in refused[:_SHOWN]:
        click.echo(f"would be {refusal_text(refusal)}")
    if len(refused) > _SHOWN:
        click.echo(f"and {len(refused) - _SHOWN} more refusals")
    _tell_passed_over(platform, tables, dates)
    return NOT_GOOD if refused else GOOD


def _print_costs(platform: Platform, steps: Sequence[Step]) -> None:
    for step in steps:
        cost = platform.warehouse.plan_cost(contracts()[step.table], step.dates)
        if cost:
            click.echo(cost)


def _tell_passed_over(platform: Platform, tables: Sequence[str], dates: Sequence[dt.date]) -> bool:
    """Name files of the archive that nobody reads and that may be of these tables and dates."""
    settings = platform.settings
    endpoints = {e for t in tables if (e := contracts()[t].endpoint) is not None}
    if settings.mode is not SourceMode.ARCHIVES or settings.archives is None or not endpoints:
        return False
    found = passed_over(archive_at(settings.archives), endpoints, dates)
    for unknown in found:
        click.echo(unknown_line(unknown), err=True)
    if found:
        text = "they fit no pattern of the manifest and are not read: nba sources --manifest"
        click.echo(text, err=True)
    return bool(found)


def _print_plan(steps: list[Step], dates: list[dt.date]) -> None:
    rows = [
        [
            step.table,
            str(len(step.dates)),
            str(step.skipped),
            "" if step.expected_rows is None else str(step.expected_rows),
            ", ".join(f"{n} {reason}" for reason, n in step.reasons.most_common()),
        ]
        for step in steps
    ]
    title = f"plan: {len(dates)} dates, {dates[0]} .. {dates[-1]}"
    print_grid(["table", "to build", "settled", "rows due", "why"], rows, title=title)


class _Rate(ProgressColumn):
    """Dates a second."""

    def render(self, task: Task) -> Text:
        """The rate, empty before it is known."""
        return Text(f"{task.speed:.0f}/s" if task.speed else "")


@contextmanager
def _progress() -> Iterator[Progress]:
    columns = (
        TextColumn("{task.description:32}"), BarColumn(), MofNCompleteColumn(), _Rate(),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield progress


def run_with_progress(
    platform: Platform,
    tables: Sequence[str],
    dates: Sequence[dt.date],
    *,
    again: bool = False,
    stop_on_failure: bool = False,
    snapshot: Snapshot | None = None,
) -> list[TableOutcome]:
    """Run a backfill with a bar per table on stderr; Dagster is loaded only now."""
    from nba_pipeline.orchestration.instance import dagster_instance
    from nba_pipeline.orchestration.runner import Backfill, run_backfill

    work = Backfill(tables, dates, again=again, stop_on_failure=stop_on_failure)
    with dagster_instance(platform.settings.home) as instance, _progress() as bars:
        tasks: dict[str, TaskID] = {}
        due: Counter[str] = Counter()

        def planned(step: Step) -> None:
            due[step.table] += len(step.dates)
            if step.table in tasks:  # one date after the other: the next one
                bars.update(tasks[step.table], total=due[step.table])
            else:
                tasks[step.table] = bars.add_task(step.table, total=due[step.table])

        return run_backfill(
            platform,
            instance,
            work,
            progress=lambda table, n: bars.advance(tasks[table], n),
            planned=planned,
            snapshot=snapshot,
        )


def _report(outcomes: list[TableOutcome], tables: int, seconds: float) -> int:
    bad = {(o.step.table, d): v for o in outcomes for d, v in o.bad.items()}
    done = sum(o.done for o in outcomes)
    click.echo(f"{done} dates of {tables} tables in {seconds:.1f} s; {len(bad)} not good")
    for message in [m for o in outcomes for m in o.failed_runs]:
        click.echo(f"  failed: {message}")
    if any(o.was_stopped for o in outcomes):
        click.echo("stopped at the first failure; later dates and tables were not tried")
    if not bad:
        kept = any(o.failed_runs for o in outcomes)
        if kept:
            click.echo("published rows stay as they were: nba explain TABLE DATE says why")
        return NOT_GOOD if kept else GOOD
    for (name, date), verdict in list(bad.items())[:_SHOWN]:
        click.echo(f"  {verdict_line(name, date, verdict)}")
    if len(bad) > _SHOWN:
        click.echo(f"  and {len(bad) - _SHOWN} more: nba gaps")
    first = next(iter(bad))[0]
    dates = [d for name, d in bad if name == first]
    click.echo(f"next: {backfill_command([first], dates, downstream=True)}")
    return NOT_GOOD
