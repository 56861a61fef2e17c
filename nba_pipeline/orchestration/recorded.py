"""What the ledger knows of a table's re-runnable checks, told after every run.

Belongs here: turning recorded audits into evaluations, so that a check's status is right after a
run that looked at its own dates only. Does not belong here: reading the table again (``recheck``):
the nightly job and *Execute all* do, and every evaluation says when that was last.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus

from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.contracts.sql_files import load_sql
from nba_pipeline.orchestration.events import asset_key
from nba_pipeline.orchestration.recheck import (
    FLOORS,
    HISTORY,
    RANGES,
    READ_AGAIN,
    floors_metadata,
    markdown,
    seasons_whole,
)
from nba_pipeline.platform import Platform
from nba_pipeline.reports.coverage import Period
from nba_pipeline.reports.watched import watched_columns

_NAME = re.compile(r"(?:^|; )([a-z_0-9]+): ")
"""Names in ``failed_checks``: ``both_teams_present: BOS, NYK; verify: ...``."""
_VERIFY = "verify"
_BAD_MONTHS = "bad_months"

Failing = Mapping[str, Sequence[Mapping[str, Any]]]


def evaluations(
    context: dg.AssetExecutionContext,
    contract: TableContract,
    platform: Platform,
    dates: Sequence[dt.date],
) -> Iterator[dg.AssetCheckResult]:
    """One result per re-runnable check, from what was recorded of every date of the table.

    Floors are counted again over the months of ``dates``; what other months were found to be is
    carried over.
    """
    warehouse = platform.warehouse
    before = _before(context, contract)
    failing: dict[str, list[Mapping[str, Any]]] = {}
    asset = {"asset": contract.name}
    failed, aside = warehouse.query_all(
        [(load_sql("ops/failed_dates"), asset), (load_sql("ops/quarantined_cells"), asset)]
    )
    for row in failed.to_pylist():
        for name in _NAME.findall(row["failed_checks"]):
            failing.setdefault(name, []).append(row)
    yield _ranges(contract, aside.to_pylist(), failing.get(RANGES, []), before)
    yield _of(contract, HISTORY, failing.get(_VERIFY, []), before)
    for name in contract.audits.identities:
        yield _of(contract, name, failing.get(name, []), before)
    if contract.audits.floors:
        yield _floors(contract, platform, dates, before)
    if contract.audits.whole_seasons:
        yield seasons_whole(contract, platform)


Before = Mapping[str, dg.AssetCheckEvaluation]

_ANSWERED = {AssetCheckExecutionRecordStatus.SUCCEEDED, AssetCheckExecutionRecordStatus.FAILED}


def _before(context: dg.AssetExecutionContext, contract: TableContract) -> Before:
    names = [RANGES, HISTORY, *contract.audits.identities, FLOORS]
    keys = [dg.AssetCheckKey(asset_key(contract), name) for name in names]
    storage = context.instance.event_log_storage
    found = storage.get_latest_asset_check_execution_by_key(keys)
    events = {key.name: r.event.dagster_event for key, r in found.items() if r.event is not None}
    for key, record in found.items():
        if record.status is AssetCheckExecutionRecordStatus.PLANNED:
            # this run plans the check too, or one did that broke: the answer before it counts
            told = storage.get_asset_check_execution_history(key, limit=1, status=_ANSWERED)
            events[key.name] = told[0].event.dagster_event if told and told[0].event else None
    return {
        name: event.asset_check_evaluation_data
        for name, event in events.items()
        if event is not None and event.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION
    }


def _when(before: Before, name: str) -> dict[str, Any]:
    known = before[name].metadata.get(READ_AGAIN) if name in before else None
    return {READ_AGAIN: known or dg.MetadataValue.text("never; this is what the ledger recorded")}


def _of(
    contract: TableContract, name: str, failing: Sequence[Mapping[str, Any]], before: Before
) -> dg.AssetCheckResult:
    metadata: dict[str, Any] = {"dates_failing": len(failing), **_when(before, name)}
    if failing:
        shown = [
            {"game_date": r["game_date"], "recorded": r["failed_checks"]} for r in failing[:50]
        ]
        metadata["first_dates"] = dg.MetadataValue.md(markdown(shown))
    return dg.AssetCheckResult(
        asset_key=asset_key(contract), check_name=name, passed=not failing, metadata=metadata
    )


def _ranges(
    contract: TableContract,
    aside: Sequence[Mapping[str, Any]],
    failing: Sequence[Mapping[str, Any]],
    before: Before,
) -> dg.AssetCheckResult:
    """Bad values in published dates are an error, rows kept aside a warning."""
    published = [r for r in failing if r["row_count"]]
    cases = [{k: str(v) for k, v in r.items()} for r in aside]
    metadata: dict[str, Any] = {
        "dates_failing": len(published),
        "quarantined_cells_shown": len(aside),
        **_when(before, RANGES),
    }
    if cases:
        metadata["failing_cases"] = dg.MetadataValue.md(markdown(cases))
    return dg.AssetCheckResult(
        asset_key=asset_key(contract),
        check_name=RANGES,
        passed=not cases and not published,
        severity=dg.AssetCheckSeverity.ERROR if published else dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )


def _floors(
    contract: TableContract, platform: Platform, dates: Sequence[dt.date], before: Before
) -> dg.AssetCheckResult:
    first, last = min(dates).replace(day=1), _month_end(max(dates))
    found = watched_columns(platform.warehouse, contract, Period.MONTH, first=first, last=last)
    metadata, bad = floors_metadata(found)
    looked_at = {p.label for c in found for p in c.periods}
    known = before[FLOORS].metadata.get(_BAD_MONTHS) if FLOORS in before else None
    held = known.value if isinstance(known, dg.JsonMetadataValue) else []
    carried = [r for r in held or [] if isinstance(r, dict) and r["month"] not in looked_at]
    metadata |= _when(before, FLOORS)
    metadata[_BAD_MONTHS] = dg.MetadataValue.json([*bad, *carried][:50])
    return dg.AssetCheckResult(
        asset_key=asset_key(contract),
        check_name=FLOORS,
        passed=not bad and not carried,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata=metadata,
    )


def _month_end(date: dt.date) -> dt.date:
    following = (date.replace(day=28) + dt.timedelta(4)).replace(day=1)
    return following - dt.timedelta(1)
