"""Frames of fetched payloads, and what all rows are made with.

Belongs here: the frames of one fetch, taking rows of dates out of them, putting them into the
contract's types. Does not belong here: fetching (``sources.fetch``), or what the rows of one
source are (the other modules of ``rows``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa

from nba_pipeline.contracts.field import Kind
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.landing.payload import DateRange, PayloadError
from nba_pipeline.landing.zone import LandedPayload


@dataclass
class Fetched:
    """Frames of the readable payloads of one fetch, and the dates that unreadable ones cost."""

    frames: list[tuple[LandedPayload, pd.DataFrame]] = field(default_factory=list)
    failed: list[tuple[DateRange, str]] = field(default_factory=list)

    def failures(self, dates: Iterable[dt.date]) -> dict[dt.date, str]:
        """The failed ones among ``dates``, with the reason."""
        return {d: reason for d in dates for span, reason in self.failed if d in span}


def collected(fetched: Fetched, dates: Iterable[dt.date]) -> pd.DataFrame:
    """Parsed rows of the dates with ``fetched_at`` and ``payload_sha256``; empty when none."""
    wanted, parts = list(dates), []
    for landed, frame in fetched.frames:
        part = frame[frame["game_date"].isin(wanted)]
        if len(part):
            parts.append(stamped(landed, part))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def stamped(landed: LandedPayload, frame: pd.DataFrame) -> pd.DataFrame:
    """A frame with the fetched_at and payload_sha256 of its payload."""
    at = pd.Timestamp(landed.fetched_at)
    return frame.assign(fetched_at=at, payload_sha256=landed.sha256)


def newest_of(frame: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """Of rows that several payloads have, those of the newest payload: versions are never mixed.

    Of two payloads of one second the one that was given last is the newer one.
    """
    if frame[["game_date", "payload_sha256"]].drop_duplicates()["game_date"].is_unique:
        return frame  # the usual case, at a fifth of the cost
    ordered = frame.sort_values("fetched_at", kind="stable")
    last = ordered.groupby(list(key), dropna=False)["payload_sha256"].transform("last")
    return ordered[ordered["payload_sha256"] == last]


def to_arrow(contract: TableContract, frame: pd.DataFrame) -> pa.Table:
    """A frame in the contract's Arrow schema; a column that the source lacks is NULL.

    Raises:
        PayloadError: a value cannot be stored as the column's type.
    """
    schema = arrow_schema(contract)
    arrays = []
    for column, wanted in zip(contract.columns, schema, strict=True):
        name = column.field.name
        if name not in frame:
            arrays.append(pa.nulls(len(frame), wanted.type))
            continue
        values = frame[name]
        if column.field.kind is Kind.TIMESTAMP:
            values = pd.to_datetime(values, utc=True)
        try:
            arrays.append(pa.array(values, wanted.type, from_pandas=True))
        except (pa.ArrowException, OverflowError, ValueError, TypeError) as error:
            raise PayloadError(f"{contract.path}.{name}: {error}") from error
    return pa.table(arrays, schema=schema)
