"""Verdicts of all dates of a table at once.

Belongs here: the same rules as ``verdict.judge`` over arrays of dates, and sums over windows of
them. Does not belong here: reading facts (``snapshot``), reasons in words (``verdict``). The pure
function is the definition; a test holds both to the same answers on random worlds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from nba_pipeline.contracts.parts import Expects
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.verdicts import arrays
from nba_pipeline.verdicts.arrays import CODES, Ints, Read
from nba_pipeline.verdicts.ledger import row_hash, window_version
from nba_pipeline.verdicts.schedule import UNIX, Flags, Schedule
from nba_pipeline.verdicts.scope import Span, ahead_after
from nba_pipeline.verdicts.verdict import SETTLED, STORED, USABLE, State

NOTHING_DUE = frozenset({State.NO_GAMES, State.NOT_DUE, State.UNRECOVERABLE})
"""States of a window's dates that hold nothing, and are known to."""

_STORED = [CODES[s] for s in STORED]
_LOST = CODES[State.UNRECOVERABLE]
_BY_ROW = [np.int8(c) for c in (*_STORED, CODES[State.STALE], CODES[State.COMPLETE])]
_WAIVED_FROM = [CODES[s] for s in (State.PARTIAL, State.INVALID, State.STALE)]


@dataclass(frozen=True)
class Column:
    """One table over its dates, a value a date.

    Attributes:
        at: position of the date's row in the ledger, -1 without one.
        states: codes of ``STATES``.
        is_stale_input: whether something that the date read has changed or is stale itself.
        rows_now: rows counted in the table; None when they were not counted.
    """

    span: Span
    at: Ints
    states: npt.NDArray[np.int8]
    is_degraded: Flags
    is_stale_input: Flags
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
        """Dates that a reader may read."""
        return np.isin(self.states, [CODES[s] for s in USABLE])

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


