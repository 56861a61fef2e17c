"""What the interface shows of a date's completeness is what its verdict says, in every state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from click.testing import CliRunner
from dagster._core.test_utils import in_process_test_workspace
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster_graphql.test.utils import execute_dagster_graphql

from nba_pipeline.cli.main import cli
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import Endpoint
from nba_pipeline.league.calendar import Game
from nba_pipeline.orchestration.events import COMPLETE_CHECK, asset_key
from nba_pipeline.orchestration.instance import dagster_instance
from nba_pipeline.orchestration.reconcile import Gap, reconcile
from nba_pipeline.orchestration.runner import run_dates
from nba_pipeline.orchestration.told import GREEN, REFUSED
from nba_pipeline.platform import Platform
from nba_pipeline.sources.loader import Loader
from nba_pipeline.verdicts.snapshot import Snapshot, snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.four_dates import DATES, built_inputs
from nba_pipeline_tests.support import (
    DEFENSE,
    NIGHT,
    OFFENSE,
    PLAYERS,
    TODAY,
    Tampered,
    platform_in,
    run,
    simulated,
)

SHOTS, POOL, BASE = "nbac_shots", "game_player_pool", "nbac_team_boxscore"
TABLES = (SHOTS, OFFENSE, DEFENSE, PLAYERS, POOL)
AUTUMN = [dt.date(2025, 10, 15) + dt.timedelta(n) for n in range(10)]
"""Around opening night of the simulated league."""
FIRST, SECOND, NEXT = DATES[0], DATES[1], DATES[3]
TOMORROW = TODAY + dt.timedelta(1)
CHECK = """
query($key: AssetKeyInput!, $check: String!) {
  assetNodeOrError(assetKey: $key) { ... on AssetNode {
    assetChecksOrError { ... on AssetChecks { checks { name
      partitionStatuses { ... on AssetCheckTimePartitionStatuses {
        ranges { startKey endKey status } } } } } }
    assetMaterializations(limit: 1000) { partition metadataEntries { label } }
  } }
  assetCheckExecutions(assetKey: $key, checkName: $check, limit: 1000) {
    partition evaluation { success severity metadataEntries {
      label ... on TextMetadataEntry { text } } } }
}"""


@dataclass(frozen=True)
class Look:
    """What the interface shows of a date: status of the partition, and its newest evaluation."""

    status: str
    verdict: str
    severity: str
    detail: str


def looks(instance: dg.DagsterInstance, table: str) -> dict[dt.date, Look]:
    """What the interface shows of a table, by date, of those that it knows."""
    answer = asked(instance, table)
    checks = answer["assetNodeOrError"]["assetChecksOrError"]["checks"]
    (ranges,) = (c["partitionStatuses"]["ranges"] for c in checks if c["name"] == COMPLETE_CHECK)
    statuses = {
        first + dt.timedelta(n): r["status"]
        for r in ranges
        for first in [dt.date.fromisoformat(r["startKey"])]
        for n in range((dt.date.fromisoformat(r["endKey"]) - first).days + 1)
    }
    found: dict[dt.date, Look] = {}
    for execution in answer["assetCheckExecutions"]:  # newest first
        told = execution["evaluation"]
        if execution["partition"] is not None and told is not None:
            date = dt.date.fromisoformat(execution["partition"])
            texts = {e["label"]: e.get("text") for e in told["metadataEntries"]}
            look = Look(statuses[date], texts["verdict"], told["severity"], texts.get("detail", ""))
            found.setdefault(date, look)

    assert set(statuses) == set(found)
    return found


def asked(instance: dg.DagsterInstance, table: str) -> Any:
    origin = LoadableTargetOrigin(module_name="nba_pipeline.definitions")
    key = {"path": asset_key(contracts()[table]).path}
    with in_process_test_workspace(instance, origin) as context:
        answer = execute_dagster_graphql(
            context, CHECK, variables={"key": key, "check": COMPLETE_CHECK}
        )
    assert answer.errors is None
    return answer.data


def assert_same(instance: dg.DagsterInstance, snapshot: Snapshot, table: str) -> None:
    """Every date: green is green, the rest is not, and the word is the verdict's."""
    shown = looks(instance, table)
    for date in [*AUTUMN, *DATES, TODAY, TOMORROW]:
        state = snapshot.state(table, date)
        if date not in shown:  # missing is what the interface shows of what it never heard of
            assert snapshot.row(table, date) is None, (table, date, state)
            continue
        look = shown[date]
        assert look.status == ("SUCCEEDED" if state in GREEN else "FAILED"), (table, date, state)
        if look.verdict != REFUSED:  # what the gate said stays; it is no state
            assert look.verdict == state, (table, date)
        lost = state is State.UNRECOVERABLE
        assert look.severity == ("WARN" if lost else "ERROR"), (table, date, state)


