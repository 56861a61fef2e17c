"""The process's one DuckDB in memory, its connections, and warehouse files attached to it.

Belongs here: starting it once and letting go of files. Does not belong here: waiting for a file or
any SQL. To start a DuckDB takes several times as long as to attach a file to one that runs, and a
run opens the warehouse some twenty times. An engine that broke, or cannot let go of a file, is
dropped, and its files with it; the next call starts another.
"""

from __future__ import annotations

import atexit
import functools
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from nba_pipeline.warehouse.base import WarehouseError

CATALOG = "warehouse"


@functools.lru_cache(maxsize=1)
def _engine(process: int) -> duckdb.DuckDBPyConnection:
    """The engine of a process; a forked child must not use its parent's."""
    spill = Path(tempfile.gettempdir()) / f"nba-duckdb-{process}"
    con = duckdb.connect(config={"temp_directory": str(spill)})
    con.execute("SET GLOBAL TimeZone = 'UTC'")
    atexit.register(_engine.cache_clear)  # let go before the interpreter takes modules apart
    return con


@contextmanager
def scratch() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own for frames that are registered; its transaction ends with it."""
    con = _engine(os.getpid()).cursor()
    try:
        yield con
    except Exception as error:
        if isinstance(error, duckdb.FatalException) or isinstance(
            error.__cause__, duckdb.FatalException
        ):
            _engine.cache_clear()
        raise
    finally:
        con.close()


@contextmanager
def attached(path: Path, *, write: bool) -> Iterator[None]:
    """Hold a file, with the lock that DuckDB takes on it; one file at a time in a process.

    Raises:
        duckdb.Error: the file is locked, missing or no DuckDB file.
        WarehouseError: what was committed could not be written into the file, as on a full disk.
    """
    engine = _engine(os.getpid())
    mode = "" if write else " (READ_ONLY)"
    engine.execute(f"ATTACH $path AS {CATALOG}{mode}", {"path": str(path)})
    try:
        yield
    finally:
        try:
            engine.execute(f"DETACH {CATALOG}")
        except duckdb.Error as error:
            _engine.cache_clear()
            raise WarehouseError(
                f"{path} cannot be written: {str(error).strip().splitlines()[-1]}; what was "
                "committed is kept beside it; make room and run the same command again"
            ) from error
