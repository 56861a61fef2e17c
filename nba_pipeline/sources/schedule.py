"""Fetching the schedule, and its witnesses where it does not reach.

Belongs here: which endpoints are asked. Does not belong here: what becomes of their frames
(``rows.schedule``).
"""

from __future__ import annotations

from collections.abc import Mapping

from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.landing.payload import DateRange, Endpoint
from nba_pipeline.landing.zone import Landing
from nba_pipeline.sources.fetch import fetch
from nba_pipeline.sources.loader import Loader
from nba_pipeline.sources.lookup import feed_of, shape_schedule
from nba_pipeline.sources.own.fixed import NothingLoader
from nba_pipeline.sources.rows.frames import Fetched
from nba_pipeline.sources.rows.schedule import ScheduleRows


def schedule_rows(
    landing: Landing,
    loaders: Mapping[Endpoint, Loader],
    contract: TableContract,
    span: DateRange,
) -> ScheduleRows:
    """The schedule of every season that the range touches.

    Raises:
        SourceError: a source failed as a whole.
    """
    feed = feed_of(contract)

    def witnesses(window: DateRange) -> dict[Endpoint, Fetched]:
        # who has nothing at all is no witness, and is not asked
        can = {
            e: e in loaders and not isinstance(loaders[e], NothingLoader) for e in feed.witnesses
        }
        return {
            e: fetch(landing, loaders[e], window, window) if can[e] else Fetched()
            for e in feed.witnesses
        }

    fetched = fetch(landing, loaders[feed.endpoint], span)
    return shape_schedule(contract, fetched, span, witnesses)
