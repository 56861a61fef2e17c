"""Coverage: how much of what is due is good, per period. One definition for every surface.

Belongs here: counting verdicts of whole dates by period. Does not belong here: columns
(``watched``), thresholds (contracts) or printing. The denominator is always the schedule: dates
with finished games. A share never stands alone; the first bad date of a period is named with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from nba_pipeline.league.calendar import DayKind, season_label, season_year_on
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.verdicts.verdict import USABLE, State


class Period(StrEnum):
    """What dates and rows are grouped by."""

    SEASON = "season"
    MONTH = "month"
    DATE = "date"
    TEAM = "team"  # of rows; a date has all its teams or is not whole

    def of(self, date: dt.date) -> str:
        """Label of the period that a date falls in.

        Raises:
            ValueError: a date falls in no team.
        """
        match self:
            case Period.SEASON:
                return season_label(season_year_on(date))
            case Period.MONTH:
                return f"{date:%Y-%m}"
            case Period.DATE:
                return date.isoformat()
        raise ValueError("only rows have a team, dates have none")


@dataclass
class Cell:
    """One table in one period, in game dates.

    ``known`` is the share of the period's games that the schedule has: of those that it lacks no
    table can be complete.
    """

    due: int = 0
    complete: int = 0
    unrecoverable: int = 0
    other: int = 0
    first_bad: dt.date | None = None
    known: float = 1.0

    @property
    def pct(self) -> float:
        """Share of due game dates that are complete, in percent; 100 when none is due."""
        return self.known * (100.0 * self.complete / self.due if self.due else 100.0)


def table_coverage(
    snapshot: Snapshot, table: str, dates: Iterable[dt.date], period: Period
) -> dict[str, Cell]:
    """Good game dates of due game dates, by period."""
    found: dict[str, Cell] = {}
    for date, state in snapshot.states(table, list(dates)).items():
        is_idle = snapshot.day(date).kind is DayKind.NO_GAMES
        if not is_idle and state is not State.NOT_DUE:
            _count(found.setdefault(period.of(date), Cell()), date, state)
    return found


def _count(cell: Cell, date: dt.date, state: State) -> None:
    cell.due += 1
    if state in USABLE:
        cell.complete += 1
    elif state is State.UNRECOVERABLE:
        cell.unrecoverable += 1
    else:
        cell.other += 1
        cell.first_bad = cell.first_bad or date
