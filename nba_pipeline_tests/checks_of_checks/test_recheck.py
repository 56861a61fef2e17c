"""What is checked again after publishing: a row kept aside is still a part of its game."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import duckdb
import pytest

from nba_pipeline.build.verify import published_rows, rows_aside
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration.recheck import HISTORY, RANGES, results
from nba_pipeline.platform import Platform
from nba_pipeline_tests.support import (
    NIGHT,
    PLAYERS,
    fault,
    platform_in,
    run,
    simulated,
    start_from,
)

CONTRACT = contracts()[PLAYERS]


@pytest.fixture(scope="module")
def aside(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """A night of which one row was kept aside."""
    platform = platform_in(Path(tmp_path_factory.mktemp("aside")), loaders=simulated())
    start_from(platform, NIGHT, upto="team_defense_game_summary")
    with fault(f"staged:{PLAYERS}=set:usage_rate:1329.8"):
        assert run(platform, PLAYERS, NIGHT).results[NIGHT].quarantined == 1
    return platform


def rechecked(platform: Platform) -> dict[str | None, dg.AssetCheckResult]:
    return {r.check_name: r for r in results(CONTRACT, platform, "test")}


def test_a_row_kept_aside_breaks_no_law_afterwards(aside: Platform) -> None:
    found = rechecked(aside)
    assert {name for name, r in found.items() if not r.passed} == {RANGES}
    assert found[RANGES].severity is dg.AssetCheckSeverity.WARN


def test_a_row_that_was_published_is_not_aside(aside: Platform) -> None:
    rows = published_rows(aside.warehouse, CONTRACT)
    (held,) = rows_aside(aside.warehouse, CONTRACT, rows).to_pylist()
    assert held["usage_rate"] == 1329.8
    again = type(rows).from_pylist([*rows.to_pylist(), held], schema=rows.schema)
    assert rows_aside(aside.warehouse, CONTRACT, again).num_rows == 0


def test_a_row_that_was_deleted_beside_it_is_found(aside: Platform) -> None:
    """The last test: it breaks the night."""
    held = rows_aside(aside.warehouse, CONTRACT, published_rows(aside.warehouse, CONTRACT))
    (team,) = held["team"].to_pylist()
    with duckdb.connect(str(aside.settings.duckdb_path)) as con:
        con.execute(
            f"DELETE FROM {CONTRACT.path} WHERE team = '{team}' AND points = "
            f"(SELECT max(points) FROM {CONTRACT.path} WHERE team = '{team}')"
        )
    found = rechecked(aside)
    assert not found["player_points_equal_final_score"].passed
    assert not found[HISTORY].passed
