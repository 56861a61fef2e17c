"""Dagster's view of what was built: materializations and the completeness check, per date.

Belongs here: turning what is told of dates into events, right also in a run over a range, and
storing them as two batches. Does not belong here: what is told (``told``), or deciding anything.
The ledger is the truth; events are its projection for the UI. Coverage, sources and the full text
of a refusal stay in the ledger and its history: an event is stored three times, and its size is
what Dagster's history weighs.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import dagster as dg
from dagster._core.definitions.asset_checks.asset_check_evaluation import (
    AssetCheckEvaluationTargetMaterializationData as _Target,
)
from dagster._core.events import AssetObservationData, DagsterEvent, StepMaterializationData
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log.base import AssetEventSummaryRecord

from nba_pipeline.contracts.spec import WHOLE_TABLE, TableContract
from nba_pipeline.orchestration.told import (
    FAILED,
    REFUSED,
    Told,
    description_of,
    verdict_metadata,
)
from nba_pipeline.verdicts.verdict import State
from nba_pipeline.warehouse.faults import failpoint

COMPLETE_CHECK = "complete_vs_schedule"
DATA_VERSION = "dagster/data_version"

_MATERIALIZED: Final = dg.DagsterEventType.ASSET_MATERIALIZATION
_NOTE_LENGTH = 400
_CAME_TO_NOTHING = (REFUSED, FAILED, State.PARTIAL, State.INVALID)

Metadata = dict[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Origin:
    """The step that tells: every event of it carries these."""

    run_id: str
    job_name: str
    step_key: str


def asset_key(contract: TableContract) -> dg.AssetKey:
    """``dataset/table``, the same path as in the warehouse."""
    return dg.AssetKey([str(contract.dataset), contract.name])


def origin_of(context: dg.OpExecutionContext | dg.AssetExecutionContext) -> Origin:
    """The step that is running."""
    step = context.get_step_execution_context().step
    return Origin(context.run.run_id, context.run.job_name, step.key)


def tell(
    instance: dg.DagsterInstance,
    origin: Origin,
    contract: TableContract,
    told: Mapping[dt.date, Told],
    *,
    evaluate: bool = True,
    rechecked: Iterable[dg.AssetCheckResult] = (),
) -> None:
    """Store one materialization per published date and one evaluation per date, in two batches.

    ``evaluate``: also the completeness check; a run over one date yields it itself.
    ``rechecked``: results of re-runnable checks, told as of the table's own step and aimed at its
    newest rows. In a run with their step Dagster skips it: the table tells of its dates itself and
    has no output. The checks would show as skipped, after a failure as failed, although the
    published table is as good as before.
    """
    storage = instance.event_log_storage
    published = {d: t for d, t in told.items() if t.version}
    found = [_materialization(origin, contract, d, t) for d, t in published.items()]
    found += [_observation(origin, contract, d, t) for d, t in told.items() if _is_attempt(t)]
    if found:
        storage.store_event_batch(found)
    failpoint("materialized", contract.name)
    rechecked = list(rechecked)
    if not told and not rechecked:
        return
    targets = _targets(instance, asset_key(contract), told) if told else {}
    evaluations = [_evaluation(contract, d, t, targets.get(d)) for d, t in told.items() if evaluate]
    if rechecked:
        newest = _newest(instance, contract, [targets[d] for d in published if d in targets])
        evaluations += [_rechecked(contract, result, newest) for result in rechecked]
    storage.store_event_batch([_evaluated(origin, e) for e in evaluations])


def _newest(
    instance: dg.DagsterInstance, contract: TableContract, just_now: Sequence[_Target]
) -> _Target | None:
    """The table's newest materialization: the last of those just stored, if any were."""
    if just_now:
        return max(just_now, key=lambda target: target.storage_id)
    found = instance.get_asset_event_summary_records(
        _MATERIALIZED, asset_key=asset_key(contract), limit=1
    )
    return _target(found[0]) if found else None


def _rechecked(
    contract: TableContract, result: dg.AssetCheckResult, target: _Target | None
) -> dg.AssetCheckEvaluation:
    return dg.AssetCheckEvaluation(
        asset_key=asset_key(contract),
        check_name=result.check_name or "",
        passed=result.passed,
        metadata=result.metadata,
        severity=result.severity,
        description=result.description,
        target_materialization_data=target,
    )


