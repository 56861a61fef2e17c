"""The BigQuery emulator's process: ``python -m nba_pipeline_tests.emulator_process start ...``.

Belongs here: what is set right in the emulator before it starts, and nothing of ours. Three things:

* it wants DuckDB's spatial extension, a download: switched off, no geography is used;
* it parses each statement a dozen times, which was half of its time: once here, and copied;
* its FARM_FINGERPRINT is Python, slow, and another hash than BigQuery's above 64 bytes: Google's.
"""

from __future__ import annotations

import functools
import sys
from typing import Any

import farmhash
import sqlglot
from bqemulator.cli import main
from bqemulator.sql import builtin_udfs
from bqemulator.storage import engine

_parse_one = sqlglot.parse_one


@functools.lru_cache(maxsize=512)  # every DDL: a test begins by making all tables
def _parsed(sql: str, read: str) -> sqlglot.Expression | Exception:
    try:
        return _parse_one(sql, read=read)
    except sqlglot.errors.SqlglotError as error:  # kept too: what is no SQL is asked as often
        return error


def parsed_once(sql: str, read: str | None = None, **options: Any) -> sqlglot.Expression:
    """``sqlglot.parse_one``, whose trees callers may change."""
    if read is None or options:
        return _parse_one(sql, read=read, **options)
    found = _parsed(sql, read)
    if isinstance(found, Exception):
        raise found.with_traceback(None)
    return found.copy()


def fingerprint(data: bytes) -> int:
    """FarmHash ``Fingerprint64``, unsigned."""
    return int(farmhash.fingerprint64(data.decode()))


def set_right() -> None:
    """Change the emulator's modules, in this process."""
    for name in ("_load_spatial", "_load_format_extensions"):
        for found in vars(engine).values():
            if isinstance(found, type) and hasattr(found, name):
                setattr(found, name, lambda self: None)
    sqlglot.parse_one = parsed_once
    builtin_udfs._farm_fingerprint64 = fingerprint


if __name__ == "__main__":
    set_right()
    sys.exit(main())
