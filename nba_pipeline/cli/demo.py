"""``nba demo``: the night of 2026-01-03 replayed offline, its refusal and its repair.

Every sentence that the demo prints is checked against the warehouse before it is printed; when the
platform does not behave, the demo says so and exits 1.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import dagster as dg

from nba_pipeline.build.verify import verify_table
from nba_pipeline.cli.common import GOOD, NOT_GOOD, exits
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration.instance import dagster_instance
from nba_pipeline.orchestration.runner import Backfill, run_backfill, run_dates
from nba_pipeline.platform import Platform, build_platform
from nba_pipeline.reports.standing import due_dates, standing
from nba_pipeline.settings import Settings, SourceMode
from nba_pipeline.sources.simulated.league import INCIDENT_DATE
from nba_pipeline.verdicts.gate import ask
from nba_pipeline.verdicts.messages import refusal_text, verdict_line
from nba_pipeline.verdicts.snapshot import Snapshot, snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline.warehouse.faults import VARIABLE

_DATES = [INCIDENT_DATE + dt.timedelta(n) for n in (-2, -1, 0, 1)]
_POOL = "game_player_pool"
_OFFENSE, _PLAYERS = "team_offense_game_summary", "player_game_summary"
_LOST_WRITER = f"staged:{_OFFENSE}=keep:2"
_MARKER = "demo-of-nba-pipeline"


class _UnexpectedError(Exception):
    """The platform did not do what the demo is about to say."""


@click.command()
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    default=Path(".nba/demo"),
    show_default=True,
    help="Folder of the demo; replaced when it exists.",
)
@exits
def demo(home: Path) -> int:
    """Replay the incident: 2 of 16 teams saved, refused, downstream refused, repaired."""
    _fresh(home)
    settings = Settings(
        home=home,
        source=SourceMode.SIMULATED,
        archives=None,
        today=_DATES[-1] + dt.timedelta(1),
        simulated_first_season=2025,
    )
    platform = build_platform(settings)
    try:
        with dagster_instance(home) as instance:
            _replay(platform, instance)
    except _UnexpectedError as error:
        click.echo(f"nba: the demo failed: {error}", err=True)
        return NOT_GOOD
    return GOOD


def _fresh(home: Path) -> None:
    """Empty the demo's folder; a folder that is not the demo's is left alone."""
    if home.exists() and any(home.iterdir()) and not (home / _MARKER).exists():
        raise click.UsageError(f"{home} is not empty and not a demo; choose another --home")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    (home / _MARKER).touch()


def _replay(platform: Platform, instance: dg.DagsterInstance) -> None:
    tables = list(contracts())
    first_derived, last_of_a_night = tables.index(_OFFENSE), tables.index(_POOL)

    _say(f"1. Schedule and box scores of {_DATES[0]} .. {_DATES[-1]}, from a simulated league")
    _backfill(platform, instance, tables[:first_derived])
    day = snapshot_of(platform).day(INCIDENT_DATE)
    _must(len(day.games) == 8, f"8 games on {INCIDENT_DATE}")
    click.echo(f"{INCIDENT_DATE}: 8 games, {len(day.teams)} teams expected")

    _say(f"2. The writer of {_OFFENSE} loses 14 of 16 rows")
    with _fault(_LOST_WRITER):
        failure = run_dates(platform, instance, _OFFENSE, [INCIDENT_DATE])
    snapshot = snapshot_of(platform)
    verdict = snapshot.verdict(_OFFENSE, INCIDENT_DATE)
    _must(bool(failure) and verdict.state is State.PARTIAL, "the run fails as partial")
    _must(snapshot.rows_now(_OFFENSE, INCIDENT_DATE) == 0, "nothing of it is published")
    click.echo(verdict_line(_OFFENSE, INCIDENT_DATE, verdict))
    click.echo("published rows: 0; the run failed")

    _say(f"3. {_PLAYERS} is launched on its own, as in the incident")
    failure = run_dates(platform, instance, _PLAYERS, [INCIDENT_DATE])
    snapshot = snapshot_of(platform)
    report = ask(snapshot, contracts()[_PLAYERS], [INCIDENT_DATE])
    _must(bool(failure) and INCIDENT_DATE in report.refused, "the downstream run is refused")
    _must(snapshot.rows_now(_PLAYERS, INCIDENT_DATE) == 0, "no player row is published")
    click.echo(refusal_text(report.refused[INCIDENT_DATE]))

    _say("4. The writer works again: one command repairs the date and what reads it")
    _backfill(platform, instance, tables[first_derived:last_of_a_night])
    snapshot = snapshot_of(platform)
    for table in tables[first_derived:last_of_a_night]:
        verdict = snapshot.verdict(table, INCIDENT_DATE)
        _must(verdict.state is State.COMPLETE, f"{table} is complete")
        click.echo(verdict_line(table, INCIDENT_DATE, verdict))

    _say("5. What is known before a game looks back on a season: four dates are none")
    report = ask(snapshot, contracts()[_POOL], _DATES[-1:])
    _must(_DATES[-1] in report.refused, "a past that is not there is refused")
    click.echo(refusal_text(report.refused[_DATES[-1]]))

    _say("6. What was recorded is what is there")
    wrong = [d for c in contracts().values() for d in _verified(platform, snapshot, c.name)]
    _must(not wrong, f"ledger and tables agree, but: {wrong[:3]}")
    click.echo(f"{len(contracts())} tables verified row by row")

    _say("7. Where every date stands, up to the league's yesterday")
    stands = standing(snapshot, due_dates(snapshot, _DATES[0], None, None))
    bad = {table for _, table in stands.bad}
    past = set(tables[last_of_a_night:])
    _must(bad == past and not stands.never, f"only what needs a past is open, but: {bad ^ past}")
    settled = sum(stands.counts.values()) - len(stands.bad)
    click.echo(
        f"{settled} dates of tables settled, {len(stands.bad)} not: {', '.join(sorted(bad))}"
    )


def _backfill(platform: Platform, instance: dg.DagsterInstance, tables: list[str]) -> None:
    silent: Callable[..., None] = lambda *_: None  # noqa: E731
    outcomes = run_backfill(
        platform, instance, Backfill(tables, _DATES), progress=silent, planned=silent
    )
    bad = [(o.step.table, d, v) for o in outcomes for d, v in o.bad.items()]
    _must(not bad, f"every date is settled, but: {bad[:3]}")


def _verified(platform: Platform, snapshot: Snapshot, table: str) -> list[str]:
    found = verify_table(platform.warehouse, snapshot, contracts()[table])
    return [f"{d.table} {d.date} {d.detail}" for d in found]


@contextmanager
def _fault(plan: str) -> Iterator[None]:
    os.environ[VARIABLE] = plan
    try:
        yield
    finally:
        del os.environ[VARIABLE]


def _must(is_so: bool, what: str) -> None:
    if not is_so:
        raise _UnexpectedError(what)


def _say(text: str) -> None:
    click.echo()
    click.secho(text, bold=True)
