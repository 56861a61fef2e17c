"""The gate: which dates of a table may be built now, and every reason why the others may not.

Belongs here: asking the verdict of every upstream date that a date will read. Does not belong here:
deciding verdicts (``verdict``) or wording (``messages``). The gate is called inside the asset, so
that no way of launching passes it by; Dagster's blocking checks act within one run only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from nba_pipeline.contracts.registry import calendar, contracts
from nba_pipeline.contracts.spec import Requirement, TableContract, Window
from nba_pipeline.league.calendar import DayKind
from nba_pipeline.verdicts.arrays import Ints
from nba_pipeline.verdicts.ledger import Input
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.verdicts.verdict import LedgerRow, State, Verdict

_READABLE = frozenset({State.PARTIAL, State.COMPLETE, State.WAIVED})
"""States of an alternative from which the table's SQL may take single games."""

_WRONG = frozenset({State.MISSING, State.STALE, State.INVALID})
"""States in which an alternative that is read whole says nothing reliable."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One upstream date that cannot be read."""

    upstream: str
    date: dt.date
    verdict: Verdict
    row: LedgerRow | None
    need: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Every problem of one date, all at once."""

    table: str
    date: dt.date
    problems: tuple[Problem, ...]


@dataclass
class GateReport:
    """Answer of the gate for a set of dates; each date is in exactly one of the mappings.

    Attributes:
        admitted: what each date will read.
        empty: dates that hold no rows by expectation, with the state and its reason.
        refused: dates that may not be built.
        unrecoverable: dates that no source will ever have, with the reason.
        not_due: dates whose games are not all final.
    """

    admitted: dict[dt.date, list[Input]] = field(default_factory=dict)
    empty: dict[dt.date, Verdict] = field(default_factory=dict)
    refused: dict[dt.date, Refusal] = field(default_factory=dict)
    unrecoverable: dict[dt.date, str] = field(default_factory=dict)
    not_due: dict[dt.date, str] = field(default_factory=dict)
    inputs: dict[dt.date, list[Input]] = field(default_factory=dict)


def ask(snapshot: Snapshot, contract: TableContract, dates: Iterable[dt.date]) -> GateReport:
    """Judge each date on its own: one bad date never stops the others."""
    report = GateReport()
    for date in dates:
        _ask_one(snapshot, contract, date, report)
    return report


def _ask_one(
    snapshot: Snapshot, contract: TableContract, date: dt.date, report: GateReport
) -> None:
    if snapshot.is_ahead(contract, date):
        report.not_due[date] = "the date has not begun"
        return
    if contract.is_partitioned and contract.expectation.follows_schedule:
        early = _by_calendar(snapshot, contract, date, report)
        if early:
            return
    inputs: list[Input] = []
    must: list[_Judgement] = []
    harm: list[Problem] = []
    for requirement in contract.requirements:
        judgement = _judge(snapshot, requirement, date)
        inputs += judgement.inputs
        if requirement.required:
            must.append(judgement)
        else:
            harm += _damage(snapshot, requirement, date, judgement)
    problems = (*(p for j in must for p in j.problems), *harm)
    lost = [reason for j in must for reason in j.lost]
    waits = [reason for j in must for reason in j.waits]
    # a table may be a choice among others and needed beside them: it is read once
    report.inputs[date] = inputs = list(dict.fromkeys(inputs))
    if problems:
        report.refused[date] = Refusal(contract.name, date, problems)
    elif lost:
        report.unrecoverable[date] = "; ".join(dict.fromkeys(lost))
    elif waits:
        report.not_due[date] = "; ".join(dict.fromkeys(waits))
    else:
        report.admitted[date] = inputs


def _damage(
    snapshot: Snapshot, requirement: Requirement, date: dt.date, judgement: _Judgement
) -> list[Problem]:
    """An optional upstream may be missing; rows that nobody published may not be read."""
    found = []
    for i in judgement.inputs:
        column = snapshot.column(i.upstream)
        here = column.slice(i.window_start, i.window_end)
        for place in np.flatnonzero(column.is_damaged[here]) + here.start:
            when = column.span.first + dt.timedelta(int(place))
            verdict, row = snapshot.verdict(i.upstream, when), snapshot.row(i.upstream, when)
            found.append(Problem(i.upstream, when, verdict, row, "optional, but not as published"))
    return found


def _by_calendar(
    snapshot: Snapshot, contract: TableContract, date: dt.date, report: GateReport
) -> bool:
    """Dates that the calendar alone decides; True when it did."""
    day, schedule = snapshot.day(date), calendar().name
    if day.kind is DayKind.UNKNOWN:
        problem = Problem(schedule, date, snapshot.verdict(schedule, date), None, day.note)
        report.refused[date] = Refusal(contract.name, date, (problem,))
        return True
    verdict = snapshot.verdict(schedule, date)
    if not verdict.is_usable:  # what the calendar lost is no day without games
        problem = Problem(schedule, date, verdict, snapshot.row(schedule, date), "required 100%")
        report.refused[date] = Refusal(contract.name, date, (problem,))
        return True
    read = Input(schedule, date, date, snapshot.version(schedule, date, date))
    if day.kind is DayKind.NO_GAMES:
        report.empty[date] = Verdict(State.NO_GAMES, (day.note,))
        report.inputs[date] = [read]
        return True
    if contract.expectation.due_when_final and not day.finished.games:
        report.not_due[date] = snapshot.verdict(contract.name, date).reasons[0]
        return True
    if snapshot.in_bootstrap(contract, date):
        report.empty[date] = Verdict(State.BOOTSTRAP, ("no games before to look back on",))
        report.inputs[date] = [read]
        return True
    return False


@dataclass(frozen=True, slots=True)
class _Judgement:
    """What one requirement says of one date.

    Attributes:
        inputs: what would be read.
        problems: why it may not be.
        lost: why it can never be.
        waits: why there is nothing to read yet.
    """

    inputs: list[Input] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    waits: list[str] = field(default_factory=list)


def _judge(snapshot: Snapshot, requirement: Requirement, date: dt.date) -> _Judgement:
    span = requirement.span(date, snapshot.schedule.season_start(date))
    if span is None:
        return _Judgement()
    if requirement.window not in (Window.SAME_DATE, Window.WHOLE_TABLE):
        return _judge_window(snapshot, requirement, date, span)
    if requirement.reads_all:
        return _judge_all(snapshot, requirement, span[0])
    return _judge_one_date(snapshot, requirement, span[0])


def _judge_one_date(snapshot: Snapshot, requirement: Requirement, date: dt.date) -> _Judgement:
    """Alternatives in order: the first complete one is enough.

    Otherwise all are read and the choice is made per game; then none may be unknown or stale.
    """
    damaged = [u for u in requirement.upstreams if snapshot.is_damaged(u, date)]
    if damaged:  # whichever would be taken: what nobody published is no honest part of anything
        return _Judgement(problems=_problems(snapshot, requirement, date, damaged))
    inputs: list[Input] = []
    for upstream in requirement.upstreams:
        inputs.append(Input(upstream, date, date, snapshot.version(upstream, date, date)))
        if _is_enough(snapshot, requirement, upstream, date):
            return _Judgement(inputs)
    states = {u: snapshot.state(u, date) for u in requirement.upstreams}
    tainted = {u for u in states if _is_tainted(snapshot, requirement, u, date)}
    alternatives = len(states) > 1
    if (
        alternatives
        and all(s in _READABLE or s is State.UNRECOVERABLE for s in states.values())
        and any(s in _READABLE for u, s in states.items() if u not in tainted)
    ):
        return _Judgement(inputs)
    if all(s is State.UNRECOVERABLE for s in states.values()):
        return _Judgement(inputs, lost=_reasons(snapshot, states, date))
    bad = [u for u in states if u in tainted or not snapshot.is_usable(u, date)]
    return _Judgement(inputs, _problems(snapshot, requirement, date, bad))


def _judge_all(snapshot: Snapshot, requirement: Requirement, date: dt.date) -> _Judgement:
    """All alternatives are read: none may be unknown, stale or wrong, and one must have rows."""
    states = {u: snapshot.state(u, date) for u in requirement.upstreams}
    inputs = [Input(u, date, date, snapshot.version(u, date, date)) for u in requirement.upstreams]
    bad = [u for u, s in states.items() if s in _WRONG or snapshot.is_damaged(u, date)]
    bad += [u for u in states if u not in bad and _is_tainted(snapshot, requirement, u, date)]
    if bad or any(snapshot.is_usable(u, date) for u in states):
        return _Judgement(inputs, _problems(snapshot, requirement, date, bad))
    if all(s is State.UNRECOVERABLE for s in states.values()):
        return _Judgement(inputs, lost=_reasons(snapshot, states, date))
    if any(s is State.NOT_DUE for s in states.values()):
        return _Judgement(inputs, waits=_reasons(snapshot, states, date))
    return _Judgement(inputs, _problems(snapshot, requirement, date, states))


def _reasons(snapshot: Snapshot, upstreams: Iterable[str], date: dt.date) -> list[str]:
    return [f"{u}: {snapshot.verdict(u, date).reasons[0]}" for u in upstreams]


def _problems(
    snapshot: Snapshot, requirement: Requirement, date: dt.date, upstreams: Iterable[str]
) -> list[Problem]:
    need = f"required {requirement.share_needed}"
    verdicts = {u: snapshot.verdict(u, date) for u in upstreams}
    return [
        Problem(u, date, v, snapshot.row(u, date), need)
        for u, v in verdicts.items()
        if v.state is not State.UNRECOVERABLE
    ]


def _is_enough(snapshot: Snapshot, requirement: Requirement, upstream: str, date: dt.date) -> bool:
    """A degraded first choice is read, but does not end the search for a better one."""
    column = snapshot.column(upstream)
    place = column.index(date)
    takes_degraded = len(requirement.upstreams) == 1 and requirement.allow_degraded
    is_covered = column.is_usable[place] or _covers(snapshot, requirement, upstream, date)
    return bool(is_covered and (takes_degraded or not column.is_degraded[place]))


def _covers(snapshot: Snapshot, requirement: Requirement, upstream: str, date: dt.date) -> bool:
    """Whether a partial date holds the share that is required of a date read alone."""
    row = snapshot.row(upstream, date)
    if requirement.min_coverage == 1 or row is None:  # whole, but for another reason partial
        return False
    is_partial = snapshot.state(upstream, date) is State.PARTIAL
    return is_partial and row.completeness_pct >= 100 * requirement.min_coverage


def _is_tainted(snapshot: Snapshot, needed: Requirement, upstream: str, date: dt.date) -> bool:
    """Whether the rows are degraded and the requirement takes none of those."""
    column = snapshot.column(upstream)
    return not needed.allow_degraded and bool(column.is_degraded[column.index(date)])


def _judge_window(
    snapshot: Snapshot, requirement: Requirement, date: dt.date, span: tuple[dt.date, dt.date]
) -> _Judgement:
    """A trailing window: the share of due dates that are usable, each bad one named."""
    upstream = requirement.upstreams[0]
    first, last = span
    inputs = [Input(upstream, first, last, snapshot.version(upstream, first, last))]
    if requirement.judged_in_season:
        first = max(first, snapshot.schedule.season_edge(date))
    column = snapshot.column(upstream)
    here = column.slice(first, last)
    due, bad = column.windows(allow_degraded=requirement.allow_degraded)
    if not contracts()[upstream].is_partitioned or due[here.stop] == due[here.start]:
        return _Judgement(inputs)
    problems = bad[here.stop] - bad[here.start]
    covered = 1 - problems / (due[here.stop] - due[here.start])
    if covered >= requirement.min_coverage:
        return _Judgement(inputs)
    need = f"{requirement.share_needed} of {first} .. {last}"
    dates = [column.span.first + dt.timedelta(int(n)) for n in _steps(bad, here)]
    return _Judgement(
        inputs,
        [Problem(upstream, d, snapshot.verdict(upstream, d), snapshot.row(upstream, d), need)
         for d in dates],
    )  # fmt: skip


def _steps(running: Ints, here: slice) -> Ints:
    """Places of a slice at which a running number grows."""
    return np.asarray(np.flatnonzero(np.diff(running[here.start : here.stop + 1])) + here.start)
