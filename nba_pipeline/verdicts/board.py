"""Verdicts of all dates of a table at once.

Belongs here: the same rules as ``verdict.judge`` over arrays of dates, and sums over windows of
them. Does not belong here: reading facts (``snapshot``), reasons in words (``verdict``). The pure
function is the definition; a test holds both to the same answers on random worlds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from nba_pipeline.contracts.parts import Expects
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.verdicts import arrays
from nba_pipeline.verdicts.arrays import CODES, STATES, Ints, Read
from nba_pipeline.verdicts.column import Column
from nba_pipeline.verdicts.contents import DAMAGED, Contents
from nba_pipeline.verdicts.ledger import row_hash, window_version
from nba_pipeline.verdicts.reads import unrecorded
from nba_pipeline.verdicts.schedule import UNIX, Flags, Schedule
from nba_pipeline.verdicts.scope import Span, ahead_after
from nba_pipeline.verdicts.verdict import EMPTY, OPEN, STORED, WAIVABLE, State

_STORED = [CODES[s] for s in STORED]
_LOST = CODES[State.UNRECOVERABLE]
_EMPTY = [CODES[s] for s in EMPTY]
_WAIVED_FROM = [CODES[s] for s in WAIVABLE]


@dataclass(frozen=True)
class _Days:
    """The calendar as a table sees it: nothing known, no games, every game final, any final."""

    unknown: Flags
    idle: Flags
    final: Flags
    begun: Flags


class Board:
    """Every verdict over the spans of a question.

    Args:
        spans: tables with their dates, upstream first.
        ledger: rows of ``sql/ops/ledger_rows``.
        inputs: rows of ``sql/ops/input_rows``.
        contents: what is in the tables now; None when nobody looked.
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
        contents: Mapping[str, Contents] | None,
        schedule: Schedule,
        today: dt.date,
        code_version: Callable[[TableContract], str],
        waived: Sequence[tuple[str, dt.date]] = (),
    ) -> None:
        self.spans, self.schedule, self.today = spans, schedule, today
        self._ledger, self._inputs = arrays.LedgerArrays(ledger), arrays.InputArrays(inputs)
        self._contents = contents
        self._code_version, self._waived = code_version, waived
        self._columns: dict[str, Column] = {}
        self._damages: dict[str, list[tuple[Flags, State]]] = {}
        self._read_as: dict[str, npt.NDArray[np.object_]] = {}
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
            return str(self._versions(table)[place]) if has_row else ""
        high, low = self._running_hashes(table)
        first = min(max((start - span.first).days, 0), len(at))
        last = min(max((end - span.first).days + 1, first), len(at))
        with np.errstate(over="ignore"):
            return window_version(int(high[last] - high[first]), int(low[last] - low[first]))

    def _versions(self, table: str) -> npt.NDArray[np.object_]:
        """Version of each date as it can be read now: what is damaged has none of the recorded."""
        if table not in self._read_as:
            found = self._ledger.versions[self.places(table)]
            for is_damaged, _ in self._damage(contracts()[table]):
                found = np.where(is_damaged, DAMAGED, found)
            self._read_as[table] = found
        return self._read_as[table]

    def _running_hashes(self, table: str) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
        if table not in self._sums:
            at, first = self.places(table), self.spans[table].first
            halves = np.zeros((2, len(at) + 1), np.uint64)
            for place in np.flatnonzero(at >= 0):
                date = first + dt.timedelta(int(place))
                halves[:, place + 1] = row_hash(date, self._versions(table)[place])
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
        stale_input = self._stale_inputs(contract.name, span)
        changed = stale_input | has_row & (
            (self._ledger.code_versions[at] != self._code_version(contract))
            | (self._ledger.config_hashes[at] != contract.config_hash)
        )
        day = self._calendar(contract, span)
        expectation = contract.expectation
        is_open = ~day.final & expectation.due_when_final
        is_over = np.arange(span.days) < (self.today - span.first).days
        damage = self._damage(contract)
        before_row = [
            (day.unknown, State.MISSING),
            *damage,
            (day.idle, State.NO_GAMES),
            (has_row & (status == _LOST) & (row_count == 0) & ~stale_input, State.UNRECOVERABLE),
            (has_row & (status == _LOST) & (row_count == 0), State.STALE),
            (is_open & ~day.begun & is_over, State.LATE),
            (is_open & ~day.begun, State.NOT_DUE),
            (self._is_bootstrap(contract, span), State.BOOTSTRAP),
            (~has_row & self._is_ahead(contract, span), State.NOT_DUE),
            (~has_row & ~day.final & (expectation.entities is Expects.ANY), State.NOT_DUE),
            (~has_row, State.MISSING),
        ]
        by_row = [
            *(((status == c) & ~(changed & (row_count > 0)), STATES[c]) for c in _STORED),
            (changed | np.isin(status, _EMPTY), State.STALE),
            (is_open & is_over, State.LATE),
            (is_open, State.NOT_DUE),
            (np.ones(span.days, np.bool_), State.COMPLETE),
        ]
        rules = [*before_row, *by_row]
        states = np.select([c for c, _ in rules], [np.int8(CODES[s]) for _, s in rules])
        states = states.astype(np.int8)
        is_by_row = ~np.logical_or.reduce([condition for condition, _ in before_row])
        good_so_far = is_by_row & np.isin(states, [CODES[s] for s in OPEN])
        for table, date in self._waived:
            place = (date - span.first).days
            if table == contract.name and 0 <= place < len(at) and states[place] in _WAIVED_FROM:
                states[place] = CODES[State.WAIVED]
        return Column(
            span,
            at,
            states,
            is_degraded=is_by_row & self._ledger.is_degraded[at],
            is_stale_input=stale_input,
            is_good_so_far=good_so_far,
            is_damaged=np.logical_or.reduce(
                [self._ledger.versions[at] == DAMAGED, *(condition for condition, _ in damage)]
            ),
            rows_now=self._rows_now(contract.name, span),
        )

    def _damage(self, contract: TableContract) -> list[tuple[Flags, State]]:
        """The table against the ledger: what is there is read, never believed."""
        if contract.name not in self._damages:
            self._damages[contract.name] = self._damaged(contract, self.spans[contract.name])
        return self._damages[contract.name]

    def _damaged(self, contract: TableContract, span: Span) -> list[tuple[Flags, State]]:
        now, at = self._rows_now(contract.name, span), self.places(contract.name)
        if now is None:
            return []
        recorded = np.where(at >= 0, self._ledger.row_count[at], 0)
        idle = self._calendar(contract, span).idle
        found = [
            (np.asarray(now < recorded), State.PARTIAL),
            (np.asarray((now > recorded) | (now > 0) & idle), State.INVALID),
        ]
        if self._contents is not None:
            is_other = self._contents[contract.name].is_other(span, self._ledger.checksums_at(at))
            # with other columns the same rows have another checksum: that date is stale
            is_same_code = self._ledger.code_versions[at] == self._code_version(contract)
            found.append((is_other & is_same_code, State.INVALID))
        return found

    def unproven(self, table: str) -> list[dt.date]:
        """Dates with a checksum that cannot be compared; rows of older code are stale anyway."""
        if self._contents is None:
            return []
        span, at = self.spans[table], self.places(table)
        found = self._contents[table].is_unproven(span, self._ledger.checksums_at(at))
        found &= self._ledger.code_versions[at] == self._code_version(contracts()[table])
        found &= self._ledger.versions[at] != DAMAGED
        return [span.first + dt.timedelta(int(n)) for n in np.flatnonzero(found)]

    def _calendar(self, contract: TableContract, span: Span) -> _Days:
        if not (contract.is_partitioned and contract.expectation.follows_schedule):
            no, yes = np.zeros(span.days, np.bool_), np.ones(span.days, np.bool_)
            return _Days(no, no, yes, yes)
        here = self._of_schedule(span)
        unknown, games = self.schedule.is_unknown[here], self.schedule.has_games[here]
        final, begun = self.schedule.is_final[here], self.schedule.has_final[here]
        return _Days(unknown, ~unknown & ~games, final, begun)

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
        return None if self._contents is None else self._contents[table].rows(span)

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
        found[[place for place, _ in self.unrecorded_reads(table)]] = True
        return found

    def unrecorded_reads(self, table: str) -> list[tuple[int, tuple[str, ...]]]:
        """Places of dates that rest on one of the upstreams and have no record of reading it."""
        span, at = self.spans[table], self.places(table)
        rests = (self._ledger.row_count[at] > 0) | (self._ledger.status[at] == _LOST)
        rests &= self._ledger.versions[at] != DAMAGED
        read = {upstream: r.at for upstream, r in self._inputs.by_upstream(table, span)}
        contract, start = contracts()[table], self.schedule.season_start
        return list(unrecorded(contract, span, rests, read, start))

    def _versions_now(self, upstream: str, read: Read) -> npt.NDArray[np.object_]:
        span, at = self.spans[upstream], self.places(upstream)
        now = np.full(len(read.at), "", dtype=object)
        place = read.start - (span.first - UNIX).days
        single = (read.start == read.end) & (place >= 0) & (place < len(at))
        now[single] = self._versions(upstream)[place[single]]
        many = np.flatnonzero(read.start != read.end)
        if len(many):
            high, low = self._running_hashes(upstream)
            first = np.clip(place[many], 0, len(at))
            last = np.clip(read.end[many] - (span.first - UNIX).days + 1, first, len(at))
            with np.errstate(over="ignore"):
                sums = (high[last] - high[first]).tolist(), (low[last] - low[first]).tolist()
            now[many] = [window_version(h, lo) for h, lo in zip(*sums, strict=True)]
        return now
