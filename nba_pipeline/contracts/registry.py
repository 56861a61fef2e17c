"""All contracts by name, with their SQL attached and in the order in which tables can be built."""

from __future__ import annotations

import difflib
from dataclasses import replace
from functools import lru_cache

from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.contracts.sql_files import load_sql, normalised
from nba_pipeline.contracts.tables import (
    analytics,
    raw,
    raw_markets,
    raw_people,
    raw_plays,
    raw_sheets,
    reference,
    upcoming,
)


class UnknownTableError(Exception):
    """No contract of that name; the message lists near names."""


@lru_cache(maxsize=1)
def contracts() -> dict[str, TableContract]:
    """Every contract by table name, upstream tables first."""
    found: dict[str, TableContract] = {}
    tables = (
        *raw.TABLES,
        *raw_markets.TABLES,
        *raw_people.TABLES,
        *raw_plays.TABLES,
        *raw_sheets.TABLES,
        *reference.TABLES,
        *analytics.TABLES,
        *upcoming.TABLES,
    )
    for contract in tables:
        if contract.landing is None:
            text = normalised(load_sql(contract.sql_path))
            contract = replace(contract, statement=replace(contract.statement, text=text))
        found[contract.name] = contract
    ordered: dict[str, TableContract] = {}
    # as declared, but for upstream tables that come first: raw before reference before the rest
    for name in found:
        ordered |= {n: found[n] for n in _upstream_first(found, name)}
    return ordered


def _upstream_first(found: dict[str, TableContract], name: str) -> list[str]:
    above = [n for u in found[name].upstreams for n in _upstream_first(found, u)]
    return [*dict.fromkeys(above), name]


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
    """The table and everything that it rests on, directly or not."""
    return _upstream_first(contracts(), name)


def downstream_of(names: list[str]) -> list[str]:
    """The tables and everything that reads them, in building order."""
    chosen = set(names)
    for contract in contracts().values():
        if chosen.intersection(contract.upstreams):
            chosen.add(contract.name)
    return [n for n in contracts() if n in chosen]
