"""The same platform on BigQuery: incidents, one real month, and the move from DuckDB."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from google.cloud import bigquery

from nba_pipeline.audit import expected_teams
from nba_pipeline.calendar import DayKind
from nba_pipeline.cli.main import cli
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.definitions import build_defs
from nba_pipeline.migrate import migrate
from nba_pipeline.platform import Platform, build_platform
from nba_pipeline.settings import Settings, SourceMode, WarehouseKind
from nba_pipeline.snapshot import Snapshot
from nba_pipeline.verdict import State
from nba_pipeline.verify import published_rows, verify_table
from nba_pipeline.warehouse.base import WarehouseError
from nba_pipeline.warehouse.bigquery import BigQueryWarehouse
from nba_pipeline.warehouse.sql import SQL_ROOT, expanded, load_sql, to_duckdb
from nba_pipeline_tests.emulators import PROJECT, empty_bigquery
from nba_pipeline_tests.support import (
    DEFENSE,
    LAST_INPUT,
    LINE_TABLES_OF_A_NIGHT,
    NIGHT,
    OFFENSE,
    PLAYERS,
    SPINE_TABLES,
    built_night,
    fault,
    platform_in,
    rows,
    run,
    run_all,
    verdict,
)

MONTH = [dt.date(2025, 12, 1) + dt.timedelta(n) for n in range(31)]


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
    found = verify_table(cloud.warehouse, Snapshot(cloud.warehouse), contracts()[OFFENSE])
    assert [d.date for d in found] == [NIGHT]


NOT_ARCHIVED = ("nbac_shots", "odds_points_lines", "bettingpros_points_lines")
COMPARED = (*SPINE_TABLES, *LINE_TABLES_OF_A_NIGHT)
"""Tables of the incident, and of lines: what the emulator takes a minute for."""


@pytest.fixture(scope="module")
def month(
    archives: Path, emulator: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Platform, Platform]]:
    """December 2025, real, on DuckDB and on BigQuery."""
    home = Path(tmp_path_factory.mktemp("month"))
    settings = Settings(home=home, source=SourceMode.ARCHIVES, archives=archives, today=MONTH[-1])
    local = build_platform(settings)
    cloud = Platform(
        settings, empty_bigquery(emulator, source="archives"), local.landing, local.loaders
    )
    for platform in (local, cloud):
        run_all(platform, *MONTH)
    yield local, cloud


@pytest.mark.parametrize("table", COMPARED)
def test_a_real_month_is_the_same_on_both(month: tuple[Platform, Platform], table: str) -> None:
    local, cloud = month
    contract = contracts()[table]
    dates = MONTH if contract.is_partitioned else [WHOLE_TABLE]
    one, other = Snapshot(local.warehouse), Snapshot(cloud.warehouse)
    for date in dates:
        assert one.verdict(table, date) == other.verdict(table, date)
        assert one.rows_now(table, date) == other.rows_now(table, date)
        assert one.version(table, date, date) == other.version(table, date, date)
    steady = [c.field.name for c in contract.columns if not c.volatile]
    order = [(k, "ascending") for k in contract.key]
    tables = [published_rows(p.warehouse, contract).select(steady).sort_by(order) for p in month]
    assert tables[0].num_rows == tables[1].num_rows
    # no archive has shots of 2025-26, nor a sportsbook's points lines of December 2025
    assert tables[0].num_rows > 0 or table in NOT_ARCHIVED
    for name in steady:
        column = [t[name].to_pylist() for t in tables]
        if pa.types.is_floating(tables[0].schema.field(name).type):
            known = [[v for v in values if v is not None] for values in column]
            assert known[0] == pytest.approx(known[1], rel=1e-12), name
            assert [v is None for v in column[0]] == [v is None for v in column[1]], name
        else:
            assert column[0] == column[1], name


def test_a_second_build_of_the_month_writes_nothing(month: tuple[Platform, Platform]) -> None:
    _, cloud = month
    before = Snapshot(cloud.warehouse).ledger[PLAYERS]
    assert not run(cloud, PLAYERS, *MONTH).bad
    after = Snapshot(cloud.warehouse).ledger[PLAYERS]
    assert {d: r.attempt for d, r in before.items()} == {d: r.attempt for d, r in after.items()}


KINDS = {
    pa.date32(): "DATE",
    pa.string(): "STRING",
    pa.int64(): "INT64",
    pa.float64(): "FLOAT64",
    pa.bool_(): "BOOL",
    pa.timestamp("us", tz="UTC"): "TIMESTAMP",
}
TABLE_OF_CHECK = {
    name: c.name
    for c in reversed(contracts().values())
    for name in c.identities
    if name != "one_row_per_key"
}


@pytest.mark.parametrize(
    "name",
    sorted(
        p.stem
        for p in (SQL_ROOT / "checks").glob("*.sql")
        if TABLE_OF_CHECK[p.stem] in SPINE_TABLES
    ),
)
def test_every_check_finds_the_same_on_both(
    month: tuple[Platform, Platform], emulator: str, name: str
) -> None:
    """Damaged rows, so that there is something to find."""
    import duckdb

    local, cloud = month
    contract = contracts()[TABLE_OF_CHECK[name]]
    snapshot = Snapshot(local.warehouse)
    days = {d: day for d in MONTH if (day := snapshot.day(d)).kind is DayKind.GAMES}
    staged = published_rows(local.warehouse, contract).slice(0, 400)
    damaged = staged.to_pylist()
    for n, row in enumerate(damaged):
        if n % 7 == 0:
            for column, value in {
                "points": 1, "minutes_played": 0.0, "team_minutes": 250.0, "margin": 3,
                "usage_rate_raw": 90.0, "opponent": "UTA", "usage_rate": None,
                "home_team": "UTA",
            }.items():  # fmt: skip
                if column in row:
                    row[column] = value
    staged = pa.Table.from_pylist(damaged, schema=staged.schema)
    expected = expected_teams(days)
    text, params = load_sql(f"checks/{name}"), {"min_players": 5, "max_players": 17}
    with duckdb.connect() as con:
        con.register("staged", staged)
        con.register("expected_teams", expected)
        statement = to_duckdb(text)
        used = {k: v for k, v in params.items() if f"${k}" in statement}
        here = con.execute(statement, used).fetchall()
    assert isinstance(cloud.warehouse, BigQueryWarehouse)
    client = cloud.warehouse.client
    client.create_dataset("checks", exists_ok=True)
    for label, table in (("staged", staged), ("expected_teams", expected)):
        client.delete_table(f"{PROJECT}.checks.{label}", not_found_ok=True)
        content = io.BytesIO()
        pq.write_table(table, content)
        content.seek(0)
        client.load_table_from_file(
            content,
            f"{PROJECT}.checks.{label}",
            job_config=bigquery.LoadJobConfig(
                source_format=bigquery.SourceFormat.PARQUET,
                schema=[bigquery.SchemaField(s.name, KINDS[s.type]) for s in table.schema],
            ),
        ).result()
    config = bigquery.QueryJobConfig(
        default_dataset=f"{PROJECT}.checks",
        query_parameters=[bigquery.ScalarQueryParameter(k, "INT64", v) for k, v in used.items()],
    )
    there = [
        tuple(r.values())
        for r in client.query(expanded(text).sql(dialect="bigquery"), job_config=config).result()
    ]
    assert here
    assert sorted((str(d), e) for d, e, _ in here) == sorted((str(d), e) for d, e, _ in there)


def test_a_history_moves_with_its_versions(emulator: str, tmp_path: Path) -> None:
    local = built_night(tmp_path)
    cloud = empty_bigquery(emulator)
    moved = migrate(local.warehouse, cloud, progress=lambda _: None)
    assert [m.table for m in moved] == list(contracts())
    assert all(not m.wrong for m in moved)
    assert sum(m.rows for m in moved) > 500
    platform = platform_in(tmp_path, warehouse=cloud)
    assert verdict(platform, PLAYERS, NIGHT).state is State.COMPLETE
    assert not run(platform, PLAYERS, NIGHT).bad
    with pytest.raises(WarehouseError, match="already has a ledger"):
        migrate(local.warehouse, cloud, progress=lambda _: None)


def test_the_command_line_works_on_bigquery(emulator: str, tmp_path: Path) -> None:
    empty_bigquery(emulator)
    built_night(tmp_path / "home")
    env = {
        "NBA_HOME": str(tmp_path / "home"),
        "NBA_SOURCE": "simulated",
        "NBA_TODAY": "2026-01-06",
        "NBA_SIMULATED_FIRST_SEASON": "2025",
        "NBA_BIGQUERY_PROJECT": PROJECT,
        "NBA_BIGQUERY_ENDPOINT": emulator,
    }

    def nba(*args: str) -> str:
        found = CliRunner(env=env).invoke(cli, list(args))
        assert found.exit_code == 0, found.output
        return found.output

    assert "player_game_summary" in nba("migrate")
    env["NBA_WAREHOUSE"] = "bigquery"
    assert "player_game_summary" in CliRunner(env=env).invoke(cli, ["status"]).output
    plan = nba("backfill", "--date", "2026-01-02", "--dry-run")
    assert "0 partition modifications by load; its SELECT reads" in plan
    assert f"{len(contracts())} tables are as recorded" in nba("verify")


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
