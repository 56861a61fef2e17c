"""What was parsed once, kept on disk: a run of one date does not parse a season for it.

Belongs here: finding, reading and writing kept frames. Does not belong here: parsing (``parse``),
or deciding what is needed (``fetch``). A kept frame is no evidence: it can be deleted at any time,
and one that another version of a parser or a library made is not found.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from nba_pipeline.landing.payload import DateRange, Payload
from nba_pipeline.sources.reading.drift import Drift, DriftKind

LEAST_BYTES = 64 * 1024
"""Smaller payloads are parsed faster than their copy is found."""

_PLAIN = frozenset((str, bool, int, float, dt.date, type(None)))
"""Kinds of objects that come back from Parquet as they were; a member of an enumeration does not,
and still equals the text that it comes back as."""

_DRIFT = b"nba_drift"
_ROWS_A_GROUP = 20_000  # some ten days of the longest feed: what one date has to read
_UNREAD_SECONDS = 30 * 24 * 3600
"""Copies that nobody read for a month are of seasons that are over, or of parsers that changed."""


class KeptFrames:
    """Parsed frames as Parquet under ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(
        self, payload: Payload, code: str, dates: DateRange | None
    ) -> tuple[pd.DataFrame, tuple[Drift, ...]] | None:
        """The payload's frame and what was told of its fields; None when it is not kept.

        With ``dates`` only rows of those game dates.
        """
        path = self._path(payload, code)
        try:
            filters = None
            if dates is not None and "game_date" in pq.read_schema(path).names:
                filters = [("game_date", ">=", dates.first), ("game_date", "<=", dates.last)]
            table = pq.read_table(path, filters=filters)
        except FileNotFoundError:
            return None
        except (pa.ArrowException, OSError):
            path.unlink(missing_ok=True)  # cut short by a crash or a full disk: made again
            return None
        os.utime(path)
        told = json.loads((table.schema.metadata or {}).get(_DRIFT, b"[]"))
        drift = tuple(Drift(**{**d, "kind": DriftKind(d["kind"])}) for d in told)
        return table.to_pandas(), drift

    def keep(self, payload: Payload, code: str, frame: pd.DataFrame, told: Sequence[Drift]) -> bool:
        """Keep a frame whole or not at all; False for one that Parquet cannot hold as it is."""
        objects = (values for _, values in frame.items() if values.dtype == object)
        if not all(_PLAIN.issuperset(map(type, values)) for values in objects):
            return False
        try:
            table = pa.Table.from_pandas(frame, preserve_index=False)
        except pa.ArrowException:
            return False
        metadata = {**(table.schema.metadata or {}), _DRIFT: json.dumps([asdict(d) for d in told])}
        path = self._path(payload, code)
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=self.folder, prefix=".part-")
        os.close(handle)
        try:
            pq.write_table(
                table.replace_schema_metadata(metadata), partial, row_group_size=_ROWS_A_GROUP,
                compression="zstd",
            )  # fmt: skip
            Path(partial).replace(path)
        finally:
            Path(partial).unlink(missing_ok=True)
        self._forget(path)
        return True

    def _path(self, payload: Payload, code: str) -> Path:
        what = f"{payload.sha256} {payload.endpoint} {payload.layout} {payload.request_key}"
        made_by = f"{code} pandas {pd.__version__} pyarrow {pa.__version__}"
        return self.folder / f"{_digest(what)}.{_digest(made_by)}.parquet"

    def _forget(self, newest: Path) -> None:
        """Drop copies of the same payload that another parser made, and those nobody reads."""
        oldest = time.time() - _UNREAD_SECONDS
        what = newest.name.partition(".")[0]
        for path in self.folder.glob("*.parquet"):
            same = path.name.startswith(f"{what}.") and path != newest
            if same or path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)


def as_kept(frame: pd.DataFrame) -> pd.DataFrame:
    """A parsed frame as it would be read again: absent objects are None, never not-a-number."""
    found = frame.reset_index(drop=True)
    for name, values in found.items():
        if values.dtype == object and values.isna().any():
            absent = values.isna()
            found[name] = [None if no else v for v, no in zip(values, absent, strict=True)]
    return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
