"""The same platform on BigQuery: incidents, and the move from DuckDB."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
from click.testing import CliRunner

from nba_pipeline.build.migrate import migrate
from nba_pipeline.build.prove import prove
from nba_pipeline.build.verify import verify_table
from nba_pipeline.cli.main import cli
from nba_pipeline.contracts import ops
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.definitions import build_defs
from nba_pipeline.platform import Platform
from nba_pipeline.settings import WarehouseKind
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline.warehouse.base import WarehouseError
from nba_pipeline.warehouse.bigquery.warehouse import BigQueryWarehouse
from nba_pipeline_tests.emulators import PROJECT, empty_bigquery
from nba_pipeline_tests.support import (
    DEFENSE,
    LAST_INPUT,
    NIGHT,
    OFFENSE,
    PLAYERS,
    built_night,
    fault,
    platform_in,
    rows,
    run,
    run_all,
    verdict,
)


@pytest.fixture
def cloud(emulator: str, tmp_path: Path) -> Platform:
    """The simulated league on an empty BigQuery."""
    return platform_in(tmp_path / "cloud", warehouse=empty_bigquery(emulator))


def test_the_incident_and_its_repair(cloud: Platform) -> None:
    run_all(cloud, NIGHT, upto=LAST_INPUT)
    with fault(f"staged:{OFFENSE}=keep:2"):
        assert "missing" in run(cloud, OFFENSE, NIGHT).bad[NIGHT]
    assert rows(cloud, OFFENSE, NIGHT) == []
    assert "PARTIAL" in run(cloud, PLAYERS, NIGHT).bad[NIGHT]
    for table in (OFFENSE, DEFENSE, PLAYERS):
        assert not run(cloud, table, NIGHT).bad
        assert verdict(cloud, table, NIGHT).state is State.COMPLETE
    assert {r["confirmed_by"] for r in rows(cloud, PLAYERS, NIGHT)} == {"bref"}
    before = rows(cloud, OFFENSE, NIGHT)
    assert len(before) == 16
    with fault(f"staged:{OFFENSE}=keep:7"):
        assert run(cloud, OFFENSE, NIGHT).bad
    assert rows(cloud, OFFENSE, NIGHT) == before
    with fault(f"staged:{PLAYERS}=set:usage_rate:1329.8"):
        assert run(cloud, PLAYERS, NIGHT).results[NIGHT].quarantined == 1


def test_a_row_deleted_by_hand_closes_the_gate(cloud: Platform) -> None:
    run_all(cloud, NIGHT)
    assert isinstance(cloud.warehouse, BigQueryWarehouse)
    cloud.warehouse.client.query(
        f"DELETE FROM nba_analytics.{OFFENSE} WHERE game_date = DATE '{NIGHT}' AND team = "
        f"(SELECT MIN(team) FROM nba_analytics.{OFFENSE})"
    ).result()
    assert verdict(cloud, OFFENSE, NIGHT).reasons == ("ledger says 16 rows, table has 15",)
    assert "table has 15" in run(cloud, PLAYERS, NIGHT).bad[NIGHT]
    found = verify_table(cloud.warehouse, snapshot_of(cloud), contracts()[OFFENSE])
    assert [d.date for d in found] == [NIGHT]


def test_a_history_moves_with_its_versions(emulator: str, tmp_path: Path) -> None:
    local = built_night(tmp_path)
    cloud = empty_bigquery(emulator)
    today = local.settings.league_today()
    moved = migrate(local.warehouse, cloud, today, progress=lambda _: None)
    assert [m.table for m in moved] == list(contracts())
    assert all(not m.wrong for m in moved)
    assert sum(m.rows for m in moved) > 500
    platform = platform_in(tmp_path, warehouse=cloud)
    assert verdict(platform, PLAYERS, NIGHT).state is State.COMPLETE
    assert not run(platform, PLAYERS, NIGHT).bad
    cloud.client.query(
        f"UPDATE {ops.LEDGER.path} SET checksum = NULL WHERE asset = '{OFFENSE}'"
    ).result()
    asked = {"tables": [OFFENSE], "dates": [NIGHT]}
    assert snapshot_of(platform, **asked).board.unproven(OFFENSE) == [NIGHT]
    assert prove(cloud, snapshot_of(platform, **asked), "prove")
    assert not prove(cloud, snapshot_of(platform, **asked), "prove")
    assert verdict(platform, PLAYERS, NIGHT).state is State.COMPLETE
    with pytest.raises(WarehouseError, match="already has a ledger"):
        migrate(local.warehouse, cloud, today, progress=lambda _: None)


def test_the_command_line_works_on_bigquery(emulator: str, tmp_path: Path) -> None:
    empty_bigquery(emulator)
    built_night(tmp_path / "home")
    env = {
        "NBA_HOME": str(tmp_path / "home"),
        "NBA_SOURCE": "simulated",
        "NBA_TODAY": "2026-01-06",
        "NBA_SIMULATED_FIRST_SEASON": "2025",
        "NBA_FIRST_DATE": str(NIGHT),
        "NBA_BIGQUERY_PROJECT": PROJECT,
        "NBA_BIGQUERY_ENDPOINT": emulator,
    }

    def nba(*args: str) -> str:
        found = CliRunner(env=env).invoke(cli, list(args))
        assert found.exit_code == 0, found.output
        return found.output

    assert "player_game_summary" in nba("migrate")
    env["NBA_WAREHOUSE"] = "bigquery"
    found = CliRunner(env=env).invoke(cli, ["status"])
    # a night alone: only what looks back on a season is open
    assert found.exit_code == 1, found.output
    assert "upcoming_player_game_context" in found.output
    plan = nba("backfill", "--date", "2026-01-02", "--dry-run")
    assert "0 partition modifications by load; its SELECT reads" in plan
    found = CliRunner(env=env).invoke(cli, ["verify"])
    assert f"{len(contracts())} tables are as recorded" in found.output
    assert "2 days never looked at: 2026-01-04 .. 2026-01-05" in found.output
    assert found.exit_code == 1


def test_bigquery_gets_processes_and_a_pool_per_table() -> None:
    defs = build_defs(warehouse=WarehouseKind.BIGQUERY)
    assert defs.executor is dg.multiprocess_executor
    pools = {a.op.pool for a in defs.assets or [] if isinstance(a, dg.AssetsDefinition)}
    assert len(pools) == len(contracts())


def test_bigquery_without_a_project_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBA_WAREHOUSE", "bigquery")
    found = CliRunner().invoke(cli, ["status"])
    assert found.exit_code == 2
    assert "NBA_BIGQUERY_PROJECT" in found.output
