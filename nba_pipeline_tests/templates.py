"""What many tests start from: made once for all workers, copied for each test or shared."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from nba_pipeline.settings import Settings

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


def session_folder(name: str) -> Path:
    """A folder that all processes of the session share."""
    path = Path(os.environ[_VARIABLE]) / name
    path.mkdir(exist_ok=True)
    return path


def parsed_once(settings: Settings) -> Path:
    """Where a platform keeps parsed frames: for all homes of the session the same folder.

    A frame is found by the payload's digest and its parser's code, so that nobody gets another's.
    """
    path = settings.data_home / "parsed"
    if _VARIABLE in os.environ and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(session_folder("parsed"))
    return path


def copy_of(name: str, home: Path, build: Callable[[Path], None]) -> None:
    """Copy the template ``name`` to ``home``; whoever comes first builds it, the others wait."""
    root = Path(os.environ[_VARIABLE])
    with FileLock(root / f"{name}.lock"):
        if not (root / name).exists():
            build(root / f"{name}.part")
            (root / f"{name}.part").rename(root / name)
    linked = shutil.ignore_patterns("parsed")  # every home has the link of its own
    shutil.copytree(root / name, home, ignore=linked, dirs_exist_ok=True)
