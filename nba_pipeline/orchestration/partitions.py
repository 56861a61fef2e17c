"""Partitions: one daily definition for all tables, and how many dates a run takes.

Belongs here: everything about Dagster partitions. Does not belong here: which dates have games;
that is the schedule's business, and excluded dates bloat the event log and merge windows.
Nor how far back a table looks: the lineage of every edge is date to date, Dagster's own default.
By a mapping of 365 days a backfill of eleven dates takes every date that reads one of them, and a
bad date fails a year untried; the gate knows the exact window and judges each date by it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import dagster as dg

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.league.calendar import FIRST_GAME_DATE, FORWARD_DAYS

GAME_DATES = dg.DailyPartitionsDefinition(
    start_date=FIRST_GAME_DATE.isoformat(),
    timezone="America/New_York",
    end_offset=1 + FORWARD_DAYS,
)
"""All calendar days from opening night of 2021-22 to tomorrow; a day without games expects no rows.

Today and tomorrow exist because contexts must be there before the games.
"""

_BASE_SIZE = 120


def backfill_policy(table: str) -> dg.BackfillPolicy:
    """Dates per run, another number for each layer.

    Layers with equal sizes would share a run, where one bad upstream date stops every downstream
    date; with distinct sizes each layer is its own run and the good dates flow on.
    """
    return dg.BackfillPolicy.multi_run(_BASE_SIZE - depth(table))


def depth(table: str) -> int:
    """Longest way from a source to the table."""
    upstreams = contracts()[table].upstreams
    return 1 + max((depth(u) for u in upstreams), default=-1)


def span_text(dates: Sequence[dt.date]) -> str:
    """The dates of a run as people look for them: one date, or the first and the last."""
    if dates[0] == WHOLE_TABLE:
        return "whole table"
    return str(dates[0]) if len(dates) == 1 else f"{dates[0]}..{dates[-1]}"


def date_of(key: str) -> dt.date:
    """The game date of a partition key."""
    return dt.date.fromisoformat(key)
