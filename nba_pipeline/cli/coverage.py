"""``nba coverage``: where the holes are, by period: whole dates of tables, or watched columns."""

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
    reading_snapshot,
    reading_warehouse,
    table_names,
)
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.league.calendar import season_label
from nba_pipeline.league.seasons import SeasonGames
from nba_pipeline.reports.coverage import Cell, Period, table_coverage
from nba_pipeline.reports.seasons import seasons
from nba_pipeline.reports.standing import due_dates, lost_line
from nba_pipeline.reports.watched import PeriodShare, WatchedColumn, watched_columns
from nba_pipeline.warehouse.base import Warehouse


@click.command()
@click.option("--from", "first", type=GameDate(), help="First game date.")
@click.option("--to", "last", type=GameDate(), help="Last game date.")
@click.option("--table", "tables", type=Table(), multiple=True, help="Only these tables.")
@click.option("--column", help="A watched column instead of whole dates: a line per period.")
@click.option("--columns", "every", is_flag=True, help="Every watched column: one line each.")
@click.option(
    "--by",
    type=click.Choice([p.value for p in Period]),
    default="season",
    show_default=True,
    help="Period; by team it is about columns.",
)
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")
@platform_options
@exits
def coverage(
    first: dt.date | None,
    last: dt.date | None,
    tables: tuple[str, ...],
    column: str | None,
    every: bool,
    by: str,
    as_json: bool,
    home: Path | None,
    source: str | None,
    archives: Path | None,
) -> int:
    """Share of due game dates that are complete; the schedule is the only denominator.

    With --column or --columns: share of values in the published rows, against the floor that the
    contract sets, with the worst period and date, and why the other values are NULL.
    """  # fmt: skip
    settings = make_settings(home, source, archives)
    period = Period(by)
    names = [n for n in table_names(tables) if contracts()[n].is_partitioned]
    if column or every or period is Period.TEAM:
        names = _watching(names, column, period)
        found = _columns(reading_warehouse(settings), names, column, period, first, last)
        if as_json:
            print_json(_as_json(found))
        elif column:
            _print_periods(found)
        else:
            _print_columns(found)
        if not as_json:
            click.echo(_conclusion(found, period))
        return NOT_GOOD if any(c.judgement.is_bad for c in found) else GOOD
    warehouse = reading_warehouse(settings)
    snapshot = reading_snapshot(settings, warehouse)
    dates = due_dates(snapshot, settings.first_date, first, last)
    cells = {n: table_coverage(snapshot, n, dates, period) for n in names}
    lacking = []
    if period is Period.SEASON and not (first or last):
        found_seasons = seasons(warehouse, settings.first_date, snapshot.today)
        lacking = [s for s in found_seasons if s.wrong]
        _lower(cells, lacking)
    _print_cells(cells, as_json=as_json)
    every_cell = [c for by_period in cells.values() for c in by_period.values()]
    if not as_json:
        lost = sum(c.unrecoverable for c in every_cell)
        for line in [s.text for s in lacking] + [lost_line(lost)] * bool(lost):
            click.echo(line)
    return NOT_GOOD if lacking or any(c.other for c in every_cell) else GOOD


def _lower(cells: dict[str, dict[str, Cell]], lacking: list[SeasonGames]) -> None:
    """No table is whole in a season of which the schedule lacks games."""
    for season in lacking:
        for by_period in cells.values():
            if season_label(season.year) in by_period:
                by_period[season_label(season.year)].known = season.known


def _watching(names: list[str], column: str | None, period: Period) -> list[str]:
    found = [
        n for n in names if any(column in (None, f.column) for f in contracts()[n].audits.floors)
    ]
    if not found:
        watched = sorted({f.column for c in contracts().values() for f in c.audits.floors})
        what = f"watches {column!r}" if column else "has a watched column"
        raise click.UsageError(f"no table {what}; watched: {', '.join(watched)}")
    if period is Period.TEAM:
        found = [n for n in found if "team" in contracts()[n].column_names]
        if not found:
            raise click.UsageError(f"rows with {column or 'watched columns'} have no team")
    return found


def _columns(
    warehouse: Warehouse,
    names: list[str],
    column: str | None,
    period: Period,
    first: dt.date | None,
    last: dt.date | None,
) -> list[WatchedColumn]:
    return [
        c
        for n in names
        for c in watched_columns(
            warehouse, contracts()[n], period, first=first, last=last, column=column
        )
    ]


