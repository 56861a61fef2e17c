"""The same runs over the stock event log and over ours: Dagster answers the same.

Storage ids too: what the stock log writes one by one, ours writes in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.test_utils import in_process_test_workspace
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster_graphql.test.utils import execute_dagster_graphql

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.orchestration.event_log import PooledSqliteEventLog
from nba_pipeline.orchestration.events import COMPLETE_CHECK, DATA_VERSION, asset_key
from nba_pipeline.orchestration.factory import table_asset
from nba_pipeline.orchestration.instance import dagster_instance
from nba_pipeline.orchestration.partitions import GAME_DATES
from nba_pipeline.orchestration.recheck import table_checks
from nba_pipeline.orchestration.runner import run_dates
from nba_pipeline.platform import Platform
from nba_pipeline_tests.e2e.asked import ASSET, LATEST, RUNS, by_label, named, told_by
from nba_pipeline_tests.four_dates import DATES, KEYS, QUIET, RANGE, built_inputs
from nba_pipeline_tests.support import DEFENSE, NIGHT, OFFENSE, fault

TABLES = (OFFENSE, DEFENSE, "teams")
MATERIALIZED = dg.DagsterEventType.ASSET_MATERIALIZATION
PLANNED = dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED


def runs_of_a_day(platform: Platform, instance: dg.DagsterInstance) -> None:
    """Ranges that fail, heal and fail in part, single dates of either kind, a run that waits."""
    with fault(f"staged:{OFFENSE}=keep:2"):
        assert run_dates(platform, instance, OFFENSE, DATES)
    assert not run_dates(platform, instance, OFFENSE, DATES)
    with fault(f"staged:{DEFENSE}@{NIGHT}=keep:2"):
        assert run_dates(platform, instance, DEFENSE, DATES)
    assert not run_dates(platform, instance, OFFENSE, [NIGHT])
    assert not run_dates(platform, instance, "teams", [WHOLE_TABLE])
    offense, defense = (table_asset(contracts()[t], lambda: platform) for t in (OFFENSE, DEFENSE))
    checks = table_checks(contracts()[OFFENSE], lambda: platform)
    for launched in ({"partition_key": KEYS[1]}, {"tags": RANGE}):
        found = dg.materialize(
            [offense, checks],
            selection=dg.AssetSelection.assets(offense),
            instance=instance,
            run_config=QUIET,
            **launched,
        )
        assert found.success
    waiting = dg.Definitions(assets=[defense]).resolve_implicit_global_asset_job_def()
    instance.create_run_for_job(waiting, tags=RANGE | {"dagster/asset_partition_range_start":
                                                       KEYS[2]})  # fmt: skip


Ran = tuple[dg.DagsterInstance, dg.DagsterInstance]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """A stock instance and ours, after the same runs."""
    homes = [Path(tmp_path_factory.mktemp(name)) for name in ("stock", "ours")]
    platforms = [built_inputs(home) for home in homes]
    with (
        dg.DagsterInstance.local_temp(str(homes[0])) as stock,
        dagster_instance(homes[1]) as ours,
    ):
        assert type(stock.event_log_storage) is not type(ours.event_log_storage)
        assert isinstance(ours.event_log_storage, PooledSqliteEventLog)
        for platform, instance in zip(platforms, (stock, ours), strict=True):
            runs_of_a_day(platform, instance)
        yield stock, ours


def test_partitions_have_the_same_status_and_the_same_newest_events(ran: Ran) -> None:
    def answers(instance: dg.DagsterInstance) -> Any:
        storage, found = instance.event_log_storage, {}
        for key in (asset_key(contracts()[t]) for t in TABLES):
            statuses = instance.get_status_by_partition(key, KEYS, GAME_DATES) or {}
            found[key.to_user_string()] = {
                "materialized": instance.get_materialized_partitions(key),
                "statuses": {k: str(v) for k, v in statuses.items()},
                "materializations": storage.get_latest_storage_id_by_partition(key, MATERIALIZED),
                "plans": storage.get_latest_storage_id_by_partition(key, PLANNED),
                "versions": storage.get_latest_tags_by_partition(key, MATERIALIZED, [DATA_VERSION]),
                "unfinished": dict(
                    storage.get_latest_asset_partition_materialization_attempts_without_materializations(
                        key
                    )
                ),
                "planned": [
                    (info.storage_id, info.run_id) if info else None
                    for k in [None, *KEYS]
                    for info in [instance.get_latest_planned_materialization_info(key, k)]
                ],
                "tags": instance.get_event_tags_for_asset(key),
                "summaries": [
                    (r.storage_id, r.run_id, r.partition)
                    for r in instance.get_asset_event_summary_records(MATERIALIZED, asset_key=key)
                ],
            }
        return named(instance, found)

    stock, ours = (answers(i) for i in ran)
    assert stock == ours
    offense, defense = (asset_key(contracts()[t]).to_user_string() for t in (OFFENSE, DEFENSE))
    assert ours[offense]["materialized"] == KEYS
    assert len(ours[offense]["versions"]) == len(KEYS)
    assert set(ours[defense]["statuses"].values()) == {
        "AssetPartitionStatus.MATERIALIZED", "AssetPartitionStatus.IN_PROGRESS"
    }  # fmt: skip


def test_assets_have_the_same_newest_record(ran: Ran) -> None:
    def answers(instance: dg.DagsterInstance) -> Any:
        found = {}
        for record in instance.get_asset_records([asset_key(contracts()[t]) for t in TABLES]):
            entry = record.asset_entry
            newest = entry.last_materialization_record
            assert newest is not None
            materialization = newest.asset_materialization
            assert materialization is not None
            found[entry.asset_key.to_user_string()] = {
                "last_run": entry.last_run_id,
                "is_after_the_plan": (entry.last_event_storage_id or 0) >= newest.storage_id,
                "storage_id": newest.storage_id,
                "run": newest.run_id,
                "partition": newest.partition_key,
                "step": newest.event_log_entry.step_key,
                "tags": dict(materialization.tags or {}),
                "metadata": {k: v.value for k, v in materialization.metadata.items()},
            }
        return named(instance, found)

    stock, ours = (answers(i) for i in ran)
    assert stock == ours
    assert len(ours) == len(TABLES)


def test_checks_have_the_same_history_date_by_date(ran: Ran) -> None:
    """But for dates of a run that ended without them: the stock log has them skipped for ever."""
    keys = [
        dg.AssetCheckKey(asset_key(contracts()[t]), name)
        for t in TABLES
        for name in (COMPLETE_CHECK, "within_schema_ranges")
    ]

    def answers(instance: dg.DagsterInstance) -> Any:
        ended = {r.run_id for r in instance.get_runs() if r.is_finished}
        storage = instance.event_log_storage
        infos = [
            (i.check_key.to_user_string(), i.partition_key or "", i.latest_execution_status.value,
             i.latest_planned_run_id, i.latest_check_event_storage_id,
             i.latest_materialization_storage_id, i.latest_target_materialization_storage_id)
            for i in storage.get_asset_check_partition_info(keys)
        ]  # fmt: skip
        history = [
            (key.to_user_string(), record.partition or "", record.status.value, record.run_id,
             record.event and record.event.step_key, told_by(record))
            for key in keys
            for record in storage.get_asset_check_execution_history(key, limit=100)
        ]  # fmt: skip
        latest = storage.get_latest_asset_check_execution_by_key(keys)
        left_over = [r for r in history if r[1] and r[2] == "PLANNED" and r[3] in ended]
        return named(
            instance,
            {
                "infos": sorted(i for i in infos if i[:4] not in {r[:4] for r in left_over}),
                "history": [r for r in history if r not in left_over],
                "latest": {
                    k.to_user_string(): (r.run_id, r.partition, r.status.value)
                    for k, r in latest.items()
                },
                "left_over": len(left_over),
            },
        )

    stock, ours = (answers(i) for i in ran)
    assert stock.pop("left_over") == 1 + len(KEYS)
    assert ours.pop("left_over") == 0
    assert stock == ours
    of_offense = [r for r in ours["history"] if r[0].endswith(COMPLETE_CHECK) and OFFENSE in r[0]]
    assert {r[1] for r in of_offense} == {*KEYS, ""}
    assert {r[2] for r in of_offense} == {"SUCCEEDED", "FAILED"}


def test_the_interface_shows_the_same(ran: Ran) -> None:
    def answers(instance: dg.DagsterInstance) -> Any:
        origin = LoadableTargetOrigin(module_name="nba_pipeline.definitions")
        found: list[Any] = []
        with in_process_test_workspace(instance, origin) as context:

            def ask(query: str, **variables: Any) -> None:
                answer = execute_dagster_graphql(context, query, variables=variables)
                found.append(answer.data)

            for table in TABLES:
                key = {"path": asset_key(contracts()[table]).path}
                ask(ASSET, key=key, dates=KEYS)
                for date in KEYS:
                    ask(LATEST, key=key, date=date)
            ask(RUNS)
        return by_label(named(instance, found))

    stock, ours = (answers(i) for i in ran)
    assert stock == ours
    node = ours[0]["assetNodeOrError"]
    assert node["partitionStats"]["numMaterialized"] == len(KEYS)
    check = next(c for c in node["assetChecksOrError"]["checks"] if c["name"] == COMPLETE_CHECK)
    assert {r["status"] for r in check["partitionStatuses"]["ranges"]} == {"SUCCEEDED"}
    defense = ours[1 + len(KEYS)]["assetNodeOrError"]["partitionStats"]
    assert (defense["numMaterialized"], defense["numMaterializing"]) == (2, 2)


def test_a_run_tells_the_same_but_for_a_planned_range_in_one_event(ran: Ran) -> None:
    def answers(instance: dg.DagsterInstance) -> Any:
        found = []
        for run in reversed(instance.get_runs()):
            events = [e.get_dagster_event() for e in instance.all_logs(run.run_id)
                      if e.is_dagster_event]  # fmt: skip
            planned = {e.asset_key.to_user_string() for e in events if e.event_type is PLANNED}
            rest = [e for e in events if e.event_type is not PLANNED]
            found.append(
                (sorted(planned), [(str(e.event_type), e.step_key, e.partition) for e in rest])
            )
        return found

    stock, ours = (answers(i) for i in ran)
    assert stock == ours


def test_the_stock_log_reads_our_files_and_answers_the_same(ran: Ran) -> None:
    _, ours = ran
    mine = ours.event_log_storage
    assert isinstance(mine, PooledSqliteEventLog)
    stock = SqliteEventLogStorage(mine._base_dir)
    for key in (asset_key(contracts()[t]) for t in TABLES):
        for question in (
            "get_latest_asset_partition_materialization_attempts_without_materializations",
            "get_materialized_partitions",
        ):
            assert getattr(stock, question)(key) == getattr(mine, question)(key)
        check = dg.AssetCheckKey(key, COMPLETE_CHECK)
        assert stock.get_asset_check_partition_info([check]) == mine.get_asset_check_partition_info(
            [check]
        )
    for run in ours.get_runs():
        assert stock.get_logs_for_run(run.run_id) == mine.get_logs_for_run(run.run_id)


def test_runs_can_be_deleted(ran: Ran) -> None:
    """Last, for it takes the first runs away."""
    left = []
    for instance in ran:
        first = list(reversed(instance.get_runs()))[:3]
        for run in first:
            instance.delete_run(run.run_id)
        keys = [asset_key(contracts()[t]) for t in TABLES]
        left.append(
            named(
                instance,
                {k.to_user_string(): instance.get_materialized_partitions(k) for k in keys},
            )
        )
    assert left[0] == left[1]
    assert left[1][asset_key(contracts()[DEFENSE]).to_user_string()] == []
