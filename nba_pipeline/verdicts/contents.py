"""What is in a table now against what was published.

Belongs here: counted rows, the engine's checksums of them, and whether two differ. Does not belong
here: reading them (``queries``), or what a difference means for a date (``board``, ``verdict``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nba_pipeline.verdicts.arrays import Ints
from nba_pipeline.verdicts.schedule import Flags
from nba_pipeline.verdicts.scope import Span

DAMAGED = "damaged"
"""Version of a date whose rows are not those that were published."""


@dataclass(frozen=True)
class Contents:
    """Rows of a table and the engine's checksum of them, by date; no rows, no entry."""

    counts: dict[dt.date, int]
    checksums: dict[dt.date, str]

    def rows(self, span: Span) -> Ints:
        """Rows of each date."""
        found = np.zeros(span.days, np.int64)
        for date, n in self.counts.items():
            if span.first <= date <= span.last:
                found[(date - span.first).days] = n
        return found

    def is_other(self, span: Span, published: Sequence[str | None]) -> Flags:
        """Dates with another checksum than they were ``published`` with; None was not."""
        found = np.zeros(span.days, np.bool_)
        for date, checksum in self.checksums.items():
            place = (date - span.first).days
            if 0 <= place < span.days and (recorded := published[place]) is not None:
                found[place] = differs(recorded, checksum)
        return found

    def is_unproven(self, span: Span, published: Sequence[str | None]) -> Flags:
        """Dates with rows whose ``published`` checksum cannot be compared; None was not."""
        found = np.zeros(span.days, np.bool_)
        for date, checksum in self.checksums.items():
            place = (date - span.first).days
            if 0 <= place < span.days and (recorded := published[place]) is not None:
                found[place] = not is_comparable(recorded, checksum)
        return found


def differs(recorded: str, now: str) -> bool:
    """Whether two checksums of the same engine differ; of two engines nothing can be said."""
    return is_comparable(recorded, now) and recorded != now


def is_comparable(recorded: str, now: str) -> bool:
    """Whether two checksums are of the same engine in the same version."""
    return recorded.partition(":")[0] == now.partition(":")[0]
