"""Dagster's SQLite event log with its connections kept open.

Belongs here: connections, and how a file begins. Does not belong here: rows (``event_batch``) and
what events mean; tables and rows stay Dagster's own, so that the stock class reads the same files.
The stock class builds an engine per statement, which costs three quarters of the time of a
backfill. This touches private API of Dagster 1.13; with any other version the stock class is used.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Any

import dagster
from dagster._core.storage.event_log.sqlite.sqlite_event_log import (
    INDEX_SHARD_NAME,
    SqliteEventLogStorage,
)
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, StaticPool, create_engine, event

from nba_pipeline.orchestration.event_batch import BatchedSqliteEventLog

SUPPORTED = "1.13."
_OPEN_SHARDS = 16
BUSY_SECONDS = 60


class PooledSqliteEventLog(BatchedSqliteEventLog):
    """Stock tables, one open connection per shard, ``synchronous=NORMAL``.

    NORMAL may lose the last events on a power cut, not on a crash; the ledger is the truth.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._tables: set[str] = set()
        self._columns: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Any:
        """The pooled storage, or the stock one when Dagster is not the version it was made for."""
        wanted = cls if dagster.__version__.startswith(SUPPORTED) else SqliteEventLogStorage
        return wanted(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _engine(self, shard: str) -> Engine:
        engine = self._engines.pop(shard, None)
        if engine is None:
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
            )
            event.listen(engine, "connect", tune)
        self._engines[shard] = engine
        while len(self._engines) > _OPEN_SHARDS:
            _, oldest = self._engines.popitem(last=False)
            oldest.dispose()
        return engine

    def _initdb(self, engine: Engine, for_index_shard: bool = False) -> None:
        path = Path(str(engine.url.database))
        is_of_run = not for_index_shard and path.stem != INDEX_SHARD_NAME
        if is_of_run and not path.exists() and self._begun(path):
            return
        if not event.contains(engine, "connect", tune):
            event.listen(engine, "connect", tune)
        super()._initdb(engine, for_index_shard=for_index_shard)

    def _begun(self, path: Path) -> bool:
        """Whether it was made; for one that another process began the stock way knows to wait."""
        with NamedTemporaryFile(dir=path.parent, suffix=".part") as part:
            part.write(self._start)
            part.flush()
            try:
                os.link(part.name, path)
            except FileExistsError:
                return False
        return True

    @cached_property
    def _start(self) -> bytes:
        """What a run's file begins with; the stock way takes 80 ms to make it each time."""
        with TemporaryDirectory() as folder:
            engine = create_engine(f"sqlite:///{folder}/run.db", poolclass=StaticPool)
            event.listen(engine, "connect", tune)
            super()._initdb(engine)
            with engine.connect() as connection:
                found = _without_unused(connection.connection.driver_connection)
            engine.dispose()
        return found

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table; a table that was seen does not go away."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def has_asset_key_col(self, column_name: str) -> bool:
        """Whether the table of assets has a column; one that was seen does not go away."""
        return column_name in self._columns or super().has_asset_key_col(column_name)

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        if column_name in self._columns:
            return True
        is_there = super()._has_asset_key_col_on_connection(conn, column_name)
        if is_there:
            self._columns.add(column_name)
        return is_there

    def wipe(self) -> None:
        """Forget everything; files that are about to be deleted are closed first."""
        self._close()
        super().wipe()

    def dispose(self) -> None:
        """Close all connections."""
        self._close()
        super().dispose()

    def _close(self) -> None:
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()
            self._initialized_dbs.clear()


def tune(connection: Any, _record: object) -> None:
    """Larger pages for a file that is about to be made: of 4 KB, two events leave a third empty."""
    connection.execute("PRAGMA page_size=8192")
    connection.execute("PRAGMA synchronous=NORMAL")


_OF_A_RUN = ("alembic_version", "event_logs", "asset_event_tags", "idx_event_type")
"""Tables and indexes that are read in a run's file; all events there are of one run.

The tags stay empty, but deleting a run names them. The others make 90 of 100 KB of a short run.
"""


def _without_unused(connection: Any) -> bytes:
    """A file without what a run's file has no use for."""
    found = connection.execute(
        "SELECT type, name FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type"
    ).fetchall()
    drops = [f"DROP {kind} {name}" for kind, name in found if name not in _OF_A_RUN]
    connection.executescript("; ".join([*drops, "VACUUM"]))
    return bytes(connection.serialize())
