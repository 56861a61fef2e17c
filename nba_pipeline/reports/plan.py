"""The plan of a backfill: dates that are not settled, and lost ones that a source has by now.

Belongs here: asking the sources beside the verdicts. Does not belong here: which dates are settled
(``verdicts.planner``), or building them (``orchestration.runner``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from nba_pipeline.landing.payload import Endpoint
from nba_pipeline.reports.archives import offered_now
from nba_pipeline.sources.loader import Loader
from nba_pipeline.verdicts.planner import Step, plan_table
from nba_pipeline.verdicts.snapshot import Snapshot


def plan_tables(
    snapshot: Snapshot,
    loaders: Mapping[Endpoint, Loader],
    tables: Sequence[str],
    dates: Sequence[dt.date],
    *,
    again: bool = False,
) -> list[Step]:
    """A step for each table.

    A date that was settled as lost is built when its source has it: a file may be put into an
    archive long after its date was looked at.
    """
    offered = {o.table: set(o.dates) for o in offered_now(snapshot, loaders, tables, set(dates))}
    return [plan_table(snapshot, t, dates, again=again, offered=offered.get(t, ())) for t in tables]
