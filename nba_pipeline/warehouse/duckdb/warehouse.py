"""DuckDB adapter: one file, connections opened only around a read or a publish.

Belongs here: locking, transactions and the file's copies. Does not belong here: any rule about what
may be published. A connection is never held while rows are computed elsewhere: a process that
holds the file shuts every other one out.
"""

from __future__ import annotations

import datetime as dt
import functools
import os
import re
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_delay,
    wait_random_exponential,
)

from nba_pipeline.contracts import ops
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import Described, duckdb_ddl
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.contracts.sql_files import bound, load_sql
from nba_pipeline.warehouse.base import (
    Batch,
    ContentQuery,
    LockedError,
    Outcome,
    Query,
    WarehouseError,
)
from nba_pipeline.warehouse.duckdb.contents import contents
from nba_pipeline.warehouse.duckdb.shape import changes_of_shape, lacking
from nba_pipeline.warehouse.duckdb.swap import swap
from nba_pipeline.warehouse.engine import CATALOG, attached, scratch
from nba_pipeline.warehouse.faults import failpoint
from nba_pipeline.warehouse.guards import read_back
from nba_pipeline.warehouse.sql import to_duckdb

_PROCESS = threading.RLock()  # one file at a time is attached to the process's engine
_HOLDER = re.compile(r"PID (\d+)")


