"""One table over its dates: arrays with a value a date, and running numbers over windows of them.

Belongs here: what is asked of judged dates. Does not belong here: judging them (``board``).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from nba_pipeline.verdicts.arrays import CODES, Ints
from nba_pipeline.verdicts.schedule import Flags
from nba_pipeline.verdicts.scope import Span
from nba_pipeline.verdicts.verdict import SETTLED, USABLE, State

NOTHING_DUE = frozenset({State.NO_GAMES, State.NOT_DUE, State.LATE, State.UNRECOVERABLE})
"""States of a window's dates that hold nothing more, and are known to: what is open or has no
source is the schedule's to tell, and a reader marks whom it concerns."""


@dataclass(frozen=True)
class Column:
    """One table over its dates, a value a date.

    Attributes:
        at: position of the date's row in the ledger, -1 without one.
        states: codes of ``STATES``.
        is_stale_input: whether something that the date read has changed or is stale itself.
        is_good_so_far: of a date with an open game, its finished games are published and good.
        is_damaged: whether the rows in the table are not those that were published.
        rows_now: rows counted in the table; None when they were not counted.
    """

    span: Span
    at: Ints
    states: npt.NDArray[np.int8]
    is_degraded: Flags
    is_stale_input: Flags
    is_good_so_far: Flags
    is_damaged: Flags
    rows_now: Ints | None

    def index(self, date: dt.date) -> int:
        """Place of a date.

        Raises:
            KeyError: the date was not read; that is never "missing".
        """
        place = (date - self.span.first).days
        if not 0 <= place < len(self.at):
            raise KeyError(f"{date} was not read, only {self.span.first} .. {self.span.last}")
        return place

    def slice(self, first: dt.date, last: dt.date) -> slice:
        """Places of an inclusive window; an empty one is none."""
        if first > last:
            return slice(0, 0)
        return slice(self.index(first), self.index(last) + 1)

    @cached_property
    def is_usable(self) -> Flags:
        """Dates that a reader may read; of open ones what is final of them."""
        return np.isin(self.states, [CODES[s] for s in USABLE]) | self.is_good_so_far

    @cached_property
    def is_settled(self) -> Flags:
        """Dates that need nothing now."""
        return np.isin(self.states, [CODES[s] for s in SETTLED])

    def windows(self, *, allow_degraded: bool) -> tuple[Ints, Ints]:
        """Running numbers of dates of which rows are due, and of those among them not usable."""
        return self._windows if allow_degraded else self._strict_windows

    @cached_property
    def _due(self) -> Flags:
        return ~np.isin(self.states, [CODES[s] for s in NOTHING_DUE])

    @cached_property
    def _windows(self) -> tuple[Ints, Ints]:
        return _running(self._due), _running(self._due & ~self.is_usable)

    @cached_property
    def _strict_windows(self) -> tuple[Ints, Ints]:
        bad = self._due & (~self.is_usable | self.is_degraded)
        return _running(self._due), _running(bad)

    @cached_property
    def stale_before(self) -> Ints:
        """Running number of stale dates, one longer than the dates."""
        return _running(self.states == CODES[State.STALE])

    def has_stale(self, first: dt.date, last: dt.date) -> bool:
        """Whether a date of an inclusive window is stale."""
        here = self.slice(first, last)
        return bool(self.stale_before[here.stop] > self.stale_before[here.start])


def _running(flags: Flags) -> Ints:
    return np.concatenate([[0], np.cumsum(flags, dtype=np.int64)])
