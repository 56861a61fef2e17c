"""Records of a payload that are put aside, so that what cannot be read costs its date alone.

Belongs here: which records are left out of the reading in progress, and finding them again by their
number. Does not belong here: which values are wrong (``values``, ``numbers``, ``record``), or what
is lost with a record (``layouts``). A payload is read once without anything put aside; where some
of its records cannot be read it is read again without them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Place

ROW = "row"
"""Kind of the records of a table."""

MOST = 50
"""Records of a payload that may be put aside. More are no slips: the payload has another shape."""


@dataclass
class Aside:
    """What is left out of a reading, and where the records of the payload are."""

    places: set[Place] = field(default_factory=set)
    _held: dict[str, Callable[[int], Any]] = field(default_factory=dict)
    _broken: dict[Place, Mapping[str, Any]] = field(default_factory=dict)

    def record(self, place: Place) -> Mapping[str, Any]:
        """A record as the payload has it.

        Raises:
            LookupError: there is none of this kind and number.
        """
        if place in self._broken:
            return self._broken[place]
        kind, number = place
        found = self._held[kind](number)
        if not isinstance(found, Mapping):
            raise LookupError(f"{kind} {number} is no record")
        return found


_IN_FORCE: ContextVar[Aside | None] = ContextVar("records_aside", default=None)


@contextmanager
def leaving_out(aside: Aside) -> Iterator[None]:
    """Leave out what is aside, of whatever is read inside."""
    token = _IN_FORCE.set(aside)
    try:
        yield
    finally:
        _IN_FORCE.reset(token)


def rows_left(frame: pd.DataFrame) -> pd.DataFrame:
    """A table without its rows that are aside; the others keep their numbers."""
    aside = _IN_FORCE.get()
    if aside is None:
        return frame
    aside._held[ROW] = lambda number: frame.loc[number - 1].to_dict()
    gone = [number - 1 for kind, number in aside.places if kind == ROW]
    return frame.drop(index=gone, errors="ignore") if gone else frame


def listed(kind: str, found: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    """Records with their numbers, counted from 1, without those that are aside."""
    aside = _IN_FORCE.get()
    places = set() if aside is None else aside.places
    if aside is not None:
        aside._held[kind] = lambda number: found[number - 1]
    return ((n, one) for n, one in enumerate(found, start=1) if (kind, n) not in places)


def is_aside(place: Place, record: Mapping[str, Any]) -> bool:
    """Whether a record that is no part of a table is left out; it can be found again."""
    aside = _IN_FORCE.get()
    if aside is None:
        return False
    aside._broken[place] = record
    return place in aside.places
