"""What a field is: name, storage type, unit, range and meaning.

Belongs here: the form of an entry of the dictionary. Does not belong here: the entries
(``fields``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Storage type, in GoogleSQL words. Only wide types exist, so a range always fits."""

    STRING = "STRING"
    INT64 = "INT64"
    FLOAT64 = "FLOAT64"
    BOOL = "BOOL"
    DATE = "DATE"
    TIMESTAMP = "TIMESTAMP"


_INT64_LIMIT = 2**63 - 1
_NUMERIC = (Kind.INT64, Kind.FLOAT64)


@dataclass(frozen=True, slots=True)
class Field:
    """Meaning of a column: type, unit, range, description and, for a formula, its source.

    Raises:
        ValueError: the range or the allowed values contradict the storage type.
    """

    name: str
    kind: Kind
    description: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    allowed: tuple[str, ...] = ()
    pattern: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse a field whose range its type could not hold."""
        if (self.low is not None or self.high is not None) and self.kind not in _NUMERIC:
            raise ValueError(f"{self.name}: a {self.kind} has no numeric range")
        if (self.allowed or self.pattern) and self.kind is not Kind.STRING:
            raise ValueError(f"{self.name}: only a STRING has allowed values or a pattern")
        for bound in (self.low, self.high):
            is_whole = bound is None or (bound == int(bound) and abs(bound) <= _INT64_LIMIT)
            if self.kind is Kind.INT64 and not is_whole:
                raise ValueError(f"{self.name}: bound {bound} does not fit INT64")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"{self.name}: empty range {self.low} .. {self.high}")

    @property
    def range_text(self) -> str:
        """The range as people read it, empty when there is none."""
        if self.allowed:
            return (
                ", ".join(self.allowed) if len(self.allowed) <= 8 else f"{len(self.allowed)} values"
            )
        if self.low is None and self.high is None:
            return self.pattern
        low = "" if self.low is None else f"{self.low:g}"
        high = "" if self.high is None else f"{self.high:g}"
        return f"{low} .. {high}".strip()


def text(name: str, description: str, *, allowed: tuple[str, ...] = (), pattern: str = "") -> Field:
    """A text, free or one of few."""
    return Field(name, Kind.STRING, description, allowed=allowed, pattern=pattern)


def count(name: str, description: str, high: float, low: float = 0) -> Field:
    """A whole number of things."""
    return Field(name, Kind.INT64, description, "count", low, high)


def year(name: str, description: str) -> Field:
    """A year of the league."""
    return Field(name, Kind.INT64, description, "year", 1946, 2100)


def flag(name: str, description: str) -> Field:
    """True, false or unknown."""
    return Field(name, Kind.BOOL, description)


def number(
    name: str, description: str, unit: str, low: float, high: float, source: str = ""
) -> Field:
    """A measured or computed number with its unit and range."""
    return Field(name, Kind.FLOAT64, description, unit, low, high, source=source)


def time(name: str, description: str) -> Field:
    """A moment."""
    return Field(name, Kind.TIMESTAMP, description, "UTC")
