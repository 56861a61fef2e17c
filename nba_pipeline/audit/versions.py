"""Versions: a content hash per date, the same on every engine.

Belongs here: which columns count, in which order and as which text. Does not belong here: what a
changed version means (``verdict``).
"""

from __future__ import annotations

import datetime as dt

import duckdb
import pyarrow as pa

from nba_pipeline.contracts.columns import Column
from nba_pipeline.contracts.field import Kind
from nba_pipeline.contracts.spec import WHOLE_TABLE, TableContract
from nba_pipeline.warehouse.engine import scratch


def date_of_table(contract: TableContract) -> str:
    """SQL of a row's ledger date."""
    return "game_date" if contract.is_partitioned else f"DATE '{WHOLE_TABLE}'"


def versions(con: duckdb.DuckDBPyConnection, contract: TableContract) -> dict[dt.date, str]:
    """Hash of the rows of ``good`` by date: in key order, without columns that only say when."""
    cells = ", ".join(_cell(c) for c in contract.columns if not c.volatile)
    order = ", ".join(contract.key)
    sql = (
        f"SELECT {date_of_table(contract)}, md5(string_agg(md5(concat_ws('|', {cells})), '' "  # noqa: S608
        f"ORDER BY {order})) FROM good GROUP BY 1"
    )
    return dict(con.execute(sql).fetchall())


def versions_of(contract: TableContract, rows: pa.Table) -> dict[dt.date, str]:
    """Versions of published rows in hand, by date; no rows, no entry."""
    with scratch() as con:
        con.register("good", rows)
        return versions(con, contract)


def _cell(column: Column) -> str:
    """Text of a value that is the same on every engine; doubles to twelve significant digits."""
    name = column.field.name
    if column.field.kind is Kind.FLOAT64:
        name = f"format('{{:.12g}}', {name} + 0.0)"
    elif column.field.kind is Kind.TIMESTAMP:
        name = f"epoch_us({name})"
    return f"coalesce(CAST({name} AS VARCHAR), '~')"
