"""``nba status``: is everything complete, and if not, what is worst and what to type next."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click
from rich import box
from rich.table import Table

from nba_pipeline.cli.common import (
    GOOD,
    NOT_GOOD,
    GameDate,
    console,
    exits,
    make_settings,
    platform_options,
    print_json,
    reading_snapshot,
    reading_warehouse,
)
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.reports.seasons import seasons
from nba_pipeline.reports.standing import Standing, due_dates, standing
from nba_pipeline.verdicts.messages import backfill_command, verdict_line
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.verdicts.verdict import SETTLED, State

_PARTS = {
    "good": (State.COMPLETE, State.WAIVED),
    "none due": (State.NO_GAMES, State.BOOTSTRAP, State.NOT_DUE),
    "lost": (State.UNRECOVERABLE,),
}
"""Columns of the grid that need nothing; ``--json`` has every state."""
_NAMED = 5
"""With more bad tables than these the next command is for all; what is good is skipped anyway."""


@click.command()
@click.option("--from", "first", type=GameDate(), help="First game date.")
@click.option("--to", "last", type=GameDate(), help="Last game date.")
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")
@platform_options
@exits
def status(
    first: dt.date | None,
    last: dt.date | None,
    as_json: bool,
    home: Path | None,
    source: str | None,
    archives: Path | None,
) -> int:
    """Count the verdicts of every table, name the worst dates and the next command.

    Without dates: every date from NBA_FIRST_DATE to the league's yesterday, looked at or not.
    """
    settings = make_settings(home, source, archives)
    warehouse = reading_warehouse(settings)
    snapshot = reading_snapshot(settings, warehouse)
    dates = due_dates(snapshot, settings.first_date, first, last)
    if not dates:
        click.echo("nba: no date of this range is due yet", err=True)
        return NOT_GOOD
    counted = seasons(warehouse, settings.first_date, snapshot.today)
    found = standing(snapshot, dates, counted)
    if as_json:
        print_json(_as_json(snapshot, found))
    else:
        _print(snapshot, found)
    return GOOD if found.is_good else NOT_GOOD


def _as_json(snapshot: Snapshot, found: Standing) -> dict[str, object]:
    verdicts = [(d, n, snapshot.verdict(n, d)) for d, n in found.seen_bad]
    return {
        "from": found.dates[0],
        "to": found.dates[-1],
        "newest_date": found.newest,
        "never_looked_at": list(found.never),
        "lost": found.counts[State.UNRECOVERABLE],
        "unproven": found.unproven,
        "seasons_not_whole": [season.text for season in found.short],
        "tables": {n: Counter(map(str, by.values())) for n, by in found.states.items()},
        "bad": [
            {"table": n, "date": d, "state": v.state, "reasons": v.reasons} for d, n, v in verdicts
        ],
    }


def _print(snapshot: Snapshot, found: Standing) -> None:
    """What can be trusted, what cannot and why, and what to type next."""
    grid = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    grid.add_column("table", overflow="fold")
    for heading in ("good", "none due", "lost", "not good", "last good"):
        grid.add_column(heading, justify="right")
    datasets = {n: contracts()[n].dataset for n in found.states}
    for dataset in dict.fromkeys(datasets.values()):
        grid.add_row(f"[bold]{dataset}:[/bold]")
        for name in (n for n in found.states if datasets[n] == dataset):
            cells = _cells(found.states[name])
            grid.add_row(name, *cells, style="red" if cells[-2] else None)
    grid.add_section()
    grid.add_row("all", *(str(sum(found.counts[s] for s in part)) for part in _PARTS.values()),
                 str(len(found.bad)))  # fmt: skip
    out = console()
    out.print(f"{found.dates[0]} .. {found.dates[-1]}, in dates")
    out.print(grid)
    for line in found.headlines:
        out.print(line, soft_wrap=True, markup=False, highlight=False)
    if not found.bad and not found.is_good:
        out.print("every date of every table is settled but for that", soft_wrap=True)
        return
    if not found.bad:
        out.print("every date of every table is settled", soft_wrap=True)
        return
    tables = list(dict.fromkeys(n for _, n in found.seen_bad))
    if tables:
        click.echo(
            f"{len(found.states) - len(tables)} of {len(found.states)} tables can be trusted on "
            f"every date that was looked at; {len(found.seen_bad)} dates of {len(tables)} cannot, "
            "causes first:"
        )
    for name in tables:
        out.print(_cause(snapshot, found, name), soft_wrap=True, markup=False, highlight=False)
    named = tables if len(tables) <= _NAMED and not found.never else []
    click.echo(
        f"next: {backfill_command(named, [d for d, _ in found.bad], downstream=bool(named))}"
    )


def _cause(snapshot: Snapshot, found: Standing, name: str) -> str:
    """What is wrong with a table, in a line."""
    mine = sorted(d for d, n in found.seen_bad if n == name)
    verdict = snapshot.verdict(name, mine[0])
    if len(mine) == 1:
        return f"  {verdict_line(name, mine[0], verdict)}"
    states = Counter(found.states[name][d] for d in mine).most_common()
    reason = next((r for r in verdict.reasons if r), "")
    return f"  {name} {', '.join(f'{n} {s}' for s, n in states)}, first {mine[0]}: {reason}"


def _cells(by_date: Mapping[dt.date, State]) -> list[str]:
    counts = Counter(by_date.values())
    bad = ", ".join(f"{counts[s]} {s}" for s in State if s not in SETTLED and counts[s])
    good = max((d for d, s in by_date.items() if s in _PARTS["good"]), default=WHOLE_TABLE)
    return [
        *(str(sum(counts[s] for s in part) or "") for part in _PARTS.values()),
        bad,
        "" if good == WHOLE_TABLE else str(good),
    ]
