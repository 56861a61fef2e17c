"""``nba status``: is everything complete, and if not, what is worst and what to type next."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import click

from nba_pipeline.cli.common import (
    GOOD,
    NOT_GOOD,
    GameDate,
    exits,
    make_settings,
    platform_options,
    print_grid,
    print_json,
    reading_warehouse,
    recorded_dates,
)
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.messages import backfill_command, verdict_line
from nba_pipeline.snapshot import Snapshot
from nba_pipeline.verdict import SETTLED, State, Verdict

STATES = tuple(State)


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
    snapshot = Snapshot(reading_warehouse(settings), today=settings.league_today())
    dates = [
        d
        for d in recorded_dates(snapshot)
        if (first is None or d >= first) and (last is None or d <= last)
    ]
    if not dates:
        click.echo("nba: no date was ever looked at in this range; run nba backfill", err=True)
        return NOT_GOOD
    verdicts = {
        name: {d: snapshot.verdict(name, d) for d in (dates if c.is_partitioned else [WHOLE_TABLE])}
        for name, c in contracts().items()
    }
    bad = [
        (d, name, v)
        for name, by_date in verdicts.items()
        for d, v in by_date.items()
        if v.state not in SETTLED
    ]
    if as_json:
        print_json(_as_json(dates, verdicts, bad))
    else:
        _print(dates, verdicts, bad)
    return NOT_GOOD if bad else GOOD


def _as_json(
    dates: list[dt.date],
    verdicts: dict[str, dict[dt.date, Verdict]],
    bad: list[tuple[dt.date, str, Verdict]],
) -> dict[str, object]:
    return {
        "from": dates[0],
        "to": dates[-1],
        "tables": {n: Counter(str(v.state) for v in by.values()) for n, by in verdicts.items()},
        "bad": [{"table": n, "date": d, "state": v.state, "reasons": v.reasons} for d, n, v in bad],
    }


def _print(
    dates: list[dt.date],
    verdicts: dict[str, dict[dt.date, Verdict]],
    bad: list[tuple[dt.date, str, Verdict]],
) -> None:
    seen = [s for s in STATES if any(v.state is s for by in verdicts.values() for v in by.values())]
    rows = []
    for name, by_date in verdicts.items():
        counts = Counter(v.state for v in by_date.values())
        complete = [d for d, v in by_date.items() if v.state is State.COMPLETE]
        newest = max(complete, default=None)
        shown = "" if newest is None or newest == WHOLE_TABLE else str(newest)
        rows.append([name, *(str(counts[s] or "") for s in seen), shown])
    columns = ["table", *map(str, seen), "last complete"]
    print_grid(columns, rows, title=f"{dates[0]} .. {dates[-1]}")
    if not bad:
        click.echo("every date of every table is settled")
        return
    click.echo(f"{len(bad)} dates are not good; oldest first:")
    for date, name, verdict in sorted(bad)[:10]:
        click.echo(f"  {verdict_line(name, date, verdict)}")
    roots = sorted({d for d, _, _ in bad})
    tables = [n for n in verdicts if any(name == n for _, name, _ in bad)]
    click.echo(f"next: {backfill_command(tables, roots)}")
