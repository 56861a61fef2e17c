"""Where in a payload a value stands, and how it is shown in one line of a message.

Belongs here: row numbers, shortened values, and texts that can be shown nowhere. Does not belong
here: which other values are wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from nba_pipeline.landing.payload import Payload, PayloadError, Place, one_line
from nba_pipeline.sources.reading.aside import MOST, ROW

_LONGEST = 60
"""Characters of a value that are shown: enough to know it again."""


def row_of(values: pd.Series[Any], place: int) -> str:
    """``row 17: ``, counted from 1 as the payload has them.

    A frame keeps its numbers while rows are left out; of one that is no list of the payload's rows
    nothing is said.
    """
    label = values.index[place]
    return f"row {label + 1}: " if isinstance(label, Integral) else ""


def first_of(values: pd.Series[Any], codes: np.ndarray[Any, Any], wrong: Mapping[int, str]) -> str:
    """The first wrong value with its row; ``codes`` say which value is where."""
    place = int(np.flatnonzero(np.isin(codes, list(wrong)))[0])
    return f"{row_of(values, place)}{wrong[int(codes[place])]}"


def rows_with(
    payload: Payload,
    values: pd.Series[Any],
    codes: np.ndarray[Any, Any],
    wrong: Mapping[int, str],
) -> dict[Place, str]:
    """Every row with a wrong value and what is wrong with it; none where they are too many."""
    found = np.flatnonzero(np.isin(codes, list(wrong)))
    labels = [values.index[place] for place in found[: MOST + 1]]
    if len(found) > MOST or not all(isinstance(label, Integral) for label in labels):
        return {}
    return {
        (ROW, int(label) + 1): f"{payload.label}: row {label + 1}: {wrong[int(codes[place])]}"
        for label, place in zip(labels, found, strict=True)
    }


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
        if is_text("".join(texts)):
            continue
        place, bad = next(
            (n, v) for n, v in enumerate(values) if isinstance(v, str) and not is_text(v)
        )
        where = f"{row_of(values, place)}{name}"
        raise PayloadError(f"{payload.label}: {where} = {shown(bad)} is no text")


def is_text(text: str) -> bool:
    """Whether a text can be stored: no NUL, and no half of a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
