"""The matrix of ``nba gaps --matrix``: every table a line, time from left to right.

Belongs here: choosing the finest scale of time that the terminal has room for, and drawing it.
Does not belong here: verdicts. Nothing is cut: where dates do not fit, a cell stands for a month
or a season. It shows the worst state that somebody must look at, else the most frequent one; how
many dates are in which state is at the end of the line.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.console import Console, JustifyMethod
from rich.table import Table

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.league.calendar import season_year_on
from nba_pipeline.verdicts.verdict import State

MARKS = {
    State.COMPLETE: "+",
    State.WAIVED: "w",
    State.NO_GAMES: ".",
    State.BOOTSTRAP: "b",
    State.NOT_DUE: "n",
    State.UNRECOVERABLE: "u",
    State.LATE: "L",
    State.STALE: "S",
    State.PARTIAL: "P",
    State.INVALID: "I",
    State.MISSING: "M",
}
"""From harmless to worst; capitals are what somebody must look at."""
_RANK = {state: n for n, state in enumerate(MARKS)}
_IDLE = (State.NO_GAMES, State.BOOTSTRAP)


@dataclass(frozen=True, slots=True)
class Place:
    """One date of one table: its state and published rows."""

    state: State
    rows: int


Places = Mapping[str, Mapping[dt.date, Place]]


def matrix(places: Places, dates: Sequence[dt.date], width: int) -> Table:
    """The drawing, at most ``width`` characters wide where that can be."""
    states = [s for s in MARKS if any(p.state is s for by in places.values() for p in by.values())]
    for scale in (_counts, _days, _months):
        found = scale(places, dates, states)
        if _width(found) <= width:
            return found
    return _seasons(places, dates, states)


def legend(places: Places) -> str:
    """What the marks in it mean."""
    seen = {p.state for by in places.values() for p in by.values()}
    marks = "  ".join(f"{mark} {state}" for state, mark in MARKS.items() if state in seen)
    return f"{marks}  (capitals need a look; numbers are rows, without a mark complete)"


def _width(table: Table) -> int:
    return Console(width=10_000).measure(table).maximum


def _grid(
    headings: list[str],
    cells: Callable[[str], list[str]],
    places: Places,
    states: list[State],
    justify: JustifyMethod = "left",
) -> Table:
    """Tables under their datasets, cells, and how many dates are in which state."""
    found = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="")
    found.add_column("table", overflow="fold")
    for heading in headings:
        found.add_column(heading, justify=justify, no_wrap=True)
    for state in states:
        found.add_column(MARKS[state], justify="right", no_wrap=True)
    datasets = {n: contracts()[n].dataset for n in places}
    for dataset in dict.fromkeys(datasets.values()):
        found.add_row(f"[bold]{dataset}:[/bold]")
        for name in (n for n in places if datasets[n] == dataset):
            totals = Counter(p.state for p in places[name].values())
            counts = [str(totals[s] or "") for s in states]
            style = "red" if any(MARKS[s].isupper() for s in totals) else None
            found.add_row(name, *cells(name), *counts, style=style)
    return found


def _counts(places: Places, dates: Sequence[dt.date], states: list[State]) -> Table:
    """A column per date with the number of rows."""

    def cells(name: str) -> list[str]:
        return [_count(places[name][d]) for d in dates]

    return _grid([f"{d:%m-%d}" for d in dates], cells, places, states, "right")


def _count(place: Place) -> str:
    if place.state is State.COMPLETE:
        return str(place.rows)
    return f"{place.rows or ''}{MARKS[place.state]}"


def _days(places: Places, dates: Sequence[dt.date], states: list[State]) -> Table:
    """A mark per date."""

    def cells(name: str) -> list[str]:
        return ["".join(MARKS[places[name][d].state] for d in dates)]

    return _grid([_ruler(dates, "%m-%d")], cells, places, states)


def _months(places: Places, dates: Sequence[dt.date], states: list[State]) -> Table:
    """A mark per month."""
    months = [list(part) for _, part in groupby(dates, key=lambda d: (d.year, d.month))]

    def cells(name: str) -> list[str]:
        return ["".join(MARKS[_shown(places[name], part)] for part in months)]

    return _grid([_ruler([m[0] for m in months], "%y")], cells, places, states)


def _seasons(places: Places, dates: Sequence[dt.date], states: list[State]) -> Table:
    """A column per season: a state, and how many dates are in it."""
    seasons = {y: list(part) for y, part in groupby(dates, key=season_year_on)}

    def cells(name: str) -> list[str]:
        by_date = places[name]
        found = []
        for part in seasons.values():
            shown = _shown(by_date, part)
            n = sum(by_date[d].state is shown for d in part)
            found.append(f"{n}{MARKS[shown]}")
        return found

    return _grid(
        [f"{y % 100}-{(y + 1) % 100:02d}" for y in seasons], cells, places, states, "right"
    )


def _shown(by_date: Mapping[dt.date, Place], part: Sequence[dt.date]) -> State:
    """The state that stands for several dates; days on which nothing is due count last."""
    counts = Counter(by_date[d].state for d in part)
    worst = max(counts, key=lambda s: _RANK[s])
    if MARKS[worst].isupper():
        return worst
    return max(counts, key=lambda s: (s not in _IDLE, counts[s]))


def _ruler(starts: Sequence[dt.date], form: str) -> str:
    """A label over the first mark of each month or year, where it fits."""
    line = ""
    last = None
    for n, date in enumerate(starts):
        part = (date.year, date.month) if "%m" in form else (date.year,)
        if part != last and n >= len(line) + bool(line):
            label = format(date, form)
            if n + len(label) <= max(len(starts), len(label)):
                line = line.ljust(n) + label
        last = part
    return line.ljust(len(starts))
