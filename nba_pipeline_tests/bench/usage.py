"""Seconds on the clock and on the processors, of this process and of others.

Belongs here: measuring. Does not belong here: what is measured. On a machine that others use too,
CPU seconds (user and system, children included) say more than the clock.
"""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds on the clock, and user and system seconds."""

    wall: float
    cpu: float

    def __sub__(self, earlier: Usage) -> Usage:
        return Usage(self.wall - earlier.wall, self.cpu - earlier.cpu)

    def __str__(self) -> str:
        return f"{self.wall:.2f} s, {self.cpu:.2f} CPU s"


def spent() -> Usage:
    """What this process and the children that it waited for have used until now."""
    used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return Usage(time.perf_counter(), sum(u.ru_utime + u.ru_stime for u in used))


def peak_mb() -> float:
    """Most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@dataclass(frozen=True, slots=True)
class Finished:
    """A process that ended: what it used, children included, and what it printed."""

    usage: Usage
    peak_mb: float
    code: int
    stdout: str


class ProcessError(Exception):
    """A measured process failed; the message has its command and the end of what it said."""


def run(
    command: Sequence[str], *, env: Mapping[str, str] | None = None, accept: Sequence[int] = (0,)
) -> Finished:
    """Run a process to its end and measure the whole of it.

    Raises:
        ProcessError: it ended with a code that is not in ``accept``.
    """
    started = time.perf_counter()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            list(command), stdout=out, stderr=err, env={**os.environ, **(env or {})}
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - started
        out.seek(0)
        err.seek(0)
        stdout, stderr = out.read().decode(), err.read().decode()
    if process.returncode not in accept:
        said = "\n".join((stdout + stderr).splitlines()[-20:])
        raise ProcessError(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
    return Finished(
        Usage(wall, used.ru_utime + used.ru_stime),
        used.ru_maxrss / 1024,
        process.returncode,
        stdout,
    )


def bytes_below(folder: Path) -> int:
    """Size of all files under a folder."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
