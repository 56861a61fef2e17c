"""Tables of an older version, brought to the shape that contracts ask for.

Belongs here: columns that a table lacks; they are NULL until its dates are built again. Does not
belong here: creating tables (``warehouse``).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from google.cloud import bigquery

from nba_pipeline.contracts.render import Described

_AT_ONCE = 8
"""Requests at a time; each waits for an answer of some hundred milliseconds."""


def missing_columns(client: bigquery.Client, tables: Sequence[Described]) -> list[tuple[str, str]]:
    """The path of each table that lacks a column, with the statement that adds it."""

    def names(table: Described) -> set[str]:
        return {f.name for f in client.get_table(f"{client.project}.{table.path}").schema}

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        here = list(pool.map(names, tables))
    return [
        (table.path, f"ALTER TABLE {table.path} ADD COLUMN {c.field.name} {c.field.kind}")
        for table, known in zip(tables, here, strict=True)
        for c in table.columns
        if c.field.name not in known
    ]
