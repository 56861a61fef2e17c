"""What cannot be told is not called settled: broken files, lost payloads, months without a run."""

from __future__ import annotations

import datetime as dt
import errno
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from nba_pipeline.cli.main import cli
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.reports.standing import due_dates, standing
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline_tests.e2e.test_cli import nba
from nba_pipeline_tests.incidents.test_ledger_truth import by_hand
from nba_pipeline_tests.support import (
    NIGHT,
    OFFENSE,
    built_night,
    built_season,
    platform_in,
    rows,
    run,
    simulated,
)

BOXSCORES = "nbac_player_boxscores"
READING = (("status",), ("coverage",), ("gaps", "--to", NIGHT), ("verify",))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("trust") / "home"
    built_season(home).warehouse.share()
    return home


@pytest.fixture
def home(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "home", symlinks=True))


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """A night alone: what looks back on a season is open, and the rest is as recorded."""
    built_night(tmp_path / "night").warehouse.share()
    return tmp_path / "night"


def is_as_recorded(home: Path) -> bool:
    return f"{len(contracts())} tables are as recorded" in nba("verify", home=home).output


def one_line(found: Result) -> str:
    """The error, beside the line that names source and home."""
    assert "Traceback" not in found.output
    lines = [t for t in found.output.splitlines() if ", home " not in t]
    assert len(lines) == 1, found.output
    return lines[0]


@pytest.mark.parametrize("verb", READING, ids=lambda v: v[0])
@pytest.mark.parametrize("how", ["truncated", "zeroed", "deleted"])
def test_a_broken_warehouse_is_told_though_its_copy_is_whole(
    home: Path, how: str, verb: tuple[Any, ...]
) -> None:
    file = platform_in(home).settings.duckdb_path
    assert file.with_suffix(".read.duckdb").exists()
    if how == "deleted":
        file.unlink()
    else:
        size = file.stat().st_size
        file.write_bytes(file.read_bytes()[: size // 2] if how == "truncated" else bytes(size))
    found = nba(*verb, home=home)
    assert found.exit_code == 3
    assert "nba.duckdb" in one_line(found)


@pytest.mark.parametrize("verb", READING, ids=lambda v: v[0])
def test_months_without_a_run_are_counted_by_every_verb(
    home: Path, verb: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert nba(*verb, home=home).exit_code == 0
    monkeypatch.setitem(nba.__globals__["SIMULATED"], "NBA_TODAY", "2026-02-10")
    if verb[0] == "gaps":
        verb = ("gaps", "--to", "2026-02-09")
    found = nba(*verb, home=home)
    assert found.exit_code == 1
    assert "every date of every table is settled" not in found.output
    if verb[0] in ("status", "verify"):
        assert "newest date 2026-01-07, 33 days never looked at: 2026-01-08 .. 2026-02-09" in (
            " ".join(found.output.split())
        )


def test_a_summer_is_said_to_be_one(tmp_path: Path) -> None:
    """The simulated season ends in June; a month later nothing is due, and that is said."""
    july = dt.date(2026, 7, 28)
    platform = platform_in(tmp_path, today=july, loaders=simulated(july))
    days = [july - dt.timedelta(n) for n in range(70, 0, -1)]
    run(platform, "nbac_schedule", *days)
    snapshot = snapshot_of(platform)
    found = standing(snapshot, due_dates(snapshot, days[0], None, None))
    assert found.last_game is not None
    assert f"off-season: the last game was on {found.last_game}" in found.headlines
    within = standing(snapshot, due_dates(snapshot, days[0], None, found.last_game))
    assert not any("off-season" in line for line in within.headlines)


def test_a_home_that_is_a_file_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    for verb in (["status"], ["verify"], ["gaps"], ["backfill", "--date", str(NIGHT)]):
        env = {"NBA_HOME": str(file), "NBA_SOURCE": "simulated", "NBA_TODAY": "2026-01-06"}
        found = CliRunner(env=env).invoke(cli, verb, catch_exceptions=False)
        assert found.exit_code == 3
        assert str(file) in one_line(found)


@pytest.mark.parametrize("today", ["9999-12-31", "0001-01-01", "garbage"])
def test_a_date_beyond_the_calendar_names_its_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, today: str
) -> None:
    monkeypatch.setitem(nba.__globals__["SIMULATED"], "NBA_TODAY", today)
    found = nba("status", home=tmp_path)
    assert found.exit_code == 2
    assert "NBA_TODAY: " in found.output
    assert "Traceback" not in found.output


def test_a_full_disk_is_one_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "nba.read.duckdb")

    monkeypatch.setattr("nba_pipeline.warehouse.duckdb.warehouse.shutil.copyfile", full)
    args = ("backfill", "--table", OFFENSE, "--date", NIGHT, "--again")
    found = nba(*args, home=home)
    assert found.exit_code == 3
    assert found.output.strip().splitlines()[-1] == (
        "nba: No space left on device: nba.read.duckdb"
    )


def test_a_doubled_ledger_row_is_found_and_mended(night: Path) -> None:
    ledger = "nba_orchestration.partition_ledger"
    where = f"asset = '{OFFENSE}' AND game_date = DATE '{NIGHT}'"
    by_hand(platform_in(night), f"INSERT INTO {ledger} SELECT * FROM {ledger} WHERE {where}")
    found = nba("verify", home=night)
    assert found.exit_code == 1
    assert f"{OFFENSE} {NIGHT}: the ledger has 2 rows of it" in found.output
    nba(*command(found), home=night)
    assert is_as_recorded(night)


def command(found: Result) -> list[str]:
    line = next(t for t in found.output.splitlines() if t.startswith("next: nba "))
    return line.removeprefix("next: nba ").split()


def test_a_dropped_column_is_found_and_mended(night: Path) -> None:
    path = contracts()[BOXSCORES].path
    by_hand(platform_in(night), f"ALTER TABLE {path} DROP COLUMN assists")
    found = nba("status", home=night)
    assert found.exit_code == 3
    assert "nba verify" in one_line(found)
    found = nba("verify", home=night)
    assert found.exit_code == 1
    assert BOXSCORES in found.output
    nba(*command(found), home=night)
    assert is_as_recorded(night)


@pytest.mark.parametrize("how", ["emptied", "deleted"])
def test_a_lost_payload_is_found_and_landed_again(night: Path, how: str) -> None:
    folder = platform_in(night).settings.landing_root
    shutil.copytree(folder, night / "own", symlinks=False)  # not the one that tests share
    (digest,) = {str(r["payload_sha256"]) for r in rows(platform_in(night), BOXSCORES)}
    (file,) = folder.rglob(f"*.{digest[:16]}.*")
    if how == "emptied":
        file.unlink()
        file.write_bytes(b"")
    else:
        file.unlink()
    found = nba("verify", home=night)
    assert found.exit_code == 1
    assert BOXSCORES in found.output
    if how == "emptied":
        assert f"{file.resolve().as_uri()} is not what was landed; delete it" in found.output
        file.unlink()
    else:
        assert "is not in the landing zone any more" in found.output
    nba(*command(found), home=night)
    assert is_as_recorded(night)


def test_while_a_run_holds_the_warehouse_the_copy_is_read_and_its_age_told(home: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c",
         "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True);"
         "sys.stdin.readline()", str(platform_in(home).settings.duckdb_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        found = nba("status", home=home)
        assert found.exit_code == 0
        assert "nba: as of " in found.stderr
        assert f"process {holder.pid}" in found.stderr
    finally:
        holder.kill()
        holder.communicate()