def _print_cells(cells: dict[str, dict[str, Cell]], *, as_json: bool) -> None:
    if as_json:
        print_json({n: {p: _of_cell(c) for p, c in by.items()} for n, by in cells.items()})
        return
    rows = [
        [name, label, str(c.due), str(c.complete), str(c.unrecoverable or ""), str(c.other or ""),
         f"{int(c.pct * 10) / 10:.1f}", str(c.first_bad or "")]
        for name, by_period in cells.items()
        for label, c in sorted(by_period.items())
    ]  # fmt: skip
    print_grid(
        ["table", "period", "due dates", "complete", "unrecoverable", "not good", "%", "first bad"],
        rows,
    )


def _of_cell(cell: Cell) -> dict[str, object]:
    """A cell; how much of its games is known where that is not all of them."""
    found = {**dataclasses.asdict(cell), "pct": int(cell.pct * 100) / 100}
    return found if cell.known < 1 else {k: v for k, v in found.items() if k != "known"}


def _as_json(found: list[WatchedColumn]) -> dict[str, dict[str, object]]:
    tables: dict[str, dict[str, object]] = {}
    for c in found:
        tables.setdefault(c.table, {})[c.floor.column] = {
            "floor": c.floor.floor,
            "of": c.floor.of,
            "excused": c.floor.excused,
            "verdict": c.judgement,
            "mean": c.whole.share if c.whole.counted else None,
            "worst": c.worst.label if c.worst else None,
            "nulls": c.whole.nulls,
            "periods": {p.label: _period(c, p) for p in c.periods},
        }
    return tables


def _period(column: WatchedColumn, p: PeriodShare) -> dict[str, object]:
    found = {k: v for k, v in dataclasses.asdict(p).items() if k != "label"}
    return {
        **found,
        "nulls": dict(p.nulls),
        "share": p.share if p.counted else None,
        "verdict": p.judged(column.floor),
    }


def _print_columns(found: list[WatchedColumn]) -> None:
    """A line per column: its mean never stands without its worst period."""
    rows = []
    for c in found:
        worst = c.worst
        rows.append(
            [
                c.table,
                c.floor.column,
                f"{c.floor.floor:.0%}",
                _share(c.whole),
                f"{_share(worst)} {worst.label}" if worst else "",
                _nulls(c.whole),
                str(c.judgement),
            ]
        )
    print_grid(["table", "column", "floor", "mean", "worst", "NULLs", "verdict"], rows)


def _print_periods(found: list[WatchedColumn]) -> None:
    """A line per period of one column, for each table that watches it."""
    for c in found:
        rows = [
            [p.label, str(p.counted), _share(p),
             "" if p.lowest is None else f"{_floored(p.lowest)} {p.lowest_date}", _nulls(p),
             str(p.judged(c.floor))]
            for p in c.periods
        ]  # fmt: skip
        worst = f", worst {_share(c.worst)} in {c.worst.label}" if c.worst else ""
        print_grid(
            ["period", "rows", "present", "worst date", "NULLs", "verdict"],
            rows,
            title=f"{c.table}.{c.floor.column}: floor {c.floor.floor:.0%} of rows"
            f"{f' where {c.floor.of}' if c.floor.of != 'TRUE' else ''}, mean {_share(c.whole)}"
            f"{worst}: {c.judgement}",
        )


def _conclusion(found: list[WatchedColumn], period: Period) -> str:
    """What the lines come to, and what to type next."""
    bad = [(c, p) for c in found for p in c.bad]
    if not bad:
        return f"no {period} is under a floor"
    column, worst = min(bad, key=lambda b: b[1].share)
    look = f"nba coverage --table {column.table} --column {column.floor.column} --by date"
    if period is Period.DATE:
        look = f"nba explain {column.table} {worst.label}"
    return f"{len(bad)} not good, the worst: {column.table} {worst.label}\nnext: {look}"


def _share(p: PeriodShare) -> str:
    return _floored(p.share) if p.counted else "-"


def _floored(share: float) -> str:
    """Percent, never rounded up: 100 means all."""
    return f"{int(share * 10_000) / 100:.2f}%"


def _nulls(p: PeriodShare) -> str:
    return ", ".join(f"{n} {reason}" for reason, n in p.nulls.most_common())
