"""Everything that verdicts are made of, read once: calendar, ledger, inputs, counted rows.

Belongs here: loading the facts and handing them to ``verdict.judge``. Does not belong here: any
rule of its own. A snapshot is immutable in meaning: load a new one after publishing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from nba_pipeline.contracts.parts import Expects
from nba_pipeline.contracts.registry import contracts, upstream_of
from nba_pipeline.contracts.spec import WHOLE_TABLE, TableContract
from nba_pipeline.league.calendar import (
    FIRST_GAME_DATE,
    FORWARD_DAYS,
    Day,
    DayKind,
    Game,
    GameStatus,
    SeasonType,
    day_of,
    is_bootstrap,
)
from nba_pipeline.verdicts.ledger import INPUTS_SQL, LEDGER_SQL, Input, inputs_of, ledger_of
from nba_pipeline.verdicts.verdict import Facts, LedgerRow, State, Verdict, judge
from nba_pipeline.warehouse.base import Warehouse

SCHEDULE = "nbac_schedule"

_GAMES_SQL = """
SELECT game_id, game_date, season_year, season_type, home_team, away_team, game_status, home_score,
  away_score, nba_game_id
FROM nba_raw.nbac_schedule
"""
_WAIVERS_SQL = """
SELECT asset, game_date, reason, owner FROM nba_orchestration.waivers
WHERE scope = 'publish' AND expires_at > CURRENT_TIMESTAMP()
"""


def all_dates(contract: TableContract) -> str:
    """A condition that every row meets; large tables refuse queries that name no dates."""
    return f"game_date >= DATE '{WHOLE_TABLE}'" if contract.is_partitioned else "TRUE"


class Snapshot:
    """The state of the platform at one moment."""

    def __init__(
        self,
        warehouse: Warehouse,
        *,
        recount: bool = True,
        today: dt.date | None = None,
        table: str | None = None,
    ) -> None:
        """Read ledger, inputs and schedule; tables are recounted when first asked for.

        ``today`` is the league's date; without it no date counts as ahead. With ``table`` only
        what that table rests on is read; to ask for another one is a KeyError, never "missing".
        """
        self._warehouse = warehouse
        self.today = today
        self._recount = recount
        ledger, inputs, self._game_rows, self._waiver_rows = warehouse.query_all(
            [LEDGER_SQL, INPUTS_SQL, _GAMES_SQL, _WAIVERS_SQL]
        )
        known = [SCHEDULE, *upstream_of(table)] if table else list(contracts())
        if table:
            wanted = pa.array(known)
            ledger, inputs = (t.filter(pc.is_in(t["asset"], wanted)) for t in (ledger, inputs))
        nothing: dict[str, dict[dt.date, LedgerRow]] = {name: {} for name in known}
        self.ledger = nothing | ledger_of(ledger)
        self._inputs = inputs_of(inputs)
        self._counts: dict[str, dict[dt.date, int]] = {}
        self._verdicts: dict[tuple[str, dt.date], Verdict] = {}
        self._windows: dict[tuple[str, dt.date, dt.date], str] = {}
        self._days: dict[dt.date, Day] = {}
        self._in_order: dict[str, tuple[list[dt.date], list[str]]] = {}

    # calendar

    @cached_property
    def games(self) -> dict[dt.date, list[Game]]:
        """Scheduled games by date."""
        found: dict[dt.date, list[Game]] = {}
        columns = self._game_rows.to_pydict()
        for gid, date, year, kind, home, away, status, *rest in zip(*columns.values(), strict=True):
            game = Game(gid, date, year, SeasonType(kind), home, away, GameStatus(status), *rest)
            found.setdefault(date, []).append(game)
        return found

    @cached_property
    def season_starts(self) -> dict[int, dt.date]:
        """First regular game date of each season."""
        starts: dict[int, dt.date] = {}
        for date, games in self.games.items():
            for g in games:
                if g.season_type is SeasonType.REGULAR:
                    starts[g.season_year] = min(date, starts.get(g.season_year, date))
        return starts

    def day(self, date: dt.date) -> Day:
        """What the schedule says of the date; only a published schedule speaks."""
        found = self._days.get(date)
        if found is None:
            row = self.ledger[SCHEDULE].get(date)
            covered = row is not None and row.status in (State.COMPLETE, State.NO_GAMES)
            games = self.games.get(date, []) if row is not None else []
            found = day_of(date, games, covered=covered, note=row.note if row else "")
            self._days[date] = found
        return found

    def expected_day(self, contract: TableContract, date: dt.date) -> Day:
        """What a table expects of the date: the schedule's day, or rows whatever is played."""
        is_bound = contract.is_partitioned and contract.expectation.follows_schedule
        return self.day(date) if is_bound else Day(date, DayKind.GAMES)

    def is_ahead(self, contract: TableContract, date: dt.date) -> bool:
        """Whether rows of the date cannot exist yet, whatever is scheduled."""
        if (
            contract.expectation.follows_schedule
            or not contract.is_partitioned
            or self.today is None
        ):
            return False
        return date > self.today + dt.timedelta(0 if contract.endpoint else FORWARD_DAYS)

    def season_start(self, date: dt.date) -> dt.date:
        """First game date of the season in progress on the date (the date itself when unknown)."""
        past = [start for start in self.season_starts.values() if start <= date]
        return max(past, default=date)

    def season_edge(self, date: dt.date) -> dt.date:
        """Day before the first known game of the season in progress.

        It must be known to be without games: a schedule that begins with the first known game may
        lack those before it.
        """
        return max(self.season_start(date) - dt.timedelta(1), FIRST_GAME_DATE)

    def season_type(self, date: dt.date) -> SeasonType | None:
        """Kind of the date's games, None without games."""
        games = self.day(date).games
        return games[0].season_type if games else None

    # ledger

    def row(self, table: str, date: dt.date) -> LedgerRow | None:
        """Current ledger row."""
        return self.ledger[table].get(date)

    def inputs(self, table: str, date: dt.date) -> list[Input]:
        """What the published date read."""
        return self._inputs.get(table, {}).get(date, [])

    def version(self, table: str, start: dt.date, end: dt.date) -> str:
        """Version of a window: the date's own, or a digest over the window's versions in order."""
        rows = self.ledger[table]
        if start == end:
            return rows[start].version if start in rows else ""
        key = (table, start, end)
        if key not in self._windows:
            dates, texts = self._ordered(table)
            text = ";".join(texts[bisect_left(dates, start) : bisect_right(dates, end)])
            self._windows[key] = hashlib.sha256(text.encode()).hexdigest()[:32]
        return self._windows[key]

    def _ordered(self, table: str) -> tuple[list[dt.date], list[str]]:
        """Dates of a table in order, and beside them what a window's digest is made of."""
        if table not in self._in_order:
            rows = sorted(self.ledger[table].items())
            self._in_order[table] = [d for d, _ in rows], [f"{d}={r.version}" for d, r in rows]
        return self._in_order[table]

    def rows_now(self, table: str, date: dt.date) -> int | None:
        """Rows in the table now, counted once per snapshot; None when not counting."""
        if not self._recount:
            return None
        if table not in self._counts:
            contract = contracts()[table]
            if contract.is_partitioned:
                text = (
                    f"SELECT game_date, COUNT(*) AS n FROM {contract.path} "  # noqa: S608
                    f"WHERE {all_dates(contract)} GROUP BY game_date"
                )
            else:
                text = (
                    f"SELECT DATE '{WHOLE_TABLE}' AS game_date, COUNT(*) AS n FROM {contract.path}"  # noqa: S608
                )
            found = self._warehouse.query(text).to_pydict()
            self._counts[table] = dict(zip(found["game_date"], found["n"], strict=True))
        return self._counts[table].get(date, 0)

    # verdicts

    def verdict(self, table: str, date: dt.date) -> Verdict:
        """The verdict of a (table, date); upstream staleness included, transitively."""
        key = (table, date)
        if key not in self._verdicts:
            self._verdicts[key] = judge(self.facts(contracts()[table], date))
        return self._verdicts[key]

    def facts(self, contract: TableContract, date: dt.date) -> Facts:
        """The facts behind a verdict."""
        name = contract.name
        start = self.season_start(date)
        bootstrap = is_bootstrap(date, start, contract.expectation.bootstrap_days) or (
            is_bootstrap(date, start, contract.expectation.history_days)
            and self._has_no_past(start)
        )
        return Facts(
            day=self.expected_day(contract, date),
            row=self.row(name, date),
            rows_now=self.rows_now(name, date),
            due_when_final=contract.expectation.due_when_final,
            is_due_early=contract.expectation.entities is not Expects.ANY,
            is_ahead=self.is_ahead(contract, date),
            code_version=contract.code_version,
            config_hash=contract.config_hash,
            stale_inputs=self._stale_inputs(name, date),
            in_bootstrap=bootstrap,
            waiver=self._waivers.get((name, date), ""),
        )

    def _has_no_past(self, season_start: dt.date) -> bool:
        """Whether a season is known to be the first: none before it, and none of it missing."""
        is_first = season_start == min(self.season_starts.values(), default=None)
        edge = self.season_edge(season_start)
        return is_first and (edge == season_start or self.day(edge).kind is not DayKind.UNKNOWN)

    def schedule_version(self, contract: TableContract, date: dt.date) -> str:
        """Version of the schedule that the table depends on, empty for tables without one."""
        return self.version(SCHEDULE, date, date) if SCHEDULE in contract.upstreams else ""

    def _stale_inputs(self, table: str, date: dt.date) -> tuple[str, ...]:
        found = []
        for i in self.inputs(table, date):
            span = str(i.window_start)
            if i.window_start != i.window_end:
                span += f" .. {i.window_end}"
            if self.version(i.upstream, i.window_start, i.window_end) != i.version:
                found.append(f"{i.upstream} {span} changed since it was read")
            elif self._is_stale(i):
                found.append(f"{i.upstream} {span} is stale itself")
        return tuple(found)

    def _is_stale(self, i: Input) -> bool:
        dates, _ = self._ordered(i.upstream)
        window = dates[bisect_left(dates, i.window_start) : bisect_right(dates, i.window_end)]
        return any(self.verdict(i.upstream, d).state is State.STALE for d in window)

    @cached_property
    def _waivers(self) -> Mapping[tuple[str, dt.date], str]:
        return {
            (w["asset"], w["game_date"]): f"waived by {w['owner']}: {w['reason']}"
            for w in self._waiver_rows.to_pylist()
        }
