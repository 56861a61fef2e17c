"""Real dates on BigQuery and on DuckDB: the same rows, versions, verdicts and findings."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from google.cloud import bigquery

from nba_pipeline.build.verify import published_rows
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.contracts.sql_files import SQL_ROOT, bound, expanded, load_sql
from nba_pipeline.league.calendar import DayKind
from nba_pipeline.league.sides import scheduled_sides
from nba_pipeline.platform import Platform, build_platform
from nba_pipeline.settings import Settings, SourceMode
from nba_pipeline.verdicts.snapshot import Snapshot, snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline.warehouse.bigquery.warehouse import BigQueryWarehouse
from nba_pipeline.warehouse.sql import to_duckdb
from nba_pipeline_tests.emulators import PROJECT, empty_bigquery
from nba_pipeline_tests.support import NEED_A_PAST, PLAYERS, build_all, run
from nba_pipeline_tests.templates import parsed_once

START = [dt.date(2025, 10, 15) + dt.timedelta(n) for n in range(31)]
"""From before opening night on, so that contexts have the past that they need."""
SINGLE = [
    dt.date(2024, 1, 4),
    dt.date(2024, 1, 15),
    dt.date(2025, 1, 6),
    dt.date(2025, 12, 16),
]
"""Injury reports, BallDontLie, the league's play-by-play, PrizePicks: archived on few dates."""
NOT_ARCHIVED = ("bettingpros_points_lines", "espn_rosters")
"""No archive has a row on any of these dates; the simulated ones move in test_bigquery."""
FEW_DATES = (
    "nbac_shots",
    "prizepicks_points_lines",
    "nbac_injury_report",
    "nbac_injury_report_teams",
    "pst_transactions",
    "nbac_play_by_play",
    "bdl_player_boxscores",
    "roster_name_matches",
)
"""Tables without a row at the season's start."""
pytestmark = pytest.mark.real
Pair = tuple[Platform, Platform]
Seen = tuple[Snapshot, Snapshot]


