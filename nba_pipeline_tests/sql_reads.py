"""What the statements of ``sql/`` read, and where that is not what the contract requires."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.simplify import simplify

from nba_pipeline.contracts.registry import calendar, contracts
from nba_pipeline.contracts.spec import Requirement, TableContract, Window
from nba_pipeline.contracts.sql_files import SQL_ROOT, expanded, load_sql, parameters

Given = tuple[tuple[str, object], ...]


def texts_of(contract: TableContract) -> list[str]:
    """The SELECT of a derived table, and what counts its rows apart where that exists."""
    expected = f"expected/{contract.statement.file or contract.name}"
    names = [contract.sql_path]
    names += [expected] if (SQL_ROOT / f"{expected}.sql").exists() else []
    return [load_sql(name) for name in names]


def faults(contract: TableContract, texts: list[str]) -> list[str]:
    """How the statements of a table differ from its requirements; none when they do not."""
    needed = {contracts()[u].path: r for r in contract.requirements for u in r.upstreams}
    reads = [tables_read(text, contract.statement.parameters) for text in texts]
    found = []
    for table in (table for tables in reads for table in tables):
        path = path_of(table)
        if path in needed:
            found += _other_dates(table, path, needed[path])
        else:
            found.append(f"reads {path} without needing it")
    # which games a date must hold is read by the audit of every table on the schedule
    by_audit = {calendar().path} if contract.expectation.follows_schedule else set()
    unread = set(needed) - {path_of(t) for t in reads[0]} - by_audit
    found += [f"needs {path} and never reads it" for path in unread]
    windows = {r.days for r in contract.requirements}
    for days in (n for text in texts for n in _days_written(text)):
        if days in windows:
            found.append(f"writes {days} days, a window of its requirements")
        if days > max(windows, default=0):
            found.append(f"steps back {days} days, further than any of its windows")
    named = frozenset().union(*map(parameters, texts))
    found += [f"never names @{name}" for name in _own(contract) - named]
    return sorted(set(found))


def path_of(table: exp.Table) -> str:
    """``dataset.table`` as it is written."""
    return f"{table.db}.{table.name}" if table.db else table.name


@cache
def tables_read(text: str, given: Given = ()) -> tuple[exp.Table, ...]:
    """Tables in a statement, common table expressions aside.

    ``given`` are parameters with the one value they have for a table: a SELECT that they rule out
    reads nothing.
    """
    tree = expanded(text).copy()  # which is remembered, and not to be changed
    for parameter in list(tree.find_all(exp.Parameter)):
        if parameter.name in dict(given):
            parameter.replace(exp.convert(dict(given)[parameter.name]))
    own = {c.alias for c in tree.find_all(exp.CTE)}
    idle = {
        id(table)
        for select in tree.find_all(exp.Select)
        if (where := select.args.get("where")) and simplify(where.this.copy()) == exp.false()
        for table in select.find_all(exp.Table)
    }
    return tuple(
        t for t in tree.find_all(exp.Table) if id(t) not in idle and (t.db or t.name not in own)
    )


def _own(contract: TableContract) -> set[str]:
    windows = {f"{u}_days" for r in contract.requirements if r.days for u in r.upstreams}
    return windows | {name for name, _ in contract.statement.parameters}


def _other_dates(table: exp.Table, path: str, requirement: Requirement) -> Iterator[str]:
    """Whether the SELECT around a table takes the dates of its requirement, and no others."""
    if requirement.window is Window.WHOLE_TABLE:
        return
    first = "@start_date"
    if requirement.window is Window.TRAILING_DAYS:
        first = f"DATE_SUB(@start_date, INTERVAL @{table.name}_days DAY)"
    select = table.find_ancestor(exp.Select)
    assert select is not None
    where = select.args.get("where")
    is_alone = len(list(select.find_all(exp.Table))) == 1
    for between in where.find_all(exp.Between) if where else ():
        column = between.this
        is_its = column.table == table.alias if column.table else is_alone
        if column.name != "game_date" or not is_its:
            continue
        wanted = sqlglot.parse_one(f"game_date BETWEEN {first} AND @end_date", read="bigquery")
        if any(between.args[part] != wanted.args[part] for part in ("low", "high")):
            low, high = (between.args[part].sql(dialect="bigquery") for part in ("low", "high"))
            yield f"reads {path} from {low} to {high}, not since {first}"
        return
    yield f"reads {path} without saying which dates"


@cache
def _days_written(text: str) -> frozenset[int]:
    return frozenset(
        int(step.expression.name)
        for step in expanded(text).find_all(exp.DateSub, exp.DateAdd)
        if isinstance(step.expression, exp.Literal) and step.text("unit").upper() == "DAY"
    )
