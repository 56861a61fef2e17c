"""From the bytes of a payload to JSON or a frame, with limits.

Belongs here: gzip, text, JSON, CSV and Parquet, and the check that the columns a parser needs are
there. Does not belong here: what the columns mean, or the fields of JSON objects
(``json_fields``). Files come from outside: size is limited, and
nothing is executed or guessed.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterable
from typing import Any

import pandas as pd
import pyarrow as pa
from pandas.api.types import infer_dtype

from nba_pipeline.landing.payload import Payload, PayloadError
from nba_pipeline.sources.reading.drift import DriftError, DriftKind, check_fields, drift

MAX_BYTES = 256 * 1024 * 1024
"""Largest payload after decompression; a whole season is under 20 MB."""

_GZIP = b"\x1f\x8b"


def unpacked(payload: Payload) -> bytes:
    """Content without gzip.

    Raises:
        PayloadError: empty, truncated or larger than ``MAX_BYTES``.
    """
    content = payload.content
    if content.startswith(_GZIP):
        try:
            with gzip.open(io.BytesIO(content)) as file:
                content = file.read(MAX_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise PayloadError(f"{payload.label}: truncated or damaged gzip: {error}") from error
    if len(content) > MAX_BYTES:
        raise PayloadError(f"{payload.label}: larger than {MAX_BYTES:,} bytes")
    if not content.strip():
        raise PayloadError(f"{payload.label}: empty payload")
    return content


def json_of(payload: Payload) -> Any:
    """Content as JSON.

    Raises:
        PayloadError: not JSON, as after a truncated download or an error page.
    """
    content = unpacked(payload)
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        start = content[:60].decode("utf-8", "replace")
        raise PayloadError(f"{payload.label}: not JSON ({error}); starts {start!r}") from error


def json_lines_of(payload: Payload) -> list[dict[str, Any]]:
    """Content as one JSON object a line.

    Raises:
        PayloadError: a line is not a JSON object; the message has its number.
    """
    rows = []
    for number, line in enumerate(unpacked(payload).splitlines(), start=1):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise PayloadError(f"{payload.label}: line {number} is not JSON: {error}") from error
        if not isinstance(row, dict):
            raise PayloadError(f"{payload.label}: line {number} is not an object")
        rows.append(row)
    return rows


def csv_of(payload: Payload, needed: Iterable[str]) -> pd.DataFrame:
    """Content as CSV, all values as text; empty fields are NULL.

    Raises:
        PayloadError: not CSV, or a needed column is missing.
    """
    try:
        frame = pd.read_csv(
            io.BytesIO(unpacked(payload)), dtype=str, keep_default_na=False, na_values=[""]
        )
    except (ValueError, pd.errors.ParserError) as error:
        raise PayloadError(f"{payload.label}: not CSV: {error}") from error
    return with_columns(payload, frame, needed)


def parquet_of(payload: Payload, needed: Iterable[str]) -> pd.DataFrame:
    """Content as Parquet.

    Raises:
        PayloadError: not Parquet, or a needed column is missing.
    """
    try:
        frame = pd.read_parquet(io.BytesIO(unpacked(payload)))
    except (OSError, ValueError, pa.ArrowException) as error:
        raise PayloadError(f"{payload.label}: not Parquet: {error}") from error
    return with_columns(payload, frame, needed)


def result_set_of(payload: Payload, name: str, needed: Iterable[str]) -> pd.DataFrame:
    """One result set of the stats.nba.com envelope ``resultSets[].headers/rowSet``.

    Raises:
        PayloadError: another envelope, or a needed column is missing.
    """
    found = json_of(payload)
    sets = found.get("resultSets") if isinstance(found, dict) else None
    for one in sets if isinstance(sets, list) else []:
        if isinstance(one, dict) and one.get("name") == name:
            try:
                frame = pd.DataFrame(one["rowSet"], columns=one["headers"], dtype=object)
            except (KeyError, ValueError, TypeError) as error:
                raise PayloadError(f"{payload.label}: broken result set {name}: {error}") from error
            return with_columns(payload, frame, needed)
    raise PayloadError(f"{payload.label}: no result set {name!r}")


def with_columns(payload: Payload, frame: pd.DataFrame, needed: Iterable[str]) -> pd.DataFrame:
    """The frame, if it has what a parser needs; fields that nobody knows are told.

    Raises:
        DriftError: names the missing, renamed or nested and the unexpected columns.
    """
    wanted = list(needed)
    nested = [
        (c, DriftKind.NESTED, "holds objects")
        for c in wanted
        if c in frame and _holds_objects(frame[c])
    ]
    check_fields(payload, frame.columns, wanted, nested)
    return frame


def _holds_objects(values: pd.Series[Any]) -> bool:
    mixed = values.dtype == object and infer_dtype(values, skipna=True).startswith("mixed")
    return mixed and any(isinstance(v, dict | list) for v in values)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as mappings with None for every missing value."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def whole_numbers(payload: Payload, values: pd.Series[Any], name: str) -> pd.Series[Any]:
    """Values as nullable integers.

    Raises:
        DriftError: a value is not a whole number; the message shows it.
    """
    numbers = decimals(payload, values, name)
    broken = numbers[numbers.notna() & (numbers % 1 != 0)]
    if len(broken):
        text = f"{name} = {broken.iloc[0]!r} is not a whole number"
        raise _of_another_type(payload, name, text)
    return numbers.astype("Int64")


def decimals(payload: Payload, values: pd.Series[Any], name: str) -> pd.Series[Any]:
    """Values as nullable doubles.

    Raises:
        DriftError: a value is not a number; the message shows it.
    """
    try:
        return pd.to_numeric(values).astype("Float64")
    except (ValueError, TypeError) as error:
        raise _of_another_type(payload, name, f"{name}: {error}") from error


def _of_another_type(payload: Payload, name: str, text: str) -> DriftError:
    found = drift(payload, name, DriftKind.TYPE, text)
    return DriftError(f"{payload.label}: {text}", [found])
