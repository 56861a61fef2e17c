"""Dates that would lose their published rows because the calendar says that nothing is due.

Belongs here: asking the calendar's source whether it is so. Does not belong here: what is due
(``verdicts``). A calendar that has rows of a date is proven by their content; one without any has
only its ledger row, which somebody may have written by hand.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from nba_pipeline.build.work import Work
from nba_pipeline.contracts.registry import calendar
from nba_pipeline.landing.payload import DateRange, SourceError
from nba_pipeline.league.calendar import GAME_COLUMNS, SeasonType
from nba_pipeline.platform import Platform
from nba_pipeline.sources.schedule import schedule_rows
from nba_pipeline.verdicts.messages import backfill_command
from nba_pipeline.verdicts.schedule import Schedule
from nba_pipeline.verdicts.scope import Span
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.verdicts.verdict import EMPTY, State


def keep_rows(platform: Platform, snapshot: Snapshot, work: Work) -> Work:
    """The work without the dates that would be emptied and are not proven to be due no rows.

    Those fail, and their rows stay.
    """
    contract, doubts = work.contract, dict[dt.date, str]()
    if contract.is_calendar:
        return work
    for date, (state, _) in work.settled.items():
        held = snapshot.rows_now(contract.name, date)
        if held and state in EMPTY and (doubt := _doubt(platform, snapshot, work, date, state)):
            command = backfill_command([calendar().name], [date])
            doubts[date] = f"{doubt}; its {held} published rows stay: {command} --again"
    settled = {d: told for d, told in work.settled.items() if d not in doubts}
    return replace(work, settled=settled, failed={**work.failed, **doubts})


def _doubt(platform: Platform, snapshot: Snapshot, work: Work, date: dt.date, state: State) -> str:
    """Why it is not proven that the date holds no rows; empty when it is."""
    if state is State.NO_GAMES and snapshot.rows_now(calendar().name, date):
        return ""
    expectation, name = work.contract.expectation, calendar().name
    early = max(expectation.bootstrap_days, expectation.history_days)
    first = date - dt.timedelta(early if state is State.BOOTSTRAP else 0)
    span = DateRange(first, date)
    try:
        found = schedule_rows(platform.landing, platform.loaders, calendar(), span)
    except SourceError as error:
        return f"{name} has no game on it, and its source cannot be asked: {error}"
    if not found.covers(date):
        return f"{name} has no game on it, and {found.why_not(date)}"
    dates = [first + dt.timedelta(n) for n in range((date - first).days + 1)]
    given = Schedule(
        Span(first, date), found.rows.select(list(GAME_COLUMNS)), {}, dict.fromkeys(dates, True), {}
    )
    if state is State.NO_GAMES:
        on_it = given.day(date).games
        return f"{name} has no game on it, its source has {len(on_it)}" if on_it else ""
    start = snapshot.schedule.season_start(date)
    games = [g for d in dates if d < start for g in given.day(d).games
             if g.season_type is SeasonType.REGULAR]  # fmt: skip
    return f"{name} has no game before {start}, its source has {len(games)}" if games else ""
