"""Errands: what of the plan can be brought home now, without anybody asking for it.

Belongs here: taking from a plan what is not due, what was tried often enough, and what the gate
would refuse. Does not belong here: the plan (``reports.plan``), the policies (``verdicts.budget``),
launching (``automation``, ``cli.refresh``). It asks the ledger, never Dagster's event log.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.sql_files import load_sql
from nba_pipeline.league.calendar import EASTERN, FORWARD_DAYS, NIGHT_ENDS
from nba_pipeline.league.clock import Night
from nba_pipeline.platform import Platform
from nba_pipeline.reports.plan import plan_tables
from nba_pipeline.reports.timetable import nights, timing_of
from nba_pipeline.verdicts.budget import Tried, why_not
from nba_pipeline.verdicts.gate import ask
from nba_pipeline.verdicts.planner import Step
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.verdicts.verdict import State

NEWS_EVERY = dt.timedelta(minutes=30)
"""How often lines and reports of a day are asked for before its games: reports come by the hour."""

FRESH_DAYS = 7
"""Days for which a bad date is tried again by itself: the league corrects box scores within three
and rarely after a week. What is older stays bad until its file, its code or a person changes."""

_NEWS = frozenset({"news may be in", "results may be in"})
_AS_OLD = frozenset({str(State.PARTIAL), str(State.INVALID)})


@dataclass(frozen=True)
class Clock:
    """What a choice depends on beside the verdicts.

    Attributes:
        now: the league's moment, which may be replayed; what is due is judged by it. UTC.
        wall: the moment by which attempts are stamped; UTC.
        nights: moments of the dates that may not be due yet; every other date is over.
        failed: attempts of this due window that failed, by table and date, the oldest first.
        asked_at: when a table's date was tried last in this due window.
    """

    now: dt.datetime
    wall: dt.datetime
    today: dt.date
    nights: Mapping[dt.date, Night]
    failed: Mapping[tuple[str, dt.date], Sequence[Tried]]
    asked_at: Mapping[tuple[str, dt.date], dt.datetime]

    def why_wait(self, table: str, date: dt.date) -> str:
        """Why the date is left alone for now; empty when it may be tried."""
        timing, night = timing_of(contracts()[table]), self.nights.get(date)
        if timing is not None and night is not None and self.now < timing.due.of(night):
            return f"due {timing.due}"
        return why_not(self.failed.get((table, date), ()), self.wall)

    def is_old_news(self, table: str, date: dt.date) -> bool:
        """Whether it was just asked whether there is news of the date."""
        at = self.asked_at.get((table, date))
        return at is not None and self.wall < at + NEWS_EVERY


@dataclass(frozen=True)
class Agenda:
    """What can be brought home now, and what has to wait.

    Attributes:
        steps: tables with their dates, in building order.
        waiting: dates left alone, with how many for each reason, by table.
    """

    steps: tuple[Step, ...]
    waiting: Mapping[str, Counter[str]] = field(default_factory=dict)

    @property
    def dates(self) -> list[dt.date]:
        """Every date of a step, sorted."""
        dated = (s for s in self.steps if contracts()[s.table].is_partitioned)
        return sorted({d for s in dated for d in s.dates})

    @property
    def tables(self) -> list[str]:
        """Tables with something to do, in building order."""
        return [s.table for s in self.steps if s.dates]

    @property
    def key(self) -> str:
        """Digest of what is to be done and why: the same errand is never run twice for nothing."""
        text = ";".join(f"{s.table}:{','.join(map(str, s.dates))}" for s in self.steps if s.dates)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def choose(snapshot: Snapshot, steps: Sequence[Step], clock: Clock) -> Agenda:
    """The part of a plan that may be tried now.

    A date that the gate would refuse is left out, unless what it waits for is brought home in the
    same errand; the gate is asked again before each table all the same.
    """
    taken: dict[str, set[dt.date]] = {}
    kept, waiting = [], dict[str, Counter[str]]()
    for step in steps:
        reasons = _reasons_to_wait(snapshot, step, clock, taken)
        dates = tuple(d for d in step.dates if d not in reasons)
        taken[step.table] = set(dates)
        if reasons:
            waiting[step.table] = Counter(reasons.values())
        kept.append(replace(step, dates=dates, skipped=step.skipped + len(reasons)))
    return Agenda(tuple(kept), waiting)


def _reasons_to_wait(
    snapshot: Snapshot, step: Step, clock: Clock, taken: Mapping[str, Collection[dt.date]]
) -> dict[dt.date, str]:
    contract = contracts()[step.table]
    reasons = {d: why for d in step.dates if (why := clock.why_wait(step.table, d))}
    for date in step.dates:
        said = step.by_date.get(date, "")
        if said in _NEWS and clock.is_old_news(step.table, date):
            reasons.setdefault(date, "asked a moment ago")
        is_over = contract.is_partitioned and (clock.today - date).days > FRESH_DAYS
        if said in _AS_OLD and is_over:
            reasons.setdefault(date, f"still {said} after {FRESH_DAYS} days")
    left = [d for d in step.dates if d not in reasons]
    if contract.is_calendar or not contract.is_partitioned:
        return reasons
    for date, refusal in ask(snapshot, contract, left).refused.items():
        open_problems = [p for p in refusal.problems if p.date not in taken.get(p.upstream, ())]
        if open_problems:
            reasons[date] = f"the gate refuses: {open_problems[0].upstream}"
    return reasons


def clock_of(platform: Platform) -> Clock:
    """Now, with tip-offs and attempts of the warehouse."""
    today = platform.settings.league_today()
    recent = [today + dt.timedelta(n) for n in range(-1, FORWARD_DAYS + 1)]
    wall = dt.datetime.now(dt.UTC)
    since = window_start(wall)
    found = platform.warehouse.query(load_sql("ops/recent_attempts"), {"since": since}).to_pylist()
    failed: dict[tuple[str, dt.date], list[Tried]] = {}
    asked = {}
    for row in found:
        place = (row["processor"], row["target_date"])
        asked[place] = row["completed_at"]
        if row["error_class"]:
            failed.setdefault(place, []).append(Tried(row["error_class"], row["completed_at"]))
        else:
            failed.pop(place, None)
    return Clock(
        platform.settings.now(), wall, today, nights(platform.warehouse, recent), failed, asked
    )


def window_start(now: dt.datetime) -> dt.datetime:
    """When the due window began in which ``now`` is: the last end of a league night; UTC."""
    local = now.astimezone(EASTERN)
    date = (local - NIGHT_ENDS).date()
    ended = dt.datetime.combine(date, (dt.datetime.min + NIGHT_ENDS).time(), EASTERN)
    return ended.astimezone(dt.UTC)


def agenda(platform: Platform, snapshot: Snapshot, clock: Clock) -> Agenda:
    """What of all tables, from the first date of this home to tomorrow, can be brought home now."""
    first, last = platform.settings.first_date, clock.today + dt.timedelta(FORWARD_DAYS)
    dates = [first + dt.timedelta(n) for n in range((last - first).days + 1)]
    steps = plan_tables(snapshot, platform.loaders, list(contracts()), dates)
    return choose(snapshot, steps, clock)
