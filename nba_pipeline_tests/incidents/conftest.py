"""A season to look at, and a copy of it to change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nba_pipeline_tests.incidents.damage import contents
from nba_pipeline_tests.support import built_night, built_season, platform_in


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


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home of a night alone, every table built that needs no past."""
    home = tmp_path_factory.mktemp("night")
    built_night(home)
    return home


@pytest.fixture(scope="module")
def untouched(night: Path) -> dict[str, list[str]]:
    """Rows of its tables, to compare with."""
    return contents(platform_in(night))
