"""Coverage: how much of what is due is good, per period. One definition for every surface.

Belongs here: counting verdicts and watched columns by season or month. Does not belong here:
thresholds (contracts) or printing. The denominator is always the schedule: dates with finished
games. An average never stands alone; the worst date of a period is named with it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from nba_pipeline.calendar import DayKind, season_label, season_year_on
from nba_pipeline.snapshot import Snapshot
from nba_pipeline.verdict import State, Verdict
from nba_pipeline.warehouse.base import Warehouse

_COLUMN_SQL = """
SELECT game_date, row_count, coverage FROM nba_orchestration.partition_ledger
WHERE asset = @table AND row_count > 0
"""


class Period(StrEnum):
    """What dates are grouped by."""

    SEASON = "season"
    MONTH = "month"

    def of(self, date: dt.date) -> str:
        """Label of the period that a date falls in."""
        return season_label(season_year_on(date)) if self is Period.SEASON else f"{date:%Y-%m}"


@dataclass
class Cell:
    """One table in one period, in game dates."""

    due: int = 0
    complete: int = 0
    unrecoverable: int = 0
    other: int = 0
    first_bad: dt.date | None = None

    @property
    def pct(self) -> float:
        """Share of due game dates that are complete, in percent; 100 when none is due."""
        return 100.0 * self.complete / self.due if self.due else 100.0


@dataclass(frozen=True, slots=True)
class ColumnCell:
    """A watched column in one period: mean weighted by rows, and its worst date."""

    dates: int
    mean: float
    lowest: float
    lowest_date: dt.date


def table_coverage(
    snapshot: Snapshot, table: str, dates: Iterable[dt.date], period: Period
) -> dict[str, Cell]:
    """Good game dates of due game dates, by period."""
    found: dict[str, Cell] = {}
    for date in dates:
        if snapshot.day(date).kind is DayKind.NO_GAMES:
            continue
        verdict = snapshot.verdict(table, date)
        if verdict.state is not State.NOT_DUE:
            _count(found.setdefault(period.of(date), Cell()), date, verdict)
    return found


def _count(cell: Cell, date: dt.date, verdict: Verdict) -> None:
    cell.due += 1
    if verdict.is_usable:
        cell.complete += 1
    elif verdict.state is State.UNRECOVERABLE:
        cell.unrecoverable += 1
    else:
        cell.other += 1
        cell.first_bad = cell.first_bad or date


def column_coverage(
    warehouse: Warehouse, table: str, column: str, dates: Iterable[dt.date], period: Period
) -> dict[str, ColumnCell]:
    """Share of values present of a watched column, as audited when each date was published."""
    wanted = set(dates)
    rows: dict[str, list[tuple[dt.date, int, float]]] = {}
    for r in warehouse.query(_COLUMN_SQL, {"table": table}).to_pylist():
        share = json.loads(r["coverage"] or "{}").get(column)
        if share is not None and r["game_date"] in wanted:
            part = rows.setdefault(period.of(r["game_date"]), [])
            part.append((r["game_date"], r["row_count"], share))
    return {
        label: ColumnCell(
            dates=len(part),
            mean=sum(n * s for _, n, s in part) / sum(n for _, n, _ in part),
            lowest=(worst := min(part, key=lambda p: (p[2], p[0])))[2],
            lowest_date=worst[0],
        )
        for label, part in sorted(rows.items())
    }
