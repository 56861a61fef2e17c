"""Which dates make one run: consecutive ones, and not too many.

Belongs here: arithmetic over dates and tables. Does not belong here: running them (``runner``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from nba_pipeline.league.calendar import DayKind
from nba_pipeline.verdicts.messages import date_ranges
from nba_pipeline.verdicts.snapshot import Snapshot

CHUNK = 800
"""Dates of one run: two seasons with their summers; what a run has in hand stays in memory."""


def bridged(
    snapshot: Snapshot, dates: Sequence[dt.date], asked: Sequence[dt.date]
) -> list[dt.date]:
    """Dates with the days without games between them that were asked for too.

    A run for each stretch of games costs more than such a day, which comes out as it was.
    """
    wanted, bridges = set(dates), (d for d in asked if dates[0] < d < dates[-1])
    idle = {d for d in bridges if d not in wanted and snapshot.day(d).kind is DayKind.NO_GAMES}
    return sorted(wanted | idle)


def chunks(dates: Sequence[dt.date]) -> Iterator[list[dt.date]]:
    """Consecutive dates, at most ``CHUNK`` a run."""
    for first, last in date_ranges(dates):
        span = [first + dt.timedelta(n) for n in range((last - first).days + 1)]
        for start in range(0, len(span), CHUNK):
            yield span[start : start + CHUNK]


def same(left: dict[str, list[dt.date]]) -> list[tuple[list[dt.date], list[str]]]:
    """Tables by the consecutive dates that they have left."""
    found: dict[tuple[dt.date, ...], list[str]] = {}
    for table, dates in left.items():
        for chunk in chunks(dates):
            found.setdefault(tuple(chunk), []).append(table)
    return [(list(chunk), tables) for chunk, tables in found.items()]
