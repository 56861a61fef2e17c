"""Renders GoogleSQL for an engine.

Belongs here: checking and translating SQL text. Files are GoogleSQL inside a checked subset:
constructs that sqlglot translates wrongly without saying so are refused here. Does not belong here:
finding the files (``contracts.sql_files``) or running them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nba_pipeline.contracts.remembered import remembered
from nba_pipeline.contracts.sql_files import SqlError, expanded

if TYPE_CHECKING:
    from sqlglot import exp


def to_duckdb(text: str) -> str:
    """GoogleSQL to DuckDB.

    Raises:
        SqlError: a construct outside the subset.
    """
    return remembered().get("duckdb", text, _to_duckdb)


def _to_duckdb(text: str) -> str:
    tree = expanded(text)
    check_subset(tree)
    return str(tree.sql(dialect="duckdb", comments=False))


def check_subset(tree: exp.Expression) -> None:
    """Refuse what would give other rows on the two engines without an error.

    Division by zero is ``inf`` on DuckDB and an error on BigQuery; UNNEST offsets start at another
    number; the day of week counts otherwise; COUNTIF of a window without rows is NULL on DuckDB.

    Raises:
        SqlError: names the construct.
    """
    from sqlglot import exp

    for node in tree.walk():
        if isinstance(node, exp.Div) and not isinstance(node.expression, exp.Literal):
            raise SqlError(f"bare division, use SAFE_DIVIDE: {node.sql(dialect='bigquery')}")
        if isinstance(node, exp.Unnest) and node.args.get("offset"):
            raise SqlError("UNNEST WITH OFFSET counts from another number on DuckDB")
        if isinstance(node, exp.Window) and isinstance(node.this, exp.CountIf):
            raise SqlError("COUNTIF OVER no rows is NULL on DuckDB, use COUNT(IF(..., 1, NULL))")
        if isinstance(node, exp.DayOfWeek) or (
            isinstance(node, exp.Extract) and "DAYOFWEEK" in node.this.sql().upper()
        ):
            raise SqlError("DAYOFWEEK differs between the engines")
        if isinstance(node, exp.Star) and not isinstance(node.parent, exp.Count):
            raise SqlError("SELECT * depends on column order; name the columns")
