"""Dagster's view of what was built: materializations and the completeness check, per date.

Belongs here: turning results into events, right also in a run over a range. Does not belong here:
deciding anything. The ledger is the truth; events are its projection for the UI.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Iterator, Mapping

import dagster as dg
from dagster._core.definitions.asset_checks.asset_check_evaluation import (
    AssetCheckEvaluationTargetMaterializationData,
)

from nba_pipeline.build.door import BuildResult
from nba_pipeline.build.work import DateResult
from nba_pipeline.contracts.spec import WHOLE_TABLE, TableContract

COMPLETE_CHECK = "complete_vs_schedule"


def asset_key(contract: TableContract) -> dg.AssetKey:
    """``dataset/table``, the same path as in the warehouse."""
    return dg.AssetKey([str(contract.dataset), contract.name])


def materializations(
    contract: TableContract, results: Mapping[dt.date, DateResult]
) -> Iterator[dg.AssetMaterialization]:
    """One event per published date, with its content hash as data version."""
    for date, result in results.items():
        if result.is_published:
            yield dg.AssetMaterialization(
                asset_key=asset_key(contract),
                partition=None if date == WHOLE_TABLE else date.isoformat(),
                metadata=_metadata(result),
                tags={"dagster/data_version": result.version},
            )


def _metadata(result: DateResult) -> dict[str, dg.MetadataValue | str | int | float]:
    found: dict[str, dg.MetadataValue | str | int | float] = {
        "dagster/partition_row_count": result.row_count,
        "verdict": str(result.state),
        "expected": result.expected,
        "completeness_pct": round(result.completeness_pct, 2),
    }
    if result.quarantined:
        found["quarantined_rows"] = result.quarantined
    found.update({f"{c}_coverage_pct": round(100 * v, 2) for c, v in result.coverage.items()})
    found.update({f"rows_from_{s}": n for s, n in result.sources.items()})
    if result.message:
        found["note"] = result.message[:400]
    return found


def evaluations(
    context: dg.AssetExecutionContext, contract: TableContract, built: BuildResult
) -> Iterator[dg.AssetCheckEvaluation]:
    """One completeness evaluation per date that was judged, aimed at its materialization.

    Without the target Dagster drops an evaluation from the status, a failing one too.
    """
    key = asset_key(contract)
    targets = context.instance.event_log_storage.get_latest_storage_id_by_partition(
        key, dg.DagsterEventType.ASSET_MATERIALIZATION, set(context.partition_keys)
    )
    verdicts: dict[dt.date, tuple[bool, dict[str, str | int | float]]] = {
        d: (r.is_good, {"verdict": str(r.state), "rows": r.row_count, "expected": r.expected,
                        "detail": r.message[:2000]})
        for d, r in built.results.items()
    }  # fmt: skip
    verdicts |= {d: (False, {"verdict": "refused", "detail": text[:2000]})
                 for d, text in built.bad.items() if d not in built.results}  # fmt: skip
    now = time.time()
    for date, (passed, metadata) in sorted(verdicts.items()):
        target = targets.get(date.isoformat())
        yield dg.AssetCheckEvaluation(
            asset_key=key,
            check_name=COMPLETE_CHECK,
            passed=passed,
            partition=date.isoformat(),
            blocking=False,
            severity=dg.AssetCheckSeverity.ERROR,
            metadata={k: dg.MetadataValue.text(v) if isinstance(v, str) else v
                      for k, v in metadata.items()},
            target_materialization_data=target
            and AssetCheckEvaluationTargetMaterializationData(
                storage_id=target, run_id=context.run.run_id, timestamp=now
            ),
        )  # fmt: skip


def log_recorded(
    context: dg.AssetExecutionContext,
    contract: TableContract,
    results: Iterable[dg.AssetCheckResult],
) -> None:
    """Results of re-runnable checks as events of the table's own step, aimed at its newest rows.

    In a run with their step Dagster skips it: the table tells of its dates itself and has no
    output. The checks would show as skipped, after a failure as failed, although the published
    table is as good as before.
    """
    newest = context.instance.fetch_materializations(asset_key(contract), limit=1).records
    target = None
    if newest:
        target = AssetCheckEvaluationTargetMaterializationData(
            storage_id=newest[0].storage_id,
            run_id=newest[0].run_id,
            timestamp=newest[0].timestamp,
        )
    for result in results:
        context.log_event(
            dg.AssetCheckEvaluation(
                asset_key=asset_key(contract),
                check_name=result.check_name or "",
                passed=result.passed,
                metadata=result.metadata,
                severity=result.severity,
                target_materialization_data=target,
            )
        )
