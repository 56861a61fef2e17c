"""``nba status``: is everything complete, and if not, what is worst and what to type next."""

from __future__ import annotations

import datetime as dt
from collections import Counter
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
    recorded_dates,
)
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE
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

    Without dates: every date that was ever looked at.
    """
    settings = make_settings(home, source, archives)
    snapshot = reading_snapshot(settings)
    dates = [
        d
        for d in recorded_dates(snapshot)
        if (first is None or d >= first) and (last is None or d <= last)
    ]
    if not dates:
        click.echo("nba: no date was ever looked at in this range; run nba backfill", err=True)
        return NOT_GOOD
    states = {
        name: snapshot.states(name, dates if c.is_partitioned else [WHOLE_TABLE])
        for name, c in contracts().items()
    }
    bad = [
        (d, name)
        for name, by_date in states.items()
        for d, state in by_date.items()
        if state not in SETTLED
    ]
    if as_json:
        print_json(_as_json(snapshot, dates, states, bad))
    else:
        _print(snapshot, dates, states, bad)
    return NOT_GOOD if bad else GOOD


def _as_json(
    snapshot: Snapshot,
    dates: list[dt.date],
    states: dict[str, dict[dt.date, State]],
    bad: list[tuple[dt.date, str]],
) -> dict[str, object]:
    verdicts = [(d, n, snapshot.verdict(n, d)) for d, n in bad]
    return {
        "from": dates[0],
        "to": dates[-1],
        "tables": {n: Counter(map(str, by.values())) for n, by in states.items()},
        "bad": [
            {"table": n, "date": d, "state": v.state, "reasons": v.reasons} for d, n, v in verdicts
        ],
    }


def _print(
    snapshot: Snapshot,
    dates: list[dt.date],
    states: dict[str, dict[dt.date, State]],
    bad: list[tuple[dt.date, str]],
) -> None:
    """What can be trusted, what cannot and why, and what to type next."""
    grid = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    grid.add_column("table", overflow="fold")
    for heading in ("good", "none due", "lost", "not good", "last good"):
        grid.add_column(heading, justify="right")
    datasets = {n: contracts()[n].dataset for n in states}
    for dataset in dict.fromkeys(datasets.values()):
        grid.add_row(f"[bold]{dataset}:[/bold]")
        for name in (n for n in states if datasets[n] == dataset):
            cells = _cells(states[name])
            grid.add_row(name, *cells, style="red" if cells[-2] else None)
    counts = Counter(s for by in states.values() for s in by.values())
    grid.add_section()
    grid.add_row("all", *(str(sum(counts[s] for s in part)) for part in _PARTS.values()),
                 str(len(bad)))  # fmt: skip
    out = console()
    out.print(f"{dates[0]} .. {dates[-1]}, in dates")
    out.print(grid)
    if not bad:
        out.print("every date of every table is settled", soft_wrap=True)
        return
    tables = [n for n in states if any(name == n for _, name in bad)]
    trusted = len(states) - len(tables)
    click.echo(
        f"{trusted} of {len(states)} tables can be trusted on every date; {len(bad)} dates of "
        f"{len(tables)} cannot, causes first:"
    )
    for name in tables:
        mine = sorted(d for d, n in bad if n == name)
        verdict = snapshot.verdict(name, mine[0])
        found = Counter(states[name][d] for d in mine).most_common()
        reason = next((r for r in verdict.reasons if r), "")
        line = f"  {name} {', '.join(f'{n} {s}' for s, n in found)}, first {mine[0]}: {reason}"
        if len(mine) == 1:
            line = f"  {verdict_line(name, mine[0], verdict)}"
        out.print(line, soft_wrap=True, markup=False, highlight=False)
    named = tables if len(tables) <= _NAMED else []
    click.echo(f"next: {backfill_command(named, [d for d, _ in bad])}")


def _cells(by_date: dict[dt.date, State]) -> list[str]:
    counts = Counter(by_date.values())
    bad = ", ".join(f"{counts[s]} {s}" for s in State if s not in SETTLED and counts[s])
    good = max((d for d, s in by_date.items() if s in _PARTS["good"]), default=WHOLE_TABLE)
    return [
        *(str(sum(counts[s] for s in part) or "") for part in _PARTS.values()),
        bad,
        "" if good == WHOLE_TABLE else str(good),
    ]
