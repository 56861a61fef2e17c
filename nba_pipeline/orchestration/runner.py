"""Running the plan through Dagster, table by table, so that the UI shows every date.

Belongs here: launching assets in this process, retrying what may succeed the second time, and
judging the outcome by a new snapshot, never by a run's status. Does not belong here: printing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import dagster as dg
from tenacity import Retrying, retry_if_result, stop_after_attempt, wait_random_exponential

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration.events import asset_key
from nba_pipeline.orchestration.factory import external_spec, table_asset
from nba_pipeline.orchestration.recheck import step_name, table_checks
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.gate import ask
from nba_pipeline.verdicts.messages import date_ranges
from nba_pipeline.verdicts.planner import Step, plan_table
from nba_pipeline.verdicts.snapshot import SCHEDULE, Snapshot
from nba_pipeline.verdicts.verdict import Verdict

CHUNK = 800
ATTEMPTS = 3
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


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
        verdicts: of every date that was to be built.
        failed_runs: what was wrong with last runs that failed; also where dates are as good as
            before, because an attempt that failed leaves published rows alone.
    """

    step: Step
    verdicts: dict[dt.date, Verdict] = field(default_factory=dict)
    was_stopped: bool = False
    failed_runs: list[str] = field(default_factory=list)

    @property
    def bad(self) -> dict[dt.date, Verdict]:
        """Dates that still need something."""
        return {d: v for d, v in self.verdicts.items() if not v.is_settled}


Progress = Callable[[str, int], None]
"""Called with the table and the number of dates that just ended."""


def run_backfill(
    platform: Platform,
    instance: dg.DagsterInstance,
    backfill: Backfill,
    *,
    progress: Progress,
    planned: Callable[[Step], None],
) -> list[TableOutcome]:
    """Build table by table; each table's dates are planned after its upstreams are done.

    Raises:
        WarehouseError: the warehouse could not be read or written.
    """
    platform.warehouse.ensure_tables()
    outcomes: list[TableOutcome] = []
    for table in backfill.tables:
        step = plan_table(_snapshot(platform, table), table, backfill.dates, again=backfill.again)
        planned(step)
        outcome = TableOutcome(step)
        outcomes.append(outcome)
        chunks = list(_chunks(step.dates))
        in_one = len(chunks) == 1
        for chunk in chunks:
            _run_until_good(platform, instance, chunk, outcome, with_checks=in_one)
            progress(table, len(chunk))
            if backfill.stop_on_failure and (outcome.bad or outcome.failed_runs):
                outcome.was_stopped = True
                return outcomes
        if len(chunks) > 1:
            failure = run_checks(platform, instance, table)
            outcome.failed_runs += [failure] if failure else []
    return outcomes


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
    outcome: TableOutcome,
    *,
    with_checks: bool,
) -> None:
    """Run dates, and again those that a second try may bring; at most ``ATTEMPTS`` times."""
    table, verdicts = outcome.step.table, outcome.verdicts
    left = list(dates)
    failed: list[str] = []

    def attempt() -> list[dt.date]:
        failed.clear()
        for chunk in _chunks(left):
            message = run_dates(platform, instance, table, chunk, with_checks=with_checks)
            failed.extend([message] if message else [])
        snapshot = _snapshot(platform, table)
        verdicts.update({d: snapshot.verdict(table, d) for d in left})
        left[:] = [d for d in left if _may_succeed(verdicts[d], snapshot, table, d)]
        return left

    Retrying(
        retry=retry_if_result(bool),
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_random_exponential(multiplier=0.05, max=2),
        retry_error_callback=lambda _: None,
    )(attempt)
    outcome.failed_runs += failed


def _snapshot(platform: Platform, table: str) -> Snapshot:
    return Snapshot(platform.warehouse, today=platform.settings.league_today(), table=table)


def _may_succeed(verdict: Verdict, snapshot: Snapshot, table: str, date: dt.date) -> bool:
    """Whether another try can help: not when an upstream is what is wrong."""
    if verdict.is_settled:
        return False
    return table == SCHEDULE or date in ask(snapshot, contracts()[table], [date]).admitted


def run_dates(
    platform: Platform,
    instance: dg.DagsterInstance,
    table: str,
    dates: Sequence[dt.date],
    *,
    with_checks: bool = False,
) -> str:
    """One Dagster run of a table over consecutive dates; what was wrong, empty when nothing.

    The checks look at the whole table: of several runs in a row only the last needs them.
    """
    contract = contracts()[table]
    asset = table_asset(contract, lambda: platform)
    tags = {}
    if contract.is_partitioned:
        tags = {
            "dagster/asset_partition_range_start": dates[0].isoformat(),
            "dagster/asset_partition_range_end": dates[-1].isoformat(),
        }
    checks = [table_checks(contract, lambda: platform)] if with_checks else []
    result = dg.materialize(
        [asset, *checks, *_external(table)],
        selection=[asset_key(contract)],
        instance=instance,
        tags={**tags, "nba/launched_by": "cli", "nba/table": table},
        run_config=_QUIET,
        raise_on_error=False,
    )
    _go_on(result)
    return "" if result.success else _what_failed(result)


def _what_failed(result: dg.ExecuteInProcessResult) -> str:
    """First line of the run's failure: its own words, or the error at the bottom of it."""
    for event in result.all_events:
        if event.event_type is dg.DagsterEventType.STEP_FAILURE:
            data = event.step_failure_data
            if data.user_failure_data and data.user_failure_data.description:
                return data.user_failure_data.description.splitlines()[0]
            error = data.error
            while error is not None and error.cause is not None:
                error = error.cause
            if error is not None:
                return error.message.strip().splitlines()[0]
    return "the run failed before its step began"


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


def run_checks(platform: Platform, instance: dg.DagsterInstance, table: str) -> str:
    """One Dagster run of the table's re-runnable checks, as the UI would launch it.

    Returns:
        What broke, empty when nothing did: a check that found something is an answer.
    """
    contract = contracts()[table]
    name = step_name(contract)
    defs = dg.Definitions(
        assets=[external_spec(contract)],
        asset_checks=[table_checks(contract, lambda: platform)],
        jobs=[
            dg.define_asset_job(
                name, selection=dg.AssetSelection.checks_for_assets(asset_key(contract))
            )
        ],
    )
    result = defs.resolve_job_def(name).execute_in_process(
        instance=instance,
        run_config=_QUIET,
        tags={"nba/launched_by": "cli", "nba/checks_of": table},
        raise_on_error=False,
    )
    _go_on(result)
    return "" if result.success else _what_failed(result)


def _external(table: str) -> list[dg.AssetSpec]:
    """The upstreams as plain specs: lineage only, they are not run."""
    return [external_spec(contracts()[u]) for u in contracts()[table].upstreams]
