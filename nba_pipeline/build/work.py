"""What a build hands on: the rows it has in hand for dates, and what became of each date.

Belongs here: the two shapes. Does not belong here: making rows (``raw``, ``door``) or deciding what
is published (``plan``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.league.calendar import Day
from nba_pipeline.verdicts.ledger import Input
from nba_pipeline.verdicts.verdict import State


@dataclass
class Work:
    """What a run has in hand for a set of dates of one table.

    Attributes:
        rows: computed rows, of ``days`` only, in the contract's Arrow schema.
        days: expectation of each date to audit; games the source never has are left out.
        settled: dates that hold no rows by expectation: state and reason.
        inputs: what each date read.
        expected_rows: rows per date where known apart from the schedule.
        notes: what is to be remembered with a date.
        findings: what went wrong before the audit, by date and name of the rule.
        failed: dates whose source failed, with the reason.
        not_due: dates of which nothing can be there yet, with the reason.
    """

    contract: TableContract
    rows: pa.Table
    days: Mapping[dt.date, Day]
    settled: Mapping[dt.date, tuple[State, str]] = field(default_factory=dict)
    inputs: Mapping[dt.date, list[Input]] = field(default_factory=dict)
    expected_rows: Mapping[dt.date, int] | None = None
    notes: Mapping[dt.date, str] = field(default_factory=dict)
    findings: Mapping[dt.date, Mapping[str, list[str]]] = field(default_factory=dict)
    failed: Mapping[dt.date, str] = field(default_factory=dict)
    not_due: Mapping[dt.date, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DateResult:
    """What became of one date.

    ``state`` is what was recorded; ``is_published`` says whether the rows of this attempt are (or
    already were) in the table; ``message`` says why not; ``is_outrun``, whether another run was
    first.
    """

    date: dt.date
    state: State
    is_published: bool
    version: str
    row_count: int
    expected: int
    completeness_pct: float
    message: str = ""
    quarantined: int = 0
    is_unchanged: bool = False
    is_outrun: bool = False
    coverage: Mapping[str, float] = field(default_factory=dict)
    sources: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether the date needs nothing more."""
        return self.is_published and self.state not in (State.PARTIAL, State.INVALID)
