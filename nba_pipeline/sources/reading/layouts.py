"""What a layout is: its stored name, the function that reads it, the fields it is known to have.

Belongs here: how a layout is declared, and which one is being read. Does not belong here: any
layout (``sources.parse``, beside its parser) or the kinds of drift (``drift``).

Known fields are all that a layout has, read or not; which of them a parser needs, the parser says.
A field that is not listed is new: it is told when it appears, and is listed once somebody has
looked at it. Fields of an object are joined by a dot, and so are fields of the objects in a list.
An object that is listed by its own name is not looked into.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError, Place
from nba_pipeline.sources.reading.aside import MOST, Aside, leaving_out
from nba_pipeline.sources.reading.places import check_texts

Parser = Callable[[Payload], pd.DataFrame]
"""Gives one frame with the platform's own column names; it repairs nothing but encodings, and what
the payload itself proves."""

DateOf = Callable[[Mapping[str, Any]], dt.date]
"""Gives the game date of a record, or raises where that cannot be read either."""


@dataclass(frozen=True)
class KnownLayout:
    """A layout that can be read.

    Attributes:
        name: as it is stored with a landed payload.
        parser: reads the payload; called by ``read`` only.
        fields: every known field; none of a layout that is no record (a PDF).
        date_of: game date of a record as it was printed; None where no record has one.
    """

    name: Layout
    parser: Parser
    fields: frozenset[str]
    date_of: DateOf | None = None

    @cached_property
    def objects(self) -> frozenset[str]:
        """Objects that are known by their fields."""
        return frozenset(p for name in self.fields for p in _parents(name)) - self.fields

    def read(self, payload: Payload) -> pd.DataFrame:
        """The payload as a frame of the platform's columns.

        Raises:
            PayloadError: empty, truncated, too large or of another shape, whatever its bytes are;
                the message names it.
            ValueError: a payload of another layout.
        """
        if payload.layout is not self.name:
            raise ValueError(f"{payload.label} is {payload.layout}, read as {self.name}")
        token = _BEING_READ.set(self)
        try:
            frame = self.parser(payload)
            check_texts(payload, frame)
        except PayloadError:
            raise
        except Exception as error:
            # a shape that the parser did not think of costs this payload, not the run
            cause = f"{type(error).__name__}: {error}"
            raise PayloadError(f"{payload.label}: no {self.name} after all: {cause}") from error
        finally:
            _BEING_READ.reset(token)
        return frame

    def read_dates(self, payload: Payload) -> Read:
        """The payload without the dates of its records that cannot be read.

        Raises:
            PayloadError: it cannot be read, or nobody can say which dates a bad record is of.
            ValueError: a payload of another layout.
        """
        aside, lost, drift = Aside(), dict[dt.date, str](), list[PayloadError]()
        while True:
            try:
                with leaving_out(aside):
                    frame = self.read(payload)
            except PayloadError as error:
                dates = {p: self._date_of(aside, p) for p in error.bad}
                # one that was put aside and is found again was not left out
                is_known = dates and None not in dates.values() and not aside.places & set(dates)
                if not is_known or len(aside.places) + len(dates) > MOST:
                    raise
                for place, date in dates.items():
                    lost.setdefault(cast("dt.date", date), error.bad[place])
                aside.places |= set(dates)
                drift.append(error)
                continue
            return Read(frame, lost, tuple(drift))

    def _date_of(self, aside: Aside, place: Place) -> dt.date | None:
        """Date of a record that cannot be read; None when that cannot be told either."""
        if self.date_of is None:
            return None
        try:
            return self.date_of(aside.record(place))
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError):
            return None


@dataclass(frozen=True, slots=True)
class Read:
    """A payload that was read, and what it cost.

    Attributes:
        lost: dates of records that cannot be read, each with its reason.
        errors: what was told of them.
    """

    frame: pd.DataFrame
    lost: Mapping[dt.date, str]
    errors: tuple[PayloadError, ...] = ()


_BEING_READ: ContextVar[KnownLayout] = ContextVar("layout_being_read")


def being_read() -> KnownLayout:
    """The layout of the payload that a parser is reading.

    Raises:
        LookupError: a parser was called by itself, not through ``KnownLayout.read``.
    """
    return _BEING_READ.get()


def layout(
    name: Layout,
    *,
    parser: Parser,
    fields: str | Iterable[str],
    date_of: DateOf | None = None,
) -> KnownLayout:
    """Declare a layout, once; fields in one text are split at blanks."""
    known = frozenset(fields.split() if isinstance(fields, str) else fields)
    return KnownLayout(name, parser, known, date_of)


def under(prefix: str, names: str) -> str:
    """Fields of an object, or of the objects in a list: ``under("player", "id name")``."""
    return " ".join(f"{prefix}.{name}" for name in names.split())


def _parents(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name
