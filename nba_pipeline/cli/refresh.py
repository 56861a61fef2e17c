"""``nba refresh``: bring home what can be now, as the planner's sensor does."""

from __future__ import annotations

from pathlib import Path

import click

from nba_pipeline.cli.common import (
    GOOD,
    NOT_GOOD,
    exits,
    make_platform,
    platform_options,
    print_json,
)
from nba_pipeline.reports.errands import Agenda
from nba_pipeline.verdicts.messages import date_ranges


@click.command()
@click.option("--dry-run", is_flag=True, help="Print what would be brought home and what waits.")
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")
@platform_options
@exits
def refresh(
    dry_run: bool, as_json: bool, home: Path | None, source: str | None, archives: Path | None
) -> int:
    """Bring home what is due and what the gate admits; leave alone what has to wait.

    Exit 1 when something that was tried is not good afterwards; what has to wait is no failure.
    """
    platform = make_platform(home, source, archives)
    from nba_pipeline.automation.refresh import bring_home, failure_text, waiting

    if dry_run:
        _print(waiting(platform), as_json=as_json)
        return GOOD
    from nba_pipeline.orchestration.instance import dagster_instance

    with dagster_instance(platform.settings.home) as instance:
        brought = bring_home(platform, instance)
    if brought.left is not None:
        _print(brought.left, as_json=as_json, done=brought.done)
    if not brought.bad:
        return GOOD
    click.echo(failure_text(brought), err=as_json)
    return NOT_GOOD


def _print(now: Agenda, *, as_json: bool, done: int | None = None) -> None:
    if as_json:
        steps = {s.table: list(s.dates) for s in now.steps if s.dates}
        print_json({"done": done, "steps": steps, "waiting": now.waiting})
        return
    if done is not None:
        click.echo(f"{done} dates of tables were built or tried")
    for step in now.steps:
        if step.dates:
            shown = date_ranges(step.dates)[:4]
            spans = ", ".join(str(a) if a == b else f"{a} .. {b}" for a, b in shown)
            why = ", ".join(f"{n} {reason}" for reason, n in step.reasons.items())
            click.echo(f"to do    {step.table}: {len(step.dates)} dates ({why}): {spans}")
    for table, reasons in now.waiting.items():
        why = ", ".join(f"{n} {reason}" for reason, n in reasons.items())
        click.echo(f"waiting  {table}: {why}")
    if not now.tables and not now.waiting:
        click.echo("every date that is due is settled")
