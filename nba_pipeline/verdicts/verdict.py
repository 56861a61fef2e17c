"""What is true of a (table, date) now.

Belongs here: the closed set of states and the one pure function that decides between them; gate,
checks, planner, command line and report all call it. Does not belong here: reading the facts
(``snapshot``). "Success" is not a state.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from nba_pipeline.league.calendar import Day, DayKind


class State(StrEnum):
    """The closed set of states."""

    COMPLETE = "complete"
    WAIVED = "waived"
    NO_GAMES = "no_games"
    BOOTSTRAP = "bootstrap"
    NOT_DUE = "not_due"
    LATE = "late"
    MISSING = "missing"
    PARTIAL = "partial"
    INVALID = "invalid"
    STALE = "stale"
    UNRECOVERABLE = "unrecoverable"


USABLE = frozenset({State.COMPLETE, State.WAIVED, State.NO_GAMES, State.BOOTSTRAP})
"""States that a downstream date may read."""

SETTLED = USABLE | {State.NOT_DUE, State.UNRECOVERABLE}
"""States in which there is nothing to do now. Late is none of them: a game that should be over has
no result, and somebody has to say what became of it."""

OPEN = (State.NOT_DUE, State.LATE)
"""States of a date with an open game; what is final of it may be published all the same."""

EMPTY = (State.NO_GAMES, State.BOOTSTRAP)
"""Recorded states of a date that expected no rows; they hold as long as that expectation."""

WAIVABLE = (State.PARTIAL, State.INVALID, State.STALE, State.LATE)
"""Bad states for which somebody may answer; of a late date, by saying that no game is to come."""

STORED = (State.PARTIAL, State.INVALID, State.UNRECOVERABLE)
"""Bad states that a ledger row tells of itself; the others follow from it and its surroundings."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """The part of a ledger row that a verdict needs."""

    status: str
    version: str
    row_count: int
    expected_rows: int | None
    code_version: str
    config_hash: str
    attempt: int
    is_degraded: bool = False
    failed_checks: str = ""
    note: str = ""
    run_id: str = ""
    published_at: dt.datetime | None = None
    completeness_pct: float = 0.0
    waiver_id: str = ""
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the verdict of one (table, date) depends on.

    Attributes:
        day: what the schedule says of the date.
        row: the ledger's row, None when the table was never attempted on the date.
        rows_now: rows counted in the table just now; None when they were not counted.
        is_other_content: whether the rows that are there are not those that were published.
        is_over: whether the date's games must have ended: the morning after has come.
        due_when_final: whether the table waits for results.
        is_due_early: whether a table that does not wait must be there before the games; lines
            need not be posted yet.
        is_ahead: whether the date has not begun and its rows cannot exist yet.
        code_version, config_hash: those in force now.
        stale_inputs: what was read and has changed since, in words.
        in_bootstrap: whether the table expects nothing so early in the season.
        waiver: why a bad state is accepted for now, empty when it is not.
    """

    day: Day
    row: LedgerRow | None
    rows_now: int | None = None
    is_other_content: bool = False
    is_over: bool = False
    due_when_final: bool = True
    is_due_early: bool = True
    is_ahead: bool = False
    code_version: str = ""
    config_hash: str = ""
    stale_inputs: tuple[str, ...] = ()
    in_bootstrap: bool = False
    waiver: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A state, its reasons in words, and whether the rows are degraded.

    ``is_good_so_far``: of a date with an open game, all its finished games are published and good.
    """

    state: State
    reasons: tuple[str, ...] = field(default=())
    is_degraded: bool = False
    is_good_so_far: bool = False

    @property
    def is_usable(self) -> bool:
        """Whether a downstream date may read it; of an open date what is final of it."""
        return self.state in USABLE or self.is_good_so_far

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing to do about it now."""
        return self.state in SETTLED


def judge(facts: Facts) -> Verdict:
    """The verdict: the first rule that applies, most fundamental first.

    An unknown expectation is never complete; rows that the ledger does not know are never good;
    an exception to a rule is only ever a waiver, and shows as one.
    """
    verdict = _judge(facts)
    if facts.waiver and verdict.state in WAIVABLE:
        return Verdict(State.WAIVED, (facts.waiver, *verdict.reasons), verdict.is_degraded)
    return verdict


