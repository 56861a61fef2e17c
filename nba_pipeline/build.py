"""Building dates of one table: gate, compute, publish. Needs no Dagster.

Belongs here: the order of the steps and what becomes of every date that was asked for.
Does not belong here: any of the steps themselves. Dates are computed in one set-based statement;
results are per date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nba_pipeline.calendar import Day, DayKind
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import WHOLE_TABLE, Expects, TableContract
from nba_pipeline.gate import GateReport, Refusal, ask
from nba_pipeline.messages import refusal_text
from nba_pipeline.platform import Platform
from nba_pipeline.publish import publish, record_attempts, record_drift
from nba_pipeline.publish_plan import DateResult, Work
from nba_pipeline.snapshot import SCHEDULE, Snapshot
from nba_pipeline.sources import drift
from nba_pipeline.sources.base import DateRange, SourceError
from nba_pipeline.sources.drift import Drift
from nba_pipeline.sources.raw_rows import (
    Fetched,
    fetch,
    landed_before,
    not_offered_reason,
    offered_day,
    to_arrow,
)
from nba_pipeline.sources.schedule_rows import schedule_rows
from nba_pipeline.sources.shapers import shape
from nba_pipeline.verdict import State
from nba_pipeline.warehouse.sql import load_sql


@dataclass
class BuildResult:
    """What became of every date that was asked for.

    Attributes:
        results: dates that were computed and recorded.
        refused: dates that the gate refused.
        failed: dates whose source failed, with the reason.
        not_due: dates whose games are not all final.
        drift: fields of payloads that are not as their parsers know them.
    """

    table: str
    results: dict[dt.date, DateResult] = field(default_factory=dict)
    refused: dict[dt.date, Refusal] = field(default_factory=dict)
    failed: dict[dt.date, str] = field(default_factory=dict)
    not_due: dict[dt.date, str] = field(default_factory=dict)
    drift: list[Drift] = field(default_factory=list)

    @property
    def good(self) -> dict[dt.date, DateResult]:
        """Dates that need nothing more."""
        return {d: r for d, r in self.results.items() if r.is_good}

    @property
    def bad(self) -> dict[dt.date, str]:
        """Every date that is not good, with its reason; dates not due are not bad."""
        found = {d: refusal_text(r) for d, r in self.refused.items()}
        found |= self.failed
        found |= {
            d: f"{r.state.upper()}: {r.message}" for d, r in self.results.items() if not r.is_good
        }
        return dict(sorted(found.items()))


def build(platform: Platform, table: str, dates: Sequence[dt.date], *, run_id: str) -> BuildResult:
    """Build ``dates`` of a table; whatever is wrong with one date leaves the others alone.

    Raises:
        WarehouseError: the warehouse could not be read or written; nothing was changed.
    """
    contract = contracts()[table]
    started = dt.datetime.now(dt.UTC)
    platform.warehouse.ensure_tables()
    snapshot = Snapshot(platform.warehouse, today=platform.settings.league_today())
    result = BuildResult(table)
    with drift.collecting() as result.drift:
        if table == SCHEDULE:
            work = _schedule_work(platform, contract, dates, result)
        elif not contract.is_partitioned:
            work = _reference_work(platform, contract, result)
        else:
            report = ask(snapshot, contract, dates)
            result.refused, result.not_due = report.refused, report.not_due
            if contract.endpoint is not None:
                work = _raw_work(platform, contract, snapshot, report, result)
            else:
                work = _derived_work(platform, contract, snapshot, report)
    record_drift(platform.warehouse, result.drift, run_id)
    if work.days or work.settled:
        result.results = publish(
            platform.warehouse, snapshot, work, run_id=run_id, started_at=started
        )
    refusals = {d: refusal_text(r) for d, r in result.refused.items()}
    for error_class, attempts in (("Refused", refusals), ("SourceFailed", result.failed)):
        if attempts:
            record_attempts(platform.warehouse, contract, attempts, error_class, run_id, started)
    return result


def _settled(report: GateReport) -> dict[dt.date, tuple[State, str]]:
    found = {d: (v.state, v.reasons[0]) for d, v in report.empty.items()}
    return found | {d: (State.UNRECOVERABLE, why) for d, why in report.unrecoverable.items()}


def _span(dates: Iterable[dt.date]) -> DateRange:
    dates = list(dates)
    return DateRange(min(dates), max(dates))


def _schedule_work(
    platform: Platform, contract: TableContract, dates: Sequence[dt.date], result: BuildResult
) -> Work:
    """The schedule speaks for itself: a date no snapshot covers fails, it is not "no games"."""
    try:
        found = schedule_rows(platform.landing, platform.loaders, contract, _span(dates))
    except SourceError as error:
        result.failed = dict.fromkeys(dates, str(error))
        return Work(contract, arrow_schema(contract).empty_table(), {})
    wanted = set(dates)
    result.failed = {d: found.why_not(d) for d in dates if not found.covers(d)}
    known = wanted - set(result.failed)
    with_games = set(found.rows["game_date"].to_pylist())
    days = {d: Day(d, DayKind.GAMES) for d in sorted(known & with_games)}
    settled = {
        d: (State.NO_GAMES, found.notes.get(d, "no games scheduled"))
        for d in sorted(known - with_games)
    }
    rows = _of_dates(found.rows, days)
    counts = dict(
        zip(*(c.to_pylist() for c in rows["game_date"].value_counts().flatten()), strict=True)
    )
    notes = {d: found.notes[d] for d in days if d in found.notes}
    return Work(contract, rows, days, settled, expected_rows=counts, notes=notes)


def _reference_work(platform: Platform, contract: TableContract, result: BuildResult) -> Work:
    """A whole table from its newest payload."""
    loader = platform.loaders[contract.endpoint] if contract.endpoint else None
    if loader is None:
        raise ValueError(f"{contract.name} has no source")
    today = platform.settings.league_today()
    try:
        fetched = fetch(platform.landing, loader, DateRange(today, today))
        rows = _reference_rows(contract, fetched)
    except SourceError as error:
        result.failed = {WHOLE_TABLE: str(error)}
        return Work(contract, arrow_schema(contract).empty_table(), {})
    days = {WHOLE_TABLE: Day(WHOLE_TABLE, DayKind.GAMES)}
    return Work(contract, rows, days, expected_rows={WHOLE_TABLE: rows.num_rows})


def _reference_rows(contract: TableContract, fetched: Fetched) -> pa.Table:
    if fetched.failed:
        raise SourceError(fetched.failed[0][1])
    if not fetched.frames or not len(fetched.frames[-1][1]):
        raise SourceError(f"{contract.path}: the source gave no rows")
    in_order = sorted(fetched.frames, key=lambda f: f[0].fetched_at)
    parts = [
        frame.assign(fetched_at=landed.fetched_at, payload_sha256=landed.sha256, order=n)
        for n, (landed, frame) in enumerate(in_order)
    ]
    frame = pd.concat(parts, ignore_index=True)
    if contract.name == "players":
        frame = frame.rename(columns={"team": "current_team"})
    # the newest payload that speaks of a key counts; a key twice in one payload is for the audit
    newest = frame.groupby(list(contract.key))["order"].transform("max")
    return to_arrow(contract, frame[frame["order"] == newest])


def _raw_work(
    platform: Platform,
    contract: TableContract,
    snapshot: Snapshot,
    report: GateReport,
    result: BuildResult,
) -> Work:
    """Rows of a box-score source; games it will never have are declared, not retried."""
    if contract.endpoint is None:
        raise ValueError(f"{contract.name} is not a raw table")
    loader = platform.loaders[contract.endpoint]
    scheduled = {d: snapshot.expected_day(contract, d) for d in report.admitted}
    reasons = {d: not_offered_reason(loader, contract, day) for d, day in scheduled.items()}
    offered = [d for d, reason in reasons.items() if not reason]
    fetched = Fetched()
    try:
        if offered:
            fetched = fetch(platform.landing, loader, _span(offered))
    except SourceError as error:
        result.failed = dict.fromkeys(offered, str(error))
    held: set[dt.date] = set(offered)
    if contract.accumulates:
        asked = [d for d in scheduled if d not in result.failed]
        held |= landed_before(platform.landing, loader, asked, fetched)
    result.failed |= fetched.failures(scheduled)
    days = {
        d: day if reasons[d] else offered_day(loader, day)
        for d, day in scheduled.items()
        if d in held and d not in result.failed
    }
    report.unrecoverable |= {
        d: reason
        for d, reason in reasons.items()
        if reason and d not in days and d not in result.failed
    }
    rows, strangers = shape(contract, fetched, days, scheduled)
    for date in _still_open(contract, rows, days):
        del days[date]
        result.not_due[date] = "nothing is posted yet"
    return Work(
        contract,
        _of_dates(rows, days),
        days,
        _settled(report),
        inputs=report.inputs,
        findings={d: {"off_schedule_teams": t} for d, t in strangers.items() if d in days},
    )


def _still_open(
    contract: TableContract, rows: pa.Table, days: Mapping[dt.date, Day]
) -> list[dt.date]:
    """Dates before their games of which nothing is posted yet: no hole, and nothing to record."""
    if contract.expects is not Expects.ANY:
        return []
    posted = set(rows["game_date"].to_pylist())
    return [d for d, day in days.items() if d not in posted and not day.is_final]


def _derived_work(
    platform: Platform, contract: TableContract, snapshot: Snapshot, report: GateReport
) -> Work:
    """One SELECT for the whole range; rows of dates that were not admitted are left out."""
    days = {d: snapshot.expected_day(contract, d) for d in report.admitted}
    rows, expected = arrow_schema(contract).empty_table(), None
    if days:
        span = _span(days)
        params = {"start_date": span.first, "end_date": span.last}
        text = load_sql(f"{contract.dataset}/{contract.name}")
        found = platform.warehouse.query(text, params)
        rows = _of_dates(found.select(contract.column_names), days).cast(arrow_schema(contract))
        if contract.conserves_source_rows:
            expected = _conserved(platform, contract, params, rows, days)
    return Work(
        contract, rows, days, _settled(report), inputs=report.inputs, expected_rows=expected
    )


def _conserved(
    platform: Platform,
    contract: TableContract,
    params: Mapping[str, object],
    rows: pa.Table,
    days: Mapping[dt.date, Day],
) -> dict[dt.date, int]:
    """Rows that each date must hold; with several sources, of the one chosen team by team."""
    counted = platform.warehouse.query(load_sql(f"expected/{contract.name}"), params).to_pylist()
    if "source" not in contract.column_names:
        by_date = {r["game_date"]: r["n"] for r in counted}
        return {d: by_date.get(d, 0) for d in days}
    held = {(r["game_date"], r["team"], r["source"]): r["n"] for r in counted}
    chosen = (
        rows.select(["game_date", "team", "source"])
        .group_by(["game_date", "team", "source"])
        .aggregate([])
    )
    expected = dict.fromkeys(days, 0)
    for r in chosen.to_pylist():
        expected[r["game_date"]] += held.get((r["game_date"], r["team"], r["source"]), 0)
    return expected


def _of_dates(rows: pa.Table, dates: Iterable[dt.date]) -> pa.Table:
    wanted = pa.array(sorted(dates), pa.date32())
    return rows.filter(pc.is_in(rows["game_date"], wanted))
