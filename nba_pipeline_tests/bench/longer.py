"""The same home with a history several times as long.

Belongs here: whole seasons of everything that is kept by date (rows, ledger, inputs, attempts,
Dagster's events), copied again and again in front of the first date, day after day without a gap.
Does not belong here: measuring. Versions of copied rows and of what was read are computed anew, by
the platform's own functions, so that copied dates are as settled as those that they are copies of.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from nba_pipeline.audit.versions import versions
from nba_pipeline.contracts import ops
from nba_pipeline.contracts.field import Field, Kind
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import Described
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.verdicts.verdict import SETTLED, State
from nba_pipeline.warehouse.duckdb.contents import select_contents

SEASON = dt.timedelta(364)
"""A year of whole weeks, so that games fall on the days of the week they do."""
_OWN_DATES = ("game_date", "target_date")


@dataclass(frozen=True, slots=True)
class Copies:
    """Which dates are copied, how often and how far back.

    The first known season is no part of it: on its first days nothing is expected, for want of a
    past, which a copy has.

    Attributes:
        first: first date of the longer history.
        start: first date that is copied.
        seasons: how many are copied at once.
        number: how often.
    """

    first: dt.date
    start: dt.date
    seasons: int
    number: int

    @classmethod
    def of(cls, first: dt.date, last: dt.date, times: int) -> Copies:
        """The copies that make ``times`` as many dates of those from ``first`` to ``last``.

        Raises:
            ValueError: there are no two whole seasons.
        """
        dates = (last - first).days + 1
        seasons = dates // SEASON.days - 1
        if seasons < 1:
            raise ValueError(f"{first} .. {last} has no two whole seasons to copy from")
        missing = dates * (times - 1)
        number = -(-missing // (seasons * SEASON.days))
        return cls(first - dt.timedelta(missing), first + SEASON, seasons, number)

    @property
    def end(self) -> dt.date:
        """The date after the last that is copied."""
        return self.start + self.seasons * SEASON

    def back(self, copy: int) -> tuple[int, int]:
        """Days and years by which a copy, counted from 1, lies back."""
        years = 1 + copy * self.seasons
        return years * SEASON.days, years

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        for copy in range(1, self.number + 1):
            yield copy, *self.back(copy)


_SETTLED = SETTLED | {State.LATE}
"""A game that is still to come is late where it is copied to."""


def unsettled(platform: Platform, first: dt.date, last: dt.date) -> int:
    """How many dates of all tables are not settled, rows counted."""
    snapshot = Snapshot(
        platform.warehouse, platform.settings.league_today(), dates=(first, last), recount=True
    )
    dates = [first + dt.timedelta(n) for n in range((last - first).days + 1)]
    return sum(
        state not in _SETTLED
        for name, contract in contracts().items()
        for state in snapshot.states(
            name, dates if contract.is_partitioned else [WHOLE_TABLE]
        ).values()
    )


def lengthen(platform: Platform, times: int) -> dt.date:
    """Make the history of a platform on DuckDB ``times`` as long; returns its first date.

    Raises:
        ValueError: there are no two whole seasons to copy from.
    """
    path = platform.settings.duckdb_path
    with duckdb.connect(str(path)) as con:
        con.execute("SET TimeZone = 'UTC'")
        span = con.execute(
            f"SELECT min(game_date), max(game_date) FROM {ops.LEDGER.path} WHERE game_date > ?",
            [WHOLE_TABLE],
        ).fetchone()
        assert span is not None
        first, last = span
        copies = Copies.of(first, last, times)
        tables: list[Described] = [*contracts().values(), *ops.TABLES]
        for table in tables:
            _copy_rows(con, table, copies)
        _new_versions(con, first)
    _new_inputs(platform, (copies.first, last))
    shutil.copyfile(path, path.with_suffix(".read.duckdb"))
    index = platform.settings.home / "dagster" / "history" / "runs" / "index.db"
    if index.exists():
        _copy_events(index, copies)
    return copies.first


def _copy_rows(con: duckdb.DuckDBPyConnection, table: Described, copies: Copies) -> None:
    names = [c.field.name for c in table.columns]
    date = next((n for n in _OWN_DATES if n in names), None)
    if date is None:
        return
    cells = ", ".join(f"{_moved(c.field)} AS {c.field.name}" for c in table.columns)
    con.execute("CREATE OR REPLACE TEMP TABLE copies (copy BIGINT, days INTEGER, years BIGINT)")
    con.executemany("INSERT INTO copies VALUES (?, ?, ?)", [list(c) for c in copies])
    con.execute(
        f"INSERT INTO {table.path} BY NAME SELECT {cells} FROM {table.path}, copies "
        f"WHERE {date} >= $start AND {date} < $end AND {date} - days >= $first "
        f"ORDER BY {date} - days",
        {"start": copies.start, "end": copies.end, "first": copies.first},
    )


def _moved(field: Field) -> str:
    """SQL of a value as many days or years back; what is no time stays as it is."""
    name = field.name
    if field.kind is Kind.DATE:
        return f"if({name} = DATE '{WHOLE_TABLE}', {name}, {name} - days)"
    if field.kind is Kind.TIMESTAMP:
        return f"{name} - to_days(days)"
    if field.unit == "year":
        return f"{name} - years"
    if name.endswith("game_id"):  # begins with its date, or has its season's year in two digits
        return (
            f"CASE WHEN regexp_matches({name}, '^(19|20)[0-9]{{6}}') THEN "
            f"strftime(strptime({name}[:8], '%Y%m%d') - to_days(days), '%Y%m%d') || {name}[9:] "
            f"WHEN regexp_matches({name}, '^00[0-9]{{8}}$') THEN {name}[:3] || "
            f"lpad(((CAST({name}[4:5] AS BIGINT) + 100 - years) % 100)::VARCHAR, 2, '0') "
            f"|| {name}[6:] ELSE {name} END"
        )
    return name


def _new_versions(con: duckdb.DuckDBPyConnection, before: dt.date) -> None:
    """Content hashes of copied rows, and beside them the schedule's."""
    for contract in contracts().values():
        if not contract.is_partitioned:
            continue
        con.execute(
            f"CREATE OR REPLACE TEMP VIEW good AS SELECT * FROM {contract.path} "
            f"WHERE game_date < DATE '{before}'"
        )
        found = versions(con, contract)
        con.register("found", pa.table({"d": list(found), "v": list(found.values())}))
        now = select_contents(contract, f"game_date < DATE '{before}'")
        con.execute(
            f"UPDATE {ops.LEDGER.path} SET version = found.v, checksum = now.checksum "
            f"FROM found LEFT JOIN ({now}) AS now ON now.game_date = found.d "
            "WHERE asset = ? AND partition_ledger.game_date = found.d",
            [contract.name],
        )


