"""A process may die or meet another at any point: a date is old or new, never between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nba_pipeline.build.verify import verify_table
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline.warehouse.base import LockedError
from nba_pipeline.warehouse.faults import POINTS, VARIABLE
from nba_pipeline_tests.incidents.test_staleness import corrected
from nba_pipeline_tests.support import (
    NIGHT,
    TODAY,
    platform_in,
    rows,
    run,
    run_all,
    start_from,
    verdict,
)
from nba_pipeline_tests.templates import copy_of

TABLE = "nbac_player_boxscores"
ROUNDS = int(os.environ.get("NBA_SOAK_ROUNDS", "1"))
BUILD = (
    "import datetime as dt, sys;"
    "from nba_pipeline.platform import default_platform;"
    "from nba_pipeline.build.door import build;"
    f"night = dt.date({NIGHT.year}, {NIGHT.month}, {NIGHT.day});"
    f"r = build(default_platform(), {TABLE!r}, [night], run_id=sys.argv[1]);"
    "print(r.bad, [d.message for d in r.results.values()])"
)


def child(home: Path, run_id: str, faults: str = "") -> subprocess.Popen[str]:
    """Another process that builds the night."""
    env = {
        **os.environ,
        "NBA_HOME": str(home),
        "NBA_SOURCE": "simulated",
        "NBA_TODAY": TODAY.isoformat(),
        "NBA_SIMULATED_FIRST_SEASON": "2025",
        VARIABLE: faults,
    }
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", BUILD, run_id],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def assert_consistent(platform: Platform) -> None:
    """The ledger knows exactly what the table holds."""
    snapshot = snapshot_of(platform)
    for contract in contracts().values():
        assert verify_table(platform.warehouse, snapshot, contract) == []


def old_rows(home: Path) -> list[dict[str, object]]:
    """The night published from a log that was corrected since."""
    copy_of("corrected", home, lambda f: run_all(platform_in(f, player_gamelog=corrected), NIGHT))
    return rows(platform_in(home), TABLE)


def kill_at(point: str, home: Path) -> None:
    before = old_rows(home)
    process = child(home, "killed", f"{point}:{TABLE}=kill")
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    platform = platform_in(home)
    assert_consistent(platform)
    is_new = rows(platform, TABLE) != before
    assert is_new is (point == "after_commit")
    assert not run(platform, TABLE, NIGHT).bad
    assert rows(platform, TABLE) != before
    assert verdict(platform, TABLE, NIGHT).state is State.COMPLETE
    assert_consistent(platform)


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_failpoint_the_date_is_old_or_new(tmp_path: Path, point: str) -> None:
    kill_at(point, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("point", POINTS)
def test_killed_again_and_again(tmp_path: Path, point: str) -> None:
    for number in range(ROUNDS):
        kill_at(point, tmp_path / str(number))


def test_the_same_date_from_two_processes_is_published_once(tmp_path: Path) -> None:
    old_rows(tmp_path)
    processes = [child(tmp_path, f"racer-{n}", f"before_commit:{TABLE}=sleep:1") for n in (1, 2)]
    outputs = [p.communicate(timeout=120) for p in processes]
    assert all(p.returncode == 0 for p in processes), outputs
    platform = platform_in(tmp_path)
    assert_consistent(platform)
    assert verdict(platform, TABLE, NIGHT).state is State.COMPLETE
    keys = [r["player_id"] for r in rows(platform, TABLE)]
    assert len(keys) == len(set(keys))
    assert all(out.startswith("{}") for out, _ in outputs)  # nothing is wrong with either
    refused = [out for out, _ in outputs if "built meanwhile by run racer-" in out]
    attempts = snapshot_of(platform).rows(TABLE)[NIGHT].attempt
    assert len(refused) + attempts == 3  # one before, and each racer either published or stood back


def test_a_held_warehouse_is_waited_for_and_its_holder_named(tmp_path: Path) -> None:
    platform = platform_in(tmp_path, lock_seconds=0.3)
    start_from(platform, NIGHT, upto="nbac_schedule")
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys, time; c = duckdb.connect(sys.argv[1]); print('held', flush=True);"
            "time.sleep(60)",
            str(platform.settings.duckdb_path),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(LockedError, match=f"held by process {holder.pid}"):
            run(platform, TABLE, NIGHT)
    finally:
        holder.kill()
        holder.communicate()
    run_all(platform, NIGHT, upto=TABLE)
    assert verdict(platform, TABLE, NIGHT).state is State.COMPLETE