class DuckDBWarehouse:
    """Warehouse in one DuckDB file.

    Args:
        path: the file; created with its folder when missing.
        lock_seconds: how long to wait politely for another process.
        read_only: only reading verbs; never creates the file.
    """

    kind = "duckdb"

    def __init__(self, path: Path, *, lock_seconds: float = 60.0, read_only: bool = False) -> None:
        self.path = path
        self.lock_seconds = lock_seconds
        self.read_only = read_only
        self._ready = False
        self._is_held = False

    @property
    def read_copy(self) -> Path:
        """The copy for people's own sessions and for reading verbs."""
        return self.path.with_suffix(".read.duckdb")

    def ensure_tables(self) -> list[str]:
        """Create schemas, tables and columns, once per instance and file: what was not there."""
        if self._ready and self.path.exists():
            return []
        self.path.parent.mkdir(parents=True, exist_ok=True)
        tables: list[Described] = [*contracts().values(), *ops.TABLES]
        with self._connection(write=True) as con:
            made = lacking(con, tables)
            for dataset in sorted({t.path.split(".")[0] for t in tables}):
                con.execute(f"CREATE SCHEMA IF NOT EXISTS {dataset}")
            for table in tables:
                con.execute(duckdb_ddl(table))
            for statement in changes_of_shape(con, tables):
                con.execute(statement)
            con.execute(
                f"CREATE OR REPLACE VIEW {ops.DATASET}.backfill_status AS "
                f"{to_duckdb(load_sql('ops/backfill_status'))}"
            )
        self._ready = True
        return made

    def query(self, text: str, params: Mapping[str, object] | None = None) -> pa.Table:
        """Rows of a GoogleSQL SELECT with bound ``@parameters``."""
        with self._connection(write=False) as con:
            return self._rows(con, text, params or {})

    def query_all(self, queries: Sequence[Query | ContentQuery]) -> list[pa.Table]:
        """Rows of several SELECTs, read in one transaction."""
        with self._connection(write=False) as con:
            con.execute("BEGIN TRANSACTION")
            found = [
                self._contents(con, q) if isinstance(q, ContentQuery) else self._rows(con, *q)
                for q in queries
            ]
            con.execute("COMMIT")
        return found

    def _contents(self, con: duckdb.DuckDBPyConnection, query: ContentQuery) -> pa.Table:
        try:
            return contents(con, query)
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise self._out_of_shape(error) from error

    def _rows(
        self, con: duckdb.DuckDBPyConnection, text: str, params: Mapping[str, object]
    ) -> pa.Table:
        statement, values = to_duckdb(text), bound(text, params)
        try:
            return con.sql(statement, params=values).to_arrow_table()
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise self._out_of_shape(error) from error
        except duckdb.Error as error:
            raise WarehouseError(f"query failed on {self.path.name}: {_line(error)}") from error

    def publish(self, batch: Batch) -> Outcome:
        """Swap data and bookkeeping in one transaction, commit, and read back."""
        table = batch.contract.name
        self.ensure_tables()
        with self._connection(write=True) as con:
            con.execute("BEGIN TRANSACTION")
            try:
                outcome = swap(con, batch, functools.partial(self._rows, con))
                failpoint("before_commit", table)
                con.execute("COMMIT")
            except BaseException:
                con.execute("ROLLBACK")
                raise
        failpoint("after_commit", table)
        read_back(batch.contract, outcome.published, self.query)
        return outcome

    def record(self, rows: pa.Table, table: ops.OpsTable = ops.HISTORY) -> None:
        """Append to a bookkeeping table."""
        self.ensure_tables()
        with self._connection(write=True) as con:
            con.register("new_rows", rows)
            con.execute(f"INSERT INTO {table.path} BY NAME SELECT * FROM new_rows")  # noqa: S608

    def plan_cost(self, contract: TableContract, dates: Sequence[dt.date]) -> str:
        """A local file has no quota."""
        return ""

    def share(self) -> None:
        """Publish the read copy by atomic rename; open readers keep the old one."""
        partial = self.read_copy.with_suffix(f".{os.getpid()}.part")
        with _PROCESS:
            with self._connection(write=True) as con:
                con.execute("CHECKPOINT")
            shutil.copyfile(self.path, partial)  # in the kernel, not through this process
            partial.replace(self.read_copy)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the file for several calls; not for longer than it takes to make them.

        To open and close it takes as long as a small statement.
        """
        if self._is_held or not self.path.exists():
            yield
            return
        with _PROCESS, ExitStack() as held:
            self._attach(held, write=not self.read_only)
            self._is_held = True
            try:
                yield
            finally:
                self._is_held = False

    @contextmanager
    def _connection(self, *, write: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        if write and self.read_only:
            raise WarehouseError(f"{self.path.name} is open for reading only")
        if not write and not self.path.exists():
            raise WarehouseError(f"no warehouse at {self.path}; run nba backfill or nba demo first")
        with _PROCESS, ExitStack() as held:
            if not self._is_held:
                self._attach(held, write=write)
            con = held.enter_context(scratch())
            con.execute(f"USE {CATALOG}")
            yield con

    def _attach(self, held: ExitStack, *, write: bool) -> None:
        def attach() -> None:
            try:
                held.enter_context(attached(self.path, write=write))
            except duckdb.IOException as error:
                if "lock" not in str(error):
                    raise self._unreadable(error) from error
                raise LockedError(self._held(error)) from error
            except duckdb.Error as error:
                raise self._unreadable(error) from error

        def give_up(state: RetryCallState) -> None:
            error = state.outcome.exception() if state.outcome else None
            raise error or LockedError(f"{self.path} is locked")

        Retrying(
            retry=retry_if_exception_type(LockedError),
            stop=stop_after_delay(self.lock_seconds),
            wait=wait_random_exponential(multiplier=0.01, max=0.5),
            retry_error_callback=give_up,
        )(attach)

    def _held(self, error: Exception) -> str:
        found = _HOLDER.search(str(error))
        holder = f"process {found.group(1)}" if found else "another process"
        return (
            f"{self.path} is held by {holder} and was not released within "
            f"{self.lock_seconds:.0f} s; wait for that run or close that session"
        )

    def _out_of_shape(self, error: Exception) -> WarehouseError:
        return WarehouseError(
            f"a table of {self.path.name} is not as its contract says: {_line(error)}; "
            "nba verify brings it into shape and names what it lost"
        )

    def _unreadable(self, error: Exception) -> WarehouseError:
        return WarehouseError(
            f"{self.path} cannot be opened as a DuckDB 2 file: {_line(error)}; restore it from "
            f"{self.read_copy.name} or move it away and rebuild with nba backfill"
        )


def _line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
