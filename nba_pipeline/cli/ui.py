"""``nba ui``: Dagster's interface over a home, with the history of the command line in it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from nba_pipeline.cli.common import exits, make_platform, platform_options
from nba_pipeline.files import folder_of
from nba_pipeline.settings import Settings

_WORKSPACE = "workspace.yaml"


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=3000, show_default=True, help="Of 127.0.0.1."
)
@platform_options
@exits
def ui(port: int, home: Path | None, source: str | None, archives: Path | None) -> int:
    """Open Dagster's interface on this home; runs of the command line are in it.

    An own DAGSTER_HOME stays in force.
    """
    settings = make_platform(home, source, archives).settings
    workspace = str(folder_of(_WORKSPACE) / _WORKSPACE)
    dev = ["-m", "dagster", "dev", "--host", "127.0.0.1", "--port", str(port), "-w", workspace]
    env = {**os.environ, **environment(settings)}
    os.execve(sys.executable, [sys.executable, *dev], env)  # noqa: S606 - no shell is wanted


def environment(settings: Settings) -> dict[str, str]:
    """What the interface's processes need to work on the same home as this verb."""
    from nba_pipeline.orchestration.instance import interface_home

    found = {"NBA_HOME": str(settings.home.resolve()), "NBA_SOURCE": str(settings.mode)}
    if settings.archives is not None:
        found["NBA_ARCHIVES"] = str(settings.archives.resolve())
    if not os.environ.get("DAGSTER_HOME"):
        found["DAGSTER_HOME"] = str(interface_home(settings.home))
    return found
