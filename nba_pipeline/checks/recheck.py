"""Checks over the whole published table, re-runnable from the UI.

Belongs here: the pandera ranges with their failing cases, the run history against the table, and
the identities of the game. Does not belong here: the completeness of a date; that check is
evaluated by the asset as it publishes, per partition.
A check that errors is a failed check: its result says what broke.
No postponed annotations here: Dagster reads the type of ``context`` when decorating.
"""

from collections.abc import Callable, Iterator

import dagster as dg
from dagster._core.definitions.asset_checks.asset_check_evaluation import (
    AssetCheckEvaluationTargetMaterializationData,
)

from nba_pipeline.assets.events import asset_key
from nba_pipeline.audit import AuditReport
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.platform import Platform
from nba_pipeline.snapshot import Snapshot
from nba_pipeline.verify import close_gate, reaudit, verify_table

RANGES = "within_schema_ranges"
HISTORY = "run_history_matches_table"

_QUARANTINE_SQL = """
SELECT game_date, row_key, column_name, bad_value, rule
FROM nba_orchestration.quarantined_rows
WHERE asset = @asset
ORDER BY game_date DESC, row_key, rule
LIMIT 50
"""


def table_checks(
    contract: TableContract, platform: Callable[[], Platform]
) -> dg.AssetChecksDefinition:
    """All re-runnable checks of a table in one step that reads it once."""
    key = asset_key(contract)
    descriptions = {
        RANGES: "Every published value is within its type, range and rules; rows kept aside are "
        "listed with their failing cases.",
        HISTORY: "Row counts and content of every date are what the run history recorded.",
        **{name: f"Identity over all published dates: {name}" for name in contract.identities},
    }

    @dg.multi_asset_check(
        name=f"recheck_{contract.name}",
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
    snapshot = Snapshot(warehouse)
    report, _ = reaudit(warehouse, snapshot, contract)
    yield _ranges(contract, platform, report)
    yield _history(contract, platform, snapshot, report, run_id)
    for name in contract.identities:
        yield _identity(contract, report, name)


def log_results(
    context: dg.AssetExecutionContext, contract: TableContract, platform: Platform
) -> None:
    """The same checks out of a run whose table step is about to fail.

    Dagster skips the checks' own step then and shows all of them as failed, although the published
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


def _markdown(rows: list[dict[str, object]] | list[dict[str, str]]) -> str:
    if not rows:
        return "none"
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(str(r[n]).replace("|", "/") for n in names) + " |" for r in rows]
    return "\n".join(lines)
