"""Building dates of one table: gate, compute, publish. Needs no Dagster.

Belongs here: the order of the steps and what becomes of every date that was asked for.
Does not belong here: any of the steps themselves. Dates are computed in one set-based statement;
results are per date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from nba_pipeline.build.emptied import keep_rows
from nba_pipeline.build.prove import prove
from nba_pipeline.build.publish import (
    crashes_recorded,
    publish,
    record_attempts,
    record_drift,
)
from nba_pipeline.build.raw import of_dates, of_days, raw_work, settled, without_open
from nba_pipeline.build.work import DateResult, Work
from nba_pipeline.contracts.parts import Entity, Expects
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import WHOLE_TABLE, TableContract
from nba_pipeline.contracts.sql_files import load_sql
from nba_pipeline.landing.payload import DateRange, SourceError
from nba_pipeline.league.calendar import Day, DayKind
from nba_pipeline.platform import Platform
from nba_pipeline.sources.fetch import fetch
from nba_pipeline.sources.lookup import code_version, shape_whole
from nba_pipeline.sources.reading import drift
from nba_pipeline.sources.reading.drift import Drift
from nba_pipeline.sources.schedule import schedule_rows
from nba_pipeline.verdicts.gate import GateReport, Refusal, ask
from nba_pipeline.verdicts.ledger import Attempt
from nba_pipeline.verdicts.messages import refusal_text
from nba_pipeline.verdicts.snapshot import Snapshot, snapshot_of
from nba_pipeline.verdicts.verdict import State


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
    contract, warehouse = contracts()[table], platform.warehouse
    started = dt.datetime.now(dt.UTC)
    warehouse.ensure_tables()
    with drift.collecting() as told:
        with warehouse.held():
            snapshot = snapshot_of(platform, tables=[table], dates=dates)
            if prove(warehouse, snapshot, run_id):
                snapshot = snapshot_of(platform, tables=[table], dates=dates)
            is_free = contract.is_calendar or not contract.is_partitioned
            report = GateReport() if is_free else ask(snapshot, contract, dates)
            if contract.landing is None:
                work = _derived_work(platform, contract, snapshot, report)
        if contract.landing is not None:
            work = _source_work(platform, contract, dates, snapshot, report)
        work = keep_rows(platform, snapshot, work)
    attempt = Attempt(contract, code_version(contract), run_id, started, dt.datetime.now(dt.UTC))
    result = BuildResult(
        table,
        refused=report.refused,
        failed=dict(work.failed),
        not_due={**report.not_due, **work.not_due},
        drift=told,
    )
    refusals = {d: refusal_text(r) for d, r in result.refused.items()}
    with warehouse.held():
        record_drift(warehouse, told, run_id)
        if work.days or work.settled:
            with crashes_recorded(warehouse, attempt, (*work.days, *work.settled)):
                results = publish(warehouse, snapshot, work, attempt)
            result.results = results | _built_by_others(platform, contract, results)
        for error_class, attempts in (("Refused", refusals), ("SourceFailed", result.failed)):
            record_attempts(warehouse, attempt, attempts, error_class)
    return result


def _built_by_others(
    platform: Platform, contract: TableContract, results: Mapping[dt.date, DateResult]
) -> dict[dt.date, DateResult]:
    """Dates of a lost race that whoever won it has brought home: nothing is wrong with them."""
    outrun = [d for d, r in results.items() if r.is_outrun]
    if not outrun:
        return {}
    now = snapshot_of(platform, tables=[contract.name], dates=outrun)
    found = {}
    for date in outrun:
        row, verdict = now.row(contract.name, date), now.verdict(contract.name, date)
        if row is not None and verdict.is_settled:
            found[date] = replace(
                results[date],
                state=State(row.status),
                is_published=True,
                version=row.version,
                row_count=row.row_count,
                completeness_pct=row.completeness_pct,
                message=f"built meanwhile by run {row.run_id}",
                is_unchanged=True,
            )
    return found


def _source_work(
    platform: Platform,
    contract: TableContract,
    dates: Sequence[dt.date],
    snapshot: Snapshot,
    report: GateReport,
) -> Work:
    if contract.is_calendar:
        return _schedule_work(platform, contract, snapshot, dates)
    if not contract.is_partitioned:
        return _reference_work(platform, contract)
    return raw_work(platform, contract, snapshot, report)


def _span(dates: Iterable[dt.date]) -> DateRange:
    dates = list(dates)
    return DateRange(min(dates), max(dates))


def _schedule_work(
    platform: Platform, contract: TableContract, snapshot: Snapshot, dates: Sequence[dt.date]
) -> Work:
    """The schedule speaks for itself: a date no snapshot covers fails, it is not "no games"."""
    try:
        found = schedule_rows(platform.landing, platform.loaders, contract, _span(dates))
    except SourceError as error:
        return _nothing(contract, dict.fromkeys(dates, str(error)))
    wanted = set(dates)
    failed = {d: found.why_not(d) for d in dates if not found.covers(d)}
    failed |= _vanished(snapshot, found.rows, wanted - set(failed))
    known = wanted - set(failed)
    with_games = set(found.rows["game_date"].to_pylist())
    days = {d: Day(d, DayKind.GAMES) for d in sorted(known & with_games)}
    settled = {
        d: (State.NO_GAMES, found.notes.get(d, "no games scheduled"))
        for d in sorted(known - with_games)
    }
    rows = of_dates(found.rows, days)
    counts = dict(
        zip(*(c.to_pylist() for c in rows["game_date"].value_counts().flatten()), strict=True)
    )
    notes = {d: found.notes[d] for d in days if d in found.notes}
    return Work(contract, rows, days, settled, expected_rows=counts, notes=notes, failed=failed)


def _vanished(snapshot: Snapshot, rows: pa.Table, dates: Iterable[dt.date]) -> dict[dt.date, str]:
    """Dates of which the schedule no longer has a game that was played, on no other date either.

    A game to come may move or be dropped; one with a result was played, and rows rest on it.
    """
    offered = {*rows[Entity.GAME].to_pylist(), *rows["nba_game_id"].to_pylist()} - {None}
    found = {}
    for date in dates:
        played = snapshot.day(date).finished.games
        gone = [g.game_id for g in played if not {g.game_id, g.nba_game_id} & offered]
        if gone:
            found[date] = (
                f"the schedule no longer has {len(gone)} games that were played: "
                f"{', '.join(gone[:4])}; the published schedule of the date stays"
            )
    return found


def _nothing(contract: TableContract, failed: Mapping[dt.date, str]) -> Work:
    return Work(contract, arrow_schema(contract).empty_table(), {}, failed=failed)


def _reference_work(platform: Platform, contract: TableContract) -> Work:
    """A whole table from the payloads it is made of."""
    loader = platform.loaders[contract.endpoint] if contract.endpoint else None
    if loader is None:
        raise ValueError(f"{contract.name} has no source")
    today = platform.settings.league_today()
    try:
        fetched = fetch(platform.landing, loader, DateRange(today, today))
        rows = shape_whole(contract, fetched)
    except SourceError as error:
        return _nothing(contract, {WHOLE_TABLE: str(error)})
    days = {WHOLE_TABLE: Day(WHOLE_TABLE, DayKind.GAMES)}
    return Work(contract, rows, days, expected_rows={WHOLE_TABLE: rows.num_rows})


def _derived_work(
    platform: Platform,
    contract: TableContract,
    snapshot: Snapshot,
    report: GateReport,
) -> Work:
    """One SELECT for the whole range; rows of dates that were not admitted are left out."""
    days = {d: snapshot.expected_day(contract, d) for d in report.admitted}
    rows, expected = arrow_schema(contract).empty_table(), None
    lost, not_due = dict[dt.date, str](), dict[dt.date, str]()
    if days:
        span = _span(days)
        params = contract.sql_parameters(span.first, span.last)
        text = load_sql(contract.sql_path)
        found = platform.warehouse.query(text, params)
        rows = found.select(contract.column_names).cast(arrow_schema(contract))
        rows = of_days(contract, rows, days)
        days, not_due = without_open(contract, rows, days)
        if contract.expectation.conserves_source_rows:
            expected = _conserved(platform, contract, params, rows, days)
        if contract.expectation.entities is Expects.ANY and expected:
            unusable = [d for d, n in expected.items() if not n]
            lost = {d: _unusable(snapshot, contract, d) for d in unusable}
            days = {d: day for d, day in days.items() if d not in lost}
            expected = {d: n for d, n in expected.items() if n}
    empty, held_back = settled(snapshot, contract, report, lost)
    return Work(
        contract,
        of_dates(rows, days),
        days,
        empty,
        inputs=report.inputs,
        expected_rows=expected,
        failed=held_back,
        not_due=not_due,
    )


def _unusable(snapshot: Snapshot, contract: TableContract, date: dt.date) -> str:
    """Why a table that takes rows of its sources has none of a date, with what is known of them."""
    sources = [name for needed in contract.requirements for name in needed.upstreams
               if contracts()[name].expectation.entities is Expects.ANY]  # fmt: skip
    held = {name: snapshot.row(name, date) for name in sources}
    notes = [f"{name}: {row.note}" for name, row in held.items() if row is not None and row.note]
    return ": ".join(["no row of the sources can be used", *filter(None, ["; ".join(notes)])])


def _conserved(
    platform: Platform,
    contract: TableContract,
    params: Mapping[str, object],
    rows: pa.Table,
    days: Mapping[dt.date, Day],
) -> dict[dt.date, int]:
    """Rows that each date must hold; with several sources, of the one chosen side by side."""
    counted = platform.warehouse.query(
        load_sql(f"expected/{contract.statement.file or contract.name}"), params
    ).to_pylist()
    if contract.side is None:
        by_date = {r["game_date"]: r["n"] for r in counted}
        return {d: by_date.get(d, 0) for d in days}
    key = ["game_date", contract.side, "source"]
    held = {tuple(r[k] for k in key): r["n"] for r in counted}
    expected = dict.fromkeys(days, 0)
    for r in rows.select(key).group_by(key).aggregate([]).to_pylist():
        expected[r["game_date"]] += held.get(tuple(r[k] for k in key), 0)
    return expected
