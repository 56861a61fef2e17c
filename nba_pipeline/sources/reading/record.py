"""Reading records one by one, so that an error names the record, the field and its value.

Belongs here: going through the objects of an answer or the rows of a table, and values that must be
a text. Does not belong here: what a record says (``parse``), or whole columns (``values``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from nba_pipeline.landing.payload import Payload, PayloadError, Place
from nba_pipeline.sources.reading.aside import MOST, ROW, listed
from nba_pipeline.sources.reading.places import is_text, shown

T = TypeVar("T")


class LacksError(KeyError):
    """A record has no such field; its text is the name of the field."""


class Record(Mapping[str, Any]):
    """A mapping that knows which of its values was read last; so do the objects in it."""

    __slots__ = ("_held", "_last", "_path")

    def __init__(
        self, held: Mapping[str, Any], path: str = "", last: list[Any] | None = None
    ) -> None:
        self._held = held
        self._path = path
        self._last = ["", None] if last is None else last

    def __getitem__(self, name: str) -> Any:
        """A value, which is now the one read last."""
        path = f"{self._path}.{name}" if self._path else name
        if name not in self._held:
            raise LacksError(path)
        value = self._held[name]
        self._last[:] = path, value
        return self._inner(value, path)

    def __iter__(self) -> Iterator[str]:
        """Names of the fields."""
        return iter(self._held)

    def __len__(self) -> int:
        """How many fields there are."""
        return len(self._held)

    def __repr__(self) -> str:
        """The mapping itself."""
        return repr(self._held)

    def _inner(self, value: Any, path: str) -> Any:
        if isinstance(value, dict):
            return Record(value, path, self._last)
        if isinstance(value, list):
            return [self._inner(one, f"{path}[{n}]") for n, one in enumerate(value)]
        return value

    def plain(self, name: str) -> Any:
        """A value as it is: of many objects in it none is told by its place."""
        if name not in self._held:
            raise LacksError(name)
        self._last[:] = name, "..."
        return self._held[name]

    def followed_by(self, held: Mapping[str, Any]) -> Record:
        """A mapping made of this record, whose values are told as its own."""
        return Record(held, last=self._last)

    @property
    def last_read(self) -> str:
        """``homeTeam.score = 'x'``; empty when nothing was read yet."""
        path, value = self._last
        return f"{path} = {shown(value)}" if path else ""


def read_each(
    payload: Payload, found: Sequence[Any], read: Callable[[Record], T], what: str = ROW
) -> list[T]:
    """What ``read`` makes of each record, counted from 1 as the payload has them.

    Raises:
        PayloadError: one is no object, lacks a field or has a value that cannot be read; the
            message has its number, the field and the value.
    """
    made, bad = [], dict[Place, str]()
    for number, one in listed(what, found):
        where = f"{payload.label}: {what} {number}"
        if not isinstance(one, Mapping):
            bad[what, number] = f"{where} is {shown(one)}, no object"
            continue
        record = Record(one)
        try:
            made.append(read(record))
        except LacksError as error:
            bad[what, number] = f"{where} lacks {error.args[0]}"
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
            bad[what, number] = f"{where}: {record.last_read}{reason(error)}"
    if bad:
        raise PayloadError(next(iter(bad.values())), bad if len(bad) <= MOST else None)
    return made


def reason(error: Exception) -> str:
    """What is wrong with a value, as it goes on after the value."""
    text = str(error)
    return f" {text}" if text.startswith("is ") else f": {text}"


def text_of(value: Any) -> str:
    """A value that must be a text; a whole number is taken as it is printed.

    Raises:
        ValueError: it is none.
    """
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        text = str(value)
        if is_text(text):
            return text
    raise ValueError("is no text")


def text_or_none(value: Any) -> str | None:
    """The same of a value that may be missing; an empty text is none.

    Raises:
        ValueError: it is there and no text.
    """
    return None if value is None or value == "" else text_of(value)
