"""Writing many events to Dagster's SQLite tables in one transaction per file.

Belongs here: which rows an event becomes, the same that the stock storage writes event by event.
Does not belong here: connections (``event_log``), and what is told (``events``).
This touches private API of Dagster 1.13, as ``event_log`` does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from dagster._core.definitions.asset_checks.asset_check_evaluation import (
    AssetCheckEvaluation,
    AssetCheckEvaluationPlanned,
)
from dagster._core.errors import DagsterInvariantViolationError
from dagster._core.events import (
    ASSET_CHECK_EVENTS,
    ASSET_EVENTS,
    EVENT_TYPE_TO_PIPELINE_RUN_STATUS,
    AssetMaterializationPlannedData,
    DagsterEventType,
)
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from dagster._core.storage.event_log.schema import (
    AssetCheckExecutionsTable,
    SqlEventLogStorageTable,
)
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._serdes import pack_value
from dagster_shared.record import replace
from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

Row = dict[str, Any]

_EVENTS, _CHECKS = SqlEventLogStorageTable, AssetCheckExecutionsTable
_PLANNED = DagsterEventType.ASSET_MATERIALIZATION_PLANNED
_PLANNED_CHECK = DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED
_EVALUATION = DagsterEventType.ASSET_CHECK_EVALUATION
_MIRRORED = ASSET_EVENTS | ASSET_CHECK_EVENTS | set(EVENT_TYPE_TO_PIPELINE_RUN_STATUS)
"""What is stored in the index too, across runs; the rest is in the file of its run only."""

_IDENTITY = ("asset_key", "check_name", "run_id", "partition")
"""What tells executions of checks apart; Dagster has a unique index on it."""
_OUTCOME = (
    "execution_status",
    "evaluation_event",
    "evaluation_event_timestamp",
    "evaluation_event_storage_id",
    "materialization_event_storage_id",
)
"""What an evaluation replaces in the row that planned it."""
_NEEDED: dict[object, tuple[str, ...]] = {
    "EventLogEntry": ("error_info",),
    "DagsterEvent": (),
    "StepMaterializationData": (),
    "AssetMaterialization": (),
    "EventMetadataEntry": (),
    "AssetMaterializationPlannedData": (),
    "AssetCheckEvaluationPlanned": (),
    "AssetCheckEvaluation": (),
}
"""Classes whose empty fields may be left out, but these; Dagster gives the others their default."""


class BatchedSqliteEventLog(SqliteEventLogStorage):
    """Stock tables, written by the batch: one transaction for a run's file, one for the index."""

    @property
    def supports_partition_subset_in_asset_materialization_planned_events(self) -> bool:
        """A run over a range plans it by one event; in the index each partition has its row."""
        return True

    def store_event(self, event: EventLogEntry) -> None:
        """Store one event."""
        self.store_event_batch([event])

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store events of any kind and any run, in their order."""
        rows = [self._event_to_row(event) for event in events]
        for run_id in dict.fromkeys(event.run_id for event in events):
            with self.run_connection(run_id) as connection:
                connection.execute(_EVENTS.insert(), [r for r in rows if r["run_id"] == run_id])
        mirrored = [
            (e, r) for e, r in zip(events, rows, strict=True) if e.dagster_event_type in _MIRRORED
        ]
        if mirrored:
            with self.index_connection() as connection:
                self._mirror(connection, mirrored)

    def _mirror(self, connection: Connection, events: Iterable[tuple[EventLogEntry, Row]]) -> None:
        """Rows of the index, and what is looked up by asset, by version and by check."""
        rows = [(e, row, short) for e, row in events for short in _in_index(e, row)]
        ids = connection.scalars(
            _EVENTS.insert().returning(_EVENTS.c.id, sort_by_parameter_order=True),
            [short for *_, short in rows],
        )
        stored = [(event, row, n) for (event, row, _), n in zip(rows, ids, strict=True)]
        of_assets = [s for s in stored if s[0].dagster_event_type in ASSET_EVENTS]
        self._store_asset_event_tags(
            connection, [event for event, *_ in of_assets], [n for *_, n in of_assets]
        )
        # an asset's row tells of its last event of each kind: writing the ones before is no use
        last = {(row["asset_key"], row["dagster_event_type"]): (e, n) for e, row, n in of_assets}
        for event, n in sorted(last.values(), key=lambda found: found[1]):
            self._store_asset_event(connection, event, n)
        for event, row, n in stored:
            if event.dagster_event_type is _PLANNED_CHECK:
                connection.execute(_CHECKS.insert(), _planned_checks(event, row, n))
        _store_evaluations(
            connection,
            [_evaluated(*s) for s in stored if s[0].dagster_event_type is _EVALUATION],
        )

    def _event_to_row(self, event: EventLogEntry) -> Row:
        told = event.dagster_event
        key = told.asset_key if told else None
        return {
            "run_id": event.run_id,
            "event": event_text(event),
            "dagster_event_type": told.event_type_value if told else None,
            "timestamp": self._event_insert_timestamp(event),  # type: ignore[no-untyped-call]
            "step_key": told.step_key if told else event.step_key,
            "asset_key": key.to_string() if key else None,
            "partition": (told.partition or None) if told else None,
        }


def event_text(event: EventLogEntry) -> str:
    """An event as Dagster reads it back: equal, without spaces and empty optional fields."""
    return json.dumps(_without_defaults(pack_value(event)), separators=(",", ":"))


def _without_defaults(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_defaults(v) for v in value]
    if not isinstance(value, dict):
        return value
    items = {k: _without_defaults(v) for k, v in value.items()}
    kept = _NEEDED.get(value.get("__class__"), items)
    return {k: v for k, v in items.items() if k in kept or (v is not None and v != {} and v != [])}


def _in_index(event: EventLogEntry, row: Row) -> Iterator[Row]:
    """Rows of an event in the index; a planned range has one for each of its partitions.

    Of planned materializations and of evaluations only the columns are read there: the event is in
    the file of its run, an evaluation in its own table too.
    """
    if event.dagster_event_type not in (_PLANNED, _EVALUATION):
        yield row
        return
    bare = event._replace(dagster_event=None, user_message="", step_key=None, job_name=None)
    short = {**row, "event": event_text(bare), "step_key": None}
    keys: Iterable[str | None] = [row["partition"]]
    data = event.get_dagster_event().event_specific_data
    if isinstance(data, AssetMaterializationPlannedData) and data.partitions_subset:
        keys = data.partitions_subset.get_partition_keys()
    for key in keys:
        yield {**short, "partition": key}


def _planned_checks(event: EventLogEntry, row: Row, event_id: int) -> list[Row]:
    """Rows of a planned check, one for each partition of the run."""
    told = event.get_dagster_event()
    planned = cast(AssetCheckEvaluationPlanned, told.event_specific_data)
    subset = planned.partitions_subset
    of_one = told._replace(
        message=None, event_specific_data=replace(planned, partitions_subset=None)
    )
    text = event_text(event._replace(dagster_event=of_one))
    return [
        {
            "asset_key": planned.asset_key.to_string(),
            "check_name": planned.check_name,
            "partition": key,
            "run_id": event.run_id,
            "execution_status": AssetCheckExecutionRecordStatus.PLANNED.value,
            "evaluation_event": text,
            "evaluation_event_timestamp": row["timestamp"],
            "evaluation_event_storage_id": event_id,
        }
        for key in (subset.get_partition_keys() if subset else [None])
    ]


def _evaluated(event: EventLogEntry, row: Row, event_id: int) -> Row:
    """Row of an evaluation."""
    evaluation = cast(AssetCheckEvaluation, event.get_dagster_event().event_specific_data)
    target = evaluation.target_materialization_data
    status = (
        AssetCheckExecutionRecordStatus.SUCCEEDED
        if evaluation.passed
        else AssetCheckExecutionRecordStatus.FAILED
    )
    return {
        "asset_key": evaluation.asset_key.to_string(),
        "check_name": evaluation.check_name,
        "partition": evaluation.partition,
        "run_id": event.run_id,
        "execution_status": status.value,
        "evaluation_event": row["event"],
        "evaluation_event_timestamp": row["timestamp"],
        "evaluation_event_storage_id": event_id,
        "materialization_event_storage_id": target.storage_id if target else None,
    }


def _store_evaluations(connection: Connection, rows: Sequence[Row]) -> None:
    """Evaluations in place of what was planned.

    Raises:
        DagsterInvariantViolationError: a check without partitions was planned twice in one run.
    """
    insertion = insert(_CHECKS)
    upsert = insertion.on_conflict_do_update(
        index_elements=_IDENTITY, set_={name: insertion.excluded[name] for name in _OUTCOME}
    )
    of_partitions = [r for r in rows if r["run_id"] and r["partition"] is not None]
    if of_partitions:
        connection.execute(upsert, of_partitions)
    for row in rows:
        if not row["run_id"]:  # outside of runs nothing is planned
            connection.execute(insertion, row)
        elif row["partition"] is None:
            _store_of_run(connection, row)


def _store_of_run(connection: Connection, row: Row) -> None:
    """An evaluation of a run as a whole: what it planned for single partitions will not come.

    Dagster plans checks without partitions for each partition of a range too, and shows every one
    as skipped for ever.
    """
    of_check = [_CHECKS.c[name] == row[name] for name in _IDENTITY[:-1]]
    is_open = _CHECKS.c.execution_status == AssetCheckExecutionRecordStatus.PLANNED.value
    connection.execute(_CHECKS.delete().where(*of_check, is_open, _CHECKS.c.partition.is_not(None)))
    # NULLs are distinct in a unique index
    update = _CHECKS.update().values({name: row[name] for name in _OUTCOME})
    found = connection.execute(update.where(*of_check, _CHECKS.c.partition.is_(None)))
    if not found.rowcount:
        connection.execute(insert(_CHECKS), row)
    elif found.rowcount > 1:
        raise DagsterInvariantViolationError(
            f"{row['check_name']} of {row['asset_key']} was planned {found.rowcount} times in run "
            f"{row['run_id']}"
        )
