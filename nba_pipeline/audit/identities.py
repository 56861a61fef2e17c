"""The audit's laws of the game: what holds for the rows of a team or a game taken together.

Belongs here: running the checks of ``sql/checks`` over rows in hand, and what a row kept aside
excuses. Does not belong here: single bad rows (``rows``), or the verdict on a date
(``dates``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import duckdb

from nba_pipeline.audit.rows import BadCell
from nba_pipeline.audit.versions import date_of_table
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.contracts.sql_files import bound, columns_named, load_sql, tables_named
from nba_pipeline.warehouse.sql import to_duckdb

Excuses = frozenset[tuple[dt.date, str, str]]
"""Date, team or game, and the column of a bad cell in one of its rows."""

_PUBLISHED = "good"
"""Rows that laws of what must be there read: a row kept aside is not published, so excuses none."""
_UNIQUE = "one_row_per_key"


def broken_identities(
    con: duckdb.DuckDBPyConnection, contract: TableContract, excuses: Excuses
) -> Iterator[tuple[str, dt.date, str]]:
    """Law, date and culprit of every identity that does not hold.

    A row kept aside still is a part of its game, so the laws are held against the relation
    ``staged``, which has it. Where its own bad cell may be what breaks a law, the law is not
    judged: only for its team and its game, and only if the law reads the column of the cell. A bad
    rate hides no lost row. Laws of what must be there are held against ``good``, without excuse.
    """
    for name in contract.audits.identities:
        read = columns_read(name)
        for date, entity, detail in con.execute(*_statement(contract, name)).fetchall():
            if not any((date, entity, column) in excuses for column in read):
                yield name, date, f"{entity} ({detail})"


def excuses_of(bad: Sequence[BadCell]) -> Excuses:
    """What bad cells excuse."""
    return frozenset((c.date, entity, c.column) for c in bad for entity in c.entities)


@cache
def columns_read(name: str) -> frozenset[str]:
    """Columns whose bad cells excuse from a law; none for those that nothing excuses."""
    if name == _UNIQUE:
        return frozenset()
    text = load_sql(f"checks/{name}")
    return frozenset() if _PUBLISHED in tables_named(text) else columns_named(text)


def _statement(contract: TableContract, name: str) -> tuple[str, dict[str, Any]]:
    if name == _UNIQUE:
        key = [k for k in contract.key if k != "game_date"]
        shown = " || ' ' || ".join(f"CAST({k} AS VARCHAR)" for k in key)
        sql = (
            f"SELECT {date_of_table(contract)}, {shown} AS entity, 'rows: ' || count(*) "  # noqa: S608
            "FROM staged GROUP BY 1, 2 HAVING count(*) > 1"
        )
        return sql, {}
    text = load_sql(f"checks/{name}")
    return to_duckdb(text), bound(text, contract.expectation.limits)
