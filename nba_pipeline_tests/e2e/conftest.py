"""Archives of the end-to-end tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from nba_pipeline_tests.e2e.on_archive import platform_on
from nba_pipeline_tests.unit.sources.archive_folders import write


@pytest.fixture
def empty(tmp_path: Path) -> tuple[Path, Path]:
    """An archive with one log, and an empty warehouse."""
    root = write(tmp_path / "archive", "stats_nba_player_gamelog/game_logs_2022-23.csv.gz")
    platform_on(root, tmp_path / "home").warehouse.ensure_tables()
    return root, tmp_path / "home"


@pytest.fixture
def growing(archives: Path, tmp_path: Path) -> Path:
    """A part of the real archive: schedules and one log, without an inventory."""
    root = tmp_path / "archive"
    for name in ("schedules/nbahxschedule_22-23.csv.gz",
                 "stats_nba_player_gamelog/game_logs_2022-23.csv.gz"):  # fmt: skip
        write(root, name, content=(archives / name).read_bytes())
    return root
