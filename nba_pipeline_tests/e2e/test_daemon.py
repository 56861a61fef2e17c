"""``dagster dev`` as people start it: a backfill by the daemon, seen over the UI's GraphQL."""

from __future__ import annotations

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from nba_pipeline.files import REPO_ROOT
from nba_pipeline.orchestration.instance import storage_overrides
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.support import (
    NIGHT,
    OFFENSE,
    PLAYERS,
    SPINE_TABLES,
    TODAY,
    platform_in,
    start_from,
    verdict,
)

DATES = [NIGHT + dt.timedelta(n) for n in (-1, 0, 1)]
Statuses = dict[str, dict[str, int]]
TABLES = (
    "nba_raw/nbac_team_boxscore",
    f"nba_analytics/{OFFENSE}",
    f"nba_analytics/{PLAYERS}",
)
LAUNCH = """
mutation($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) {
    __typename
    ... on LaunchBackfillSuccess { backfillId }
    ... on PythonError { message }
  }
}"""
BACKFILL = """
query($id: String!) {
  partitionBackfillOrError(backfillId: $id) {
    ... on PartitionBackfill {
      status
      assetBackfillData { assetBackfillStatuses {
        ... on AssetPartitionsStatusCounts {
          assetKey { path } numPartitionsTargeted numPartitionsMaterialized numPartitionsFailed
        } } }
    }
  }
}"""
FAILED_RUNS = """
query {
  runsOrError(filter: {statuses: [FAILURE]}) { ... on Runs { results {
    runId
    eventConnection { events {
      __typename
      ... on ExecutionStepFailureEvent { error { message }
        failureMetadata { label } errorSource }
      ... on MessageEvent { message }
    } }
  } } }
}"""
CHECK = """
query($key: AssetKeyInput!) {
  assetNodeOrError(assetKey: $key) { ... on AssetNode { assetChecksOrError {
    ... on AssetChecks { checks { name executionForLatestMaterialization { status } } } } } }
}"""


@dataclass
class Dev:
    """A running ``dagster dev``."""

    url: str
    platform: Platform

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        answer = requests.post(
            f"{self.url}/graphql", json={"query": query, "variables": variables}, timeout=60
        ).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]


def wait_until(is_so: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        time.sleep(1)


def is_up(url: str) -> bool:
    try:
        return requests.get(f"{url}/server_info", timeout=2).ok
    except requests.RequestException:
        return False


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    """``dagster dev`` on a free port; the writer of one table loses rows of one night."""
    home = Path(tmp_path_factory.mktemp("dev"))
    config = yaml.safe_load((REPO_ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    config |= storage_overrides(home)
    config["telemetry"] = {"enabled": False}
    (home / "dagster.yaml").write_text(yaml.safe_dump(config))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {
        **os.environ,
        "DAGSTER_HOME": str(home),
        "NBA_HOME": str(home),
        "NBA_SOURCE": "simulated",
        "NBA_TODAY": TODAY.isoformat(),
        "NBA_SIMULATED_FIRST_SEASON": "2025",
        "NBA_FAULTS": f"staged:{OFFENSE}@{NIGHT}=keep:2",
    }
    log = (home / "dev.log").open("w")
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("dagster")), "dev", "--host", "127.0.0.1",
         "--port", str(port)],
        cwd=REPO_ROOT, env=env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: is_up(url), 120, "the web server")
        yield Dev(url, platform_in(home))
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # asked politely, it takes half a minute
        process.wait()
        log.close()


@pytest.fixture(scope="module")
def statuses(dev: Dev) -> Statuses:
    """Partition counts of each table after a backfill of three dates over three layers."""
    tables = set(SPINE_TABLES) - {"nbac_team_boxscore"}
    start_from(dev.platform, *DATES, upto="player_name_matches", tables=tables)
    launched = dev.ask(
        LAUNCH,
        params={
            "assetSelection": [{"path": name.split("/")} for name in TABLES],
            "partitionNames": [d.isoformat() for d in DATES],
        },
    )["launchPartitionBackfill"]
    assert launched["__typename"] == "LaunchBackfillSuccess", launched
    done: dict[str, Any] = {}

    def ended() -> bool:
        found = dev.ask(BACKFILL, id=launched["backfillId"])["partitionBackfillOrError"]
        done.update(found)
        return found["status"] in ("COMPLETED", "COMPLETED_FAILED", "COMPLETED_SUCCESS", "FAILED")

    wait_until(ended, 300, "the end of the backfill")
    return {
        s["assetKey"]["path"][-1]: {
            "targeted": s["numPartitionsTargeted"],
            "done": s["numPartitionsMaterialized"],
            "failed": s["numPartitionsFailed"],
        }
        for s in done["assetBackfillData"]["assetBackfillStatuses"]
        if s
    }


def test_a_backfill_by_the_daemon_builds_the_good_dates(statuses: Statuses) -> None:
    assert statuses["nbac_team_boxscore"] == {"targeted": 3, "done": 3, "failed": 0}
    assert statuses[OFFENSE]["done"] == 2
    assert statuses[OFFENSE]["failed"] == 1


def test_exactly_the_dependent_date_is_not_built(dev: Dev, statuses: Statuses) -> None:
    states = {d: verdict(dev.platform, PLAYERS, d).state for d in DATES}
    assert states[NIGHT] is State.MISSING
    assert statuses[PLAYERS]["targeted"] == 3
    good = [d for d in DATES if d != NIGHT]
    assert verdict(dev.platform, OFFENSE, NIGHT).state is State.PARTIAL
    assert {states[d] for d in good} == {State.COMPLETE}


def test_the_reason_is_on_the_failed_run(dev: Dev, statuses: Statuses) -> None:
    runs = dev.ask(FAILED_RUNS)["runsOrError"]["results"]
    text = " ".join(
        f"{e.get('message', '')} {(e.get('error') or {}).get('message', '')}"
        for r in runs
        for e in r["eventConnection"]["events"]
    )
    assert f"{OFFENSE}: 1 of 3 dates not published: {NIGHT}" in text
    assert "missing: " in text


def check_statuses(dev: Dev, *path: str) -> dict[str, str]:
    found = dev.ask(CHECK, key={"path": list(path)})
    checks = found["assetNodeOrError"]["assetChecksOrError"]["checks"]
    return {c["name"]: c["executionForLatestMaterialization"]["status"] for c in checks}


def test_the_check_is_failed_in_the_overview(dev: Dev, statuses: Statuses) -> None:
    assert check_statuses(dev, "nba_analytics", OFFENSE)["complete_vs_schedule"] == "FAILED"


@pytest.mark.parametrize("table", ["nba_raw/nbac_team_boxscore", f"nba_analytics/{OFFENSE}"])
def test_no_other_check_is_skipped(dev: Dev, statuses: Statuses, table: str) -> None:
    found = check_statuses(dev, *table.split("/"))
    del found["complete_vs_schedule"]
    assert len(found) > 4
    assert set(found.values()) == {"SUCCEEDED"}
