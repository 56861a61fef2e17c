"""``nba verify``: read the live tables again and compare them with the ledger, row by row."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from pathlib import Path

import click

from nba_pipeline.build.bookkeeping import LostBookkeeping, lost_bookkeeping
from nba_pipeline.build.landed import LandingFault, verify_landing
from nba_pipeline.build.prove import prove
from nba_pipeline.build.verify import Discrepancy, close_gate, verify_table
from nba_pipeline.cli.common import (
    GOOD,
    NOT_GOOD,
    Table,
    exits,
    make_platform,
    platform_options,
    print_json,
    table_names,
)
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.platform import Platform
from nba_pipeline.reports.seasons import seasons
from nba_pipeline.reports.standing import Standing, due_dates, standing
from nba_pipeline.verdicts.messages import backfill_command, subject
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.touched import touched


@click.command()
@click.option("--table", "tables", type=Table(), multiple=True, help="Only these tables.")
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")
@platform_options
@exits
def verify(
    tables: tuple[str, ...],
    as_json: bool,
    home: Path | None,
    source: str | None,
    archives: Path | None,
) -> int:
    """Recount and re-hash every published date; close the gate for those that do not hold.

    Dagster is told of every date whose verdict is another one than it shows.
    """
    platform = make_platform(home, source, archives)
    platform.warehouse.query("SELECT 1 AS one")  # no warehouse is an error, not an empty one
    made = platform.warehouse.ensure_tables()
    started = dt.datetime.now(dt.UTC)
    snapshot = snapshot_of(platform)
    gone = lost_bookkeeping(platform.warehouse, made)
    found = []
    dates = 0
    for name in table_names(tables):
        contract = contracts()[name]
        wrong = verify_table(platform.warehouse, snapshot, contract)
        close_gate(platform.warehouse, snapshot, contract, wrong, run_id=str(uuid.uuid4()))
        dates += len(snapshot.rows(name))
        found += wrong
    lost = verify_landing(platform, [contracts()[name] for name in table_names(tables)])
    if found:
        snapshot = snapshot_of(platform)
    if is_proven := prove(platform.warehouse, snapshot, str(uuid.uuid4())):
        snapshot = snapshot_of(platform)
    if found or is_proven or made:
        platform.warehouse.share()
    _tell(platform, table_names(tables), started)
    first = platform.settings.first_date
    counted = seasons(platform.warehouse, first, snapshot.today)
    stands = standing(snapshot, due_dates(snapshot, first, None, None), counted)
    if as_json:
        print_json([*map(dataclasses.asdict, found), *map(dataclasses.asdict, lost),
                    *map(dataclasses.asdict, gone)])  # fmt: skip
    else:
        _print(
            found, lost, gone, f"{dates} dates of {len(table_names(tables))} tables are as recorded"
        )
        _print_standing(stands)
    return NOT_GOOD if found or lost or gone or not stands.is_good else GOOD


def _print(
    found: list[Discrepancy], lost: list[LandingFault], gone: list[LostBookkeeping], good: str
) -> None:
    for missing in gone:
        click.echo(f"{missing.path} was not there and is made anew: {missing.detail}")
        if missing.command:
            click.echo(f"next: {missing.command}")
    for d in found:
        click.echo(f"{subject(d.table, d.date)}: {d.detail}")
    for fault in lost:
        click.echo(f"{fault.table} {fault.dates[0]} .. {fault.dates[-1]}: {fault.detail}")
        command = backfill_command([fault.table], fault.dates, downstream=False)
        click.echo(f"next: {command} --again")
    if found:
        names = [n for n in contracts() if any(d.table == n for d in found)]
        when = sorted({d.date for d in found})
        click.echo(f"next: {backfill_command(names, when, downstream=True)}")
    elif not lost and not gone:
        click.echo(good)


def _print_standing(stands: Standing) -> None:
    """What was recorded may hold and still not be good, or not be there at all."""
    for line in stands.headlines:
        click.echo(line)
    if stands.bad:
        click.echo(f"{len(stands.bad)} dates of tables are not good: nba status")


def _tell(platform: Platform, tables: list[str], started: dt.datetime) -> None:
    """Dates of the tables, and what reads those of which the gate was closed."""
    from nba_pipeline.orchestration.instance import dagster_instance
    from nba_pipeline.orchestration.shown import tell_others

    affected = touched(platform.warehouse, started, {})
    with dagster_instance(platform.settings.home) as instance:
        tell_others(platform, instance, {**affected, **dict.fromkeys(tables)})
