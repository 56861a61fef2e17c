"""``nba coverage``: which season or month has holes, per table or per watched column."""

from __future__ import annotations

import dataclasses
import datetime as dt
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
    reading_warehouse,
    recorded_dates,
    table_names,
)
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.coverage import Cell, ColumnCell, Period, column_coverage, table_coverage
from nba_pipeline.snapshot import Snapshot


@click.command()
@click.option("--from", "first", type=GameDate(), help="First game date.")
@click.option("--to", "last", type=GameDate(), help="Last game date.")
@click.option("--table", "tables", type=Table(), multiple=True, help="Only these tables.")
@click.option("--column", help="A watched column instead of whole dates.")
@click.option(
    "--by",
    type=click.Choice([p.value for p in Period]),
    default="season",
    show_default=True,
    help="Period.",
)
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")
@platform_options
@exits
def coverage(
    first: dt.date | None,
    last: dt.date | None,
    tables: tuple[str, ...],
    column: str | None,
    by: str,
    as_json: bool,
    home: Path | None,
    source: str | None,
    archives: Path | None,
) -> int:
    """Share of due game dates that are complete; the schedule is the only denominator.

    With --column: share of values present, and the worst date of each period.
    """  # fmt: skip
    settings = make_settings(home, source, archives)
    warehouse = reading_warehouse(settings)
    snapshot = Snapshot(warehouse, today=settings.league_today())
    dates = [
        d
        for d in recorded_dates(snapshot)
        if (first is None or d >= first) and (last is None or d <= last)
    ]
    period = Period(by)
    names = [n for n in table_names(tables) if contracts()[n].is_partitioned]
    if column:
        names = _watching(names, column)
        columns = {n: column_coverage(warehouse, n, column, dates, period) for n in names}
        _print_columns(columns, as_json=as_json)
        return GOOD
    cells = {n: table_coverage(snapshot, n, dates, period) for n in names}
    _print_cells(cells, as_json=as_json)
    return NOT_GOOD if any(c.other for by_period in cells.values() for c in by_period.values()) \
        else GOOD  # fmt: skip


def _watching(names: list[str], column: str) -> list[str]:
    found = [n for n in names if any(f.column == column for f in contracts()[n].floors)]
    if not found:
        watched = sorted({f.column for n in names for f in contracts()[n].floors})
        raise click.UsageError(f"no table watches {column!r}; watched: {', '.join(watched)}")
    return found


def _print_cells(cells: dict[str, dict[str, Cell]], *, as_json: bool) -> None:
    if as_json:
        print_json(
            {n: {p: {**dataclasses.asdict(c), "pct": round(c.pct, 2)} for p, c in by.items()}
             for n, by in cells.items()}
        )  # fmt: skip
        return
    rows = [
        [name, label, str(c.due), str(c.complete), str(c.unrecoverable or ""), str(c.other or ""),
         f"{c.pct:.1f}", str(c.first_bad or "")]
        for name, by_period in cells.items()
        for label, c in sorted(by_period.items())
    ]  # fmt: skip
    print_grid(
        ["table", "period", "due dates", "complete", "unrecoverable", "not good", "%", "first bad"],
        rows,
    )


def _print_columns(cells: dict[str, dict[str, ColumnCell]], *, as_json: bool) -> None:
    if as_json:
        print_json(
            {n: {p: dataclasses.asdict(c) for p, c in by.items()} for n, by in cells.items()}
        )
        return
    rows = [
        [name, label, str(c.dates), f"{c.mean:.2%}", f"{c.lowest:.2%}", str(c.lowest_date)]
        for name, by_period in cells.items()
        for label, c in by_period.items()
    ]
    print_grid(["table", "period", "dates", "mean", "lowest", "on"], rows)
