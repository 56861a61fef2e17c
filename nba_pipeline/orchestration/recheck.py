"""Checks over the whole published table, re-runnable from the UI.

Belongs here: the pandera ranges with their failing cases, the run history against the table, the
worst month of every watched column against its floor, and the identities of the game. Does not
belong here: the completeness of a date; that check is evaluated by the asset as it publishes, per
partition.
A check that errors is a failed check: its result says what broke.
No postponed annotations here: Dagster reads the type of ``context`` when decorating.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import dagster as dg
from dagster._core.definitions.asset_checks.asset_check_evaluation import (
    AssetCheckEvaluationTargetMaterializationData,
)

from nba_pipeline.audit.dates import AuditReport
from nba_pipeline.build.verify import close_gate, reaudit, verify_table
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.orchestration.events import asset_key
from nba_pipeline.platform import Platform
from nba_pipeline.reports.coverage import Period
from nba_pipeline.reports.watched import NO_REASON, WatchedColumn, watched_columns
from nba_pipeline.verdicts.snapshot import Snapshot

RANGES = "within_schema_ranges"
HISTORY = "run_history_matches_table"
FLOORS = "worst_month_reaches_floors"

_QUARANTINE_SQL = """
SELECT game_date, row_key, column_name, bad_value, rule
FROM nba_orchestration.quarantined_rows
WHERE asset = @asset
ORDER BY game_date DESC, row_key, rule
LIMIT 50
"""


def step_name(contract: TableContract) -> str:
    """Name of the step, and of a job, that checks a table."""
    return f"recheck_{contract.name}"


def are_in_run(context: dg.AssetExecutionContext, contract: TableContract) -> bool:
    """Whether the run was asked for the table's checks too."""
    return context.job_def.graph.has_node_named(step_name(contract))


