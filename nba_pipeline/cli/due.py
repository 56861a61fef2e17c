"""``nba due``: the timetable of raw tables, whoever was to bring them and may be dead."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path

import click

from nba_pipeline.cli.common import (
    GOOD,
    NOT_GOOD,
    GameDate,
    Table,
    exits,
    make_settings,
    platform_options,
    print_grid,
    print_json,
    reading_snapshot,
    reading_warehouse,
    table_names,
)
from nba_pipeline.league.calendar import EASTERN
from nba_pipeline.league.clock import Phase
from nba_pipeline.reports.timetable import nights, timetable


@click.command()
@click.option("--date", "dates", type=GameDate(), multiple=True, help="Default: yesterday, today.")
@click.option("--table", "tables", type=Table(), multiple=True, help="Only these tables.")
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")
@platform_options
@exits
def due(
    dates: tuple[dt.date, ...],
    tables: tuple[str, ...],
    as_json: bool,
    home: Path | None,
    source: str | None,
    archives: Path | None,
) -> int:
    """Say which date of which raw table is due, late or done by the league's clock.

    Exit 1 when one is late. Times are Eastern.
    """
    settings = make_settings(home, source, archives)
    today = settings.league_today()
    chosen = sorted(dates) or [today - dt.timedelta(1), today]
    warehouse = reading_warehouse(settings)
    snapshot = reading_snapshot(settings, warehouse)
    found = timetable(snapshot, nights(warehouse, chosen), settings.now(), table_names(tables))
    if as_json:
        print_json([asdict(entry) for entry in found])
    else:
        print_grid(
            ["table", "date", "due", "late", "phase", "state"],
            [
                [e.table, str(e.date), _wall(e.due_at), _wall(e.late_at), e.phase, e.state]
                for e in found
            ],
        )
        late = sum(e.phase is Phase.LATE for e in found)
        click.echo(f"{late} of {len(found)} dates of raw tables are late")
    return NOT_GOOD if any(e.phase is Phase.LATE for e in found) else GOOD


def _wall(moment: dt.datetime) -> str:
    return f"{moment.astimezone(EASTERN):%m-%d %H:%M}"
