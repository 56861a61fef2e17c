"""What every warehouse must do. An adapter passes all of it or is no adapter."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from nba_pipeline.contracts import ops
from nba_pipeline.contracts.parts import CoverageFloor
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.league.calendar import day_of
from nba_pipeline.league.sides import scheduled_sides
from nba_pipeline.reports.coverage import Period
from nba_pipeline.reports.sources import drift_findings
from nba_pipeline.reports.watched import Judgement, watched_columns
from nba_pipeline.verdicts.ledger import rows_table
from nba_pipeline.warehouse.base import Batch, Outcome, Warehouse, WarehouseError
from nba_pipeline.warehouse.duckdb.warehouse import DuckDBWarehouse
from nba_pipeline.warehouse.faults import InjectedFaultError
from nba_pipeline_tests.emulators import empty_bigquery, live_bigquery
from nba_pipeline_tests.support import fault
from nba_pipeline_tests.unit.league.test_calendar import DATE, game

TABLE = contracts()["nbac_team_boxscore"]
NEXT = DATE + dt.timedelta(1)

Row = dict[str, object]


def make_duckdb(folder: Path) -> Warehouse:
    return DuckDBWarehouse(folder / "contract.duckdb", lock_seconds=5)


@pytest.fixture(params=["duckdb", "bigquery", "bigquery_live"])
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Warehouse:
    """The same tests for every engine."""
    if request.param == "duckdb":
        found = make_duckdb(tmp_path)
    elif request.param == "bigquery":
        found = empty_bigquery(request.getfixturevalue("emulator"))
    else:
        found = live_bigquery()
    found.ensure_tables()
    return found


def team_row(team: str, date: dt.date = DATE, **changes: object) -> Row:
    base: Row = {f.name: None for f in arrow_schema(TABLE)}
    base |= {
        "game_date": date,
        "game_id": f"{date:%Y%m%d}_NYK_BOS",
        "season_year": 2025,
        "season_type": "regular",
        "team": team,
        "opponent": "NYK" if team == "BOS" else "BOS",
        "is_home": team == "BOS",
        "is_degraded": False,
        "rebounds": 40,
        "assists": 25,
        "steals": 7,
        "blocks": 5,
        "turnovers": 12,
        "points": 101 if team == "BOS" else 99,
        "fetched_at": dt.datetime(2026, 1, 4, 10, tzinfo=dt.UTC),
        "payload_sha256": "a" * 64,
    }
    return base | changes


def batch(
    rows: list[Row],
    *,
    dates: list[dt.date] | None = None,
    attempt: int = 1,
    seen: int = 0,
    version: str = "v1",
    protect: bool = False,
    run: str = "run",
) -> Batch:
    swapped = dates if dates is not None else sorted({r["game_date"] for r in rows})  # type: ignore[type-var]
    now = dt.datetime(2026, 1, 4, 10, tzinfo=dt.UTC)
    day = day_of(DATE, [game()], covered=True)
    ledger = [
        {
            "asset": TABLE.name,
            "game_date": d,
            "status": "complete",
            "version": version,
            "row_count": sum(r["game_date"] == d for r in rows),
            "expected_rows": 2,
            "distinct_keys": 2,
            "completeness_pct": 100.0,
            "code_version": "code",
            "config_hash": "config",
            "attempt": attempt,
            "run_id": f"{run}-{attempt}",
            "started_at": now,
            "published_at": now,
            "is_degraded": False,
        }
        for d in swapped
    ]
    history = [
        {
            "processor": TABLE.name,
            "target_date": d,
            "status": "complete",
            "started_at": now,
            "completed_at": now,
            "rows_staged": 2,
            "rows_written": 2,
            "rows_quarantined": 0,
            "run_id": f"{run}-{attempt}",
            "code_version": "code",
        }
        for d in swapped
    ]
    return Batch(
        contract=TABLE,
        rows=pa.Table.from_pylist(rows, schema=arrow_schema(TABLE)),
        swap_dates=swapped,
        ledger=rows_table(ops.LEDGER, ledger),
        inputs=rows_table(ops.INPUTS, []),
        history=rows_table(ops.HISTORY, history),
        quarantine=rows_table(ops.QUARANTINE, []),
        protected=scheduled_sides({DATE: day} if protect else {}),
        seen=dict.fromkeys(swapped, seen),
    )


def teams(warehouse: Warehouse, date: dt.date = DATE) -> list[str]:
    found = warehouse.query(
        f"SELECT team FROM {TABLE.path} WHERE game_date = @date ORDER BY team", {"date": date}
    )
    return found["team"].to_pylist()


def count(warehouse: Warehouse, path: str) -> int:
    return int(warehouse.query(f"SELECT COUNT(*) AS n FROM {path}")["n"][0].as_py())


BOTH = [team_row("BOS"), team_row("NYK")]


def test_a_batch_is_published_and_read_back(warehouse: Warehouse) -> None:
    outcome = warehouse.publish(batch(BOTH))
    assert outcome == Outcome(published={DATE: 2})
    assert teams(warehouse) == ["BOS", "NYK"]
    assert count(warehouse, ops.LEDGER.path) == count(warehouse, ops.HISTORY.path) == 1


def test_a_swap_replaces_its_dates_and_no_other(warehouse: Warehouse) -> None:
    warehouse.publish(batch([*BOTH, team_row("LAL", NEXT), team_row("GSW", NEXT)]))
    warehouse.publish(batch([team_row("DEN"), team_row("UTA")], attempt=2, seen=1))
    assert teams(warehouse) == ["DEN", "UTA"]
    assert teams(warehouse, NEXT) == ["GSW", "LAL"]
    assert count(warehouse, ops.LEDGER.path) == 2
    assert count(warehouse, ops.HISTORY.path) == 3


def test_a_date_may_become_empty(warehouse: Warehouse) -> None:
    warehouse.publish(batch(BOTH))
    outcome = warehouse.publish(batch([], dates=[DATE], attempt=2, seen=1))
    assert outcome.published == {DATE: 0}
    assert teams(warehouse) == []


def test_a_lost_key_that_is_still_expected_is_refused(warehouse: Warehouse) -> None:
    warehouse.publish(batch(BOTH))
    outcome = warehouse.publish(batch([team_row("BOS")], attempt=2, seen=1, protect=True))
    assert list(outcome.lost_keys) == [DATE]
    assert "NYK" in outcome.lost_keys[DATE][0]
    assert outcome.published == {}
    assert teams(warehouse) == ["BOS", "NYK"]


def test_a_key_that_is_no_longer_expected_may_go(warehouse: Warehouse) -> None:
    warehouse.publish(batch([*BOTH, team_row("DEN")]))
    outcome = warehouse.publish(batch(BOTH, attempt=2, seen=1, protect=True))
    assert outcome.published == {DATE: 2}


def test_whoever_looked_before_another_published_stands_back(warehouse: Warehouse) -> None:
    warehouse.publish(batch(BOTH))
    outcome = warehouse.publish(batch([team_row("DEN"), team_row("UTA")], attempt=1, seen=0))
    assert list(outcome.conflicts) == [DATE]
    assert "run-1" in outcome.conflicts[DATE]
    assert teams(warehouse) == ["BOS", "NYK"]


@pytest.mark.parametrize("point", ["before_swap", "mid_swap", "after_swap", "before_ledger",
                                   "before_commit"])  # fmt: skip
def test_a_failure_inside_a_publish_leaves_everything_as_it_was(
    warehouse: Warehouse, point: str
) -> None:
    warehouse.publish(batch(BOTH))
    with fault(f"{point}=raise"), pytest.raises(InjectedFaultError):
        warehouse.publish(batch([team_row("DEN"), team_row("UTA")], attempt=2, seen=1))
    assert teams(warehouse) == ["BOS", "NYK"]
    assert count(warehouse, ops.LEDGER.path) == count(warehouse, ops.HISTORY.path) == 1


def test_columns_are_matched_by_name(warehouse: Warehouse) -> None:
    made = batch(BOTH)
    names = list(reversed(made.rows.column_names))
    reordered = Batch(**{**made.__dict__, "rows": made.rows.select(names)})
    warehouse.publish(reordered)
    found = warehouse.query(f"SELECT team, opponent, points FROM {TABLE.path} ORDER BY team")
    assert found.to_pylist()[0] == {"team": "BOS", "opponent": "NYK", "points": 101}


def test_types_come_back_as_they_went_in(warehouse: Warehouse) -> None:
    warehouse.publish(batch(BOTH))
    names = ", ".join(TABLE.column_names)
    found = warehouse.query(f"SELECT {names} FROM {TABLE.path} ORDER BY team")
    assert found.cast(arrow_schema(TABLE)).to_pylist() == BOTH


def test_values_are_bound_never_formatted(warehouse: Warehouse) -> None:
    evil = "BOS'; DROP TABLE nba_raw.nbac_team_boxscore; --"
    found = warehouse.query(f"SELECT team FROM {TABLE.path} WHERE team = @team", {"team": evil})
    assert found.num_rows == 0
    assert teams(warehouse) == []


def test_history_is_only_added_to(warehouse: Warehouse) -> None:
    warehouse.record(batch(BOTH).history)
    warehouse.record(batch(BOTH).history)
    assert count(warehouse, ops.HISTORY.path) == 2


def test_sightings_of_drift_are_only_added_to(warehouse: Warehouse) -> None:
    now = dt.datetime.now(dt.UTC)
    sighting = {"source": "nbac", "endpoint": "shots", "layout": "shots_json", "field_name": "LOC",
                "drift_kind": "new", "drift_event": "seen", "seen_at": now}  # fmt: skip
    for _ in range(2):
        warehouse.record(rows_table(ops.DRIFT, [sighting]), ops.DRIFT)
    assert count(warehouse, ops.DRIFT.path) == 2
    (found,) = drift_findings(warehouse)
    assert (found.drift.field_name, found.occurrences, found.is_open) == ("LOC", 2, False)
    assert found.last_seen_at == now


def test_a_query_that_cannot_be_run_is_one_clear_error(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError, match="no_such_table"):
        warehouse.query("SELECT a FROM nba_raw.no_such_table")


def test_the_formulas_are_the_same_everywhere(warehouse: Warehouse) -> None:
    found = warehouse.query(
        "SELECT CAST(true_shooting_pct(119, 92, 14) AS FLOAT64) AS a,"
        " CAST(SAFE_DIVIDE(1, 0) AS FLOAT64) AS b, COUNTIF(x > 1) AS c,"
        " LOGICAL_AND(x > 0) AS d, MAX(CONCAT(difference('assists', 5, 6),"
        " difference('steals', 1, CAST(NULL AS INT64)), minutes_difference(30.0, 9.96),"
        " minutes_difference(30.0, 29.5))) AS e FROM (SELECT 1 AS x UNION ALL SELECT 2 AS x) AS t"
    ).to_pylist()[0]
    assert found["a"] == pytest.approx(0.60615, abs=1e-5)
    assert found["b"] is None
    assert found["c"] == 1
    assert found["d"] is True
    assert found["e"] == ", assists 5/6, minutes_played 30.0/10.0"


def test_watched_columns_are_counted_the_same_everywhere(warehouse: Warehouse) -> None:
    """A season begins in September; who has no steals is excused in the play-offs alone."""
    old, new = dt.date(2025, 8, 31), dt.date(2025, 9, 1)
    rows = [
        team_row("BOS", old, offensive_rebounds=None),
        team_row("NYK", old, offensive_rebounds=None, season_type="playoffs"),
        team_row("BOS", new, offensive_rebounds=9),
        team_row("NYK", new, offensive_rebounds=None),
    ]
    warehouse.publish(batch(rows))
    floor = CoverageFloor(
        "offensive_rebounds", 0.5, "points > 0", "season_type", ("playoffs",), least_rows=2
    )
    watching = replace(TABLE, audits=replace(TABLE.audits, floors=(floor,)))

    def counted(period: Period, **dates: dt.date) -> list[tuple[object, ...]]:
        (found,) = watched_columns(warehouse, watching, period, **dates)
        assert [p.label for p in found.bad] == []
        return [(p.label, p.rows, p.counted, p.present, p.lowest_date) for p in found.periods]

    assert counted(Period.SEASON) == [("2024-25", 2, 1, 0, None), ("2025-26", 2, 2, 1, new)]
    assert counted(Period.MONTH) == [("2025-08", 2, 1, 0, None), ("2025-09", 2, 2, 1, new)]
    assert counted(Period.DATE, first=new) == [("2025-09-01", 2, 2, 1, new)]
    assert counted(Period.TEAM, last=old) == [("BOS", 1, 1, 0, None), ("NYK", 1, 0, 0, None)]
    (found,) = watched_columns(warehouse, watching, Period.SEASON)
    assert found.periods[0].nulls == {"regular": 1, "playoffs": 1}
    assert [p.judged(floor) for p in found.periods] == [Judgement.TOO_FEW, Judgement.GOOD]
    assert (found.whole.share, found.judgement) == (1 / 3, Judgement.GOOD)
