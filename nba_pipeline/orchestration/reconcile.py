"""Telling Dagster what the ledger has published and Dagster lacks.

Belongs here: comparing the two by data version and check, and telling of exactly the dates that
differ. Does not belong here: deciding what is true (the ledger is), or what an event looks like
(``events``). A process that dies between publish and events leaves Dagster behind; a deleted
history leaves it empty.
A table is told of by a run of its own: the interface shows who told and when, and the run can be
deleted again. Events without a run can not, and Dagster 1.13 takes only one evaluation of a
partition's check from outside of runs.
No postponed annotations here: Dagster reads the type of ``context`` when decorating.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import dagster as dg
from dagster._core.storage.asset_check_execution_record import (
    AssetCheckExecutionRecordStatus,
    AssetCheckPartitionInfo,
)
from dagster._core.storage.dagster_run import NOT_FINISHED_STATUSES

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE, TableContract
from nba_pipeline.contracts.sql_files import load_sql
from nba_pipeline.orchestration.events import (
    COMPLETE_CHECK,
    DATA_VERSION,
    Told,
    asset_key,
    origin_of,
    partition_key,
    tell,
)
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.verdict import State

SETTLE = dt.timedelta(minutes=2)
"""A run tells within seconds of publishing; of a younger publish it may still be about to."""

_BATCH = 1000
"""Dates told of at once: a statement of SQLite binds at most 32,766 values."""
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
_BAD = (State.PARTIAL, State.INVALID)
_LAST = dt.date.max


class Gap(StrEnum):
    """What Dagster lacks of a date."""

    EVENT = "no materialization"
    VERSION = "another data version"
    CHECK = "completeness not evaluated"


@dataclass(frozen=True, slots=True)
class Lacking:
    """A published date that Dagster does not know as the ledger does.

    Attributes:
        told: what it is told.
        waits_for: a run that has not ended and will tell of the date itself; empty when none.
    """

    table: str
    date: dt.date
    gap: Gap
    told: Told
    waits_for: str = ""


@dataclass
class Reconciliation:
    """What was found and done.

    Attributes:
        published: dates that the ledger has as published.
        told: dates that Dagster was told of.
        left: dates that it still lacks, those of unfinished runs among them.
    """

    published: int = 0
    told: list[Lacking] = field(default_factory=list)
    left: list[Lacking] = field(default_factory=list)


def reconcile(
    platform: Platform,
    instance: dg.DagsterInstance,
    tables: Sequence[str],
    *,
    only_look: bool = False,
    settle: dt.timedelta = SETTLE,
) -> Reconciliation:
    """Tell Dagster of every published date that it lacks; again, and there is nothing to tell.

    Args:
        platform: whose ledger is the truth.
        instance: what is told.
        tables: the tables to compare.
        only_look: tell nothing.
        settle: how long a run that has not ended may take from publishing to telling.

    Raises:
        WarehouseError: the ledger could not be read.
    """
    ledger = _published(platform, tables)
    unfinished = _unfinished(instance)
    found = Reconciliation(sum(len(told) for told in ledger.values()))
    for table in tables:
        known = list(_lacking(instance, table, ledger[table], unfinished, settle))
        ready = [lack for lack in known if not lack.waits_for]
        if ready and not only_look:
            _tell(instance, contracts()[table], ready)
            known = list(_lacking(instance, table, ledger[table], unfinished, settle))
            found.told += [lack for lack in ready if lack not in known]
        found.left += known
    return found


@dataclass(frozen=True, slots=True)
class _Published:
    told: Told
    published_at: dt.datetime


def _published(platform: Platform, tables: Sequence[str]) -> dict[str, dict[dt.date, _Published]]:
    """What the ledger has published, by table and date."""
    rows = platform.warehouse.query(
        load_sql("ops/ledger_rows"),
        {
            "assets": list(tables),
            "first_date": WHOLE_TABLE,
            "last_date": _LAST,
            "whole_table": WHOLE_TABLE,
        },
    )
    found: dict[str, dict[dt.date, _Published]] = {table: {} for table in tables}
    for row in rows.to_pylist():
        if row["version"]:
            is_bad = row["status"] in _BAD
            told = Told(
                passed=not is_bad,
                verdict=row["status"],
                version=row["version"],
                row_count=row["row_count"],
                expected=row["expected_rows"] or 0,
                completeness_pct=row["completeness_pct"],
                note=row["failed_checks"] if is_bad else row["note"],
                published_by=row["run_id"],
            )
            found[row["asset"]][row["game_date"]] = _Published(told, row["published_at"])
    return found


def _unfinished(instance: dg.DagsterInstance) -> set[str]:
    filters = dg.RunsFilter(statuses=NOT_FINISHED_STATUSES)
    return {run.run_id for run in instance.get_runs(filters)}


def _lacking(
    instance: dg.DagsterInstance,
    table: str,
    ledger: Mapping[dt.date, _Published],
    unfinished: set[str],
    settle: dt.timedelta,
) -> Iterator[Lacking]:
    contract = contracts()[table]
    versions, checks = _versions(instance, contract), _checks(instance, contract)
    for date, published in sorted(ledger.items()):
        check = checks.get(partition_key(date))
        gap = _gap(published.told, versions.get(partition_key(date)), check)
        if gap is not None:
            waits_for = _waits_for(published, check, unfinished, settle)
            yield Lacking(table, date, gap, published.told, waits_for)


def _waits_for(
    published: _Published,
    check: AssetCheckPartitionInfo | None,
    unfinished: set[str],
    settle: dt.timedelta,
) -> str:
    """The run that will tell of a date itself; empty when none will.

    An evaluation that comes before the one that another run has planned would hide it.
    """
    by = published.told.published_by
    if by in unfinished and dt.datetime.now(dt.UTC) - published.published_at < settle:
        return by
    planned = check.latest_planned_run_id if check and _is_open(check) else by
    return planned if planned in unfinished and planned != by else ""


def _gap(told: Told, version: str | None, check: AssetCheckPartitionInfo | None) -> Gap | None:
    """What Dagster lacks; a failed check of rows that are good tells of a later attempt."""
    if version is None:
        return Gap.EVENT
    if version != told.version:
        return Gap.VERSION
    if check is None or _is_open(check) or not check.is_current:
        return Gap.CHECK
    passed = check.latest_execution_status is AssetCheckExecutionRecordStatus.SUCCEEDED
    return Gap.CHECK if passed and not told.passed else None


def _is_open(check: AssetCheckPartitionInfo) -> bool:
    return check.latest_execution_status is AssetCheckExecutionRecordStatus.PLANNED


def _versions(instance: dg.DagsterInstance, contract: TableContract) -> dict[str | None, str]:
    """Data version of the newest materialization of each partition."""
    key = asset_key(contract)
    if contract.is_partitioned:
        tags = instance.event_log_storage.get_latest_tags_by_partition(
            key, dg.DagsterEventType.ASSET_MATERIALIZATION, [DATA_VERSION]
        )
        return {partition: found[DATA_VERSION] for partition, found in tags.items()}
    newest = instance.get_latest_materialization_event(key)
    event = newest.asset_materialization if newest else None
    return {None: (event.tags or {})[DATA_VERSION]} if event and event.tags else {}


def _checks(
    instance: dg.DagsterInstance, contract: TableContract
) -> dict[str | None, AssetCheckPartitionInfo]:
    """Newest execution of the completeness check of each partition."""
    key = dg.AssetCheckKey(asset_key(contract), COMPLETE_CHECK)
    found = instance.event_log_storage.get_asset_check_partition_info([key])
    return {info.partition_key: info for info in found}


def _tell(
    instance: dg.DagsterInstance, contract: TableContract, lacking: Sequence[Lacking]
) -> None:
    """One run that tells of dates of a table; of those that lack the check only, of that."""
    told = {
        lack.date: replace(lack.told, version="") if lack.gap is Gap.CHECK else lack.told
        for lack in lacking
    }

    @dg.op(name=f"tell_{contract.name}", description="Events of dates that the ledger has.")
    def tell_dates(context: dg.OpExecutionContext) -> None:
        dates = sorted(told)
        for start in range(0, len(dates), _BATCH):
            batch = {d: told[d] for d in dates[start : start + _BATCH]}
            tell(context.instance, origin_of(context), contract, batch)

    @dg.job(name=f"reconcile_{contract.name}")
    def job() -> None:
        tell_dates()

    job.execute_in_process(
        instance=instance, run_config=_QUIET, tags={"nba/reconciles": contract.path}
    )
