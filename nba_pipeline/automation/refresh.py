"""Bringing home by itself what can be: the job, and the loop that it and ``nba refresh`` run.

Belongs here: running errand after errand until nothing is left that may be tried now. Does not
belong here: what may be tried (``reports.errands``), when it is started (``sensors``), alerts.
One run brings home all layers of a date: the next table starts when those below it are settled, in
the same process and not a tick later; a run per layer would load the platform eight times a night.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import dagster as dg

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration.factory import POOL
from nba_pipeline.orchestration.launch import Progress
from nba_pipeline.orchestration.run_storage import LAUNCHED_BY
from nba_pipeline.orchestration.runner import Backfill, TableOutcome, run_backfill
from nba_pipeline.platform import Platform
from nba_pipeline.reports.errands import Agenda, agenda, choose, clock_of
from nba_pipeline.verdicts.messages import backfill_command, date_ranges
from nba_pipeline.verdicts.planner import Step
from nba_pipeline.verdicts.snapshot import Snapshot, snapshot_of

JOB = "bring_home"

ERRAND_TAG = "nba/errand"
"""Marks runs that were started by the platform itself; its value is what they are to bring home."""

_SELF = "automation"

_ROUNDS = 12
"""Errands after each other: each layer may make older dates stale, and there are eight layers."""


@dataclass
class Brought:
    """What one refresh did.

    Attributes:
        outcomes: of every errand, in the order in which they were run.
        left: what has to wait, by table, with how many dates for each reason.
    """

    outcomes: list[TableOutcome] = field(default_factory=list)
    left: Agenda | None = None

    @property
    def done(self) -> int:
        """(table, date)s that were built or tried."""
        return sum(o.done for o in self.outcomes)

    @property
    def bad(self) -> dict[str, set[dt.date]]:
        """Dates by table that were tried and are not good at the end."""
        found: dict[str, set[dt.date]] = {}
        for outcome in self.outcomes:
            bad = found.setdefault(outcome.step.table, set())
            bad -= set(outcome.step.dates)
            bad |= set(outcome.bad)
        return {table: dates for table, dates in found.items() if dates}


def waiting(platform: Platform) -> Agenda:
    """What can be brought home now.

    Raises:
        WarehouseError: the warehouse cannot be read.
    """
    platform.warehouse.ensure_tables()
    snapshot = snapshot_of(platform)
    return agenda(platform, snapshot, clock_of(platform))


def bring_home(
    platform: Platform,
    instance: dg.DagsterInstance,
    *,
    progress: Progress = lambda *_: None,
    planned: Callable[[Step], None] = lambda _: None,
    launched_by: str = "cli",
) -> Brought:
    """Run errands until none is left that was not just run.

    Raises:
        WarehouseError: the warehouse could not be read or written.
    """
    brought, seen = Brought(), set[str]()
    for _ in range(_ROUNDS):
        brought.left = now = waiting(platform)
        if not now.tables or now.key in seen:
            break
        seen.add(now.key)
        brought.outcomes += _run(platform, instance, now, progress, planned, launched_by)
    return brought


def _run(
    platform: Platform,
    instance: dg.DagsterInstance,
    errand: Agenda,
    progress: Progress,
    planned: Callable[[Step], None],
    launched_by: str,
) -> list[TableOutcome]:
    clock = clock_of(platform)

    def chosen(snapshot: Snapshot, steps: Sequence[Step]) -> Sequence[Step]:
        return choose(snapshot, steps, clock).steps

    found = []
    # tables that rest on no date come with the first range; a range costs no more than its dates
    for span in date_ranges(errand.dates) or [(clock.today, clock.today)]:
        dates = [span[0] + dt.timedelta(n) for n in range((span[1] - span[0]).days + 1)]
        what = Backfill(list(contracts()), dates, launched_by=launched_by, choose=chosen)
        found += run_backfill(platform, instance, what, progress=progress, planned=planned)
    return [outcome for outcome in found if outcome.step.dates]


def refresh_job(platform: Callable[[], Platform], *, pool: str = POOL) -> dg.JobDefinition:
    """The job that the sensor requests; it fails when what it tried is not good afterwards."""

    @dg.op(name="errands", pool=pool)
    def bring(context: dg.OpExecutionContext) -> None:
        brought = bring_home(platform(), context.instance, launched_by=_SELF)
        done = {o.step.table: o.done for o in brought.outcomes if o.done}
        context.log.info(f"{brought.done} dates of {len(done)} tables")
        context.add_output_metadata({"dates": brought.done, "tables": dg.JsonMetadataValue(done)})
        if brought.bad:
            raise dg.Failure(description=failure_text(brought), allow_retries=False)

    @dg.job(
        name=JOB,
        description="Bring home every date of every table that is due and that the gate admits, "
        "layer by layer; what is not good afterwards fails the run.",
        tags={LAUNCHED_BY: _SELF},
    )
    def job() -> None:
        bring()

    return job


def failure_text(brought: Brought) -> str:
    """What is not good after a refresh, and the next command."""
    bad = brought.bad
    number = sum(map(len, bad.values()))
    dates = sorted({d for found in bad.values() for d in found})
    lines = [f"{number} dates of {len(bad)} tables are not good:"]
    for outcome in reversed(brought.outcomes):
        table = outcome.step.table
        for date in sorted(bad.pop(table, ())):
            if date in outcome.bad:
                verdict = outcome.bad[date]
                lines.append(f"  {table} {date}: {verdict.state} ({'; '.join(verdict.reasons)})")
    tables = list(dict.fromkeys(o.step.table for o in brought.outcomes if o.bad))
    return "\n".join([*lines[:11], f"next: {backfill_command(tables, dates, downstream=True)}"])
