"""From the bytes of a payload to JSON or a frame, with limits.

Belongs here: gzip, JSON and Parquet, and the check that the columns a parser needs are there. Does
not belong here: the rows of CSV (``csv_text``), what the columns mean, their values (``numbers``,
``values``), or the fields of JSON objects (``json_fields``). Files come from outside: size is
limited, and nothing is executed or guessed.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pandas as pd
import pyarrow as pa
from pandas.api.types import infer_dtype

from nba_pipeline.landing.payload import Payload, PayloadError
from nba_pipeline.sources.reading.aside import rows_left
from nba_pipeline.sources.reading.csv_text import csv_frame
from nba_pipeline.sources.reading.drift import DriftKind, check_fields
from nba_pipeline.sources.reading.places import shown

MAX_BYTES = 256 * 1024 * 1024
"""Largest payload after decompression; a whole season is under 20 MB."""

_GZIP = b"\x1f\x8b"
_SURROGATE = re.compile(rb"\\u[dD][89abAB]")
"""How JSON escapes what is beyond 16 bits; one half alone is allowed by its grammar."""


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
        PayloadError: not JSON, as after a truncated download or an error page; a name twice in one
            object; or text that no encoding can write.
    """
    content = unpacked(payload)
    try:
        return _json(content)
    except _AmbiguousError as error:
        raise PayloadError(f"{payload.label}: {error}") from error
    except (ValueError, RecursionError) as error:
        start = content[:60].decode("utf-8", "replace")
        raise PayloadError(f"{payload.label}: not JSON ({error}); starts {start!r}") from error


def json_lines_of(payload: Payload) -> list[dict[str, Any]]:
    """Content as one JSON object a line.

    Raises:
        PayloadError: as of ``json_of``, or a line is no object; the message has its number.
    """
    rows = []
    for number, line in enumerate(unpacked(payload).splitlines(), start=1):
        try:
            row = _json(line)
        except _AmbiguousError as error:
            raise PayloadError(f"{payload.label}: line {number}: {error}") from error
        except (ValueError, RecursionError) as error:
            raise PayloadError(f"{payload.label}: line {number} is not JSON: {error}") from error
        if not isinstance(row, dict):
            raise PayloadError(f"{payload.label}: line {number} is not an object")
        rows.append(row)
    return rows


class _AmbiguousError(ValueError):
    """JSON by its grammar, that says nothing for certain."""


def _json(content: bytes) -> Any:
    """Content as JSON.

    Raises:
        ValueError: not JSON; an ``_AmbiguousError`` where it is and says nothing for certain.
        RecursionError: too many lists in lists.
    """
    found = json.loads(content, object_pairs_hook=_object)
    if _SURROGATE.search(content):
        _check_text(found, "")
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        ((twice, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise _AmbiguousError(f"{shown(twice)} is twice in one object")
    return found


def _check_text(found: Any, path: str) -> None:
    """Half of a pair of surrogates is a text that can be printed and stored nowhere."""
    if isinstance(found, str):
        try:
            found.encode()
        except UnicodeEncodeError as error:
            where = path or "the answer"
            raise _AmbiguousError(f"{where} = {shown(found)} is no text") from error
    elif isinstance(found, list):
        for place, one in enumerate(found):
            _check_text(one, f"{path}[{place}]")
    elif isinstance(found, dict):
        for name, one in found.items():
            _check_text(name, f"a name in {path or 'the answer'}")
            _check_text(one, f"{path}.{name}" if path else name)


def csv_of(payload: Payload, needed: Iterable[str]) -> pd.DataFrame:
    """Content as CSV, all values as text; empty fields are NULL.

    Raises:
        PayloadError: not CSV, a row of another length, or a needed column is missing or there
            twice; the message has the row.
    """
    return with_columns(payload, csv_frame(payload, unpacked(payload)), needed)


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
            return with_columns(payload, _result_frame(payload, name, one), needed)
    raise PayloadError(f"{payload.label}: no result set {name!r}")


def _result_frame(payload: Payload, name: str, one: dict[str, Any]) -> pd.DataFrame:
    """Rows of a result set.

    Raises:
        PayloadError: not a list of texts and lists of as many values; the message has the row.
    """
    where = f"{payload.label}: result set {name}"
    headers, rows = one.get("headers"), one.get("rowSet")
    if not isinstance(headers, list) or not all(isinstance(h, str) for h in headers):
        raise PayloadError(f"{where} has no list of headers")
    if not isinstance(rows, list):
        raise PayloadError(f"{where} has no list of rows")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, list) or len(row) != len(headers):
            raise PayloadError(f"{where}: row {number} has not {len(headers)} values")
    return pd.DataFrame(rows, columns=pd.Index(headers), dtype=object)


def with_columns(payload: Payload, frame: pd.DataFrame, needed: Iterable[str]) -> pd.DataFrame:
    """The frame, if it has what a parser needs; fields that nobody knows are told.

    Raises:
        DriftError: names the missing, renamed or nested and the unexpected columns.
        PayloadError: a needed column is there twice.
    """
    wanted = list(needed)
    twice = frame.columns[frame.columns.duplicated()]
    for name in wanted:
        if name in twice:
            raise PayloadError(f"{payload.label}: column {name} is there twice")
    nested = [
        (c, DriftKind.NESTED, "holds objects")
        for c in wanted
        if c in frame and _holds_objects(frame[c])
    ]
    check_fields(payload, frame.columns, wanted, nested)
    return rows_left(frame)


def _holds_objects(values: pd.Series[Any]) -> bool:
    mixed = values.dtype == object and infer_dtype(values, skipna=True).startswith("mixed")
    return mixed and any(isinstance(v, dict | list) for v in values)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as mappings with None for every missing value."""
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]
