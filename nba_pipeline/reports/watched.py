"""Watched columns: how many values are there, why the others are not, and is it enough.

Belongs here: counting published rows by period and judging them against the contract's floors, for
the command line and the checks alike. Does not belong here: judging rows before they are published
(``audit``), whole dates (``coverage``), printing.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from nba_pipeline.contracts.parts import CoverageFloor
from nba_pipeline.contracts.render import counted_rows
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.contracts.sql_files import load_sql
from nba_pipeline.league.calendar import FIRST_GAME_DATE, season_label
from nba_pipeline.reports.coverage import Period
from nba_pipeline.warehouse.base import Warehouse

NO_REASON, NOT_COUNTED = "no reason", "not counted"
"""Names of NULLs without a reason, and of those of a column without reasons that are beside the
condition of its floor."""


class Judgement(StrEnum):
    """What a share says against its floor."""

    GOOD = "good"
    UNDER_FLOOR = "under floor"
    UNEXPLAINED = "NULL without reason"
    TOO_FEW = "too few rows"  # a share of them says nothing
    NOTHING = "nothing to count"  # every row is excused

    @property
    def is_bad(self) -> bool:
        """Whether it breaks what the contract promises."""
        return self in (Judgement.UNDER_FLOOR, Judgement.UNEXPLAINED)


@dataclass
class PeriodShare:
    """A watched column in one period.

    Attributes:
        rows: published rows.
        counted: rows that the floor is about: its condition holds, and no reason excuses them.
        present: counted rows with a value.
        nulls: rows without a value by reason, excused ones and those beside the condition too.
        lowest: share of the worst date; None when nothing is counted.
    """

    label: str
    rows: int = 0
    counted: int = 0
    present: int = 0
    nulls: Counter[str] = field(default_factory=Counter)
    lowest: float | None = None
    lowest_date: dt.date | None = None

    @property
    def share(self) -> float:
        """Share of counted rows with a value; 1 when none is counted."""
        return self.present / self.counted if self.counted else 1.0

    def judged(self, floor: CoverageFloor) -> Judgement:
        """The verdict of the period."""
        if floor.reason_column and self.nulls[NO_REASON]:
            return Judgement.UNEXPLAINED
        if not self.counted:
            return Judgement.NOTHING
        if self.counted < floor.least_rows:
            return Judgement.TOO_FEW
        return Judgement.GOOD if self.share >= floor.floor else Judgement.UNDER_FLOOR


@dataclass(frozen=True)
class WatchedColumn:
    """A watched column over all its periods, in order."""

    table: str
    floor: CoverageFloor
    periods: tuple[PeriodShare, ...]

    @property
    def whole(self) -> PeriodShare:
        """All periods taken together; its share is the mean weighted by rows."""
        found = PeriodShare("all")
        for p in self.periods:
            found.rows += p.rows
            found.counted += p.counted
            found.present += p.present
            found.nulls += p.nulls
        return found

    @property
    def worst(self) -> PeriodShare | None:
        """The period of the smallest share among those that can be judged."""
        least = max(self.floor.least_rows, 1)
        return min(
            (p for p in self.periods if p.counted >= least), key=lambda p: p.share, default=None
        )

    @property
    def bad(self) -> list[PeriodShare]:
        """Periods that break the contract."""
        return [p for p in self.periods if p.judged(self.floor).is_bad]

    @property
    def judgement(self) -> Judgement:
        """One verdict for all periods: the first bad one's, else what can be said at all."""
        for p in self.bad:
            return p.judged(self.floor)
        if self.worst is not None:
            return Judgement.GOOD
        return Judgement.TOO_FEW if self.whole.counted else Judgement.NOTHING


def watched_columns(
    warehouse: Warehouse,
    contract: TableContract,
    period: Period,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    column: str | None = None,
) -> list[WatchedColumn]:
    """Every watched column of a table, or one of them, over its published rows.

    By team a table without a team in its rows has none.
    """
    floors = [f for f in contract.audits.floors if column in (None, f.column)]
    if not floors or (period is Period.TEAM and "team" not in contract.column_names):
        return []
    found = warehouse.query(
        _statement(contract, floors),
        {
            "period": period.value,
            "start_date": first or FIRST_GAME_DATE,
            "end_date": last or dt.date(9999, 12, 31),
        },
    ).to_pylist()
    shares: dict[str, dict[str, PeriodShare]] = {f.column: {} for f in floors}
    for r in found:
        label = season_label(int(r["period"])) if period is Period.SEASON else r["period"]
        share = shares[r["column_name"]].setdefault(
            label, PeriodShare(label, lowest=r["lowest"], lowest_date=r["lowest_date"])
        )
        share.rows += r["rows"]
        share.counted += r["counted"]
        share.present += r["present"]
        if r["null_reason"] is not None:
            share.nulls[r["null_reason"] or NO_REASON] += r["rows"]
    return [WatchedColumn(contract.name, f, tuple(shares[f.column].values())) for f in floors]


def _statement(contract: TableContract, floors: list[CoverageFloor]) -> str:
    """The SQL file over the rows of this table."""
    watched = " UNION ALL ".join(_rows_of(contract, f) for f in floors)
    text = load_sql("ops/watched_columns")
    return text.replace("WITH ", f"WITH watched AS ({watched}),\n", 1)


def _rows_of(contract: TableContract, floor: CoverageFloor) -> str:
    team = "team" if "team" in contract.column_names else "CAST(NULL AS STRING)"
    reason = f"IF({floor.of}, '', '{NOT_COUNTED}')"
    if floor.reason_column:
        reason = f"COALESCE({floor.reason_column}, '')"
    return (
        f"SELECT '{floor.column}' AS column_name, game_date, {team} AS team, "  # noqa: S608
        f"{floor.least_rows} AS least_rows, "
        f"{counted_rows(floor)} AS is_counted, {floor.column} IS NOT NULL AS is_present, "
        f"IF({floor.column} IS NULL, {reason}, NULL) AS null_reason "
        f"FROM {contract.path} WHERE game_date BETWEEN @start_date AND @end_date"
    )
