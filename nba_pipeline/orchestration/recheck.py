"""Checks over the whole published table, re-runnable from the UI.

Belongs here: the pandera ranges with their failing cases, the run history against the table, the
worst month of every watched column against its floor, and the identities of the game. Does not
belong here: the completeness of a date; that check is evaluated by the asset as it publishes, per
partition.
A check that errors is a failed check: its result says what broke.
No postponed annotations here: Dagster reads the type of ``context`` when decorating.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from nba_pipeline.audit.dates import OUT_OF_RANGE, AuditReport
from nba_pipeline.build.verify import close_gate, reaudit, verify_table
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.contracts.sql_files import load_sql
from nba_pipeline.league.seasons import RULE
from nba_pipeline.orchestration.events import asset_key, origin_of
from nba_pipeline.orchestration.shown import Wanted, tell_others
from nba_pipeline.platform import Platform
from nba_pipeline.reports.coverage import Period
from nba_pipeline.reports.seasons import seasons
from nba_pipeline.reports.watched import NO_REASON, WatchedColumn, watched_columns
from nba_pipeline.verdicts.snapshot import Snapshot, snapshot_of
from nba_pipeline.verdicts.touched import touched

RANGES = OUT_OF_RANGE
HISTORY = "run_history_matches_table"
FLOORS = "worst_month_reaches_floors"
SEASONS = "seasons_are_whole"

READ_AGAIN = "table_read_again_at"
"""Metadata of every evaluation: when all published rows were last read for the check."""


def step_name(contract: TableContract) -> str:
    """Name of the step, and of a job, that checks a table."""
    return f"recheck_{contract.name}"


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
    if contract.audits.whole_seasons:
        descriptions[SEASONS] = RULE

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
        step, started = context.op_execution_context, dt.datetime.now(dt.UTC)
        run_id, told = step.run.run_id, set[str]()
        try:
            for result in results(contract, platform(), run_id):
                if result.check_name in wanted:
                    told.add(str(result.check_name))
                    yield result
        except Exception as error:
            yield from (_errored(contract, name, error) for name in sorted(wanted - told))
            raise  # the evaluations are stored; the run is red all the same
        others: Wanted = touched(platform().warehouse, started, {})
        tell_others(platform(), step.instance, {**others, contract.name: None}, origin_of(step))

    return _checks


def _errored(contract: TableContract, name: str, error: Exception) -> dg.AssetCheckResult:
    """Nobody knows whether the check holds: that is a failure, with what broke."""
    lines = str(error).strip().splitlines() or ["no message"]
    text = f"the check could not be made: {type(error).__name__}: {lines[0]}"
    return dg.AssetCheckResult(
        asset_key=asset_key(contract),
        check_name=name,
        passed=False,
        severity=dg.AssetCheckSeverity.ERROR,
        description=text,
        metadata={"error": dg.MetadataValue.text(text)},
    )


def results(
    contract: TableContract, platform: Platform, run_id: str
) -> Iterator[dg.AssetCheckResult]:
    """Every re-runnable check of a table, over everything that is published now."""
    warehouse = platform.warehouse
    warehouse.ensure_tables()
    # what the calendar says is held against every table
    snapshot = snapshot_of(platform, tables=None if contract.is_calendar else [contract.name])
    report, _ = reaudit(warehouse, snapshot, contract)
    found = [
        _ranges(contract, platform, report),
        _history(contract, platform, snapshot, report, run_id),
        *([_floors(contract, platform)] if contract.audits.floors else []),
        *([seasons_whole(contract, platform)] if contract.audits.whole_seasons else []),
        *(_identity(contract, report, name) for name in contract.audits.identities),
    ]
    now = dg.MetadataValue.text(f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC")
    yield from (r._replace(metadata={**(r.metadata or {}), READ_AGAIN: now}) for r in found)


def _ranges(
    contract: TableContract, platform: Platform, report: AuditReport
) -> dg.AssetCheckResult:
    aside = platform.warehouse.query(
        load_sql("ops/quarantined_cells"), {"asset": contract.name}
    ).to_pylist()
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
            "failing_cases": dg.MetadataValue.md(markdown(cases)),
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
            "dates_recorded": len(snapshot.rows(contract.name)),
            "dates_that_disagree": len(found),
            "first_dates": dg.MetadataValue.md(markdown(rows)),
        },
    )


def _floors(contract: TableContract, platform: Platform) -> dg.AssetCheckResult:
    metadata, bad = floors_metadata(watched_columns(platform.warehouse, contract, Period.MONTH))
    metadata["bad_months"] = dg.MetadataValue.json(bad[:50])
    return dg.AssetCheckResult(
        asset_key=asset_key(contract),
        check_name=FLOORS,
        passed=not bad,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata=metadata,
    )


def seasons_whole(contract: TableContract, platform: Platform) -> dg.AssetCheckResult:
    """Games of every season and team against those that the league plays."""
    settings = platform.settings
    found = seasons(platform.warehouse, settings.first_date, settings.league_today())
    wrong = [s for s in found if s.wrong]
    return dg.AssetCheckResult(
        asset_key=asset_key(contract),
        check_name=SEASONS,
        passed=not wrong,
        metadata={
            "games": dg.MetadataValue.json({str(s.year): s.games for s in found}),
            "seasons_failing": len(wrong),
            "what": dg.MetadataValue.text("\n".join(s.text for s in wrong) or "none"),
        },
    )


def floors_metadata(
    found: Sequence[WatchedColumn],
) -> tuple[dict[str, Any], list[dict[str, str | int]]]:
    """Watched columns as metadata, and every month that breaks its floor."""
    bad: list[dict[str, str | int]] = [
        {"column": c.floor.column, "month": p.label, "share": f"{p.share:.2%}",
         "floor": f"{c.floor.floor:.0%}", "verdict": str(p.judged(c.floor)),
         "nulls_without_reason": p.nulls[NO_REASON]}
        for c in found
        for p in c.bad
    ]  # fmt: skip
    metadata: dict[str, Any] = {
        "months_checked": max((len(c.periods) for c in found), default=0),
        "columns": dg.MetadataValue.md(markdown([_floor_row(c) for c in found])),
    }
    if bad:
        metadata["worst"] = dg.MetadataValue.md(markdown(bad[:50]))
    return metadata, bad


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
            "first_dates": dg.MetadataValue.md(markdown(rows)),
        },
    )


def markdown(rows: Sequence[Mapping[str, object]]) -> str:
    """Rows as a table, ``none`` without any."""
    if not rows:
        return "none"
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(str(r[n]).replace("|", "/") for n in names) + " |" for r in rows]
    return "\n".join(lines)
