"""Partitions: one daily definition for all tables, and how many dates a run takes.

Belongs here: everything about Dagster partitions. Does not belong here: which dates have games;
that is the schedule's business, and excluded dates bloat the event log and merge windows.
"""

from __future__ import annotations

import datetime as dt
import warnings

import dagster as dg

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import Requirement, Window
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


def mapping_of(requirement: Requirement) -> dg.PartitionMapping:
    """Lineage of an edge, generous for trailing windows; the gate knows the exact one."""
    if requirement.window is Window.SAME_DATE:
        return dg.TimeWindowPartitionMapping()
    if requirement.window is Window.WHOLE_TABLE:
        return dg.AllPartitionMapping()
    days = requirement.days or 90
    with warnings.catch_warnings():
        # a beta parameter; the version of dagster is pinned for it
        warnings.simplefilter("ignore", dg.BetaWarning)
        return dg.TimeWindowPartitionMapping(
            start_offset=-days,
            end_offset=0 if requirement.with_date else -1,
            allow_nonexistent_upstream_partitions=True,
        )


def date_of(key: str) -> dt.date:
    """The game date of a partition key."""
    return dt.date.fromisoformat(key)
