"""When readers get a new copy of the warehouse while runs go on.

Belongs here: the time between copies. Does not belong here: making them (``warehouse``).
"""

from __future__ import annotations

import time

from nba_pipeline.platform import Platform

_SHARED_EVERY = 30.0
"""Seconds after which readers get a new copy while a backfill goes on; each copies the file."""


class Sharing:
    """When readers get a new copy: after a while, and at the end if anything was built since."""

    def __init__(self, platform: Platform) -> None:
        self._platform, self._last, self._is_due = platform, time.monotonic(), False

    def now_and_then(self) -> None:
        """Something was built; a copy if the last one is long ago."""
        self._is_due = True
        if time.monotonic() - self._last > _SHARED_EVERY:
            self.finish()

    def finish(self) -> None:
        """A copy if anything was built since the last one."""
        if self._is_due:
            self._platform.warehouse.share()
            self._last, self._is_due = time.monotonic(), False
