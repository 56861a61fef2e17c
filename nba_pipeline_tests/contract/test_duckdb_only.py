"""What is true of the DuckDB adapter alone: files, copies and their failures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from nba_pipeline.warehouse.base import WarehouseError
from nba_pipeline.warehouse.duckdb.warehouse import DuckDBWarehouse
from nba_pipeline.warehouse.engine import CATALOG, attached, scratch
from nba_pipeline_tests.contract.test_warehouse import BOTH, batch, count, make_duckdb, teams


def test_no_warehouse_is_an_error_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="no warehouse at"):
        DuckDBWarehouse(tmp_path / "none.duckdb").query("SELECT 1 AS one")
    assert not (tmp_path / "none.duckdb").exists()


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100])
def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "damaged.duckdb"
    path.write_bytes(content)
    warehouse = DuckDBWarehouse(path)
    with pytest.raises(WarehouseError, match=r"damaged"):
        warehouse.query("SELECT COUNT(*) AS n FROM nba_raw.nbac_team_boxscore")


def test_reading_verbs_cannot_write(tmp_path: Path) -> None:
    make_duckdb(tmp_path).ensure_tables()
    reader = DuckDBWarehouse(tmp_path / "contract.duckdb", read_only=True)
    with pytest.raises(WarehouseError, match="reading only"):
        reader.publish(batch(BOTH))


def test_the_read_copy_is_whole_and_open_readers_keep_theirs(tmp_path: Path) -> None:
    warehouse = DuckDBWarehouse(tmp_path / "live.duckdb")
    warehouse.publish(batch(BOTH))
    warehouse.share()
    copy = DuckDBWarehouse(warehouse.read_copy, read_only=True)
    with duckdb.connect(str(warehouse.read_copy), read_only=True) as session:
        warehouse.publish(batch([], dates=batch(BOTH).swap_dates, attempt=2, seen=1))
        assert teams(copy) == ["BOS", "NYK"]  # the copy is of the last share
        warehouse.share()
        found = session.execute("SELECT count(*) FROM nba_raw.nbac_team_boxscore").fetchall()
        assert found == [(2,)]
    assert teams(copy) == []


def test_no_connection_is_held_between_calls(tmp_path: Path) -> None:
    """Another process, or a person's own session, gets in as soon as a publish is done."""
    warehouse = make_duckdb(tmp_path)
    warehouse.publish(batch(BOTH))
    look = (
        "import duckdb, sys; con = duckdb.connect(sys.argv[1]); "
        "print(con.execute('SELECT count(*) FROM nba_raw.nbac_team_boxscore').fetchone()[0])"
    )
    other = [sys.executable, "-c", look, str(warehouse.path)]
    found = subprocess.run(other, capture_output=True, text=True, check=True)
    assert found.stdout == "2\n"
    assert count(warehouse, "nba_raw.nbac_team_boxscore") == 2


def test_a_failure_inside_a_call_lets_go_of_the_file_too(tmp_path: Path) -> None:
    warehouse = make_duckdb(tmp_path)
    warehouse.ensure_tables()
    with pytest.raises(WarehouseError, match="Could not convert"):
        warehouse.query("SELECT CAST('many' AS INT64) AS points")
    with duckdb.connect(str(warehouse.path)) as con:
        con.execute("DELETE FROM nba_raw.nbac_team_boxscore")


@pytest.mark.parametrize("is_wrapped", [False, True])
def test_an_engine_that_broke_is_not_used_again(is_wrapped: bool) -> None:
    with scratch() as con:
        con.execute("ATTACH ':memory:' AS of_the_old_engine")
    with pytest.raises((duckdb.FatalException, WarehouseError)), scratch():
        fatal = duckdb.FatalException("the database was invalidated")
        if is_wrapped:  # as the adapter tells of a query that failed
            raise WarehouseError("query failed") from fatal
        raise fatal
    with scratch() as con, pytest.raises(duckdb.Error):
        con.execute("USE of_the_old_engine")


def test_a_file_that_cannot_be_let_go_blocks_nothing_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "held.duckdb"
    released = pytest.raises(WarehouseError, match="held.duckdb cannot be written: .*warehouse")
    with released, attached(path, write=True), scratch() as con:
        con.execute(f"DETACH {CATALOG}")
    with attached(path, write=True), scratch() as con:
        con.execute(f"CREATE TABLE {CATALOG}.games (n INTEGER)")


def test_frames_and_settings_of_one_connection_are_not_seen_by_another() -> None:
    with scratch() as one, scratch() as other:
        one.register("staged", pa.table({"points": [1]}))
        assert one.execute("SELECT current_setting('TimeZone')").fetchall() == [("UTC",)]
        with pytest.raises(duckdb.CatalogException):
            other.execute("SELECT * FROM staged")
