"""Reading a file of somebody's folder: regular files only, and no more than a limit.

Belongs here: opening and reading without waiting for what may never come. Does not belong here:
what is in a file.
"""

from __future__ import annotations

import os
import queue
import stat
import threading
from dataclasses import dataclass
from pathlib import Path

from nba_pipeline.landing.payload import SourceError

LONGEST = 120.0
"""Seconds for one file: the largest that is read, at 2 MB a second. A network folder whose host is
gone gives nothing at all, and no error either."""


@dataclass(frozen=True, slots=True)
class RegularFile:
    """Content of a file and when it was last written, in seconds since 1970."""

    content: bytes
    modified: float


def read_regular(path: Path, limit: int) -> RegularFile:
    """A file that is a file: a pipe or a device would be waited for.

    Raises:
        SourceError: not there, not to be read, no regular file, larger than ``limit`` bytes, or
            not read after ``LONGEST`` seconds.
    """
    answers = queue.SimpleQueue[RegularFile | Exception]()

    def work() -> None:
        try:
            answers.put(_read(path, limit))
        except Exception as error:  # told to whoever waits
            answers.put(error)

    # nothing ends a read that hangs: it is left behind, and ends with the process at the latest
    threading.Thread(target=work, name=f"reading {path.name}", daemon=True).start()
    try:
        found = answers.get(timeout=LONGEST)
    except queue.Empty:
        raise SourceError(f"{path}: not read after {LONGEST:.0f} seconds") from None
    if isinstance(found, Exception):
        raise found
    return found


def _read(path: Path, limit: int) -> RegularFile:
    try:
        _check(path, path.stat(), limit)
        # the file may have been replaced since: without waiting, and looked at again
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            found = os.fstat(handle)
            _check(path, found, limit)
            content = file.read(limit + 1)
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror}") from error
    if len(content) > limit:
        raise SourceError(f"{path}: larger than {limit:,} bytes")
    return RegularFile(content, found.st_mtime)


def _check(path: Path, found: os.stat_result, limit: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise SourceError(f"{path}: not a regular file")
    if found.st_size > limit:
        raise SourceError(f"{path}: larger than {limit:,} bytes")
