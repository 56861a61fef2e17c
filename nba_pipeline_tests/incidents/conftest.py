"""A season to look at, and a copy of it to change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nba_pipeline_tests.support import (
    built_season,
)


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home of a season from before its opening night to tomorrow, every table built."""
    home = tmp_path_factory.mktemp("season")
    built_season(home)
    return home


@pytest.fixture
def home(season: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    return Path(shutil.copytree(season, tmp_path / "home", symlinks=True))