def _new_inputs(platform: Platform, dates: tuple[dt.date, dt.date]) -> None:
    """What every date read has the version that the windows have now."""
    snapshot = Snapshot(
        platform.warehouse, platform.settings.league_today(), dates=dates, recount=False
    )
    with duckdb.connect(str(platform.settings.duckdb_path)) as con:
        path = ops.INPUTS.path
        windows = con.execute(
            f"SELECT DISTINCT upstream, window_start, window_end FROM {path}"
        ).fetchall()
        found = pa.table(
            {
                "u": [u for u, _, _ in windows],
                "s": [s for _, s, _ in windows],
                "e": [e for _, _, e in windows],
                "v": [snapshot.version(*w) for w in windows],
            }
        )
        con.register("found", found)
        con.execute(
            f"UPDATE {path} SET version = found.v FROM found "
            "WHERE upstream = found.u AND window_start = found.s AND window_end = found.e"
        )


def _copy_events(index: Path, copies: Copies) -> None:
    """Events of copied partitions in Dagster's own tables, older copies with lower numbers."""
    with closing(sqlite3.connect(index)) as con, con:
        con.execute(
            "CREATE TEMP TABLE of_date AS SELECT id, partition FROM event_logs "
            "WHERE partition IS NOT NULL UNION "  # a check's event has its partition beside it
            "SELECT evaluation_event_storage_id, partition FROM asset_check_executions "
            "WHERE partition IS NOT NULL AND evaluation_event_storage_id IS NOT NULL"
        )
        (size,) = con.execute(
            "SELECT 1 + max((SELECT max(id) FROM event_logs), "
            "(SELECT coalesce(max(id), 0) FROM asset_check_executions))"
        ).fetchone()
        for copy, days, _ in copies:
            con.execute("DROP TABLE IF EXISTS moved")
            con.execute(
                "CREATE TEMP TABLE moved AS SELECT id, partition AS was, "
                "date(partition, ? || ' days') AS partition FROM of_date "
                "WHERE was >= ? AND was < ?",
                [f"-{days}", str(copies.start), str(copies.end)],
            )
            con.execute("DELETE FROM moved WHERE partition < ?", [str(copies.first)])
            for statement in _EVENTS:
                con.execute(statement, {"down": copy * size})


_EVENTS = (
    """
INSERT INTO event_logs
  (id, run_id, event, dagster_event_type, timestamp, step_key, asset_key, partition)
SELECT e.id - :down, run_id, replace(event, m.was, m.partition), dagster_event_type, timestamp,
  step_key, asset_key, iif(e.partition IS NULL, NULL, m.partition)
FROM event_logs AS e JOIN moved AS m ON m.id = e.id
""",
    """
INSERT INTO asset_event_tags (event_id, asset_key, key, value, event_timestamp)
SELECT event_id - :down, asset_key, key, value, event_timestamp
FROM asset_event_tags AS t JOIN moved AS m ON m.id = t.event_id
""",
    """
INSERT INTO asset_check_executions (id, asset_key, check_name, partition, run_id, execution_status,
  evaluation_event, evaluation_event_timestamp, evaluation_event_storage_id,
  materialization_event_storage_id)
SELECT c.id - :down, asset_key, check_name, m.partition, run_id, execution_status,
  replace(evaluation_event, m.was, m.partition), evaluation_event_timestamp,
  evaluation_event_storage_id - :down, materialization_event_storage_id - :down
FROM asset_check_executions AS c JOIN moved AS m ON m.id = c.evaluation_event_storage_id
WHERE c.id > 0
""",
)
