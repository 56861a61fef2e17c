"""Where the seconds of a backfill go, by stage and table.

Belongs here: the names of the functions that are timed; a unit test holds that they exist. Does
not belong here: printing. Nested stages: a leaf takes all that runs inside it; a frame only what
no other stage inside it takes.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any
from unittest.mock import patch

import dagster as dg

from nba_pipeline.build import door, publish
from nba_pipeline.build import raw as build_raw
from nba_pipeline.orchestration import factory, runner
from nba_pipeline.platform import Platform
from nba_pipeline_tests.bench.usage import Usage, spent

LEAVES = (
    (door, "schedule_rows", "read sources"),
    (door, "fetch", "read sources"),
    (door, "shape_whole", "read sources"),
    (build_raw, "fetch", "read sources"),
    (build_raw, "landed_before", "read sources"),
    (build_raw, "shape", "read sources"),
    (door, "snapshot_of", "gate"),
    (door, "ask", "gate"),
    (publish, "audit", "audit"),
)
"""Where ``build`` calls the stages: module, name, stage."""
WAREHOUSE_LEAVES = (
    ("publish", "publish"),
    ("record", "publish"),
    ("share", "read copy"),
    ("query", "SQL"),
)
FRAMES = (
    (factory, "build", "rest of build"),
    (dg, "materialize", "Dagster"),
    (dg.JobDefinition, "execute_in_process", "Dagster"),
    (runner, "run_backfill", "planning and verdicts"),
)
"""What is left of the door, of Dagster's runs around it, and of the backfill around them."""
STAGES = (
    "read sources",
    "gate",
    "SQL",
    "audit",
    "publish",
    "rest of build",
    "read copy",
    "Dagster",
    "planning and verdicts",
)
OF_A_TABLE = STAGES[: STAGES.index("Dagster")]
"""Stages that a table pays for itself; of Dagster and planning only the sum is known."""
OF_THE_DOOR = STAGES[: STAGES.index("read copy")]
"""From the gate to the published rows."""


@dataclass
class _Call:
    is_frame: bool
    wall: float = 0.0
    cpu: float = 0.0


class Stopwatch:
    """Usage by stage and table.

    Each thread has its own nesting. CPU seconds are the process's: while two threads work, each
    stage counts both.
    """

    def __init__(self) -> None:
        self.usage: dict[tuple[str, str], Usage] = {}
        self._here = threading.local()
        self._lock = threading.Lock()

    @property
    def table(self) -> str:
        """The table that the thread is building, empty before the first."""
        return getattr(self._here, "table", "")

    @table.setter
    def table(self, name: str) -> None:
        self._here.table = name

    def wrap(
        self, stage: str, function: Callable[..., Any], *, is_frame: bool = False
    ) -> Callable[..., Any]:
        """The function, timed; a generator is timed while it makes the next value."""
        if inspect.isgeneratorfunction(function):
            made: Callable[..., Iterator[Any]] = function

            @wraps(function)
            def each(*args: Any, **kwargs: Any) -> Iterator[Any]:
                values, end = made(*args, **kwargs), object()
                while True:
                    with self.measured(stage, is_frame=is_frame):
                        value = next(values, end)
                    if value is end:
                        return
                    yield value

            return each

        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.measured(stage, is_frame=is_frame):
                return function(*args, **kwargs)

        return timed

    @contextmanager
    def measured(self, stage: str, *, is_frame: bool = False) -> Iterator[None]:
        """Count what the body uses; inside a leaf it is the leaf's."""
        calls: list[_Call] = self._here.__dict__.setdefault("calls", [])
        if calls and not calls[-1].is_frame:
            yield
            return
        calls.append(_Call(is_frame))
        before = spent()
        try:
            yield
        finally:
            whole, inner = spent() - before, calls.pop()
            own = Usage(whole.wall - inner.wall, whole.cpu - inner.cpu)
            if calls:
                calls[-1].wall += whole.wall
                calls[-1].cpu += whole.cpu
            with self._lock:
                key = (stage, self.table)
                known = self.usage.get(key, Usage(0, 0))
                self.usage[key] = Usage(known.wall + own.wall, known.cpu + own.cpu)

    def of(self, stage: str) -> Usage:
        """Usage of a stage over all tables."""
        found = [u for (s, _), u in self.usage.items() if s == stage]
        return Usage(sum(u.wall for u in found), sum(u.cpu for u in found))


@contextmanager
def instrumented(platform: Platform) -> Iterator[Stopwatch]:
    """Time the stages where they are called, as long as the body runs."""
    watch = Stopwatch()
    points: list[tuple[Any, str, str, bool]] = [
        *((*p, False) for p in LEAVES),
        *((platform.warehouse, *p, False) for p in WAREHOUSE_LEAVES),
        *((*p, True) for p in FRAMES),
    ]
    patches = []
    for owner, name, stage, is_frame in points:
        timed = watch.wrap(stage, getattr(owner, name), is_frame=is_frame)
        if (owner, name) == (factory, "build"):
            timed = _of_table(watch, timed)
        patches.append(patch.object(owner, name, timed))
    for each in patches:
        each.start()
    try:
        yield watch
    finally:
        for each in reversed(patches):
            each.stop()


def _of_table(watch: Stopwatch, build: Callable[..., Any]) -> Callable[..., Any]:
    def entered(platform: Platform, table: str, *args: Any, **kwargs: Any) -> Any:
        watch.table = table
        return build(platform, table, *args, **kwargs)

    return entered
