"""What Dagster shows of dates, and telling it of those whose verdict is another one now.

Belongs here: newest version and completeness of each date as Dagster has them, whether a verdict
differs, and telling of exactly those that do. Does not belong here: what is told (``told``), or
published dates that Dagster never heard of (``reconcile``); it shows them as missing.
No postponed annotations here: Dagster reads the type of ``context`` when decorating.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, cast

import dagster as dg
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.asset_check_execution_record import (
    AssetCheckExecutionRecordStatus,
    AssetCheckPartitionInfo,
)
from dagster._core.storage.dagster_run import NOT_FINISHED_STATUSES
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage
from dagster._serdes import deserialize_value
from sqlalchemy import select

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE, TableContract
from nba_pipeline.orchestration.events import (
    COMPLETE_CHECK,
    DATA_VERSION,
    Origin,
    asset_key,
    origin_of,
    partition_key,
    tell,
)
from nba_pipeline.orchestration.told import FAILED, GREEN, REFUSED, Told, told_of_verdict
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.snapshot import Snapshot, snapshot_of
from nba_pipeline.verdicts.verdict import State

_BATCH = 1000
"""Dates told or asked of at once: a statement of SQLite binds at most 32,766 values."""
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
_PASSED = AssetCheckExecutionRecordStatus.SUCCEEDED
_OF_ATTEMPTS = (REFUSED, FAILED, State.PARTIAL, State.INVALID)

T = TypeVar("T")
Wanted = Mapping[str, Collection[dt.date] | None]
"""Dates by table; None stands for every date that Dagster shows."""
ByTable = Mapping[str, Mapping[dt.date, Told]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What Dagster shows of the completeness of a date.

    Attributes:
        told: what it was told; read only where the check failed or the verdict is a waiver.
        is_attempt: whether a build told that, of what it did.
    """

    info: AssetCheckPartitionInfo
    told: dg.AssetCheckEvaluation | None = None
    is_attempt: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a run has planned the check and not answered it."""
        return self.info.latest_execution_status is AssetCheckExecutionRecordStatus.PLANNED

    @property
    def is_answer(self) -> bool:
        """Whether there is an answer, about the newest materialization."""
        return not self.is_open and self.info.is_current

    @property
    def is_green(self) -> bool:
        """Whether it shows that the date is good, and nothing else is to be known of that."""
        return self.is_answer and self.told is None

    @property
    def verdict(self) -> str:
        """The verdict that it was told."""
        return str(self.told.metadata["verdict"].value) if self.told else ""


def is_other(shown: Shown, told: Told) -> bool:
    """Whether an answer is to be told anew.

    What a build said of its failure stays until its date is good or lost: it says more than the
    verdict. Where the rows are good and were so before, it stays until the date is built again.
    """
    if shown.told is None:
        return not told.passed
    if shown.told.passed or not shown.is_attempt:
        return (shown.verdict, shown.told.severity) != (told.verdict, told.severity)
    if told.passed:  # the gate says what the verdicts say
        return shown.verdict == REFUSED or told.verdict != State.COMPLETE
    return told.is_lost


def unfinished_runs(instance: dg.DagsterInstance) -> set[str]:
    """Runs that have not ended; they tell of their dates themselves."""
    filters = dg.RunsFilter(statuses=NOT_FINISHED_STATUSES)
    return {run.run_id for run in instance.get_runs(filters)}


def versions_of(instance: dg.DagsterInstance, contract: TableContract) -> dict[str | None, str]:
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


def shown_of(
    instance: dg.DagsterInstance,
    snapshot: Snapshot,
    table: str,
    dates: Collection[dt.date] | None = None,
) -> dict[str | None, Shown]:
    """Newest execution of the completeness check by partition; of ``dates`` only, where given."""
    contract, storage = contracts()[table], instance.event_log_storage
    key = dg.AssetCheckKey(asset_key(contract), COMPLETE_CHECK)
    asked: Iterable[Sequence[str] | None] = [None]
    if dates is not None and contract.is_partitioned:
        asked = _batches([d.isoformat() for d in sorted(dates)])
    infos = [
        info
        for keys in asked
        for info in storage.get_asset_check_partition_info([key], None, keys)
        if info.partition_key is not None or not contract.is_partitioned  # no summary of a range
    ]
    waived = {partition_key(d) for d in snapshot.dates_in(table, State.WAIVED)}
    read = [
        info.latest_check_event_storage_id
        for info in infos
        if info.latest_execution_status is AssetCheckExecutionRecordStatus.FAILED
        or (info.partition_key in waived and info.latest_execution_status is _PASSED)
    ]
    answers = _answers(storage, key, read)
    return {i.partition_key: _shown(contract, i, answers.get(i.latest_check_event_storage_id))
            for i in infos}  # fmt: skip


def _shown(
    contract: TableContract, info: AssetCheckPartitionInfo, answer: EventLogEntry | None
) -> Shown:
    if answer is None:
        return Shown(info)
    told = cast(dg.AssetCheckEvaluation, answer.get_dagster_event().event_specific_data)
    of_build = answer.step_key == contract.name
    return Shown(info, told, of_build and told.metadata["verdict"].value in _OF_ATTEMPTS)


def _answers(
    storage: object, key: dg.AssetCheckKey, ids: Sequence[int]
) -> dict[int, EventLogEntry]:
    """Evaluations of a check by their place in the storage."""
    table, found = AssetCheckExecutionsTable.c, dict[int, EventLogEntry]()
    of_check = (table.asset_key == key.asset_key.to_string(), table.check_name == key.name)
    for some in _batches(ids):
        query = select(table.evaluation_event_storage_id, table.evaluation_event).where(
            *of_check, table.evaluation_event_storage_id.in_(some)
        )
        with cast(SqlEventLogStorage, storage).index_connection() as connection:
            rows = connection.execute(query).all()
        found.update({number: deserialize_value(text, EventLogEntry) for number, text in rows})
    return found


def _batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]


def dates_of(snapshot: Snapshot, table: str, shown: Mapping[str | None, Shown]) -> set[dt.date]:
    """Dates that Dagster shows, as far as a snapshot has them."""
    span = snapshot.column(table).span
    found = {dt.date.fromisoformat(k) if k else WHOLE_TABLE for k in shown}
    return {d for d in found if span.first <= d <= span.last}


def differences(
    instance: dg.DagsterInstance, snapshot: Snapshot, wanted: Wanted
) -> dict[str, dict[dt.date, Told]]:
    """Dates whose verdict is other than what Dagster shows, and what it is to be told.

    Left out is what it never heard of, and what a run that has not ended will tell.
    """
    unfinished: set[str] | None = None
    found: dict[str, dict[dt.date, Told]] = {}
    for table, asked in wanted.items():
        shown = shown_of(instance, snapshot, table, asked)
        dates = dates_of(snapshot, table, shown)
        for date, state in snapshot.states(table, sorted(dates)).items():
            known = shown[partition_key(date)]
            if state in GREEN and known.told is None:
                continue
            if unfinished is None:
                unfinished = unfinished_runs(instance)
            if known.is_open and known.info.latest_planned_run_id in unfinished:
                continue
            told = told_of_verdict(snapshot.verdict(table, date), snapshot.row(table, date))
            if known.is_open or is_other(known, told):
                found.setdefault(table, {})[date] = replace(told, version="")
    return found


def tell_others(
    platform: Platform,
    instance: dg.DagsterInstance,
    wanted: Wanted,
    origin: Origin | None = None,
) -> int:
    """Tell of those of the dates whose verdict is another one than Dagster shows; how many.

    ``origin`` is the step that tells; without one they have a run of their own.

    Raises:
        WarehouseError: the warehouse could not be read.
    """
    if not wanted:
        return 0
    is_whole = any(dates is None for dates in wanted.values())
    days = [d for t, dates in wanted.items() for d in dates or ()
            if not is_whole and contracts()[t].is_partitioned]  # fmt: skip
    snapshot = snapshot_of(platform, tables=list(wanted), dates=days)
    found = differences(instance, snapshot, wanted)
    if origin is not None:
        tell_all(instance, origin, found)
    elif found:
        tell_in_run(instance, "verdicts", found)
    return sum(len(told) for told in found.values())


def tell_all(instance: dg.DagsterInstance, origin: Origin, found: ByTable) -> None:
    """Store the events of all dates as of one step."""
    for table, told in found.items():
        for dates in _batches(sorted(told)):
            tell(instance, origin, contracts()[table], {d: told[d] for d in dates})


def tell_in_run(instance: dg.DagsterInstance, name: str, found: ByTable) -> None:
    """Tell of dates by a run of its own: the interface shows who told and when.

    Such a run can be deleted again. Events without a run can not, and Dagster 1.13 takes only one
    evaluation of a partition's check from outside of runs.
    """

    @dg.op(name=f"tell_{name}", description="What the ledger has and Dagster shows otherwise.")
    def tell_dates(context: dg.OpExecutionContext) -> None:
        tell_all(context.instance, origin_of(context), found)

    @dg.job(name=f"reconcile_{name}")
    def job() -> None:
        tell_dates()

    tags = {"nba/reconciles": ", ".join(contracts()[t].path for t in found)}
    job.execute_in_process(instance=instance, run_config=_QUIET, tags=tags)
