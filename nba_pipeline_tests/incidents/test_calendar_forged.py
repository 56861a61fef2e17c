"""A calendar emptied by hand, together with its ledger row, costs no rows of other tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from nba_pipeline.build.verify import verify_table
from nba_pipeline.cli.main import cli
from nba_pipeline.contracts.registry import calendar, contracts
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.incidents.damage import contents, damaged, unsettled
from nba_pipeline_tests.support import (
    NIGHT,
    OFFENSE,
    PLAYERS,
    TODAY,
    platform_in,
    rows,
    run,
    simulated,
)

SCHEDULE, BOXSCORES = calendar().name, "nbac_player_boxscores"
LEDGER = "nba_orchestration.partition_ledger"
FORGED = (
    f"DELETE FROM nba_raw.{SCHEDULE} WHERE game_date = '{NIGHT}'",
    f"UPDATE {LEDGER} SET status = 'no_games', version = 'empty', row_count = 0, "
    f"expected_rows = 0, distinct_keys = 0, checksum = NULL, note = 'no games scheduled' "
    f"WHERE asset = '{SCHEDULE}' AND game_date = '{NIGHT}'",
)  # fmt: skip
"""What a genuine row of a day without games says, put in the place of that of a day with games."""


def nba(home: Path, *words: str) -> Result:
    env = {"NBA_HOME": str(home), "NBA_SOURCE": "simulated", "NBA_TODAY": TODAY.isoformat(),
           "NBA_SIMULATED_FIRST_SEASON": "2025", "NBA_FIRST_DATE": str(NIGHT)}  # fmt: skip
    return CliRunner(env=env).invoke(cli, list(words), catch_exceptions=False)


@pytest.fixture
def forged(night: Path, tmp_path: Path) -> Platform:
    return damaged(night, tmp_path, *FORGED)


@pytest.mark.parametrize("table", [BOXSCORES, "prizepicks_points_lines", OFFENSE, PLAYERS])
def test_no_published_row_is_given_up_for_an_emptied_calendar(
    forged: Platform, untouched: Mapping[str, list[str]], table: str
) -> None:
    found = run(forged, table, NIGHT)
    held = len(untouched[table])
    assert (
        f"{SCHEDULE} has no game on it, its source has 8; its {held} published rows stay: "
        in (found.failed[NIGHT])
    )
    assert found.failed[NIGHT].endswith(f"--table {SCHEDULE} --date {NIGHT} --again")
    assert sorted(map(str, rows(forged, table))) == untouched[table]
    assert not snapshot_of(forged).verdict(table, NIGHT).is_settled


def test_a_source_that_cannot_be_asked_proves_nothing(
    forged: Platform, untouched: Mapping[str, list[str]]
) -> None:
    platform = platform_in(forged.settings.home, loaders=simulated(TODAY, 2026))
    assert NIGHT in run(platform, BOXSCORES, NIGHT).failed
    assert sorted(map(str, rows(platform, BOXSCORES))) == untouched[BOXSCORES]


def test_a_calendar_without_the_start_of_its_season_empties_nothing(
    home: Path, tmp_path: Path
) -> None:
    """Later games would be the first ones, of which nothing is expected yet."""
    platform, pool = platform_in(home), "game_player_pool"
    held = len(rows(platform, pool, NIGHT))
    assert held
    first = "(SELECT MIN(game_date) FROM nba_raw.nbac_schedule WHERE season_type = 'regular')"
    until = f"DATE '{NIGHT}' - INTERVAL 5 DAY"
    with duckdb.connect(str(platform.settings.duckdb_path)) as con:
        con.execute(
            f"UPDATE {LEDGER} SET status = 'no_games', version = 'empty', row_count = 0, "
            f"checksum = NULL WHERE asset = '{SCHEDULE}' AND game_date >= {first} "
            f"AND game_date < {until}"
        )
        con.execute(f"DELETE FROM nba_raw.{SCHEDULE} WHERE game_date < {until}")
    run(platform_in(home), pool, NIGHT)
    assert len(rows(platform, pool, NIGHT)) == held


def test_verify_suspects_the_calendar_first_and_its_command_brings_everything_back(
    forged: Platform, night: Path, untouched: Mapping[str, list[str]]
) -> None:
    home = forged.settings.home
    assert nba(home, "backfill", "--table", BOXSCORES, "--date", str(NIGHT)).exit_code == 1
    found = nba(home, "verify")
    assert found.exit_code == 1
    lines = found.stdout.splitlines()
    assert lines[0].startswith(f"{SCHEDULE} {NIGHT}: it calls the day empty, but ")
    (command,) = [line for line in lines if line.startswith("next: ")]
    assert command.startswith(f"next: nba backfill --table {SCHEDULE} ")
    nba(home, *command.removeprefix("next: nba ").split())
    assert contents(platform_in(home)) == untouched
    assert unsettled(platform_in(home)) == unsettled(platform_in(night))


def test_rows_that_were_given_up_before_come_back_with_the_calendar(
    night: Path, tmp_path: Path, untouched: Mapping[str, list[str]]
) -> None:
    emptied = [s.replace(f"asset = '{SCHEDULE}'", f"asset = '{BOXSCORES}'") for s in FORGED[1:]]
    statements = [*FORGED, *emptied, f"DELETE FROM nba_raw.{BOXSCORES}"]
    platform = damaged(night, tmp_path, *statements)
    found = nba(platform.settings.home, "verify")
    command = next(t for t in found.output.splitlines() if t.startswith("next: "))
    nba(platform.settings.home, *command.removeprefix("next: nba ").split())
    assert contents(platform) == untouched


def test_a_calendar_that_is_right_is_not_suspected(home: Path) -> None:
    platform = platform_in(home)
    snapshot = snapshot_of(platform)
    assert snapshot.dates_in(SCHEDULE, State.NO_GAMES)
    assert verify_table(platform.warehouse, snapshot, contracts()[SCHEDULE]) == []


def test_a_backfill_that_was_held_back_points_to_verify(forged: Platform) -> None:
    asked = ("backfill", "--table", BOXSCORES, "--date", str(NIGHT))
    found = nba(forged.settings.home, *asked)
    assert found.exit_code == 1
    assert "rows on a date without games; nba verify says which of both is wrong" in found.output
