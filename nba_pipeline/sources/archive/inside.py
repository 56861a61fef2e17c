"""Looking into a file once: the dates of its rows, where its name does not say what it holds.

Belongs here: reading the dates, and keeping them while the file stays as it is. Does not belong
here: what follows from them (``files``).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nba_pipeline.landing.payload import Endpoint, Layout, Payload, SourceError
from nba_pipeline.sources.archive.regular import read_regular

_NO_TIME = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""Of a payload that is never landed."""


@dataclass(frozen=True, slots=True)
class Inside:
    """Dates of a file's rows; without any, ``last`` is before all dates."""

    dates: frozenset[dt.date]
    last: dt.date


def look_inside(path: Path, endpoint: Endpoint, layout: Layout) -> Inside | None:
    """Dates of a file's rows; None when it cannot be read, or its rows have none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return _inside(path, found.st_mtime_ns, found.st_size, endpoint, layout)


@lru_cache(maxsize=256)
def _inside(
    path: Path, modified: int, size: int, endpoint: Endpoint, layout: Layout
) -> Inside | None:
    """``modified`` and ``size`` say that it is the file that was looked into before."""
    # with pandas: an archive whose names say everything does without
    from nba_pipeline.sources.lookup import parse
    from nba_pipeline.sources.reading.drift import collecting
    from nba_pipeline.sources.reading.unpack import MAX_BYTES

    try:
        content = read_regular(path, MAX_BYTES).content
        payload = Payload("archive", endpoint, f"inside/{path.name}", layout, _NO_TIME, content)
        with collecting():  # new fields are told when the file is read for its rows
            frame = parse(payload)
    except SourceError:
        return None
    if "game_date" not in frame:
        return None
    dates = frozenset(frame["game_date"].dropna())
    return Inside(dates, max(dates, default=dt.date.min))
