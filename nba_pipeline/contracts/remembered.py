"""What was worked out of a text once, kept for later processes in the user's cache folder.

Belongs here: the file and when it no longer holds. Does not belong here: what is worked out. To
parse and translate all SQL statements takes longer than to run them for one date, and to read all
code that makes rows longer than to judge it. The file can be deleted at any time; one that other
code, formulas or another sqlglot made is not read.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path

import platformdirs

from nba_pipeline.files import folder_of

_LOG = logging.getLogger(__name__)
_SOURCES = ("contracts/sql_files.py", "warehouse/sql.py")
"""Code that makes what is remembered, relative to the package."""
_MOST = 2_000
"""Texts in a file: some ten times those of all tables; with more it starts anew."""
_KEPT = 5
"""Files of a user: several checkouts, each with its own code, must not undo each other's."""


def _age(file: Path) -> float:
    try:
        return -file.stat().st_mtime
    except FileNotFoundError:  # another process tidies too
        return 0.0


class Remembered:
    """Results by text, read from ``folder`` and written back at the end of the process."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / f"statements-{_maker()}.json"
        self._known = self._read()
        self._is_changed = False

    def get(self, what: str, text: str, make: Callable[[str], str]) -> str:
        """The remembered result of ``make(text)``, or a new one; an error is not remembered."""
        key = f"{what} {hashlib.sha256(text.encode()).hexdigest()}"
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = make(text)
            self._is_changed = True
        return found

    def save(self) -> None:
        """Write what is new; a folder that cannot be written costs time, not results."""
        if not self._is_changed:
            return
        self._is_changed = False
        known = {**self._read(), **self._known}
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            handle, partial = tempfile.mkstemp(dir=self.file.parent, prefix=".part-")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(known if len(known) <= _MOST else self._known, file)
            Path(partial).replace(self.file)
            files = self.file.parent.glob("statements-*.json")
            for old in sorted(files, key=_age)[_KEPT:]:
                old.unlink(missing_ok=True)
        except OSError as error:
            _LOG.info("statements are not remembered in %s: %s", self.file.parent, error)

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(self.file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            _LOG.info("%s is not used: %s", self.file, error)
            return {}
        return found if isinstance(found, dict) else {}


@cache
def remembered() -> Remembered:
    """The file of this process's user."""
    found = Remembered(Path(platformdirs.user_cache_dir("nba_pipeline")))
    atexit.register(found.save)
    return found


@cache
def _maker() -> str:
    """Digest of what makes the results: our code, the formulas, sqlglot."""
    package = Path(__file__).resolve().parents[1]
    parts = [(package / name).read_bytes() for name in _SOURCES]
    parts += [(folder_of("sql") / "sql" / "formulas.sql").read_bytes()]
    parts += [version("sqlglot").encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
