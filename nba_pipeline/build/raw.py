"""Rows of a raw table for the dates that the gate admits.

Belongs here: asking the source for what it offers, taking what was landed before, and telling
failed, unrecoverable and open dates apart. Does not belong here: making rows of frames
(``sources``) or publishing them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from nba_pipeline.build.work import Work
from nba_pipeline.contracts.parts import Entity, Expects
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.landing.payload import DateRange, SourceError
from nba_pipeline.league.calendar import Day
from nba_pipeline.platform import Platform
from nba_pipeline.sources.fetch import fetch, landed_before
from nba_pipeline.sources.loader import (
    KeepingLoader,
    Loader,
    RemarkingLoader,
    not_offered_reason,
    offered_day,
)
from nba_pipeline.sources.lookup import shape
from nba_pipeline.sources.rows.frames import Fetched
from nba_pipeline.sources.rows.schedule_join import OFF_SCHEDULE
from nba_pipeline.verdicts.gate import GateReport
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.verdicts.verdict import State


def raw_work(
    platform: Platform, contract: TableContract, snapshot: Snapshot, report: GateReport
) -> Work:
    """Rows of a source; games it will never have are declared, not retried."""
    landing = contract.landing
    if landing is None:
        raise ValueError(f"{contract.name} is not a raw table")
    loader = platform.loaders[landing.endpoint]
    scheduled = {d: snapshot.scheduled_day(contract, d) for d in report.admitted}
    due = {d: snapshot.expected_day(contract, d) for d in report.admitted}
    reasons = {d: not_offered_reason(loader, contract, day) for d, day in due.items()}
    offered = [d for d, reason in reasons.items() if not reason]
    fetched, failed = Fetched(), dict[dt.date, str]()
    try:
        if offered:
            asked = DateRange(min(offered), max(offered))
            needed = DateRange(min(scheduled), max(scheduled))
            fetched = fetch(platform.landing, loader, asked, needed)
    except SourceError as error:
        failed |= dict.fromkeys(offered, str(error))
    held: set[dt.date] = set(offered)
    if landing.accumulates:
        left = [d for d in scheduled if d not in failed]
        held |= landed_before(platform.landing, loader, left, fetched)
    failed |= fetched.failures(scheduled)
    days = {
        d: day if reasons[d] else offered_day(loader, day)
        for d, day in due.items()
        if d in held and d not in failed
    }
    rows, strangers = shape(contract, fetched, days, scheduled)
    if contract.expectation.entities is not Expects.NOTHING:
        # a file of another date that only mentions a day is no sight of it
        posted = set(rows["game_date"].to_pylist())
        days = {d: day for d, day in days.items() if not reasons[d] or d in posted}
    lost = {d: reason for d, reason in reasons.items()
            if reason and d not in days and d not in failed}  # fmt: skip
    days, not_due = without_open(contract, rows, days)
    if contract.expectation.entities is Expects.ANY:
        # somebody may still look at what was left out; rows that were there are no matter of words
        told = set(rows["game_date"].to_pylist()) | set(strangers)
        nothing = [d for d in days if d not in told and not _had_rows(snapshot, contract, d)]
        lost |= _nothing_in(loader, nothing)
        days = {d: day for d, day in days.items() if d not in lost}
    strangers = {d: names for d, names in strangers.items() if d in days}
    empty, held_back = settled(snapshot, contract, report, lost)
    left_out, wrong = (strangers, {}) if landing.may_be_off_schedule else ({}, strangers)
    return Work(
        contract,
        of_days(contract, rows, days),
        days,
        empty,
        inputs=report.inputs,
        notes={
            d: _note(due[d], day, left_out.get(d, []), _remark(loader, d))
            for d, day in days.items()
        },
        findings={d: {OFF_SCHEDULE: names} for d, names in wrong.items()},
        failed=failed | held_back,
        not_due=not_due,
    )


def _had_rows(snapshot: Snapshot, contract: TableContract, date: dt.date) -> bool:
    row = snapshot.row(contract.name, date)
    return row is not None and bool(row.row_count)


def _nothing_in(loader: Loader, dates: Sequence[dt.date]) -> dict[dt.date, str]:
    """Dates that a source which holds what it holds has nothing of; any other may bring it yet."""
    return {d: loader.nothing_on(d) for d in dates} if isinstance(loader, KeepingLoader) else {}


def _remark(loader: Loader, date: dt.date) -> str:
    return loader.remark_on(date) if isinstance(loader, RemarkingLoader) else ""


def _note(due: Day, offered: Day, left_out: Sequence[str], remark: str) -> str:
    """What is to be remembered with a date: games that the source never had, lines left out."""
    lacking = len(due.games) - len(offered.games)
    parts = [f"{lacking} of {len(due.games)} games are not in the source"] if lacking else []
    parts += [f"left out: {', '.join(left_out)}"] if left_out else []
    parts += [remark] if remark else []
    return "; ".join(parts)


def without_open(
    contract: TableContract, rows: pa.Table, days: Mapping[dt.date, Day]
) -> tuple[dict[dt.date, Day], dict[dt.date, str]]:
    """Dates with what is posted, and those before their games of which nothing is: no hole."""
    if contract.expectation.entities is not Expects.ANY:
        return dict(days), {}
    posted = set(rows["game_date"].to_pylist())
    is_open = {d for d, day in days.items() if d not in posted and not day.is_final}
    kept = {d: day for d, day in days.items() if d not in is_open}
    return kept, dict.fromkeys(sorted(is_open), "nothing is posted yet")


def settled(
    snapshot: Snapshot, contract: TableContract, report: GateReport, lost: Mapping[dt.date, str]
) -> tuple[dict[dt.date, tuple[State, str]], dict[dt.date, str]]:
    """Dates that hold no rows by expectation or that no source will ever have; and failures.

    What was published is not given up because no source has it any more: such a date fails, and
    its rows stay.
    """
    found = {d: (v.state, v.reasons[0]) for d, v in report.empty.items()}
    failed = {}
    for date, why in {**report.unrecoverable, **lost}.items():
        if held := snapshot.rows_now(contract.name, date):
            failed[date] = f"{why}; its {held} published rows stay"
        else:
            found[date] = (State.UNRECOVERABLE, why)
    return found, failed


def of_dates(rows: pa.Table, dates: Iterable[dt.date]) -> pa.Table:
    """Rows of the dates."""
    wanted = pa.array(sorted(dates), pa.date32())
    return rows.filter(pc.is_in(rows["game_date"], wanted))


def of_days(contract: TableContract, rows: pa.Table, days: Mapping[dt.date, Day]) -> pa.Table:
    """Rows of the dates and, in a table that waits for results, of their finished games only.

    A running game's rows are in some files; they are nobody's result.
    """
    found = of_dates(rows, days)
    if not contract.expectation.due_when_final or Entity.GAME not in contract.entities:
        return found
    games = pa.array([g.game_id for day in days.values() for g in day.games], pa.string())
    return found.filter(pc.is_in(found[Entity.GAME], games))
