"""Sensors: when the platform starts something by itself.

Belongs here: asking the planner at every tick, and what a request is called. Does not belong here:
what may be tried (``reports.errands``) or doing it (``refresh``). Nothing is requested while a run
of the same kind is queued or running: it will see what is new itself, layer by layer.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import dagster as dg
from dagster._core.storage.dagster_run import IN_PROGRESS_RUN_STATUSES

from nba_pipeline.automation.refresh import ERRAND_TAG, JOB, waiting
from nba_pipeline.platform import Platform
from nba_pipeline.reports.errands import Agenda, window_start
from nba_pipeline.settings import Settings
from nba_pipeline.warehouse.base import LockedError
from nba_pipeline.warehouse.duckdb.warehouse import DuckDBWarehouse

_TICK_SECONDS = 30
"""Between two looks: a look reads the ledger once, a second on five seasons; a file that lands is
seen within half a minute."""


_PATIENCE_SECONDS = 5
"""How long a look waits for who holds the file; Dagster ends a tick after sixty."""


def default_status() -> dg.DefaultSensorStatus:
    """Whether sensors run as soon as they are loaded: ``NBA_AUTOMATION``."""
    on = Settings().automation
    return dg.DefaultSensorStatus.RUNNING if on else dg.DefaultSensorStatus.STOPPED


def planner_sensor(platform: Callable[[], Platform], job: dg.JobDefinition) -> dg.SensorDefinition:
    """Requests one run for all that can be brought home now."""

    @dg.sensor(
        name="planner",
        job=job,
        minimum_interval_seconds=_TICK_SECONDS,
        default_status=default_status(),
        description="Asks the ledger what is due, missing, partial, stale or corrected, and "
        "requests one run that brings it home; nothing that is not due, that the gate would "
        "refuse, or that failed too often.",
    )
    def planner(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        running = context.instance.get_runs(
            dg.RunsFilter(job_name=JOB, statuses=IN_PROGRESS_RUN_STATUSES), limit=1
        )
        if running:
            return dg.SkipReason(f"run {running[0].run_id[:8]} is on its way")
        try:
            now = waiting(_patient(platform()))
        except LockedError as error:  # whoever holds it is at work; what is broken fails the tick
            return dg.SkipReason(f"asked again at the next tick: {error}")
        if not now.tables:
            return dg.SkipReason(waiting_text(now))
        attempts = _runs_since(context.instance)
        return dg.RunRequest(
            run_key=f"{now.key}-{attempts}",
            tags={ERRAND_TAG: now.key, "nba/dates": _span(now)},
        )

    return planner


def _patient(platform: Platform) -> Platform:
    """The platform whose warehouse is not waited for longer than a tick can."""
    if not isinstance(platform.warehouse, DuckDBWarehouse):
        return platform
    looking = DuckDBWarehouse(platform.warehouse.path, lock_seconds=_PATIENCE_SECONDS)
    return replace(platform, warehouse=looking)


def _span(now: Agenda) -> str:
    dates = now.dates
    return f"{dates[0]}..{dates[-1]}" if dates else "tables without dates"


def _runs_since(instance: dg.DagsterInstance) -> str:
    """The due window, and how many errands of it ended: a run that died is asked for again."""
    start = window_start(dt.datetime.now(dt.UTC))
    ended = instance.get_runs_count(
        dg.RunsFilter(job_name=JOB, created_after=start, statuses=[dg.DagsterRunStatus.FAILURE])
    )
    return f"{start:%Y%m%dT%H}-{ended}"


def waiting_text(now: Agenda) -> str:
    """Why nothing is asked for, in one line."""
    if not now.waiting:
        return "every date that is due is settled"
    parts = [
        f"{table}: {', '.join(f'{n} {why}' for why, n in reasons.items())}"
        for table, reasons in now.waiting.items()
    ]
    return "nothing can be brought home now; " + "; ".join(parts)
