"""Entry point of ``nba``: the group of verbs and the exit codes.

Exit 0: proven good; 1: proven not good (refused, partial, stale); 2: usage error; 3: could not
tell. Every expected error is one line on stderr; nothing is changed by it.
"""

from __future__ import annotations

import click

from nba_pipeline.cli.backfill import backfill
from nba_pipeline.cli.coverage import coverage
from nba_pipeline.cli.demo import demo
from nba_pipeline.cli.explain import explain
from nba_pipeline.cli.gaps import gaps
from nba_pipeline.cli.migrate import migrate
from nba_pipeline.cli.names import names
from nba_pipeline.cli.sources import sources
from nba_pipeline.cli.status import status
from nba_pipeline.cli.verify import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Say for every game date whether a table can be trusted, and build only from what can."""


for command in (demo, status, explain, backfill, verify, gaps, coverage, names, sources, migrate):
    cli.add_command(command)
