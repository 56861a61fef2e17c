"""Rows of a raw table for the dates that the gate admits.

Belongs here: asking the source for what it offers, taking what was landed before, and telling
failed, unrecoverable and open dates apart. Does not belong here: making rows of frames
(``sources``) or publishing them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from nba_pipeline.build.work import Work
from nba_pipeline.contracts.parts import Expects
from nba_pipeline.contracts.spec import Grain, TableContract
from nba_pipeline.landing.payload import DateRange, SourceError
from nba_pipeline.league.calendar import Day
from nba_pipeline.platform import Platform
from nba_pipeline.sources.feeds import shape
from nba_pipeline.sources.rows.boxscores import (
    Fetched,
    fetch,
    landed_before,
    not_offered_reason,
    offered_day,
)
from nba_pipeline.verdicts.gate import GateReport
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.verdicts.verdict import State

_QUOTES = (Grain.LINE, Grain.GAME_LINE)


def raw_work(
    platform: Platform,
    contract: TableContract,
    snapshot: Snapshot,
    report: GateReport,
    failed: dict[dt.date, str],
) -> Work:
    """Rows of a box-score source; games it will never have are declared, not retried."""
    landing = contract.landing
    if landing is None:
        raise ValueError(f"{contract.name} is not a raw table")
    loader = platform.loaders[landing.endpoint]
    scheduled = {d: snapshot.expected_day(contract, d) for d in report.admitted}
    reasons = {d: not_offered_reason(loader, contract, day) for d, day in scheduled.items()}
    offered = [d for d, reason in reasons.items() if not reason]
    fetched = Fetched()
    try:
        if offered:
            fetched = fetch(platform.landing, loader, DateRange(min(offered), max(offered)))
    except SourceError as error:
        failed |= dict.fromkeys(offered, str(error))
    held: set[dt.date] = set(offered)
    if landing.accumulates:
        asked = [d for d in scheduled if d not in failed]
        held |= landed_before(platform.landing, loader, asked, fetched)
    failed |= fetched.failures(scheduled)
    days = {
        d: day if reasons[d] else offered_day(loader, day)
        for d, day in scheduled.items()
        if d in held and d not in failed
    }
    rows, strangers = shape(contract, fetched, days, scheduled)
    if contract.expectation.entities is not Expects.NOTHING:
        # a file of another date that only mentions a day is no sight of it
        posted = set(rows["game_date"].to_pylist())
        days = {d: day for d, day in days.items() if not reasons[d] or d in posted}
    report.unrecoverable |= {
        d: reason for d, reason in reasons.items() if reason and d not in days and d not in failed
    }
    leave_open(contract, rows, days, report)
    strangers = {d: names for d, names in strangers.items() if d in days}
    # lines of a game that was put off later were rightly posted; a box score or an injury report
    # of a team that does not play has lost the one that does
    left_out, wrong = (strangers, {}) if contract.grain in _QUOTES else ({}, strangers)
    return Work(
        contract,
        of_dates(rows, days),
        days,
        settled(report),
        inputs=report.inputs,
        notes={d: _note(scheduled[d], day, left_out.get(d, [])) for d, day in days.items()},
        findings={d: {"off_schedule_teams": names} for d, names in wrong.items()},
    )


def _note(scheduled: Day, offered: Day, left_out: Sequence[str]) -> str:
    """What is to be remembered with a date: games that the source never had, lines left out."""
    lacking = len(scheduled.games) - len(offered.games)
    parts = [f"{lacking} of {len(scheduled.games)} games are not in the source"] if lacking else []
    parts += [f"left out: {', '.join(left_out)}"] if left_out else []
    return "; ".join(parts)


def leave_open(
    contract: TableContract, rows: pa.Table, days: dict[dt.date, Day], report: GateReport
) -> None:
    """Take out dates before their games of which nothing is posted yet: no hole, no record."""
    if contract.expectation.entities is Expects.ANY:
        posted = set(rows["game_date"].to_pylist())
        for date in [d for d, day in days.items() if d not in posted and not day.is_final]:
            del days[date]
            report.not_due[date] = "nothing is posted yet"


def settled(report: GateReport) -> dict[dt.date, tuple[State, str]]:
    """Dates that hold no rows by expectation, or that no source will ever have."""
    found = {d: (v.state, v.reasons[0]) for d, v in report.empty.items()}
    return found | {d: (State.UNRECOVERABLE, why) for d, why in report.unrecoverable.items()}


def of_dates(rows: pa.Table, dates: Iterable[dt.date]) -> pa.Table:
    """Rows of the dates."""
    wanted = pa.array(sorted(dates), pa.date32())
    return rows.filter(pc.is_in(rows["game_date"], wanted))
