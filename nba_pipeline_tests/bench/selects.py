"""The SELECTs of derived tables, and what they cost by themselves.

Belongs here: which tables are a SELECT, and the bare statement over the whole
history: the floor that everything around it is compared with.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.contracts.sql_files import bound, load_sql
from nba_pipeline.warehouse.sql import to_duckdb
from nba_pipeline_tests.bench.usage import Usage, spent


def derived() -> list[TableContract]:
    """Contracts of tables that are a SELECT, upstream tables first."""
    return [c for c in contracts().values() if c.statement.text]


def given() -> list[TableContract]:
    """Contracts of every other table: what the SELECTs read and no SELECT makes."""
    return [c for c in contracts().values() if not c.statement.text]


def bare_sql(path: Path, dates: list[dt.date]) -> dict[str, Usage]:
    """Usage of each derived table's SELECT alone, over all dates in one statement."""
    found = {}
    with duckdb.connect(str(path), read_only=True) as con:
        for contract in derived():
            text = load_sql(contract.sql_path)
            values = bound(text, contract.sql_parameters(dates[0], dates[-1]))
            before = spent()
            con.sql(to_duckdb(text), params=values).to_arrow_table()
            found[contract.name] = spent() - before
    return found