class Board:
    """Every verdict over the spans of a question.

    Args:
        spans: tables with their dates, upstream first.
        ledger: rows of ``sql/ops/ledger_rows``.
        inputs: rows of ``sql/ops/input_rows``.
        counts: rows counted now, by table and date; None when they were not counted.
        schedule: what is due; it covers the spans.
        today: the league's date.
        code_version: of a table, the one in force.
        waived: (table, date)s whose bad state is accepted for now.
    """

    def __init__(
        self,
        spans: Mapping[str, Span],
        ledger: pa.Table,
        inputs: pa.Table,
        counts: Mapping[str, Mapping[dt.date, int]] | None,
        schedule: Schedule,
        today: dt.date,
        code_version: Callable[[TableContract], str],
        waived: Sequence[tuple[str, dt.date]] = (),
    ) -> None:
        self.spans, self.schedule, self.today = spans, schedule, today
        self._ledger, self._inputs, self._counts = (
            arrays.LedgerArrays(ledger),
            arrays.InputArrays(inputs),
            counts,
        )
        self._code_version, self._waived = code_version, waived
        self._columns: dict[str, Column] = {}
        self._sums: dict[str, tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]] = {}

    def column(self, table: str) -> Column:
        """Verdicts of a table, judged when first asked for.

        Raises:
            KeyError: the table was not read.
        """
        if table not in self._columns:
            self._columns[table] = self._judged(contracts()[table], self.spans[table])
        return self._columns[table]

    def places(self, table: str) -> Ints:
        """Position of each date's row in the ledger, -1 without one."""
        return self._ledger.places(table, self.spans[table])

    def version(self, table: str, start: dt.date, end: dt.date) -> str:
        """Version of a window: the date's own, or the sum over its dates; dates not read are none.

        A date without a ledger row has the empty version.
        """
        span, at = self.spans[table], self.places(table)
        if start == end:
            place = (start - span.first).days
            has_row = 0 <= place < len(at) and at[place] >= 0
            return str(self._ledger.versions[at[place]]) if has_row else ""
        high, low = self._running_hashes(table)
        first = min(max((start - span.first).days, 0), len(at))
        last = min(max((end - span.first).days + 1, first), len(at))
        with np.errstate(over="ignore"):
            return window_version(int(high[last] - high[first]), int(low[last] - low[first]))

    def _running_hashes(self, table: str) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
        if table not in self._sums:
            at, first = self.places(table), self.spans[table].first
            halves = np.zeros((2, len(at) + 1), np.uint64)
            for place in np.flatnonzero(at >= 0):
                date = first + dt.timedelta(int(place))
                halves[:, place + 1] = row_hash(date, self._ledger.versions[at[place]])
            with np.errstate(over="ignore"):
                sums = np.cumsum(halves, axis=1, dtype=np.uint64)
            self._sums[table] = sums[0], sums[1]
        return self._sums[table]

    # judging

    def _judged(self, contract: TableContract, span: Span) -> Column:
        at = self.places(contract.name)
        has_row = at >= 0
        row_count = np.where(has_row, self._ledger.row_count[at], 0)
        status = np.where(has_row, self._ledger.status[at], -1)
        now = self._rows_now(contract.name, span)
        stale_input = self._stale_inputs(contract.name, span)
        changed = stale_input | has_row & (
            (self._ledger.code_versions[at] != self._code_version(contract))
            | (self._ledger.config_hashes[at] != contract.config_hash)
        )
        unknown, idle, final = self._calendar(contract, span)
        expectation = contract.expectation
        before_row = [
            (unknown, State.MISSING),
            *arrays.mismatches(now, row_count, idle),
            (idle, State.NO_GAMES),
            (has_row & (status == _LOST) & (row_count == 0) & ~stale_input, State.UNRECOVERABLE),
            (has_row & (status == _LOST) & (row_count == 0), State.STALE),
            (~final & expectation.due_when_final, State.NOT_DUE),
            (self._is_bootstrap(contract, span), State.BOOTSTRAP),
            (~has_row & self._is_ahead(contract, span), State.NOT_DUE),
            (~has_row & ~final & (expectation.entities is Expects.ANY), State.NOT_DUE),
            (~has_row, State.MISSING),
        ]
        by_row = [
            *((status == c) & ~(changed & (row_count > 0)) for c in _STORED),
            changed,
            np.ones(span.days, np.bool_),
        ]
        states = np.select(
            [condition for condition, _ in before_row] + by_row,
            [np.int8(CODES[state]) for _, state in before_row] + _BY_ROW,
        ).astype(np.int8)
        is_by_row = ~np.logical_or.reduce([condition for condition, _ in before_row])
        for table, date in self._waived:
            place = (date - span.first).days
            if table == contract.name and 0 <= place < len(at) and states[place] in _WAIVED_FROM:
                states[place] = CODES[State.WAIVED]
        degraded = is_by_row & self._ledger.is_degraded[at]
        return Column(span, at, states, degraded, stale_input, now)

    def _calendar(self, contract: TableContract, span: Span) -> tuple[Flags, Flags, Flags]:
        """Dates of which nothing is known, without games, and with every game final."""
        if not (contract.is_partitioned and contract.expectation.follows_schedule):
            no, yes = np.zeros(span.days, np.bool_), np.ones(span.days, np.bool_)
            return no, no, yes
        here = self._of_schedule(span)
        unknown, games = self.schedule.is_unknown[here], self.schedule.has_games[here]
        return unknown, ~unknown & ~games, self.schedule.is_final[here]

    def _of_schedule(self, span: Span) -> slice:
        first = (span.first - self.schedule.span.first).days
        if first < 0 or span.last > self.schedule.span.last:
            raise KeyError(f"the schedule of {span} was not read, only {self.schedule.span}")
        return slice(first, first + span.days)

    def _is_bootstrap(self, contract: TableContract, span: Span) -> Flags:
        found = np.zeros(span.days, np.bool_)
        bootstrap, history = contract.expectation.bootstrap_days, contract.expectation.history_days
        if not contract.is_partitioned or not (bootstrap or history):
            return found
        into = self.schedule.days_into_season[self._of_schedule(span)]
        found |= into < bootstrap
        for place in np.flatnonzero(into < history):
            date = span.first + dt.timedelta(int(place))
            found[place] |= self.schedule.has_no_past(self.schedule.season_start(date))
        return found

    def _is_ahead(self, contract: TableContract, span: Span) -> Flags:
        last = ahead_after(contract, self.today)
        if last is None:
            return np.zeros(span.days, np.bool_)
        return np.arange(span.days) > (last - span.first).days

    def _rows_now(self, table: str, span: Span) -> Ints | None:
        if self._counts is None:
            return None
        found = np.zeros(span.days, np.int64)
        for date, n in self._counts[table].items():
            if span.first <= date <= span.last:
                found[(date - span.first).days] = n
        return found

    def _stale_inputs(self, table: str, span: Span) -> Flags:
        """Dates that read a window which has changed since, or has a stale date in it."""
        found = np.zeros(span.days, np.bool_)
        for upstream, read in self._inputs.by_upstream(table, span):
            if upstream not in contracts()[table].upstreams:
                found[read.at] = True  # read by an older contract
                continue
            stale = self.column(upstream).stale_before
            first = self.spans[upstream].first
            start = np.clip(read.start - (first - UNIX).days, 0, len(stale) - 1)
            end = np.clip(read.end - (first - UNIX).days + 1, start, len(stale) - 1)
            differs = stale[end] > stale[start]
            differs |= self._versions_now(upstream, read) != read.version
            found[read.at[differs]] = True
        return found

    def _versions_now(self, upstream: str, read: Read) -> npt.NDArray[np.object_]:
        span, at = self.spans[upstream], self.places(upstream)
        now = np.full(len(read.at), "", dtype=object)
        place = read.start - (span.first - UNIX).days
        single = (read.start == read.end) & (place >= 0) & (place < len(at))
        rows = at[place[single]]
        now[single] = np.where(rows >= 0, self._ledger.versions[rows], "")
        for n in np.flatnonzero(read.start != read.end):
            start = UNIX + dt.timedelta(int(read.start[n]))
            now[n] = self.version(upstream, start, UNIX + dt.timedelta(int(read.end[n])))
        return now


def _running(flags: Flags) -> Ints:
    return np.concatenate([[0], np.cumsum(flags, dtype=np.int64)])
