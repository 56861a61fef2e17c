"""Columns of a table: fields of the dictionary, and whether a table may lack them.

Belongs here: what a field is in one table. Does not belong here: what it means in all (``fields``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nba_pipeline.contracts.dictionary import FIELDS
from nba_pipeline.contracts.field import Field


@dataclass(frozen=True, slots=True)
class Column:
    """A field in a table; ``volatile`` ones say when, not what, and are no part of a version."""

    field: Field
    required: bool = False
    volatile: bool = False


def columns(required: str, optional: str = "", volatile: str = "") -> tuple[Column, ...]:
    """Columns from blank-separated field names; the dictionary of fields says the rest.

    Raises:
        KeyError: a name is not in the dictionary.
    """

    def of(names: str, **kwargs: bool) -> Iterator[Column]:
        for name in names.split():
            yield Column(FIELDS[name], **kwargs)

    return (*of(required, required=True), *of(optional), *of(volatile, volatile=True))
