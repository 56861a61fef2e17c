"""A platform and the command line on an archive, for end-to-end tests."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from click.testing import CliRunner, Result

from nba_pipeline.cli.main import cli
from nba_pipeline.platform import Platform, build_platform
from nba_pipeline.settings import Settings, SourceMode

SHOTS, LOGS = "nbac_shots", "nbac_player_boxscores"
DATES = [dt.date(2023, 1, day) for day in (2, 3, 4)]


def platform_on(root: Path, home: Path) -> Platform:
    settings = Settings(
        home=home, source=SourceMode.ARCHIVES, archives=root, today=dt.date(2023, 6, 30)
    )
    return build_platform(settings)


def nba(root: Path, home: Path, *args: str) -> Result:
    env = {"NBA_TODAY": "2023-06-30", "NBA_SOURCE": None}
    return CliRunner(env=env).invoke(cli, [*args, "--archives", str(root), "--home", str(home)])
