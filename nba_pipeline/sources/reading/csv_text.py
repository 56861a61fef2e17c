"""From the bytes of a CSV file to a frame of texts.

Belongs here: rows and columns of CSV, and refusing a file whose rows cannot be told apart for
certain. Does not belong here: which columns a parser needs (``unpack``) or their values
(``numbers``, ``values``). A row that is cut or shifted would be read as other numbers: every row
has as many fields as the head, and no field ends early at a NUL.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from nba_pipeline.landing.payload import Payload, PayloadError
from nba_pipeline.sources.reading.places import shown

_BOM = b"\xef\xbb\xbf"
_ROW = re.compile(r"Row #(\d+)")  # counted from 1 with the head
_NUL = re.compile(rb"\0")
_LONE_QUOTE = re.compile(rb'"(?=[^",\r\n])(?<=[^",\r\n]")|(?<=[,\r\n])""(?=[^",\r\n])')
"""A quote between two other characters, which would be read as if it were not there: 4"5 as 45."""
_HEAD_BYTES = 4 * 1024 * 1024
"""Longest head: 20,000 columns have under 1 MB of names."""


def csv_frame(payload: Payload, content: bytes) -> pd.DataFrame:
    """Rows of a CSV file as texts, None where a field is empty; of a head alone no rows.

    A column without a name is called ``Unnamed: 0`` by its place, a second one of a name
    ``name.1``.

    Raises:
        PayloadError: not CSV in UTF-8, or a row of another length than the head; the message has
            the row, counted from 1 after the head.
    """
    content = content.removeprefix(_BOM).lstrip(b"\r\n")
    names = _head(payload, content)
    for mark, broken, what in ((b"\0", _NUL, "a NUL"), (b'"', _LONE_QUOTE, "a quote")):
        # looking for one byte is a hundred times faster than for what it may not stand between
        if mark in content and (found := broken.search(content)):
            where = _place(content[: found.start()], names)
            raise PayloadError(f"{payload.label}: {where} has {what} in it")
    numbered = [str(n) for n in range(len(names))]
    try:
        table = pa_csv.read_csv(
            io.BytesIO(content),
            # one block: a quoted field may go over lines
            pa_csv.ReadOptions(
                column_names=numbered, use_threads=False, block_size=len(content) + 1
            ),
            pa_csv.ParseOptions(newlines_in_values=True),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(numbered, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid as error:
        text = _ROW.sub(lambda found: f"row {int(found[1]) - 1}", str(error))
        raise PayloadError(f"{payload.label}: not CSV: {text}") from error
    frame: pd.DataFrame = table.slice(1).to_pandas()
    frame.columns = pd.Index(_apart(names))
    return frame


def _head(payload: Payload, content: bytes) -> list[str]:
    """Names of the columns, as they stand in the first row; other bytes are judged with the rows.

    Raises:
        PayloadError: no row, or one that has no end.
    """
    text = content[:_HEAD_BYTES].decode("utf-8", "replace")
    try:
        return next(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (csv.Error, StopIteration) as error:
        raise PayloadError(f"{payload.label}: not CSV: {error}") from error


def _apart(names: list[str]) -> list[str]:
    """Names of which no two are alike."""
    found, seen = [], Counter[str]()
    for place, name in enumerate(names):
        called = name or f"Unnamed: {place}"
        found.append(f"{called}.{seen[called]}" if seen[called] else called)
        seen[called] += 1
    return found


def _place(before: bytes, names: list[str]) -> str:
    """``row 17: points``: what stands after the bytes, as far as lines are rows."""
    text = before.decode("utf-8", "replace")
    fields = next(csv.reader([text.rpartition("\n")[2]]), [""])
    row, place = text.count("\n"), len(fields) - 1
    if not row:
        return "the head"
    return f"row {row}: {shown(names[place])[1:-1]}" if place < len(names) else f"row {row}"