def _judge(facts: Facts) -> Verdict:
    row, day = facts.row, facts.day
    if day.kind is DayKind.UNKNOWN:
        return Verdict(State.MISSING, (day.note,))
    mismatch = _mismatch(facts)
    if mismatch:
        return mismatch
    if day.kind is DayKind.NO_GAMES:
        return Verdict(State.NO_GAMES, (day.note,))
    if row is not None and row.status == State.UNRECOVERABLE and not row.row_count:
        return (
            Verdict(State.UNRECOVERABLE, (row.note,))
            if not facts.stale_inputs
            else Verdict(State.STALE, facts.stale_inputs)
        )
    if facts.due_when_final and not day.finished.games:
        return Verdict(_open_state(facts), (_open_games(day),))
    if facts.in_bootstrap:
        return Verdict(State.BOOTSTRAP, ("no games before to look back on",))
    if row is None and facts.is_ahead:
        return Verdict(State.NOT_DUE, ("the date has not begun",))
    if row is None and not facts.is_due_early and not day.is_final:
        return Verdict(State.NOT_DUE, ("nothing is posted yet",))
    if row is None:
        return Verdict(State.MISSING, ("never built",))
    return _of_row(facts, row)


def _of_row(facts: Facts, row: LedgerRow) -> Verdict:
    changes = _changes(facts, row)
    if row.status in STORED and not (changes and row.row_count):
        return Verdict(State(row.status), (_stored_reason(row),), row.is_degraded)
    if changes:
        return Verdict(State.STALE, changes, row.is_degraded)
    if row.status in EMPTY:
        games = ", ".join(g.game_id for g in facts.day.games[:4])
        why = f"recorded as {row.status}, but there are games: {games}"
        return Verdict(State.STALE, (why,), row.is_degraded)
    reason = (f"{row.row_count} rows",) + ((row.note,) if row.note else ())
    if facts.due_when_final and facts.day.open_games:
        so_far = (_open_games(facts.day), *reason)
        return Verdict(_open_state(facts), so_far, row.is_degraded, is_good_so_far=True)
    return Verdict(State.COMPLETE, reason, row.is_degraded)


def _open_state(facts: Facts) -> State:
    return State.LATE if facts.is_over else State.NOT_DUE


def _mismatch(facts: Facts) -> Verdict | None:
    """The table against the ledger: counts are read back, never believed."""
    row, now = facts.row, facts.rows_now
    if now is None:
        return None
    recorded = row.row_count if row else 0
    if now == recorded and now and facts.day.kind is DayKind.NO_GAMES:
        why = f"{now} rows on a date without games; nba verify says which of both is wrong"
        return Verdict(State.INVALID, (why,))
    if now == recorded:
        why = f"{now} rows as recorded, but their content changed"
        return Verdict(State.INVALID, (why,)) if facts.is_other_content else None
    state = State.PARTIAL if now < recorded else State.INVALID
    return Verdict(state, (f"ledger says {recorded} rows, table has {now}",))


def _changes(facts: Facts, row: LedgerRow) -> tuple[str, ...]:
    found = list(facts.stale_inputs)
    if row.code_version != facts.code_version:
        found.append(f"built by code {row.code_version}, now {facts.code_version}")
    if row.config_hash != facts.config_hash:
        found.append(f"thresholds changed from {row.config_hash} to {facts.config_hash}")
    return tuple(found)


def _stored_reason(row: LedgerRow) -> str:
    parts = []
    if row.expected_rows is not None:
        parts.append(f"{row.row_count} rows published, {row.expected_rows} expected")
    parts += [p for p in (row.failed_checks, row.note) if p]
    return "; ".join(parts) or row.status


def _open_games(day: Day) -> str:
    names = [g.game_id for g in day.open_games]
    return f"{len(names)} of {len(day.games)} games not final: {', '.join(names[:4])}"
