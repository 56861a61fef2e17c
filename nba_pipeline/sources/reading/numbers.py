"""Numbers of a payload: from printed values to integers and doubles, each of them exactly or not.

Belongs here: what counts as a number, and naming the row and column of what does not. Does not
belong here: bytes and columns (``unpack``), or what a number means (``parse``). A value is never
read as another number: what is cut, too large or half a number refuses the payload.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import infer_dtype

from nba_pipeline.landing.payload import Payload
from nba_pipeline.sources.reading.drift import DriftError, DriftKind, drift
from nba_pipeline.sources.reading.places import first_of, rows_with, shown

_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?\s*", re.ASCII)
_LEAST, _MOST = -(2**63), 2**63 - 1
_EXACT = 2**53
"""Largest whole number below which a double holds every one."""
_OF_ONE_KIND = frozenset(("string", "integer", "floating", "mixed-integer-float", "empty"))
"""Kinds of values of which equal ones are one value; elsewhere True would be 1."""


def whole_numbers(
    payload: Payload, values: pd.Series[Any], name: str | None = None
) -> pd.Series[Any]:
    """Values as nullable integers; what is missing or blank is NULL.

    Raises:
        DriftError: a value is not a whole number; the message has row, column and value.
    """
    return _read(payload, values, name, whole, "Int64")


def decimals(payload: Payload, values: pd.Series[Any], name: str | None = None) -> pd.Series[Any]:
    """Values as nullable doubles; what is missing or blank is NULL.

    Raises:
        DriftError: a value is not a number; the message has row, column and value.
    """
    return _read(payload, values, name, decimal, "Float64")


def _read(
    payload: Payload,
    values: pd.Series[Any],
    name: str | None,
    read: Callable[[Any], float | int | None],
    dtype: str,
) -> pd.Series[Any]:
    """Every value once: most columns repeat a few of them."""
    name = str(values.name) if name is None else name
    codes, found = distinct(values)
    numbers: list[float | int | None] = []
    wrong: dict[int, str] = {}
    for place, value in enumerate(found):
        try:
            numbers.append(read(value))
        except (ValueError, OverflowError) as error:
            numbers.append(None)
            wrong[place] = f"{name} = {shown(value)} {error}"
    if wrong:
        bad = rows_with(payload, values, codes, wrong)
        text = first_of(values, codes, wrong)
        told = drift(payload, name, DriftKind.TYPE, text)
        raise DriftError(f"{payload.label}: {text}", [told], bad)
    known = pd.array([*numbers, None], dtype=dtype)  # type: ignore[call-overload]
    return pd.Series(known[codes], index=values.index)


def distinct(values: pd.Series[Any]) -> tuple[np.ndarray[Any, Any], list[Any]]:
    """For each value its place in the list, -1 where it is missing."""
    if values.dtype != object or infer_dtype(values, skipna=True) in _OF_ONE_KIND:
        codes, uniques = pd.factorize(values)
        return codes, list(uniques)
    is_here = np.array([not is_missing(v) for v in values], dtype=bool)
    codes = np.where(is_here, np.cumsum(is_here) - 1, -1)
    return codes, [v for v, here in zip(values, is_here, strict=True) if here]


def is_missing(value: object) -> bool:
    """Whether a value of any kind is the absence of one."""
    is_nan = isinstance(value, float) and math.isnan(value)
    return value is None or is_nan or value is pd.NA or value is pd.NaT


def whole(value: Any) -> int | None:
    """The value as an integer; None of what is missing or blank.

    Raises:
        ValueError: it is no whole number, with the reason.
    """
    number = _number(value)
    if number is None:
        return None
    if not _LEAST <= number <= _MOST:
        raise ValueError("is too large")
    if number != number // 1:
        raise ValueError("is not a whole number")
    if isinstance(number, float) and abs(number) > _EXACT:
        raise ValueError("is too large to be exact")
    return int(number)


def decimal(value: Any) -> float | None:
    """The value as a double; None of what is missing or blank.

    Raises:
        ValueError: it is no number, with the reason.
    """
    number = _number(value)
    if number is None:
        return None
    found = float(number)
    if math.isinf(found):
        raise ValueError("is too large")
    return found


def _number(value: Any) -> int | float | Decimal | None:
    """The number that a value is, or that a text prints; None of a blank text.

    Raises:
        ValueError: it is no number.
    """
    if isinstance(value, str):
        if not value.strip():
            return None
        if not _NUMBER.fullmatch(value):
            raise ValueError("is not a number")
        return Decimal(value.strip())
    if isinstance(value, np.generic):
        value = value.item()
    if is_missing(value):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("is not a number")
    if isinstance(value, float) and math.isinf(value):
        raise ValueError("is not a number")
    return value
