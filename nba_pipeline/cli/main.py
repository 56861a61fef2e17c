"""Entry point of ``nba``: the group of verbs and the exit codes.

Exit 0: proven good; 1: proven not good (refused, partial, stale); 2: usage error; 3: could not
tell. Every expected error is one line on stderr; nothing is changed by it.
Verbs are imported when they are called: to list them must not take the time to load Dagster.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping
from importlib import import_module

import click

gc.set_threshold(50_000, 20, 50)
"""A verb makes many small objects that live as long as it does (modules, events): by the default of
700 they are looked through again and again, 0.5 of the 8 seconds of one new date."""

VERBS: Mapping[str, str] = {
    "demo": "Replay the incident: 2 of 16 teams saved, refused, downstream refused, repaired.",
    "status": "Count the verdicts of every table, name the worst dates and the next command.",
    "explain": "Explain the verdict of TABLE on DATE: reasons, what it reads, attempts, next "
    "command.",
    "backfill": "Build what is missing, partial or stale; skip what is complete and unchanged.",
    "refresh": "Bring home what is due and what the gate admits; leave alone what has to wait.",
    "due": "Say which date of which raw table is due, late or done by the league's clock.",
    "verify": "Recount and re-hash every published date; close the gate for those that do not "
    "hold.",
    "reconcile": "Tell Dagster of every published date that it lacks, or knows with another "
    "version.",
    "gaps": "List what is not good between two dates, by the schedule and not by a typed list.",
    "coverage": "Share of due game dates that are complete; the schedule is the only denominator.",
    "names": "Names that sources print and that found no player; rows are kept either way.",
    "sources": "Say per endpoint what was fetched, loaded and refused, and which fields have "
    "changed.",
    "ui": "Open Dagster's interface on this home; runs of the command line are in it.",
    "migrate": "Copy the DuckDB warehouse of --home to the empty BigQuery project of "
    "NBA_BIGQUERY_PROJECT.",
}
"""Each verb with the first sentence of its own help; its module has its name."""


class _Verbs(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        found: click.Command = getattr(import_module(f"nba_pipeline.cli.{cmd_name}"), cmd_name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(
    cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="nba_pipeline", prog_name="nba")
def cli() -> None:
    """Say for every game date whether a table can be trusted, and build only from what can."""
