"""All contracts by name, with their SQL attached and in the order in which tables can be built.

Belongs here: finding the tables, their order, and what lies above and below one. Does not belong
here: a table (``tables``), or a list of them: a module that declares one is found.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush

from nba_pipeline.contracts import tables
from nba_pipeline.contracts.discovery import declared
from nba_pipeline.contracts.spec import Dataset, TableContract
from nba_pipeline.contracts.sql_files import load_sql, normalised


class UnknownTableError(Exception):
    """No contract of that name; the message lists near names."""


class RequirementError(Exception):
    """Requirements that cannot be met: a table that does not exist, or one that needs itself."""


@lru_cache(maxsize=1)
def contracts() -> dict[str, TableContract]:
    """Every contract by table name, upstream tables first.

    Raises:
        DeclaredTwiceError: two tables have one name.
        RequirementError: the requirements are no graph without cycles.
        SqlError: a table is neither landed nor has a file in ``sql``.
    """
    found = declared(tables, TableContract)
    return {name: _with_sql(found[name]) for name in in_building_order(found)}


@lru_cache(maxsize=1)
def calendar() -> TableContract:
    """The one table that says which dates have games.

    Raises:
        RequirementError: there is none, or another one.
    """
    found = [c for c in contracts().values() if c.is_calendar]
    if len(found) != 1:
        names = ", ".join(c.name for c in found) or "none"
        raise RequirementError(f"one table says which dates have games, not {names}")
    return found[0]


def _with_sql(contract: TableContract) -> TableContract:
    if contract.landing is not None:
        return contract
    text = normalised(load_sql(contract.sql_path))
    return replace(contract, statement=replace(contract.statement, text=text))


def in_building_order(found: Mapping[str, TableContract]) -> list[str]:
    """Names with every upstream first; else by dataset, in it as they are declared.

    Raises:
        RequirementError: names the table and what it needs, or the tables of the cycle.
    """
    for contract in found.values():
        for upstream in contract.upstreams:
            if upstream not in found:
                raise RequirementError(f"{contract.name} needs {upstream}, which is no table")
    graph: TopologicalSorter[str] = TopologicalSorter({n: c.upstreams for n, c in found.items()})
    try:
        graph.prepare()
    except CycleError as error:
        cycle = " <- ".join(error.args[1])
        raise RequirementError(f"tables that need one another: {cycle}") from error
    datasets = list(Dataset)
    wished = sorted(found, key=lambda name: datasets.index(found[name].dataset))
    waiting: list[int] = []
    order: list[str] = []
    while graph.is_active():
        for name in graph.get_ready():
            heappush(waiting, wished.index(name))
        order.append(wished[heappop(waiting)])
        graph.done(order[-1])
    return order


def contract_of(name: str) -> TableContract:
    """Contract of a table by name or ``dataset.name``.

    Raises:
        UnknownTableError: no such table.
    """
    known = contracts()
    short = name.replace("/", ".").rsplit(".", 1)[-1]
    if short in known and name.replace("/", ".") in (short, known[short].path):
        return known[short]
    near = difflib.get_close_matches(short, known, n=3)
    hint = f"; did you mean {', '.join(near)}?" if near else f"; tables: {', '.join(known)}"
    raise UnknownTableError(f"unknown table {name!r}{hint}")


def upstream_of(name: str) -> list[str]:
    """The table and everything that it rests on, directly or not, in building order."""
    chosen = {name}
    for contract in reversed(contracts().values()):
        if contract.name in chosen:
            chosen.update(contract.upstreams)
    return _in_order(chosen)


def downstream_of(names: Iterable[str]) -> list[str]:
    """The tables and everything that reads them, in building order."""
    chosen = set(names)
    for contract in contracts().values():
        if chosen.intersection(contract.upstreams):
            chosen.add(contract.name)
    return _in_order(chosen)


def _in_order(chosen: set[str]) -> list[str]:
    return [n for n in contracts() if n in chosen]