@pytest.fixture(scope="module")
def both(archives: Path, emulator: str, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """Every table of the season's start, on DuckDB and on BigQuery."""
    home = Path(tmp_path_factory.mktemp("both"))
    settings = Settings(home=home, source=SourceMode.ARCHIVES, archives=archives, today=SINGLE[-1])
    parsed_once(settings)
    local = build_platform(settings)
    cloud = Platform(
        settings, empty_bigquery(emulator, source="archives"), local.landing, local.loaders
    )
    for platform in (local, cloud):
        build_all(platform, START)
    return local, cloud


def seen_of(pair: Pair) -> Seen:
    """Where both stand, read once for all tests that only look."""
    one, other = (snapshot_of(p) for p in pair)
    return one, other


@pytest.fixture(scope="module")
def seen_start(both: Pair) -> Seen:
    return seen_of(both)


@pytest.fixture(scope="module")
def more(both: Pair) -> Pair:
    """The same, and those tables of single dates far from it."""
    for platform in both:
        for table in ("nbac_schedule", *FEW_DATES):
            run(platform, table, *SINGLE)
    return both


@pytest.fixture(scope="module")
def seen_more(more: Pair) -> Seen:
    return seen_of(more)


def assert_same(pair: Pair, seen: Seen, table: str, dates: Sequence[dt.date]) -> int:
    """Verdicts, counts, versions and every steady value; how many rows there are."""
    contract = contracts()[table]
    one, other = seen
    for date in dates if contract.is_partitioned else [WHOLE_TABLE]:
        assert one.verdict(table, date) == other.verdict(table, date)
        assert one.rows_now(table, date) == other.rows_now(table, date)
        assert one.version(table, date, date) == other.version(table, date, date)
    steady = [c.field.name for c in contract.columns if not c.volatile]
    order = [(k, "ascending") for k in contract.key]
    here, there = (
        published_rows(p.warehouse, contract).select(steady).sort_by(order) for p in pair
    )
    assert here.num_rows == there.num_rows
    for name in steady:
        if not here[name].equals(there[name]):
            assert pa.types.is_floating(here.schema.field(name).type), name
            assert here[name].is_null().equals(there[name].is_null()), name
            known = [t[name].drop_null().to_pylist() for t in (here, there)]
            assert known[0] == pytest.approx(known[1], rel=1e-12), name
    return here.num_rows


@pytest.mark.parametrize("table", contracts())
def test_the_start_of_a_season_is_the_same_on_both(
    both: Pair, seen_start: Seen, table: str
) -> None:
    count = assert_same(both, seen_start, table, START)
    assert count > 0 or table in (*NOT_ARCHIVED, *FEW_DATES)


def test_every_date_is_settled_on_both(both: Pair) -> None:
    for platform in both:
        snapshot = Snapshot(platform.warehouse, SINGLE[-1])
        bad = [(t, d) for t in contracts() if contracts()[t].is_partitioned for d in START
               if not snapshot.verdict(t, d).is_settled]  # fmt: skip
        assert bad == []
        for table in NEED_A_PAST:
            assert snapshot.verdict(table, START[-1]).state is State.COMPLETE


def test_a_second_build_writes_nothing(both: Pair) -> None:
    _, cloud = both
    before = snapshot_of(cloud).rows(PLAYERS)
    assert not run(cloud, PLAYERS, *START).bad
    after = snapshot_of(cloud).rows(PLAYERS)
    assert {d: r.attempt for d, r in before.items()} == {d: r.attempt for d, r in after.items()}


@pytest.mark.parametrize("table", FEW_DATES)
def test_what_few_dates_have_is_the_same_on_both(more: Pair, seen_more: Seen, table: str) -> None:
    assert assert_same(more, seen_more, table, SINGLE) > 0


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
    for name in c.audits.identities
    if name != "one_row_per_key"
}
DAMAGE: dict[str, Any] = {
    "points": 1, "minutes_played": 0.0, "team_minutes": 250.0, "margin": 3,
    "usage_rate_raw": 90.0, "opponent": "UTA", "usage_rate": None, "home_team": "UTA",
    "days_rest": 9, "player_id": 1, "is_starter": True, "seconds_remaining": 720,
}  # fmt: skip
"""What every seventh row holds instead, where its table has the column."""
DAMAGE_OF_CHECK: dict[str, tuple[int, dict[str, Any]]] = {
    "somebody_played": (1, {"player_status": "inactive"}),
    "every_team_on_injury_report": (7, {"team": "UTA"}),
    "rows_per_team": (1, {"team": "UTA"}),
}
"""Other damage, where that one breaks no law: to every how many rows, and which."""


def damaged(name: str, rows: pa.Table) -> pa.Table:
    every, damage = DAMAGE_OF_CHECK.get(name, (7, DAMAGE))
    found = rows.to_pylist()
    for row in found[::every]:
        row.update({column: value for column, value in damage.items() if column in row})
    return pa.Table.from_pylist(found, schema=rows.schema)


@pytest.mark.parametrize("name", sorted(p.stem for p in (SQL_ROOT / "checks").glob("*.sql")))
def test_every_check_finds_the_same_on_both(more: Pair, seen_more: Seen, name: str) -> None:
    """Damaged rows, so that there is something to find."""
    local, cloud = more
    contract = contracts()[TABLE_OF_CHECK[name]]
    snapshot, _ = seen_more
    dates = (*START, *SINGLE)
    days = {d: day for d in dates if (day := snapshot.day(d)).kind is DayKind.GAMES}
    staged = damaged(name, published_rows(local.warehouse, contract).slice(0, 400))
    expected = scheduled_sides(days)
    text, params = load_sql(f"checks/{name}"), contract.expectation.limits
    with duckdb.connect() as con:
        con.register("staged", staged)
        con.register("good", staged)
        con.register("scheduled_sides", expected)
        here = con.execute(to_duckdb(text), bound(text, params)).fetchall()
    assert isinstance(cloud.warehouse, BigQueryWarehouse)
    client = cloud.warehouse.client
    client.create_dataset("checks", exists_ok=True)
    for label, table in (("staged", staged), ("good", staged), ("scheduled_sides", expected)):
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
        query_parameters=[
            bigquery.ScalarQueryParameter(k, "INT64", v) for k, v in bound(text, params).items()
        ],
    )
    there = [
        tuple(r.values())
        for r in client.query(expanded(text).sql(dialect="bigquery"), job_config=config).result()
    ]
    assert here
    assert sorted((str(d), e) for d, e, _ in here) == sorted((str(d), e) for d, e, _ in there)