class WithoutShots(Tampered):
    """Shots of all nights but the first; that one's are gone for ever."""

    def not_offered(self, game: Game) -> str | None:
        return "shots: not kept" if game.game_date == FIRST else super().not_offered(game)


def platform_on(home: Path, today: dt.date = TODAY) -> Platform:
    loaders: Mapping[Endpoint, Loader] = simulated()
    shots = WithoutShots(loaders[Endpoint.SHOTS], lambda payload: payload)
    return platform_in(home, loaders={**loaders, Endpoint.SHOTS: shots}, today=today)


def by_hand(platform: Platform, text: str) -> None:
    with duckdb.connect(str(platform.settings.duckdb_path)) as connection:
        connection.execute(text)


def verify(home: Path, today: dt.date = TODAY) -> None:
    """As a person types it."""
    env = {"NBA_HOME": str(home), "NBA_SOURCE": "simulated", "NBA_TODAY": today.isoformat()}
    found = CliRunner(env=env).invoke(cli, ["verify"])
    assert found.exit_code == 1, found.output


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Platform, Any]]:
    """A home in which there is a date of every state, after ``nba verify``."""
    home = Path(tmp_path_factory.mktemp("shown"))
    built_inputs(home)
    platform = platform_on(home)
    run(platform, "nbac_schedule", *AUTUMN, TODAY, TOMORROW)
    by_hand(platform, f"DELETE FROM {contracts()[SHOTS].path}")
    by_hand(platform, f"DELETE FROM nba_orchestration.partition_ledger WHERE asset = '{SHOTS}'")
    with dagster_instance(home) as instance:
        assert run_dates(platform, instance, SHOTS, DATES) == ""
        for table in (OFFENSE, DEFENSE, PLAYERS):
            assert run_dates(platform, instance, table, DATES) == ""
        for table in (OFFENSE, POOL):
            run_dates(platform, instance, table, AUTUMN)
        assert run_dates(platform, instance, OFFENSE, [TODAY, TOMORROW]) == ""
    damage = "DELETE FROM {path} WHERE game_date = DATE '{date}'"
    for table, date in ((DEFENSE, FIRST), (DEFENSE, NIGHT)):
        by_hand(platform, damage.format(path=contracts()[table].path, date=date))
    by_hand(
        platform,
        f"UPDATE {contracts()[OFFENSE].path} SET points = points + 1 WHERE game_date = "
        f"DATE '{FIRST}'",
    )
    by_hand(platform, damage.format(path=contracts()[DEFENSE].path, date=NEXT))
    by_hand(
        platform,
        f"DELETE FROM nba_orchestration.partition_ledger WHERE asset = '{DEFENSE}' "
        f"AND game_date = DATE '{NEXT}'",
    )
    by_hand(
        platform,
        "INSERT INTO nba_orchestration.waivers (waiver_id, asset, game_date, scope, reason, owner, "
        f"granted_at, expires_at) VALUES ('w', '{DEFENSE}', DATE '{NIGHT}', 'publish', 'known', "
        "'data', now(), now() + INTERVAL 1 DAY)",
    )
    by_hand(
        platform,
        f"DELETE FROM {contracts()[BASE].path} WHERE game_date = DATE '{SECOND}' "
        f"AND team = (SELECT min(team) FROM {contracts()[BASE].path} "
        f"WHERE game_date = DATE '{SECOND}')",
    )
    verify(home, TOMORROW)
    late = platform_on(home, TOMORROW)
    with dagster_instance(home) as instance:
        run_dates(late, instance, PLAYERS, [SECOND])
        yield late, instance


