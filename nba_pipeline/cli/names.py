"""``nba names``: names that no source's player is known by, and deciding whose they are."""

from __future__ import annotations

import dataclasses
import datetime as dt
import getpass
from pathlib import Path

import click

from nba_pipeline.cli.backfill import run_with_progress
from nba_pipeline.cli.common import (
    GOOD,
    NOT_GOOD,
    exits,
    make_platform,
    make_settings,
    platform_options,
    print_grid,
    print_json,
    reading_warehouse,
)
from nba_pipeline.contracts.fields.names import NAME_STATUSES
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.league.names import player_lookup
from nba_pipeline.reports.names import (
    MatchRate,
    OpenName,
    UnknownPlayerError,
    dates_of_name,
    match_rates,
    open_names,
    player_of,
)
from nba_pipeline.sources.own.aliases import Decision, land_decision
from nba_pipeline.verdicts.messages import backfill_command

_ALIASES = "player_aliases"
_MATCHES = ("player_name_matches", "roster_name_matches")


@click.group()
def names() -> None:
    """Names that sources print and that found no player; rows are kept either way."""


@names.command("list")
@click.option(
    "--status", type=click.Choice(NAME_STATUSES), default="pending", show_default=True,
    help="Only names of this status.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")
@platform_options
@exits
def list_names(
    status: str, as_json: bool, home: Path | None, source: str | None, archives: Path | None
) -> int:
    """Names without a player, where they stand, and players of near names."""
    found = open_names(reading_warehouse(make_settings(home, source, archives)))
    chosen = [n for n in found if n.name_status == status]
    if as_json:
        print_json([dataclasses.asdict(n) for n in chosen])
    elif chosen:
        print_grid(
            ["name", "how", "printed by", "dates", "rows", "first", "last", "a game", "near"],
            [_row(n) for n in chosen],
        )
        click.echo(f'next: nba names resolve "{chosen[0].player_name}" --player ID --reason TEXT')
    else:
        click.echo(f"no name is {status}")
    return NOT_GOOD if any(n.name_status == "pending" for n in found) else GOOD


@names.command()
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")
@platform_options
@exits
def rates(as_json: bool, home: Path | None, source: str | None, archives: Path | None) -> int:
    """Share of names that found their player, by raw table, with the worst date of each."""
    found = match_rates(reading_warehouse(make_settings(home, source, archives)))
    if as_json:
        print_json([{**dataclasses.asdict(r), "pct": r.pct} for r in found])
    else:
        print_grid(
            ["printed by", "names", "matched", "%", "rows", "matched", "worst date", "%"],
            [_rate(r) for r in found],
        )
    return GOOD


@names.command()
@click.argument("name")
@click.option("--player", "player_id", type=int, required=True, help="Official NBA person id.")
@click.option("--reason", required=True, help="Why it is this player.")
@platform_options
@exits
def resolve(
    name: str,
    player_id: int,
    reason: str,
    home: Path | None,
    source: str | None,
    archives: Path | None,
) -> int:
    """Say whose name it is, and print what is to be built again for it."""
    return _decide(name, "resolved", reason, home, source, archives, player_id=player_id)


@names.command()
@click.argument("name")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Ask again then.")
@click.option("--reason", required=True, help="Why it can wait.")
@platform_options
@exits
def snooze(
    name: str,
    until: dt.datetime,
    reason: str,
    home: Path | None,
    source: str | None,
    archives: Path | None,
) -> int:
    """Leave a name alone on game dates before a date."""
    return _decide(name, "snoozed", reason, home, source, archives, until=until.date())


@names.command()
@click.argument("name")
@click.option("--reason", required=True, help="Why it is nobody.")
@platform_options
@exits
def dismiss(
    name: str, reason: str, home: Path | None, source: str | None, archives: Path | None
) -> int:
    """Say that a name is no NBA player's."""
    return _decide(name, "invalid", reason, home, source, archives)


def _decide(
    name: str,
    status: str,
    reason: str,
    home: Path | None,
    source: str | None,
    archives: Path | None,
    *,
    player_id: int | None = None,
    until: dt.date | None = None,
) -> int:
    """Land the decision, bring it into the table, and print the rebuild that it asks for."""
    platform = make_platform(home, source, archives)
    platform.warehouse.ensure_tables()
    try:
        lookup = player_lookup(name)
        whose = player_of(platform.warehouse, player_id) if player_id is not None else None
    except (UnknownPlayerError, ValueError) as error:
        raise click.UsageError(str(error)) from error
    dates = dates_of_name(platform.warehouse, name)
    if not dates:
        raise click.UsageError(f"no source prints {name!r} ({lookup}) on any date that was built")
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    owner = getpass.getuser()
    land_decision(platform.landing, Decision(name, status, reason, owner, now, player_id, until))
    outcomes = run_with_progress(platform, [_ALIASES], [WHOLE_TABLE], again=True)
    for message in [m for o in outcomes for m in o.failed_runs]:
        click.echo(f"failed: {message}")
        return NOT_GOOD
    of_whom = f" as {whose.player_name} ({whose.player_id})" if whose else ""
    click.echo(f"{name} is {status}{of_whom}; it stands on {len(dates)} dates")
    click.echo(f"next: {backfill_command(_MATCHES, dates, downstream=True)}")
    return GOOD


def _row(n: OpenName) -> list[str]:
    near = ", ".join(f"{p.player_name} {p.player_id}" for p in n.near)
    return [
        n.player_name, n.match_method, " ".join(n.source_tables), str(n.dates), str(n.occurrences),
        str(n.first_seen), str(n.last_seen), n.example_game_id or "", near,
    ]  # fmt: skip


def _rate(r: MatchRate) -> list[str]:
    return [
        r.source_table, f"{r.names:,}", f"{r.matched:,}", f"{r.pct:.2f}", f"{r.rows:,}",
        f"{r.matched_rows:,}", str(r.worst_date), f"{r.worst_pct:.1f}",
    ]  # fmt: skip
