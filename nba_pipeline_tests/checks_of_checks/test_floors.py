"""Every floor of every contract can be broken: by values that are not there."""

from __future__ import annotations

import datetime as dt

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from nba_pipeline.audit.dates import DateAudit, audit
from nba_pipeline.contracts.parts import CoverageFloor
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import arrow_schema, counted_rows
from nba_pipeline.contracts.spec import WHOLE_TABLE, TableContract
from nba_pipeline.league.calendar import Day, DayKind
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.checks_of_checks.test_audit_plays import TABLES, plays
from nba_pipeline_tests.support import NIGHT, built_season

FLOORS = [(c, f) for c in contracts().values() for f in c.audits.floors]


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    return built_season(tmp_path_factory.mktemp("floors"))


def published(platform: Platform, contract: TableContract, date: dt.date) -> pa.Table:
    if contract.name in TABLES:  # the simulated league has no plays
        return pa.Table.from_pylist(
            [{**r, "game_date": date} for r in plays()], schema=arrow_schema(contract)
        )
    where = "WHERE game_date = @date" if contract.is_partitioned else ""
    names = ", ".join(contract.column_names)
    found = platform.warehouse.query(f"SELECT {names} FROM {contract.path} {where}", {"date": date})
    return found.select(contract.column_names).cast(arrow_schema(contract))


def lacking(rows: pa.Table, floor: CoverageFloor, missing: int) -> pa.Table:
    """Rows of which the first few that count have no value."""
    with duckdb.connect() as con:
        con.register("given", rows)
        counts = con.execute(f"SELECT {counted_rows(floor)} FROM given").fetchall()
    hit = {n for n, (is_counted,) in enumerate(counts) if is_counted}
    hit = set(sorted(hit)[:missing])
    assert len(hit) == missing, "the night has too few rows to break the floor"
    index = rows.schema.get_field_index(floor.column)
    kept = [None if n in hit else v for n, v in enumerate(rows[floor.column].to_pylist())]
    return rows.set_column(
        index, rows.schema.field(index), pa.array(kept, rows.schema.field(index).type)
    )


def found(platform: Platform, contract: TableContract, rows: pa.Table) -> DateAudit:
    date = NIGHT if contract.is_partitioned else WHOLE_TABLE
    return audit(contract, rows, {date: Day(date, DayKind.GAMES)}).dates[date]


@pytest.mark.parametrize(
    ("contract", "floor"), FLOORS, ids=[f"{c.name}-{f.column}" for c, f in FLOORS]
)
def test_a_floor_is_broken_by_values_that_are_not_there(
    season: Platform, contract: TableContract, floor: CoverageFloor
) -> None:
    rows = published(season, contract, NIGHT)
    name = f"coverage_of_{floor.column}"
    assert name not in found(season, contract, rows).failures
    with duckdb.connect() as con:
        con.register("given", rows)
        counted = con.execute(f"SELECT count(*) FROM given WHERE {counted_rows(floor)}").fetchall()
    allowed = int(round((1 - floor.floor) * counted[0][0], 9))
    broken = found(season, contract, lacking(rows, floor, allowed + 1))
    assert name in broken.failures
    assert broken.state is not State.COMPLETE


def test_seven_minutes_of_a_night_that_are_not_there_leave_it_not_complete(
    season: Platform,
) -> None:
    """The column may not be NULL, the rows are kept aside, and the tolerance is not exceeded."""
    contract = contracts()["nbac_player_boxscores"]
    floor = next(f for f in contract.audits.floors if f.column == "minutes_played")
    rows = published(season, contract, NIGHT)
    audited = found(season, contract, lacking(rows, floor, 7))
    assert audited.quarantined == 7
    assert 7 / rows.num_rows < contract.publishing.tolerance
    assert audited.coverage["minutes_played"] == round(1 - 7 / rows.num_rows, 4)
    assert "coverage_of_minutes_played" in audited.failures


def test_one_bad_row_of_a_night_of_one_game_does_not_cost_the_night(season: Platform) -> None:
    contract = contracts()["nbac_player_boxscores"]
    floor = next(f for f in contract.audits.floors if f.column == "minutes_played")
    rows = published(season, contract, NIGHT)
    game = rows.filter(pc.equal(rows["game_id"], rows["game_id"][0]))
    audited = found(season, contract, lacking(game, floor, 1))
    assert audited.quarantined == 1
    assert "coverage_of_minutes_played" not in audited.failures
