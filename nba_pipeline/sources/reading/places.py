"""Where in a payload a value stands, and how it is shown in one line of a message.

Belongs here: row numbers, shortened values, and texts that can be shown nowhere. Does not belong
here: which other values are wrong.
"""

from __future__ import annotations

from numbers import Integral
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Payload, PayloadError, one_line

_LONGEST = 60
"""Characters of a value that are shown: enough to know it again."""


def row_of(values: pd.Series[Any], place: int) -> str:
    """``row 17: ``, counted from 1 as the payload has them.

    A frame keeps its numbers while rows are left out; of one that is no list of the payload's rows
    nothing is said.
    """
    label = values.index[place]
    return f"row {label + 1}: " if isinstance(label, Integral) else ""


def shown(value: object) -> str:
    """A value as Python writes it, shortened."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # an integer of more than 4,300 digits, or a deep list
        text = f"a {type(value).__name__}"
    text = one_line(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def check_texts(payload: Payload, frame: pd.DataFrame) -> None:
    """Refuse texts with a NUL or with half a character: no warehouse stores them.

    Raises:
        PayloadError: names row, column and text.
    """
    for name, values in frame.items():
        if values.dtype != object and not isinstance(values.dtype, pd.StringDtype):
            continue
        texts = [v for v in values if isinstance(v, str)]
        if _is_text("".join(texts)):
            continue
        place, bad = next(
            (n, v) for n, v in enumerate(values) if isinstance(v, str) and not _is_text(v)
        )
        where = f"{row_of(values, place)}{name}"
        raise PayloadError(f"{payload.label}: {where} = {shown(bad)} is no text")


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
