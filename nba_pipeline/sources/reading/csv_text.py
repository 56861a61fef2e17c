"""From the bytes of a CSV file to a frame of texts.

Belongs here: rows and columns of CSV, and refusing a file whose rows cannot be told apart for
certain. Does not belong here: which columns a parser needs (``unpack``) or their values
(``numbers``, ``values``). A row that is cut or shifted would be read as other numbers: every row
has as many fields as the head.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from nba_pipeline.landing.payload import Payload, PayloadError, Place
from nba_pipeline.sources.reading.aside import MOST, ROW, is_aside
from nba_pipeline.sources.reading.places import shown

_BOM = b"\xef\xbb\xbf"
_ROW = re.compile(r"Row #(\d+)")  # counted from 1 with the head
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
    _check_text(payload, content)
    names = _head(payload, content)
    # looking for one byte is a hundred times faster than for what it may not stand between
    if b'"' in content and (found := _LONE_QUOTE.search(content)):
        where = _place(content[: found.start()], names)
        raise PayloadError(f"{payload.label}: {where} has a quote in it")
    numbered = [str(n) for n in range(len(names))]
    ragged = _Ragged(payload, names)
    try:
        table = pa_csv.read_csv(
            io.BytesIO(content),
            # one block: a quoted field may go over lines
            pa_csv.ReadOptions(
                column_names=numbered, use_threads=False, block_size=len(content) + 1
            ),
            pa_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=ragged.take),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(numbered, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid as error:
        text = _ROW.sub(lambda found: f"row {int(found[1]) - 1}", str(error))
        raise PayloadError(f"{payload.label}: not CSV: {text}") from error
    if ragged.bad:
        raise PayloadError(next(iter(ragged.bad.values())), ragged.bad)
    frame: pd.DataFrame = table.slice(1).to_pandas()
    frame.columns = pd.Index(_apart(names))
    if ragged.rows:  # the others keep their numbers
        here = np.delete(np.arange(len(frame) + len(ragged.rows)), [n - 1 for n in ragged.rows])
        frame.index = pd.Index(here)
    return frame


class _Ragged:
    """Rows of another length than the head: refused, or left out where they are put aside.

    Attributes:
        rows: numbers of all of them.
        bad: those that are not aside, with their message.
    """

    def __init__(self, payload: Payload, names: list[str]) -> None:
        self._payload = payload
        self._names = names
        self.rows: list[int] = []
        self.bad: dict[Place, str] = {}

    def take(self, row: pa_csv.InvalidRow) -> str:
        """What becomes of a row: it is left out, and told unless it is aside."""
        number = (row.number or 1) - 1  # counted with the head
        fields = next(csv.reader([row.text]), [])
        record = dict(zip(self._names, fields, strict=False))
        self.rows.append(number)
        if not is_aside((ROW, number), record) and len(self.bad) <= MOST:
            text = f"row {number}: {row.actual_columns} fields, not {row.expected_columns}"
            self.bad[ROW, number] = f"{self._payload.label}: not CSV: {text}"
        return "skip"


def _check_text(payload: Payload, content: bytes) -> None:
    if not content.isascii():
        try:
            content.decode()
        except UnicodeDecodeError as error:
            row = content.count(b"\n", 0, error.start)
            raise PayloadError(f"{payload.label}: not CSV: row {row} is no UTF-8") from error


def _head(payload: Payload, content: bytes) -> list[str]:
    """Names of the columns, as they stand in the first row.

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