def table_checks(
    contract: TableContract, platform: Callable[[], Platform]
) -> dg.AssetChecksDefinition:
    """All re-runnable checks of a table in one step that reads it once."""
    key = asset_key(contract)
    descriptions = {
        RANGES: "Every published value is within its type, range and rules; rows kept aside are "
        "listed with their failing cases.",
        HISTORY: "Row counts and content of every date are what the run history recorded.",
        **{
            name: f"Identity over all published dates: {name}"
            for name in contract.audits.identities
        },
    }
    if contract.audits.floors:
        descriptions[FLOORS] = (
            "The worst month of every watched column reaches its floor, and every NULL of a column "
            "that gives reasons has one."
        )

    @dg.multi_asset_check(
        name=step_name(contract),
        specs=[
            dg.AssetCheckSpec(name, asset=key, description=text)
            for name, text in descriptions.items()
        ],
        can_subset=True,
    )
    def _checks(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        wanted = {k.name for k in context.selected_asset_check_keys}
        run_id = context.op_execution_context.run.run_id
        yield from (r for r in results(contract, platform(), run_id) if r.check_name in wanted)

    return _checks


def results(
    contract: TableContract, platform: Platform, run_id: str
) -> Iterator[dg.AssetCheckResult]:
    """Every re-runnable check of a table, over everything that is published now."""
    warehouse = platform.warehouse
    warehouse.ensure_tables()
    snapshot = Snapshot(warehouse, table=contract.name)
    report, _ = reaudit(warehouse, snapshot, contract)
    yield _ranges(contract, platform, report)
    yield _history(contract, platform, snapshot, report, run_id)
    if contract.audits.floors:
        yield _floors(contract, platform)
    for name in contract.audits.identities:
        yield _identity(contract, report, name)


def log_results(
    context: dg.AssetExecutionContext, contract: TableContract, platform: Platform
) -> None:
    """The same checks out of the table's own step.

    In a run with that step Dagster skips the checks' step: the table tells of its dates itself and
    has no output. The checks would show as skipped, after a failure as failed, although the
    published table is as good as before.
    """
    newest = context.instance.fetch_materializations(asset_key(contract), limit=1).records
    target = None
    if newest:
        target = AssetCheckEvaluationTargetMaterializationData(
            storage_id=newest[0].storage_id,
            run_id=newest[0].run_id,
            timestamp=newest[0].timestamp,
        )
    for result in results(contract, platform, context.run.run_id):
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


def _ranges(
    contract: TableContract, platform: Platform, report: AuditReport
) -> dg.AssetCheckResult:
    aside = platform.warehouse.query(_QUARANTINE_SQL, {"asset": contract.name}).to_pylist()
    cases = [
        {"game_date": str(c.date), "row_key": c.key, "column_name": c.column,
         "bad_value": c.value, "rule": c.rule, "where": "published"}
        for c in report.bad[:50]
    ] + [{**{k: str(v) for k, v in r.items()}, "where": "quarantined"} for r in aside]  # fmt: skip
    return dg.AssetCheckResult(
        asset_key=asset_key(contract),
        check_name=RANGES,
        passed=not cases,
        # a row kept aside is known and harmless; a bad value that is published is not
        severity=dg.AssetCheckSeverity.ERROR if report.bad else dg.AssetCheckSeverity.WARN,
        metadata={
            "published_rows": report.good.num_rows + len({c.position for c in report.bad}),
            "bad_published_cells": len(report.bad),
            "quarantined_cells_shown": len(aside),
            "failing_cases": dg.MetadataValue.md(_markdown(cases)),
        },
    )


def _history(
    contract: TableContract,
    platform: Platform,
    snapshot: Snapshot,
    report: AuditReport,
    run_id: str,
) -> dg.AssetCheckResult:
    found = verify_table(platform.warehouse, snapshot, contract, report)
    close_gate(platform.warehouse, snapshot, contract, found, run_id=run_id)
    rows = [
        {"game_date": str(d.date), "recorded": d.recorded_rows, "now": d.rows_now,
         "detail": d.detail}
        for d in found[:50]
    ]  # fmt: skip
    return dg.AssetCheckResult(
        asset_key=asset_key(contract),
        check_name=HISTORY,
        passed=not found,
        metadata={
            "dates_recorded": len(snapshot.ledger.get(contract.name, {})),
            "dates_that_disagree": len(found),
            "first_dates": dg.MetadataValue.md(_markdown(rows)),
        },
    )


def _floors(contract: TableContract, platform: Platform) -> dg.AssetCheckResult:
    found = watched_columns(platform.warehouse, contract, Period.MONTH)
    metadata: dict[str, dg.MetadataValue | int] = {
        "months_checked": max((len(c.periods) for c in found), default=0),
        "columns": dg.MetadataValue.md(_markdown([_floor_row(c) for c in found])),
    }
    bad = [
        {"column": c.floor.column, "month": p.label, "share": f"{p.share:.2%}",
         "floor": f"{c.floor.floor:.0%}", "verdict": str(p.judged(c.floor)),
         "nulls_without_reason": p.nulls[NO_REASON]}
        for c in found
        for p in c.bad
    ]  # fmt: skip
    if bad:
        metadata["bad_months"] = dg.MetadataValue.md(_markdown(bad[:50]))
    return dg.AssetCheckResult(
        asset_key=asset_key(contract),
        check_name=FLOORS,
        passed=not bad,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata=metadata,
    )


def _floor_row(column: WatchedColumn) -> dict[str, object]:
    worst = column.worst
    return {
        "column": column.floor.column,
        "worst_month": worst.label if worst else "",
        "share": f"{worst.share:.2%}" if worst else "",
        "floor": f"{column.floor.floor:.0%}",
        "verdict": str(column.judgement),
        "nulls": ", ".join(f"{n} {reason}" for reason, n in column.whole.nulls.most_common()),
    }


def _identity(contract: TableContract, report: AuditReport, name: str) -> dg.AssetCheckResult:
    failing = {d: a.failures[name] for d, a in report.dates.items() if name in a.failures}
    rows = [
        {"game_date": str(d), "entities": ", ".join(e[:8])}
        for d, e in sorted(failing.items(), reverse=True)[:50]
    ]
    return dg.AssetCheckResult(
        asset_key=asset_key(contract),
        check_name=name,
        passed=not failing,
        metadata={
            "dates_checked": len(report.dates),
            "dates_failing": len(failing),
            "first_dates": dg.MetadataValue.md(_markdown(rows)),
        },
    )


def _markdown(rows: Sequence[Mapping[str, object]]) -> str:
    if not rows:
        return "none"
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(str(r[n]).replace("|", "/") for n in names) + " |" for r in rows]
    return "\n".join(lines)
