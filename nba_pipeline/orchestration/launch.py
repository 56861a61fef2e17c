"""One Dagster run in this process: tables over consecutive dates, and what became of their steps.

Belongs here: the assets of a run, its tags, and what its events say. Does not belong here: which
runs are made (``runner``), or judging them: a run's status says nothing about dates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import nullcontext

import dagster as dg

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration.events import asset_key
from nba_pipeline.orchestration.factory import Launch, run_tags, table_asset
from nba_pipeline.orchestration.run_storage import LAUNCHED_BY
from nba_pipeline.platform import Platform

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}

_HELD_DATES = 7
"""Dates of which a run keeps the warehouse until it ends: seconds, well below what others wait."""

Progress = Callable[[str, int], None]
"""Called with the table and the number of dates that just ended."""


def run_tables(
    platform: Platform,
    instance: dg.DagsterInstance,
    tables: Sequence[str],
    dates: Sequence[dt.date],
    *,
    built: Progress = lambda *_: None,
    launched_by: str = "cli",
) -> dict[str, str]:
    """Run tables over consecutive dates, one after the other as given; what was wrong, by table.

    The order of ``tables`` is the only tie between them: in a run Dagster skips what follows a
    table that told of its dates itself, and whether one may be built is for its gate to say.
    """
    assets = [
        table_asset(contracts()[t], lambda: platform, launch=Launch(place, built))
        for place, t in enumerate(tables)
    ]
    tags = {LAUNCHED_BY: launched_by, "nba/table": ",".join(tables), **run_tags(tables, dates)}
    if contracts()[tables[0]].is_partitioned:
        tags |= {
            "dagster/asset_partition_range_start": dates[0].isoformat(),
            "dagster/asset_partition_range_end": dates[-1].isoformat(),
        }
    # to let go of the file between tables takes longer than to build them for one date
    is_short = len(dates) <= _HELD_DATES and platform.settings.sources_are_files
    with platform.warehouse.held() if is_short else nullcontext():
        # under this name the interface keeps the tables that it launches itself
        job = dg.Definitions(assets=assets).resolve_implicit_global_asset_job_def()
        result = job.execute_in_process(
            instance=instance,
            asset_selection=[asset_key(contracts()[t]) for t in tables],
            tags=tags,
            run_config=_QUIET,
            raise_on_error=False,
        )
    _go_on(result)
    return {} if result.success else _what_failed(result, tables)


def _what_failed(result: dg.ExecuteInProcessResult, tables: Sequence[str]) -> dict[str, str]:
    """First line of each step's failure: its own words, or the error at the bottom of it."""
    found: dict[str, str] = {}
    for event in result.all_events:
        if event.event_type is dg.DagsterEventType.STEP_FAILURE:
            data = event.step_failure_data
            error = data.error
            while error is not None and error.cause is not None:
                error = error.cause
            text = error.message if error is not None else "the step failed"
            if data.user_failure_data and data.user_failure_data.description:
                text = data.user_failure_data.description
            found[event.step_key or ""] = text.strip().splitlines()[0]
    return found or dict.fromkeys(tables, "the run failed before its steps began")


def _go_on(result: dg.ExecuteInProcessResult) -> None:
    """Dagster turns an interrupt into a failed run; for the person at the keyboard it is the end.

    Raises:
        KeyboardInterrupt: the run was interrupted.
    """
    for event in result.all_events:
        error = getattr(event.event_specific_data, "error", None)
        while error is not None:
            if error.cls_name in ("DagsterExecutionInterruptedError", "KeyboardInterrupt"):
                raise KeyboardInterrupt
            error = error.cause
