"""The night that the checks are checked on."""

from __future__ import annotations

from pathlib import Path

import pytest

from nba_pipeline.build.verify import published_rows
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline_tests.checks_of_checks.night import Night
from nba_pipeline_tests.support import NIGHT, built_night


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """Published rows of every table on the night, and what the night expects."""
    platform = built_night(Path(tmp_path_factory.mktemp("night")))
    found = {
        name: published_rows(platform.warehouse, c).to_pylist()
        for name, c in contracts().items()
        if c.is_partitioned
    }
    return found, snapshot_of(platform).day(NIGHT)
