"""A file of the archives as a payload.

Belongs here: reading it, and the time at which all of them were fetched. Does not belong here:
which files there are (``archives``, ``archive_*``).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from nba_pipeline.landing.payload import Layout, Payload, SourceError
from nba_pipeline.sources.loader import Loader

FETCHED_AT = dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC)
"""The archives are a warehouse last loaded on this morning; file times say nothing."""


def archived(loader: Loader, path: Path, key: str, layout: Layout) -> Payload:
    """A file as the answer to the request ``key``.

    Raises:
        SourceError: the file is not there or cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        where = f"{loader.name}/{loader.endpoint}: {path}"
        raise SourceError(f"{where}: {error.strerror}") from error
    return Payload(loader.name, loader.endpoint, key, layout, FETCHED_AT, content)
