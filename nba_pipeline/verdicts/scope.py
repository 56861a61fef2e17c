"""What a question touches: the dates of every table that some verdicts rest on.

Belongs here: following requirements upstream. Does not belong here: reading anything. A run reads
what its dates rest on, so that its cost follows from them and not from the history beside them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from nba_pipeline.contracts.registry import calendar, contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE, Requirement, TableContract, Window
from nba_pipeline.league.calendar import FORWARD_DAYS

_LONGEST_SEASON = 366
"""Days from which a season's first game is looked for; no season lasts a year."""


@dataclass(frozen=True, slots=True)
class Span:
    """Inclusive dates of one table."""

    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    def __or__(self, other: Span) -> Span:
        """The dates of both and those between them."""
        return Span(min(self.first, other.first), max(self.last, other.last))


WHOLE = Span(WHOLE_TABLE, WHOLE_TABLE)


def ahead_after(contract: TableContract, today: dt.date) -> dt.date | None:
    """Last date whose rows can exist, whatever is scheduled; None for tables that follow games."""
    if contract.expectation.follows_schedule or not contract.is_partitioned:
        return None
    return today + dt.timedelta(0 if contract.endpoint else FORWARD_DAYS)


def spans(tables: Iterable[str], first: dt.date, last: dt.date) -> dict[str, Span]:
    """Dates of each table that verdicts of ``tables`` from ``first`` to ``last`` rest on.

    Upstream tables come first. The schedule is always among them: it says what is due, from before
    the season's start on.
    """
    wanted = Span(first, last)
    found = {name: wanted if contracts()[name].is_partitioned else WHOLE for name in tables}
    for name in reversed(contracts()):
        if name in found:
            for requirement in contracts()[name].requirements:
                for upstream in requirement.upstreams:
                    reached = _reached(requirement, found[name], contracts()[upstream])
                    found[upstream] = found[upstream] | reached if upstream in found else reached
    dated = [span for name, span in found.items() if contracts()[name].is_partitioned]
    schedule = calendar().name
    for span in dated or [wanted]:
        found[schedule] = found[schedule] | span if schedule in found else span
    # what a season's first days look back on is told by the days before it
    expectations = [c.expectation for c in contracts().values()]
    early = max(max(e.bootstrap_days, e.history_days) for e in expectations) + 1
    known = found[schedule]
    found[schedule] = Span(known.first - dt.timedelta(early), known.last)
    return {name: found[name] for name in contracts() if name in found}


def _reached(requirement: Requirement, span: Span, upstream: TableContract) -> Span:
    if requirement.window is Window.WHOLE_TABLE or not upstream.is_partitioned:
        return WHOLE
    back = 0
    if requirement.window is Window.TRAILING_DAYS:
        back = requirement.days
    elif requirement.window is Window.SEASON_TO_DATE:
        back = _LONGEST_SEASON
    return Span(span.first - dt.timedelta(back), span.last)
