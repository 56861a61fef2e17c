"""What is in a table: rows and a checksum by date, in one pass.

Belongs here: DuckDB's checksum of rows. Does not belong here: versions (``audit.versions``), which
are the same on every engine and cost fifty times as much.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from nba_pipeline.contracts.spec import WHOLE_TABLE, TableContract
from nba_pipeline.warehouse.base import ContentQuery

# identifiers come from contracts, never from input; values are bound
# ruff: noqa: S608


def select_contents(contract: TableContract, where: str) -> str:
    """SELECT of ``game_date, n, checksum`` over the rows that meet a condition.

    The contract's columns in its order: an old table may have them in another. A sum, so that the
    order of rows is nothing.
    """
    date = "game_date" if contract.is_partitioned else f"DATE '{WHOLE_TABLE}'"
    rows = f"SELECT {', '.join(contract.column_names)} FROM {contract.path} WHERE {where}"
    checksum = "CAST(SUM(CAST(hash(t) AS HUGEINT)) AS VARCHAR)"
    return (
        f"SELECT {date} AS game_date, count(*) AS n, "
        f"'duckdb-{duckdb.__version__}:' || {checksum} AS checksum FROM ({rows}) AS t GROUP BY 1"
    )


def contents(con: duckdb.DuckDBPyConnection, query: ContentQuery) -> pa.Table:
    """``asset, game_date, n, checksum`` of the dates that have rows."""
    text = query.statement(select_contents, "$")
    return con.sql(text, params=query.parameters).to_arrow_table()
