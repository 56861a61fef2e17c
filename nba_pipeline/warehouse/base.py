"""The warehouse protocol: what every engine must do, and what it must never do.

Belongs here: the protocol, the batch that is published and its outcome, the errors.
Does not belong here: an engine (one module each), or deciding what may be published (``publish``).
Rows move as Arrow tables of the contract's schema.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa

from nba_pipeline.contracts.ops import HISTORY, OpsTable
from nba_pipeline.contracts.spec import TableContract


class WarehouseError(Exception):
    """The warehouse could not do it; one line that says what and what to do. Nothing changed."""


class LockedError(WarehouseError):
    """Another process holds the warehouse; the message names it."""


class ReadBackError(WarehouseError):
    """What was written is not what can be read."""


@dataclass(frozen=True)
class Batch:
    """Everything of one publish: it happens in one transaction or not at all.

    Attributes:
        rows: the new rows of all ``swap_dates``, in the contract's Arrow schema.
        swap_dates: dates whose rows are replaced; a date without rows becomes empty.
        ledger: one ledger row per date touched; counts are filled in by reading back.
        protected: dates and sides still expected; losing a published key of these is refused.
        seen: attempt number of each date when the run looked; another number now is a conflict.
    """

    contract: TableContract
    rows: pa.Table
    swap_dates: Sequence[dt.date]
    ledger: pa.Table
    inputs: pa.Table
    history: pa.Table
    quarantine: pa.Table
    protected: pa.Table
    seen: Mapping[dt.date, int]


@dataclass(frozen=True)
class Outcome:
    """What a publish did. Dates in neither mapping and not in ``published`` were only recorded.

    Attributes:
        published: dates whose rows and ledger row are in, with the row count read back.
        lost_keys: refused dates: published keys that are still expected but not in the new rows.
        conflicts: refused dates: who got there first.
    """

    published: dict[dt.date, int] = field(default_factory=dict)
    lost_keys: dict[dt.date, list[str]] = field(default_factory=dict)
    conflicts: dict[dt.date, str] = field(default_factory=dict)


Query = tuple[str, Mapping[str, object]]
"""A GoogleSQL SELECT and its bound parameters."""


@dataclass(frozen=True, slots=True)
class ContentQuery:
    """What is in tables between dates, each its own: ``asset, game_date, n, checksum``.

    The checksum is the engine's own, named with it: equal rows have equal ones as long as the
    engine is the same. One statement: a table of few dates costs less than a statement.
    """

    spans: tuple[tuple[TableContract, dt.date, dt.date], ...]

    def statement(self, select: Callable[[TableContract, str], str], mark: str) -> str:
        """``select`` of each table over its span, one after the other; ``mark`` a parameter."""
        found = []
        for contract, *span in self.spans:
            first, last = (f"{mark}{name}" for name in self._names(*span))
            where = f"{first} = {last}"  # a table without dates is asked about on one
            if contract.is_partitioned:
                where = f"game_date BETWEEN {first} AND {last}"
            rows = select(contract, where)
            found.append(f"SELECT '{contract.name}' AS asset, * FROM ({rows})")  # noqa: S608
        return " UNION ALL ".join(found)

    @property
    def parameters(self) -> dict[str, dt.date]:
        """Values of the statement."""
        return {
            name: value
            for _, *span in self.spans
            for name, value in zip(self._names(*span), span, strict=True)
        }

    def _names(self, first: dt.date, last: dt.date) -> tuple[str, str]:
        number = list(dict.fromkeys((f, t) for _, f, t in self.spans)).index((first, last))
        return f"first_{number}", f"last_{number}"


class Warehouse(Protocol):
    """An engine that holds all tables."""

    @property
    def kind(self) -> str:
        """``duckdb`` or ``bigquery``; for messages, never for branching outside this package."""

    def ensure_tables(self) -> list[str]:
        """Create datasets, tables and columns that do not exist: their paths, empty as they are."""

    def query(self, text: str, params: Mapping[str, object] | None = None) -> pa.Table:
        """Rows of a GoogleSQL SELECT with bound ``@parameters``."""

    def query_all(self, queries: Sequence[Query | ContentQuery]) -> list[pa.Table]:
        """Rows of several SELECTs, all of the same moment."""

    def publish(self, batch: Batch) -> Outcome:
        """Swap data, ledger, inputs, quarantine and history in one transaction, then read back.

        Raises:
            ReadBackError: the table does not hold what was written.
            WarehouseError: nothing was changed.
        """

    def record(self, rows: pa.Table, table: OpsTable = HISTORY) -> None:
        """Append to a bookkeeping table: attempts that published nothing, sightings of drift."""

    def held(self) -> AbstractContextManager[None]:
        """Keep the store open for several calls, where opening it costs; no source is asked."""

    def plan_cost(self, contract: TableContract, dates: Sequence[dt.date]) -> str:
        """What building the dates will use of the engine's limits, empty where there are none.

        Raises:
            WarehouseError: more than the engine allows, with the split that it does.
        """

    def share(self) -> None:
        """Make the current state visible to readers that must not hold the live store."""
