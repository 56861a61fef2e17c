"""Warehouses that many tests start from: built once for all workers, copied for each test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

_VARIABLE = "PYTEST_TEMPLATES_OF_SESSION"


@contextmanager
def shared_folder() -> Iterator[None]:
    """A folder for the session: the first process makes and removes it, its workers inherit it."""
    if _VARIABLE in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="nba-templates-") as folder:
        os.environ[_VARIABLE] = folder
        try:
            yield
        finally:
            del os.environ[_VARIABLE]


def copy_of(name: str, home: Path, build: Callable[[Path], None]) -> None:
    """Copy the template ``name`` to ``home``; whoever comes first builds it, the others wait."""
    root = Path(os.environ[_VARIABLE])
    with FileLock(root / f"{name}.lock"):
        if not (root / name).exists():
            build(root / f"{name}.part")
            (root / f"{name}.part").rename(root / name)
    shutil.copytree(root / name, home, dirs_exist_ok=True)
