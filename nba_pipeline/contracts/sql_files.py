"""The files of ``sql/``: finding them, and putting in the formulas that they call.

Belongs here: text, syntax tree and parameters of a file, before any engine. Does not belong here:
translating (``warehouse.sql``) or running it. sqlglot is loaded for a text that no process has seen
yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from nba_pipeline.contracts.remembered import remembered
from nba_pipeline.files import folder_of

if TYPE_CHECKING:
    from sqlglot import exp

SQL_ROOT = folder_of("sql") / "sql"


class SqlError(Exception):
    """A SQL file is missing or leaves the checked subset; the message names file and construct."""


@cache
def load_sql(name: str) -> str:
    """Text of ``sql/<name>.sql``.

    Raises:
        SqlError: no such file.
    """
    path = SQL_ROOT / f"{name}.sql"
    if not path.is_file():
        raise SqlError(f"no SQL file {name}.sql under {SQL_ROOT.name}/")
    return path.read_text(encoding="utf-8")


def check_text(name: str) -> str:
    """A file of ``sql/checks`` without comments and layout; empty for a law that has none."""
    path = SQL_ROOT / "checks" / f"{name}.sql"
    return normalised(load_sql(f"checks/{name}")) if path.is_file() else ""


def normalised(text: str) -> str:
    """The statement without comments and layout: what a code version is made of."""
    return remembered().get("normalised", text, _normalised)


def _normalised(text: str) -> str:
    return str(expanded(text).sql(dialect="bigquery", comments=False))


def parameters(text: str) -> frozenset[str]:
    """Names of the ``@parameters`` of a statement, by its syntax tree."""
    return frozenset(remembered().get("parameters", text, _parameters).split())


def _parameters(text: str) -> str:
    from sqlglot import exp

    return " ".join(sorted({p.name for p in expanded(text).find_all(exp.Parameter)}))


def tables_named(text: str) -> frozenset[str]:
    """Names of the tables and views that a statement reads, without their datasets."""
    return frozenset(remembered().get("tables", text, _tables).split())


def _tables(text: str) -> str:
    from sqlglot import exp

    return " ".join(sorted({t.name for t in expanded(text).find_all(exp.Table)}))


def columns_named(text: str) -> frozenset[str]:
    """Names of the columns that a statement reads or makes."""
    return frozenset(remembered().get("columns", text, _columns).split())


def _columns(text: str) -> str:
    from sqlglot import exp

    return " ".join(sorted({c.name for c in expanded(text).find_all(exp.Column)}))


def bound(text: str, values: Mapping[str, object]) -> dict[str, object]:
    """Of the values those that the statement names; an engine refuses any other.

    Raises:
        SqlError: the statement names a parameter without a value.
    """
    named = parameters(text)
    missing = sorted(named - set(values))
    if missing:
        raise SqlError(f"no value for @{', @'.join(missing)}: {' '.join(text.split())[:80]}")
    return {name: value for name, value in values.items() if name in named}


def expanded(text: str) -> exp.Expression:
    """The statement with every call of a function of ``sql/formulas.sql`` replaced by its body.

    Raises:
        SqlError: a call with another number of arguments.
    """
    import sqlglot
    from sqlglot import exp

    def inline(node: exp.Expression) -> exp.Expression:
        formula = formulas().get(node.name.lower()) if isinstance(node, exp.Anonymous) else None
        if formula is None:
            return node
        names, body = formula
        if len(names) != len(node.expressions):
            raise SqlError(f"{node.name} takes {', '.join(names)}: {node.sql(dialect='bigquery')}")
        given = dict(zip(names, node.expressions, strict=True))
        return exp.paren(body.transform(lambda n: _argument(n, given)).transform(inline))

    return sqlglot.parse_one(text, read="bigquery").transform(inline)


def _argument(node: exp.Expression, given: dict[str, exp.Expression]) -> exp.Expression:
    from sqlglot import exp

    is_parameter = isinstance(node, exp.Column) and not node.table and node.name in given
    return exp.paren(given[node.name].copy()) if is_parameter else node


@cache
def formulas() -> dict[str, tuple[tuple[str, ...], exp.Expression]]:
    """Functions of ``sql/formulas.sql``: names of their parameters, and body."""
    import sqlglot
    from sqlglot import exp

    found = {}
    for statement in sqlglot.parse(load_sql("formulas"), read="bigquery"):
        if isinstance(statement, exp.Create):
            names = tuple(p.name for p in statement.this.expressions)
            body = statement.expression.unnest()
            found[statement.this.this.name.lower()] = (names, body)
    return found