def test_of_every_state_the_interface_shows_what_the_verdict_says(
    shown: tuple[Platform, dg.DagsterInstance],
) -> None:
    platform, instance = shown
    snapshot = snapshot_of(platform)
    for table in TABLES:
        assert_same(instance, snapshot, table)
    expected = {
        (OFFENSE, NIGHT): State.COMPLETE,
        (OFFENSE, AUTUMN[0]): State.NO_GAMES,
        (OFFENSE, TODAY): State.LATE,
        (OFFENSE, TOMORROW): State.NOT_DUE,
        (OFFENSE, FIRST): State.INVALID,
        (OFFENSE, SECOND): State.STALE,
        (DEFENSE, FIRST): State.PARTIAL,
        (DEFENSE, NIGHT): State.WAIVED,
        (DEFENSE, NEXT): State.MISSING,
        (SHOTS, FIRST): State.UNRECOVERABLE,
        (PLAYERS, SECOND): REFUSED,
    }
    shown_now = {t: looks(instance, t) for t in TABLES}
    assert {k: shown_now[k[0]][k[1]].verdict for k in expected} == expected
    assert State.BOOTSTRAP in {look.verdict for look in shown_now[POOL].values()}


def test_what_is_lost_fails_at_warning_level_with_its_reason_and_is_not_materialized(
    shown: tuple[Platform, dg.DagsterInstance],
) -> None:
    platform, instance = shown
    look = looks(instance, SHOTS)[FIRST]
    assert (look.status, look.severity, look.detail) == ("FAILED", "WARN", "shots: not kept")
    told = asked(instance, SHOTS)["assetNodeOrError"]["assetMaterializations"]
    labels = {t["partition"]: {e["label"] for e in t["metadataEntries"]} for t in told}
    assert str(FIRST) not in labels  # the partition shows as missing, not as materialized
    assert "completeness_pct" in labels[str(SECOND)]
    key = dg.AssetCheckKey(asset_key(contracts()[SHOTS]), COMPLETE_CHECK)
    history = instance.event_log_storage.get_asset_check_execution_history(key, limit=100)
    (summary,) = (r.evaluation for r in history if r.partition is None)
    assert isinstance(summary, dg.AssetCheckEvaluation)
    assert (summary.passed, summary.severity) == (False, dg.AssetCheckSeverity.WARN)
    counts = {k: summary.metadata[f"{k}_dates"].value for k in ("good", "bad", "unrecoverable")}
    assert counts == {"good": 3, "bad": 0, "unrecoverable": 1}
    assert snapshot_of(platform).state(SHOTS, FIRST) is State.UNRECOVERABLE


def test_told_once_there_is_nothing_more_to_tell(
    shown: tuple[Platform, dg.DagsterInstance],
) -> None:
    platform, instance = shown
    runs = len(instance.get_runs())
    verify(platform.settings.home, TOMORROW)
    assert len(instance.get_runs()) == runs


def test_after_the_history_is_gone_what_is_lost_is_told_again_by_reconciling(
    shown: tuple[Platform, dg.DagsterInstance],
) -> None:
    """The last test: it takes the history that the others look at."""
    platform, instance = shown
    before = looks(instance, SHOTS)[FIRST]
    instance.event_log_storage.wipe()
    found = reconcile(platform, instance, [SHOTS], settle=dt.timedelta(0))
    assert (FIRST, Gap.CHECK) in {(lack.date, lack.gap) for lack in found.told}
    assert looks(instance, SHOTS)[FIRST] == before
    assert str(FIRST) not in instance.get_materialized_partitions(asset_key(contracts()[SHOTS]))
    assert not found.left
