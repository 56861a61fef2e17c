"""Tables of an older or a damaged file, brought to the shape that contracts ask for.

Belongs here: columns that a table lacks, and columns that nobody fills any more. Does not belong
here: what becomes of the rows: with a new column their code version is another, with a lost one
their content is, and the dates are built again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb

from nba_pipeline.contracts.render import DUCKDB_TYPES, Described

_COLUMNS = """
SELECT table_schema || '.' || table_name, column_name, is_nullable = 'YES'
FROM information_schema.columns WHERE table_catalog = current_catalog()
"""


def _columns(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, bool]]:
    """Columns by table, and whether they may be NULL."""
    found: dict[str, dict[str, bool]] = {}
    for path, column, is_nullable in con.execute(_COLUMNS).fetchall():
        found.setdefault(path, {})[column] = is_nullable
    return found


def lacking(con: duckdb.DuckDBPyConnection, tables: Sequence[Described]) -> list[str]:
    """Paths of tables that are not there, and of columns that tables lack."""
    here = _columns(con)
    return [
        path
        for table in tables
        for path in (
            [f"{table.path}.{c.field.name}" for c in table.columns
             if c.field.name not in here[table.path]]
            if table.path in here else [table.path]
        )
    ]  # fmt: skip


def changes_of_shape(con: duckdb.DuckDBPyConnection, tables: Sequence[Described]) -> Iterator[str]:
    """Statements that add missing columns, and let columns be NULL that no contract has."""
    here = _columns(con)
    for table in tables:
        found = here.get(table.path, {})
        wanted = {c.field.name: c.field.kind for c in table.columns}
        for name, kind in wanted.items():
            if name not in found:
                yield f"ALTER TABLE {table.path} ADD COLUMN {name} {DUCKDB_TYPES[kind]}"
        for name, is_nullable in found.items():
            if name not in wanted and not is_nullable:
                yield f"ALTER TABLE {table.path} ALTER COLUMN {name} DROP NOT NULL"
