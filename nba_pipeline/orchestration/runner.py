"""Running the plan through Dagster, layer by layer, so that the UI shows every date.

Belongs here: launching assets in this process, retrying what may succeed the second time, and
judging the outcome by a new snapshot, never by a run's status. Does not belong here: printing.
Tables of one layer do not read each other: they share a run and the snapshots around it.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import dagster as dg
from tenacity import Retrying, retry_if_result, stop_after_attempt, wait_random_exponential

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration.events import asset_key
from nba_pipeline.orchestration.factory import external_spec, table_asset
from nba_pipeline.orchestration.partitions import depth
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.gate import ask
from nba_pipeline.verdicts.messages import date_ranges
from nba_pipeline.verdicts.planner import Step, plan_table
from nba_pipeline.verdicts.snapshot import Snapshot, snapshot_of
from nba_pipeline.verdicts.verdict import Verdict

CHUNK = 800
ATTEMPTS = 3
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
_SHARED_EVERY = 30.0
"""Seconds after which readers get a new copy while a backfill goes on; each copies the file."""


@dataclass(frozen=True)
class Backfill:
    """What is to be done.

    Attributes:
        tables: in building order.
        dates: game dates, sorted.
        again: also what is complete and unchanged.
        stop_on_failure: stop at the first chunk with a bad date, before any later table.
    """

    tables: Sequence[str]
    dates: Sequence[dt.date]
    again: bool = False
    stop_on_failure: bool = False


@dataclass
class TableOutcome:
    """Where one table stands after its part of a backfill.

    Attributes:
        done: dates that were built or tried.
        bad: those of them that still need something.
        failed_runs: what was wrong with last runs that failed; also where dates are as good as
            before, because an attempt that failed leaves published rows alone.
    """

    step: Step
    done: int = 0
    bad: dict[dt.date, Verdict] = field(default_factory=dict)
    was_stopped: bool = False
    failed_runs: list[str] = field(default_factory=list)


Progress = Callable[[str, int], None]
"""Called with the table and the number of dates that just ended."""


def run_backfill(
    platform: Platform,
    instance: dg.DagsterInstance,
    backfill: Backfill,
    *,
    progress: Progress,
    planned: Callable[[Step], None],
    snapshot: Snapshot | None = None,
) -> list[TableOutcome]:
    """Build layer by layer; the dates of a layer are planned after its upstreams are done.

    ``snapshot`` is one of these tables and dates that was just taken.

    Raises:
        WarehouseError: the warehouse could not be read or written.
    """
    platform.warehouse.ensure_tables()
    outcomes: list[TableOutcome] = []
    sharing = _Sharing(platform)
    for layer in layers(backfill.tables):
        now = snapshot or snapshot_of(platform, tables=layer, dates=backfill.dates)
        steps = [plan_table(now, t, backfill.dates, again=backfill.again) for t in layer]
        for step in steps:
            planned(step)
        new = [TableOutcome(step) for step in steps]
        outcomes += new
        if any(step.dates for step in steps):
            snapshot = None
        for group, dates in _together(new):
            for chunk in _chunks(dates):
                _run_until_good(platform, instance, chunk, group, progress)
                sharing.now_and_then()
                if backfill.stop_on_failure and any(o.bad or o.failed_runs for o in group):
                    for outcome in group:
                        outcome.was_stopped = True
                    sharing.finish()
                    return outcomes
    sharing.finish()
    return outcomes


class _Sharing:
    """When readers get a new copy: after a while, and at the end if anything was built since."""

    def __init__(self, platform: Platform) -> None:
        self._platform, self._last, self._is_due = platform, time.monotonic(), False

    def now_and_then(self) -> None:
        self._is_due = True
        if time.monotonic() - self._last > _SHARED_EVERY:
            self.finish()

    def finish(self) -> None:
        if self._is_due:
            self._platform.warehouse.share()
            self._last, self._is_due = time.monotonic(), False


def layers(tables: Sequence[str]) -> list[list[str]]:
    """Tables by the longest way from a source, in building order; none reads one of its layer."""
    found: dict[int, list[str]] = {}
    for table in tables:
        found.setdefault(depth(table), []).append(table)
    return [found[n] for n in sorted(found)]


def _together(outcomes: Sequence[TableOutcome]) -> list[tuple[list[TableOutcome], list[dt.date]]]:
    """Outcomes that build the same dates, and those dates."""
    found: dict[tuple[dt.date, ...], list[TableOutcome]] = {}
    for outcome in outcomes:
        if outcome.step.dates:
            found.setdefault(outcome.step.dates, []).append(outcome)
    return [(group, list(dates)) for dates, group in found.items()]


def _chunks(dates: Sequence[dt.date]) -> Iterator[list[dt.date]]:
    """Consecutive dates, at most ``CHUNK`` a run."""
    for first, last in date_ranges(dates):
        span = [first + dt.timedelta(n) for n in range((last - first).days + 1)]
        for start in range(0, len(span), CHUNK):
            yield span[start : start + CHUNK]


def _run_until_good(
    platform: Platform,
    instance: dg.DagsterInstance,
    dates: list[dt.date],
    group: Sequence[TableOutcome],
    progress: Progress,
) -> None:
    """Run dates, and again those that a second try may bring; at most ``ATTEMPTS`` times."""
    left = {o.step.table: list(dates) for o in group}
    failed: dict[str, list[str]] = {}
    bad: dict[str, dict[dt.date, Verdict]] = {name: {} for name in left}
    counted: set[str] = set()

    def told(table: str, n: int) -> None:
        if table not in counted:
            progress(table, n)
        counted.add(table)

    def attempt() -> bool:
        failed.clear()
        for chunk, tables in _same(left):
            for table, message in run_tables(platform, instance, tables, chunk, built=told).items():
                failed.setdefault(table, []).append(message)
        snapshot = snapshot_of(platform, tables=list(left), dates=dates)
        for table, tried in left.items():
            column = snapshot.column(table)
            open_dates = [d for d in tried if not column.is_settled[column.index(d)]]
            bad[table] = {d: v for d, v in bad[table].items() if d not in tried}
            bad[table] |= {d: snapshot.verdict(table, d) for d in open_dates}
            left[table] = [d for d in open_dates if _may_succeed(snapshot, table, d)]
        return any(left.values())

    Retrying(
        retry=retry_if_result(bool),
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_random_exponential(multiplier=0.05, max=2),
        retry_error_callback=lambda _: None,
    )(attempt)
    for outcome in group:
        outcome.done += len(dates)
        outcome.bad |= bad[outcome.step.table]
        outcome.failed_runs += failed.get(outcome.step.table, [])


def _same(left: dict[str, list[dt.date]]) -> list[tuple[list[dt.date], list[str]]]:
    """Tables by the consecutive dates that they have left."""
    found: dict[tuple[dt.date, ...], list[str]] = {}
    for table, dates in left.items():
        for chunk in _chunks(dates):
            found.setdefault(tuple(chunk), []).append(table)
    return [(list(chunk), tables) for chunk, tables in found.items()]


def _may_succeed(snapshot: Snapshot, table: str, date: dt.date) -> bool:
    """Whether another try can help: not when an upstream is what is wrong."""
    contract = contracts()[table]
    return contract.is_calendar or date in ask(snapshot, contract, [date]).admitted


def run_tables(
    platform: Platform,
    instance: dg.DagsterInstance,
    tables: Sequence[str],
    dates: Sequence[dt.date],
    *,
    built: Progress = lambda *_: None,
) -> dict[str, str]:
    """One Dagster run of tables of one layer over consecutive dates; what was wrong, by table."""
    upstreams = dict.fromkeys(u for t in tables for u in contracts()[t].upstreams)
    assets = [table_asset(contracts()[t], lambda: platform, built=built) for t in tables]
    tags = {"nba/launched_by": "cli", "nba/table": ",".join(tables)}
    if contracts()[tables[0]].is_partitioned:
        tags |= {
            "dagster/asset_partition_range_start": dates[0].isoformat(),
            "dagster/asset_partition_range_end": dates[-1].isoformat(),
        }
    result = dg.materialize(
        [*assets, *(external_spec(contracts()[u]) for u in upstreams)],
        selection=[asset_key(contracts()[t]) for t in tables],
        instance=instance,
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


def run_dates(
    platform: Platform, instance: dg.DagsterInstance, table: str, dates: Sequence[dt.date]
) -> str:
    """One run of one table; what was wrong, empty when nothing."""
    found = run_tables(platform, instance, [table], dates)
    platform.warehouse.share()
    return next(iter(found.values()), "")
