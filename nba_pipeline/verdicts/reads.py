"""What a published date must have recorded of its reads.

Belongs here: which records are lacking, and the words for it. Does not belong here: whether what
was read has changed since (``board``). A date that lacks one could never become stale by it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np

from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.verdicts.arrays import Ints
from nba_pipeline.verdicts.schedule import Flags
from nba_pipeline.verdicts.scope import Span

_NOWHERE = np.array([], np.int64)


def unrecorded(
    contract: TableContract,
    span: Span,
    rests: Flags,
    read: Mapping[str, Ints],
    season_start: Callable[[dt.date], dt.date],
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Place of a date and the upstreams, one of which it must have read and has no record of.

    Args:
        contract: of the table.
        span: its dates.
        rests: dates that rest on what they read: with published rows, or lost.
        read: by upstream, places of the dates with a record of it.
        season_start: first game date of the season on a date; windows may reach back to it.
    """
    for requirement in contract.requirements:
        lacks = rests.copy()
        for upstream in requirement.upstreams:
            lacks[read.get(upstream, _NOWHERE)] = False
        for place in np.flatnonzero(lacks):
            date = span.first + dt.timedelta(int(place))
            if requirement.span(date, season_start(date)) is not None:
                yield int(place), requirement.upstreams


def in_words(lacking: Iterable[tuple[int, tuple[str, ...]]], place: int) -> list[str]:
    """What a date, by its place, lacks."""
    return [f"what it read of {' or '.join(u)} is not recorded" for n, u in lacking if n == place]
