"""What tests of contexts share: their tables, rows as frames, and tables changed by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.sql_files import bound, load_sql
from nba_pipeline.platform import Platform
from nba_pipeline.warehouse.sql import to_duckdb
from nba_pipeline_tests.support import (
    DEFENSE,
    OFFENSE,
    PLAYERS,
    TODAY,
    platform_in,
)

POOL, LINES = "game_player_pool", "player_points_lines"
TEAMS, CONTEXT = "upcoming_team_game_context", "upcoming_player_game_context"
BUILT_LAST = (LINES, POOL, TEAMS, CONTEXT)
TOMORROW = TODAY + dt.timedelta(1)


def rows_of(platform: Platform, table: str, *dates: dt.date) -> pd.DataFrame:
    contract = contracts()[table]
    names = ", ".join(contract.column_names)
    text = (
        f"SELECT {names} FROM {contract.path} WHERE game_date BETWEEN @first AND @last "
        f"ORDER BY {', '.join(contract.key)}"
    )
    params = {"first": min(dates), "last": max(dates)}
    return platform.warehouse.query(text, params).to_pandas(date_as_object=True)


def changed(home: Path, *statements: tuple[str, Sequence[object]]) -> None:
    """Change tables of a home by hand, past every gate."""
    with duckdb.connect(str(platform_in(home).settings.duckdb_path)) as con:
        for text, values in statements:
            con.execute(text, list(values))


def without_result(game_id: str) -> tuple[str, Sequence[object]]:
    """A game that stays on the schedule as if it were still to be played."""
    return (
        "UPDATE nba_raw.nbac_schedule SET game_status = 'scheduled', home_score = NULL, "
        "away_score = NULL, final_witness = NULL WHERE game_id = ?",
        [game_id],
    )


def without_box_score(game_id: str) -> list[tuple[str, Sequence[object]]]:
    """Nothing that a box score tells of a game."""
    return [
        (f"DELETE FROM nba_analytics.{table} WHERE game_id = ?", [game_id])
        for table in (OFFENSE, DEFENSE, PLAYERS)
    ]


def selected(home: Path, first: dt.date, last: dt.date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of both contexts by their bare SELECTs, as the tables of a home are now."""
    with duckdb.connect(str(platform_in(home).settings.duckdb_path)) as con:
        return selected_in(con, first, last)


def selected_in(
    con: duckdb.DuckDBPyConnection, first: dt.date, last: dt.date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of both contexts, which are put into their tables: the second reads the first."""
    found = []
    for name in (TEAMS, CONTEXT):
        contract = contracts()[name]
        text = load_sql(contract.sql_path)
        values = bound(text, contract.sql_parameters(first, last))
        rows = con.sql(to_duckdb(text), params=values).to_arrow_table()
        span = [first, last]
        con.execute(f"DELETE FROM {contract.path} WHERE game_date BETWEEN ? AND ?", span)
        con.register("selected", rows)
        con.execute(f"INSERT INTO {contract.path} BY NAME SELECT * FROM selected")
        typed = rows.select(contract.column_names).cast(arrow_schema(contract))
        frame = typed.to_pandas(date_as_object=True)
        found.append(frame.sort_values(list(contract.key), ignore_index=True))
    teams, players = found
    return teams, players


@contextmanager
def as_if(
    platform: Platform, changes: Mapping[str, str], *, variable: str, value: object
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in memory as another one would be if some tables were; both contexts are empty.

    ``changes`` gives for a table what follows SELECT, with ``{kept}`` for its rows now; it may ask
    for the variable.
    """
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{platform.settings.duckdb_path}' AS kept (READ_ONLY)")
        con.execute(f"SET VARIABLE {variable} = ?", [value])
        for contract in contracts().values():
            con.execute(f"CREATE SCHEMA IF NOT EXISTS {contract.dataset}")
            kind = "TABLE" if contract.name in (TEAMS, CONTEXT) else "VIEW"
            body = "* FROM {kept} WHERE FALSE" if kind == "TABLE" else "* FROM {kept}"
            body = changes.get(contract.name, body).format(kept=f"kept.{contract.path}")
            con.execute(f"CREATE {kind} {contract.path} AS SELECT {body}")
        yield con