def partition_key(date: dt.date) -> str | None:
    """Dagster's key of a date; a table without dates has none."""
    return None if date == WHOLE_TABLE else date.isoformat()


def _materialization(
    origin: Origin, contract: TableContract, date: dt.date, told: Told
) -> EventLogEntry:
    metadata: Metadata = {
        "dagster/partition_row_count": told.row_count,
        "verdict": told.verdict,
        "expected": told.expected,
        "completeness_pct": round(told.completeness_pct, 2),
    }
    if told.quarantined:
        metadata["quarantined_rows"] = told.quarantined
    if told.note:
        metadata["note"] = told.note[:_NOTE_LENGTH]
    if told.published_by:
        metadata["published_by_run"] = told.published_by
    event = dg.AssetMaterialization(
        asset_key=asset_key(contract),
        partition=partition_key(date),
        metadata=metadata,
        tags={DATA_VERSION: told.version},
    )
    message = f"{told.row_count} rows, {told.verdict}"
    data = StepMaterializationData(event)
    return _entry(origin, dg.DagsterEventType.ASSET_MATERIALIZATION, data, message)


def _is_attempt(told: Told) -> bool:
    """Whether a build came to nothing: without an event the date's page says nothing of it."""
    return not told.passed and not told.version and told.verdict in _CAME_TO_NOTHING


def _observation(
    origin: Origin, contract: TableContract, date: dt.date, told: Told
) -> EventLogEntry:
    """Why a date was not published, on its own page; rows published before stay as they are."""
    event = dg.AssetObservation(
        asset_key=asset_key(contract),
        partition=partition_key(date),
        description=description_of(told),
        metadata=verdict_metadata(told),
    )
    kind = dg.DagsterEventType.ASSET_OBSERVATION
    return _entry(origin, kind, AssetObservationData(event), f"not published: {told.verdict}")


def _evaluation(
    contract: TableContract,
    date: dt.date,
    told: Told,
    target: _Target | None,
) -> dg.AssetCheckEvaluation:
    return dg.AssetCheckEvaluation(
        asset_key=asset_key(contract),
        check_name=COMPLETE_CHECK,
        passed=told.passed,
        partition=partition_key(date),
        blocking=False,
        severity=told.severity,
        description=None if told.passed else description_of(told),
        metadata=verdict_metadata(told),
        target_materialization_data=target,
    )


def _evaluated(origin: Origin, evaluation: dg.AssetCheckEvaluation) -> EventLogEntry:
    message = "passed" if evaluation.passed else "did not pass"
    return _entry(origin, dg.DagsterEventType.ASSET_CHECK_EVALUATION, evaluation, message)


def _entry(
    origin: Origin,
    kind: dg.DagsterEventType,
    data: StepMaterializationData | AssetObservationData | dg.AssetCheckEvaluation,
    message: str,
) -> EventLogEntry:
    """An event as a step logs it, without the handles and tags that repeat its key."""
    event = DagsterEvent(
        event_type_value=kind.value,
        job_name=origin.job_name,
        event_specific_data=data,
        message=message,
        step_key=origin.step_key,
    )
    return EventLogEntry(  # type: ignore[no-untyped-call]
        error_info=None,
        level=logging.DEBUG,
        user_message="",
        run_id=origin.run_id,
        timestamp=time.time(),
        step_key=origin.step_key,
        job_name=origin.job_name,
        dagster_event=event,
    )


def _targets(
    instance: dg.DagsterInstance, key: dg.AssetKey, dates: Iterable[dt.date]
) -> dict[dt.date, _Target]:
    """The newest materialization of each date, whichever run it is of.

    Without the target Dagster drops an evaluation from the status, a failing one too.
    """
    by_key = {partition_key(d): d for d in dates}
    if None in by_key:
        found = instance.get_asset_event_summary_records(_MATERIALIZED, asset_key=key, limit=1)
    else:
        newest = instance.event_log_storage.get_latest_storage_id_by_partition(
            key, _MATERIALIZED, {k for k in by_key if k is not None}
        )
        found = instance.get_asset_event_summary_records(
            _MATERIALIZED, asset_key=key, storage_ids=list(newest.values())
        )
    return {by_key[record.partition]: _target(record) for record in found}


def _target(record: AssetEventSummaryRecord) -> _Target:
    return _Target(
        storage_id=record.storage_id, run_id=record.run_id or "", timestamp=record.timestamp
    )
