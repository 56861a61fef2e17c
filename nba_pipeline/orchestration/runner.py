"""Running the plan through Dagster, layer by layer, so that the UI shows every date.

Belongs here: launching assets in this process, retrying what may succeed the second time, and
judging the outcome by a new snapshot, never by a run's status. Does not belong here: printing.
Tables of one layer do not read each other: they share a run and the snapshots around it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import dagster as dg
from tenacity import Retrying, retry_if_result, stop_after_attempt, wait_random_exponential

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration.chunks import bridged, chunks, same
from nba_pipeline.orchestration.launch import Progress, run_tables
from nba_pipeline.orchestration.partitions import depth
from nba_pipeline.orchestration.sharing import Sharing
from nba_pipeline.orchestration.shown import tell_others
from nba_pipeline.orchestration.stopping import until_failure
from nba_pipeline.platform import Platform
from nba_pipeline.reports.plan import plan_tables
from nba_pipeline.verdicts.budget import TRIES
from nba_pipeline.verdicts.gate import ask
from nba_pipeline.verdicts.planner import Step
from nba_pipeline.verdicts.snapshot import Snapshot, snapshot_of
from nba_pipeline.verdicts.touched import touched
from nba_pipeline.verdicts.verdict import Verdict

_SHORT = 31
"""Dates that all layers take in one run: of more the rows cost, and readers want copies between."""


@dataclass(frozen=True)
class Backfill:
    """What is to be done.

    Attributes:
        tables: in building order.
        dates: game dates, sorted.
        launched_by: who it was, as its runs are tagged.
        choose: takes out of planned steps what is not to be tried now.
        again: also what is complete and unchanged.
        stop_on_failure: stop at the first bad date, before any later table or date.
    """

    tables: Sequence[str]
    dates: Sequence[dt.date]
    again: bool = False
    stop_on_failure: bool = False
    launched_by: str = "cli"
    choose: Callable[[Snapshot, Sequence[Step]], Sequence[Step]] = lambda _, steps: steps


@dataclass
class TableOutcome:
    """Where one table stands after its part of a backfill.

    Attributes:
        left: dates that are still to be run.
        done: dates that were built or tried.
        bad: those of them that still need something.
        failed_runs: what was wrong with last runs that failed; also where dates are as good as
            before, because an attempt that failed leaves published rows alone.
    """

    step: Step
    left: tuple[dt.date, ...] = ()
    done: int = 0
    bad: dict[dt.date, Verdict] = field(default_factory=dict)
    was_stopped: bool = False
    failed_runs: list[str] = field(default_factory=list)


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
    started = dt.datetime.now(dt.UTC)
    sharing = Sharing(platform)

    def run(what: Backfill, now: Snapshot | None) -> list[TableOutcome]:
        return _run_layers(platform, instance, what, sharing, progress, planned, now)

    def run_one(tables: Sequence[str], date: dt.date) -> list[TableOutcome]:
        nonlocal snapshot
        found = run(replace(backfill, tables=tables, dates=[date]), snapshot)
        snapshot = None if any(o.done for o in found) else snapshot
        return found

    if backfill.stop_on_failure:
        outcomes = until_failure(backfill.tables, backfill.dates, run_one)
    else:
        outcomes = run(backfill, snapshot)
    sharing.finish()
    unsettled = {o.step.table: list(o.bad) for o in outcomes}
    # of what it wrote each run has told; not of what reads it, nor of a game that became late
    affected = touched(platform.warehouse, started, unsettled, only_readers=True)
    tell_others(platform, instance, affected)
    return outcomes


def _run_layers(
    platform: Platform,
    instance: dg.DagsterInstance,
    backfill: Backfill,
    sharing: Sharing,
    progress: Progress,
    planned: Callable[[Step], None],
    snapshot: Snapshot | None,
) -> list[TableOutcome]:
    outcomes: dict[str, TableOutcome] = {}
    snapshot = snapshot or snapshot_of(platform, tables=backfill.tables, dates=backfill.dates)
    brought = _in_one_run(platform, instance, backfill, snapshot, progress, planned)
    if brought:
        outcomes |= brought
        sharing.now_and_then()
        snapshot = snapshot_of(platform, tables=backfill.tables, dates=backfill.dates)
    for layer in layers(backfill.tables):
        now = snapshot or snapshot_of(platform, tables=layer, dates=backfill.dates)
        for outcome in (outcomes[t] for t in layer if t in outcomes):
            _try_again(now, outcome)
        first = [t for t in layer if t not in outcomes]
        for step in _steps(platform, now, backfill, first):
            outcomes[step.table] = TableOutcome(step, step.dates)
            planned(step)
        new = [outcomes[table] for table in layer]
        if any(outcome.left for outcome in new):
            snapshot = None
        for group, dates in _together(new):
            for chunk in chunks(bridged(now, dates, backfill.dates)):
                tries = TRIES - any(o.step.table in brought for o in group)
                _run_until_good(
                    platform, instance, chunk, group, progress, tries, backfill.launched_by
                )
                sharing.now_and_then()
                if backfill.stop_on_failure and any(o.bad or o.failed_runs for o in group):
                    for outcome in group:
                        outcome.was_stopped = True
                    return list(outcomes.values())
    return list(outcomes.values())


def _in_one_run(
    platform: Platform,
    instance: dg.DagsterInstance,
    backfill: Backfill,
    snapshot: Snapshot,
    progress: Progress,
    planned: Callable[[Step], None],
) -> dict[str, TableOutcome]:
    """Tables of several layers that need the same short span, in one run; none when there are not.

    A new date is that: eight runs and the snapshots around each cost more than its rows. What this
    run did not bring home comes again, layer by layer.
    """
    if backfill.again or backfill.stop_on_failure:
        return {}
    steps = _steps(platform, snapshot, backfill, backfill.tables)
    dated = [TableOutcome(s, s.dates) for s in steps if contracts()[s.table].is_partitioned]
    group, dates = max(_together(dated), key=lambda found: len(found[0]), default=([], []))
    is_short = len(dates) <= _SHORT and len(list(chunks(dates))) == 1
    if not is_short or len(layers([o.step.table for o in group])) < 2:
        return {}
    tables = [outcome.step.table for outcome in group]
    for outcome in group:
        planned(outcome.step)
    failed = run_tables(
        platform, instance, tables, dates, built=progress, launched_by=backfill.launched_by
    )
    for table, outcome in zip(tables, group, strict=True):
        outcome.done = len(dates)
        outcome.failed_runs = [failed[table]] if table in failed else []
    return dict(zip(tables, group, strict=True))


def _steps(
    platform: Platform, snapshot: Snapshot, what: Backfill, tables: Sequence[str]
) -> list[Step]:
    steps = plan_tables(snapshot, platform.loaders, tables, what.dates, again=what.again)
    return list(what.choose(snapshot, steps))


def _try_again(snapshot: Snapshot, outcome: TableOutcome) -> None:
    """What a first run left open, and of it what a second one may bring."""
    table = outcome.step.table
    column = snapshot.column(table)
    unsettled = [d for d in outcome.step.dates if not column.is_settled[column.index(d)]]
    outcome.bad = {d: snapshot.verdict(table, d) for d in unsettled}
    outcome.left = tuple(d for d in unsettled if _may_succeed(snapshot, table, d))
    if outcome.left:
        outcome.failed_runs = []


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
        if outcome.left:
            found.setdefault(outcome.left, []).append(outcome)
    return [(group, list(dates)) for dates, group in found.items()]


def _run_until_good(
    platform: Platform,
    instance: dg.DagsterInstance,
    dates: list[dt.date],
    group: Sequence[TableOutcome],
    progress: Progress,
    tries: int,
    launched_by: str,
) -> None:
    """Run dates, and again those that a second try may bring; at most ``tries`` times."""
    left = {o.step.table: list(dates) for o in group}
    failed: dict[str, list[str]] = {}
    bad: dict[str, dict[dt.date, Verdict]] = {name: {} for name in left}
    counted: set[str] = set()
    wanted = {o.step.table: set(o.left) for o in group}

    def told(table: str, _: int) -> None:
        if table not in counted:
            progress(table, len(wanted[table].intersection(dates)))
        counted.add(table)

    def attempt() -> bool:
        failed.clear()
        for chunk, tables in same(left):
            found = run_tables(
                platform, instance, tables, chunk, built=told, launched_by=launched_by
            )
            for table, message in found.items():
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
        stop=stop_after_attempt(tries),
        wait=wait_random_exponential(multiplier=0.05, max=2),
        retry_error_callback=lambda _: None,
    )(attempt)
    for outcome in group:
        done = outcome.done + len(wanted[outcome.step.table].intersection(dates))
        outcome.done = min(done, len(outcome.step.dates))
        outcome.bad = {d: v for d, v in outcome.bad.items() if d not in dates}
        outcome.bad |= bad[outcome.step.table]
        outcome.failed_runs += failed.get(outcome.step.table, [])


def _may_succeed(snapshot: Snapshot, table: str, date: dt.date) -> bool:
    """Whether another try can help: not when an upstream is what is wrong."""
    contract = contracts()[table]
    return contract.is_calendar or date in ask(snapshot, contract, [date]).admitted


def run_dates(
    platform: Platform, instance: dg.DagsterInstance, table: str, dates: Sequence[dt.date]
) -> str:
    """One run of one table; what was wrong, empty when nothing."""
    started = dt.datetime.now(dt.UTC)
    found = run_tables(platform, instance, [table], dates)
    tell_others(platform, instance, touched(platform.warehouse, started, {table: dates}))
    platform.warehouse.share()
    return next(iter(found.values()), "")
