"""Everything that verdicts are made of, read at one moment: calendar, ledger, inputs, counted rows.

Belongs here: reading the facts that a question touches and handing them to ``board`` (many dates)
or ``verdict.judge`` (one date, with its reasons). Does not belong here: any rule of its own. A
snapshot is immutable in meaning: read a new one after publishing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nba_pipeline.contracts.parts import Expects
from nba_pipeline.contracts.registry import calendar, contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE, TableContract
from nba_pipeline.contracts.sql_files import load_sql
from nba_pipeline.league.calendar import FIRST_GAME_DATE, FORWARD_DAYS, Day, DayKind, is_bootstrap
from nba_pipeline.sources.lookup import code_version
from nba_pipeline.verdicts.arrays import CODES, STATES
from nba_pipeline.verdicts.board import Board
from nba_pipeline.verdicts.column import Column
from nba_pipeline.verdicts.ledger import Input
from nba_pipeline.verdicts.queries import contents_of, queries
from nba_pipeline.verdicts.reads import in_words
from nba_pipeline.verdicts.schedule import Schedule
from nba_pipeline.verdicts.scope import ahead_after, spans
from nba_pipeline.verdicts.verdict import Facts, LedgerRow, State, Verdict, judge
from nba_pipeline.warehouse.base import Warehouse

if TYPE_CHECKING:
    from nba_pipeline.platform import Platform

_COVERS = (State.COMPLETE, State.NO_GAMES)


class Snapshot:
    """The state of some tables and dates, and of all that they rest on, at one moment.

    Args:
        warehouse: where it is read.
        today: the league's date.
        tables: the tables that are asked about; all without it.
        dates: first and last date that is asked about; without it every date since the first game
            date up to the last that can be built, or that the ledger or the schedule knows.
        recount: whether rows in the tables are counted; without it the ledger is believed.
    """

    def __init__(
        self,
        warehouse: Warehouse,
        today: dt.date,
        *,
        tables: Sequence[str] | None = None,
        dates: tuple[dt.date, dt.date] | None = None,
        recount: bool = True,
    ) -> None:
        """Read what the question touches; to ask for anything else is a KeyError, never "missing".

        Raises:
            WarehouseError: it cannot be read.
        """
        self.today = today
        asked = list(tables) if tables is not None else list(contracts())
        first, last = dates or _all_dates(warehouse, today)
        self.spans = spans(asked, first, last)
        found = warehouse.query_all(queries(self.spans, recount=recount))
        self._ledger, self._inputs, games, starts, waivers, *counted = found
        contents = contents_of(counted[0], self.spans) if recount else None
        self._waivers = {
            (w["asset"], w["game_date"]): f"waived by {w['owner']}: {w['reason']}"
            for w in waivers.to_pylist()
        }
        self.schedule = self._schedule(games, starts)
        self.board = Board(
            self.spans,
            self._ledger,
            self._inputs,
            contents,
            self.schedule,
            today,
            code_version,
            list(self._waivers),
        )
        self._verdicts: dict[tuple[str, dt.date], Verdict] = {}
        self._rows: dict[str, dict[dt.date, LedgerRow]] = {}

    def _schedule(self, games: pa.Table, starts: pa.Table) -> Schedule:
        rows = self._ledger.filter(pc.equal(self._ledger["asset"], calendar().name))
        dates, notes = rows["game_date"].to_pylist(), rows["note"].to_pylist()
        covers = [status in _COVERS for status in rows["status"].to_pylist()]
        return Schedule(
            self.spans[calendar().name],
            games,
            dict(zip(*starts.to_pydict().values(), strict=True)),
            dict(zip(dates, covers, strict=True)),
            dict(zip(dates, notes, strict=True)),
        )

    # calendar

    def day(self, date: dt.date) -> Day:
        """What the schedule says of the date; only a published schedule speaks."""
        return self.schedule.day(date)

    def scheduled_day(self, contract: TableContract, date: dt.date) -> Day:
        """The date as a table sees it: the schedule's day, or rows whatever is played."""
        is_bound = contract.is_partitioned and contract.expectation.follows_schedule
        return self.day(date) if is_bound else Day(date, DayKind.GAMES)

    def expected_day(self, contract: TableContract, date: dt.date) -> Day:
        """What a table must hold of the date now: of games, those that it need not wait for."""
        day = self.scheduled_day(contract, date)
        return day.finished if contract.expectation.due_when_final else day

    def is_ahead(self, contract: TableContract, date: dt.date) -> bool:
        """Whether rows of the date cannot exist yet, whatever is scheduled."""
        last = ahead_after(contract, self.today)
        return last is not None and date > last

    # ledger

    def rows(self, table: str) -> Mapping[dt.date, LedgerRow]:
        """Current ledger rows of a table by date."""
        if table not in self._rows:
            at = self.board.places(table)
            known = at[at >= 0]
            columns = self._ledger.take(pa.array(known)).to_pydict()
            columns.pop("asset")
            dates = columns.pop("game_date")
            self._rows[table] = {
                date: LedgerRow(**dict(zip(columns, values, strict=True)))
                for date, values in zip(dates, zip(*columns.values(), strict=True), strict=True)
            }
        return self._rows[table]

    def row(self, table: str, date: dt.date) -> LedgerRow | None:
        """Current ledger row."""
        self.board.column(table).index(date)
        return self.rows(table).get(date)

    def recorded_as_lost(self, table: str) -> dict[dt.date, str]:
        """Notes of the dates that the ledger has as lost, whatever their verdict is now."""
        at = self.board.places(table)
        rows = self._ledger.take(pa.array(at[at >= 0]))
        rows = rows.filter(pc.equal(rows["status"], str(State.UNRECOVERABLE)))
        return dict(zip(rows["game_date"].to_pylist(), rows["note"].to_pylist(), strict=True))

    def inputs(self, table: str, date: dt.date) -> list[Input]:
        """What the published date read."""
        return self._inputs_of.get((table, date), [])

    @cached_property
    def _inputs_of(self) -> dict[tuple[str, dt.date], list[Input]]:
        found: dict[tuple[str, dt.date], list[Input]] = {}
        for asset, date, *rest in zip(*self._inputs.to_pydict().values(), strict=True):
            found.setdefault((asset, date), []).append(Input(*rest))
        return found

    def version(self, table: str, start: dt.date, end: dt.date) -> str:
        """Version of a window: the date's own, or the sum over its dates."""
        return self.board.version(table, start, end)

    def schedule_version(self, contract: TableContract, date: dt.date) -> str:
        """Version of the schedule that the table depends on, empty for tables without one."""
        schedule = calendar().name
        return self.version(schedule, date, date) if schedule in contract.upstreams else ""

    def rows_now(self, table: str, date: dt.date) -> int | None:
        """Rows in the table, counted when the snapshot was taken; None when not counting."""
        column = self.board.column(table)
        return None if column.rows_now is None else int(column.rows_now[column.index(date)])

    def is_damaged(self, table: str, date: dt.date) -> bool:
        """Whether the rows in the table are not those that were published."""
        column = self.board.column(table)
        return bool(column.is_damaged[column.index(date)])

    def _is_other_content(self, table: str, date: dt.date) -> bool:
        """Whether as many rows as were published have another content."""
        row = self.rows(table).get(date)
        same_number = row is not None and self.rows_now(table, date) == row.row_count
        return same_number and self.is_damaged(table, date) and bool(row and row.row_count)

    # verdicts

    def column(self, table: str) -> Column:
        """Verdicts of a table over all its dates at once."""
        return self.board.column(table)

    def state(self, table: str, date: dt.date) -> State:
        """The state of a (table, date), without its reasons."""
        column = self.board.column(table)
        return STATES[int(column.states[column.index(date)])]

    def is_usable(self, table: str, date: dt.date) -> bool:
        """Whether a reader may read the date; of an open one what is final of it."""
        column = self.board.column(table)
        return bool(column.is_usable[column.index(date)])

    def states(self, table: str, dates: Sequence[dt.date]) -> dict[dt.date, State]:
        """The states of dates."""
        column = self.board.column(table)
        return {d: STATES[int(column.states[column.index(d)])] for d in dates}

    def dates_in(self, table: str, state: State) -> list[dt.date]:
        """Dates of a table that are in a state."""
        column = self.board.column(table)
        places = np.flatnonzero(column.states == CODES[state])
        return [column.span.first + dt.timedelta(int(n)) for n in places]

    def verdict(self, table: str, date: dt.date) -> Verdict:
        """The verdict of a (table, date) with its reasons; upstream staleness included."""
        key = (table, date)
        if key not in self._verdicts:
            self._verdicts[key] = judge(self.facts(contracts()[table], date))
        return self._verdicts[key]

    def facts(self, contract: TableContract, date: dt.date) -> Facts:
        """The facts behind a verdict."""
        name = contract.name
        return Facts(
            day=self.scheduled_day(contract, date),
            row=self.row(name, date),
            rows_now=self.rows_now(name, date),
            is_other_content=self._is_other_content(name, date),
            is_over=date < self.today,
            due_when_final=contract.expectation.due_when_final,
            is_due_early=contract.expectation.entities is not Expects.ANY,
            is_ahead=self.is_ahead(contract, date),
            code_version=code_version(contract),
            config_hash=contract.config_hash,
            stale_inputs=self._stale_inputs(name, date),
            in_bootstrap=self.in_bootstrap(contract, date),
            waiver=self._waivers.get((name, date), ""),
        )

    def in_bootstrap(self, contract: TableContract, date: dt.date) -> bool:
        """Whether the table expects nothing so early in the season."""
        if not contract.is_partitioned:
            return False
        start = self.schedule.season_start(date)
        expectation = contract.expectation
        return is_bootstrap(date, start, expectation.bootstrap_days) or (
            is_bootstrap(date, start, expectation.history_days) and self.schedule.has_no_past(start)
        )

    def _stale_inputs(self, table: str, date: dt.date) -> tuple[str, ...]:
        column = self.board.column(table)
        if not column.is_stale_input[column.index(date)]:
            return ()
        found = []
        for i in self.inputs(table, date):
            span = str(i.window_start)
            if i.window_start != i.window_end:
                span += f" .. {i.window_end}"
            if i.upstream not in contracts()[table].upstreams:
                found.append(f"{i.upstream} {span} is not read any more")
            elif self.version(i.upstream, i.window_start, i.window_end) != i.version:
                found.append(f"{i.upstream} {span} changed since it was read")
            elif self.board.column(i.upstream).has_stale(i.window_start, i.window_end):
                found.append(f"{i.upstream} {span} is stale itself")
        return (*found, *in_words(self.board.unrecorded_reads(table), column.index(date)))


def snapshot_of(
    platform: Platform,
    *,
    tables: Sequence[str] | None = None,
    dates: Sequence[dt.date] = (),
) -> Snapshot:
    """The state of a platform's warehouse on the league's date; ``dates`` in any order."""
    return Snapshot(
        platform.warehouse,
        platform.settings.league_today(),
        tables=tables,
        dates=(min(dates), max(dates)) if dates else None,
    )


def _all_dates(warehouse: Warehouse, today: dt.date) -> tuple[dt.date, dt.date]:
    """From the first game date to the last that can be built or is known of."""
    last = today + dt.timedelta(FORWARD_DAYS)
    known = warehouse.query(load_sql("ops/last_known_date"))["last_date"].to_pylist()[0]
    return FIRST_GAME_DATE, max(last, known or last)


def all_dates(contract: TableContract) -> str:
    """A condition that every row meets; large tables refuse queries that name no dates."""
    return f"game_date >= DATE '{WHOLE_TABLE}'" if contract.is_partitioned else "TRUE"
