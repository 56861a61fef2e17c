"""``nba gaps``: every (table, date) that is not good, and how many rows it has of how many."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from nba_pipeline.cli.common import (
    GOOD,
    NOT_GOOD,
    GameDate,
    Table,
    console,
    exits,
    game_dates,
    make_settings,
    platform_options,
    print_json,
    reading_snapshot,
    table_names,
)
from nba_pipeline.cli.matrix import Place, legend, matrix
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.verdicts.messages import date_ranges, subject
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.verdicts.verdict import SETTLED, State, Verdict


@click.command()
@click.option("--from", "first", type=GameDate(), help="First game date.")
@click.option("--to", "last", type=GameDate(), help="Last game date (default: today).")
@click.option("--table", "tables", type=Table(), multiple=True, help="Only these tables.")
@click.option("--matrix", is_flag=True, help="Every table and date on one screen instead.")
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")
@platform_options
@exits
def gaps(
    first: dt.date | None,
    last: dt.date | None,
    tables: tuple[str, ...],
    matrix: bool,
    as_json: bool,
    home: Path | None,
    source: str | None,
    archives: Path | None,
) -> int:
    """List what is not good between two dates, by the schedule and not by a typed list.

    Dates that no source will ever have are listed apart and do not count as gaps.
    """
    settings = make_settings(home, source, archives)
    snapshot = reading_snapshot(settings)
    dates = game_dates(first, last, (), settings)
    names = [n for n in table_names(tables) if contracts()[n].is_partitioned]
    if matrix:
        _print_matrix(snapshot, dates, names, as_json=as_json)
    found = [
        (name, d, snapshot.verdict(name, d))
        for name in names
        for d, state in snapshot.states(name, dates).items()
        if state not in SETTLED
    ]
    whole = [n for n in table_names(tables) if not contracts()[n].is_partitioned]
    found += [
        (n, WHOLE_TABLE, v)
        for n in whole
        if (v := snapshot.verdict(n, WHOLE_TABLE)).state not in SETTLED
    ]
    if not matrix:
        if as_json:
            print_json(
                [{"table": n, "date": d, "state": v.state, "reasons": v.reasons}
                 for n, d, v in found]
            )  # fmt: skip
        else:
            _print_ranges(snapshot, dates, names, found)
    return NOT_GOOD if found else GOOD


def _print_ranges(
    snapshot: Snapshot,
    dates: list[dt.date],
    names: list[str],
    found: list[tuple[str, dt.date, Verdict]],
) -> None:
    for name in dict.fromkeys(n for n, _, _ in found):
        mine = {d: v for n, d, v in found if n == name}
        for first, last in date_ranges(mine):
            verdict = snapshot.verdict(name, first)
            span = subject(name, first) if first == last else f"{name} {first} .. {last}"
            click.echo(f"{span} {verdict.state}: {'; '.join(verdict.reasons)}")
    if not found:
        click.echo(f"no gaps in {dates[0]} .. {dates[-1]}")
    lost = {n: [d for d, s in snapshot.states(n, dates).items() if s is State.UNRECOVERABLE]
            for n in names}  # fmt: skip
    for name, when in lost.items():
        if when:
            reason = snapshot.verdict(name, when[0]).reasons[0]
            click.echo(f"{name} {len(when)} dates unrecoverable, first {when[0]}: {reason}")


def _print_matrix(
    snapshot: Snapshot, dates: list[dt.date], names: list[str], *, as_json: bool
) -> None:
    places = {
        n: {d: Place(snapshot.state(n, d), snapshot.rows_now(n, d) or 0) for d in dates}
        for n in names
    }
    if as_json:
        print_json(
            [
                {
                    "date": d,
                    "games": len(snapshot.day(d).games),
                    **{n: f"{places[n][d].rows} {places[n][d].state}" for n in names},
                }
                for d in dates
            ]
        )
        return
    out = console()
    out.print(f"{dates[0]} .. {dates[-1]}")
    out.print(matrix(places, dates, out.width))
    out.print(legend(places))
