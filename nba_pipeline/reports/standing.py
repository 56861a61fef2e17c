"""Where every date stands that a home is to hold, looked at or not.

Belongs here: which dates count, what is bad, lost or was never looked at. Does not belong here:
verdicts (``verdicts``), printing. Silence is not settled: a date that nobody looked at is missing.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from nba_pipeline.contracts.registry import calendar, contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.league.calendar import season_year_on
from nba_pipeline.league.seasons import SeasonGames
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.verdicts.verdict import SETTLED, State

OFF_SEASON_DAYS = 30
"""Days without a game after which the season is said to be over: no break within one, the All-Star
one included, is half as long; a summer is four times that."""


@dataclass(frozen=True)
class Standing:
    """Dates of all tables with their states.

    Attributes:
        dates: every date that counts.
        states: by table and date; a table without dates has one of its own.
        never: dates that nobody looked at.
        last_game: newest date with a game that the schedule knows, of those that count.
        unproven: (table, date)s whose rows no checksum of this engine vouches for.
        short: seasons with another number of games than the league plays.
    """

    dates: tuple[dt.date, ...]
    states: Mapping[str, Mapping[dt.date, State]]
    never: tuple[dt.date, ...]
    last_game: dt.date | None
    unproven: int = 0
    short: tuple[SeasonGames, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether nothing is open: every date settled and proven, every season whole."""
        return not (self.bad or self.unproven or self.short)

    @cached_property
    def bad(self) -> list[tuple[dt.date, str]]:
        """Dates that are not settled, those that nobody looked at among them."""
        return [
            (date, table)
            for table, by_date in self.states.items()
            for date, state in by_date.items()
            if state not in SETTLED
        ]

    @cached_property
    def seen_bad(self) -> list[tuple[dt.date, str]]:
        """Dates that somebody looked at and that are not settled."""
        never = set(self.never)
        return [(date, table) for date, table in self.bad if date not in never]

    @property
    def newest(self) -> dt.date | None:
        """Newest date that was looked at."""
        never = set(self.never)
        return max((d for d in self.dates if d not in never), default=None)

    @cached_property
    def counts(self) -> Counter[State]:
        """(table, date)s by state."""
        return Counter(s for by_date in self.states.values() for s in by_date.values())

    @property
    def headlines(self) -> list[str]:
        """What has to be known first, in words."""
        found = []
        if self.never:
            newest = f"newest date {self.newest}" if self.newest else "nothing was built yet"
            span = f"{self.never[0]} .. {self.never[-1]}" if len(self.never) > 1 else self.never[0]
            found.append(f"{newest}, {len(self.never)} days never looked at: {span}")
        elif self.last_game and (self.dates[-1] - self.last_game).days >= OFF_SEASON_DAYS:
            found.append(f"off-season: the last game was on {self.last_game}")
        if self.counts[State.LATE]:
            found.append(f"{self.counts[State.LATE]} dates of tables wait for a game that is late")
        if lost := self.counts[State.UNRECOVERABLE]:
            found.append(lost_line(lost))
        if self.unproven:
            found.append(
                f"{self.unproven} dates of tables are unproven: no checksum of this engine "
                "vouches for their rows: nba verify"
            )
        return [*found, *(season.text for season in self.short)]


def lost_line(lost: int) -> str:
    """How much no source has, in words."""
    return f"{lost} dates of tables are lost: no source has them"


def due_dates(
    snapshot: Snapshot, first_date: dt.date, first: dt.date | None, last: dt.date | None
) -> list[dt.date]:
    """Every date from ``first_date`` to the league's yesterday, looked at or not.

    Later ones too, as far as they were looked at; ``first`` and ``last`` narrow it.
    """
    yesterday = snapshot.today - dt.timedelta(1)
    recorded = snapshot.rows(calendar().name)
    start, end = first or first_date, last or max([yesterday, *recorded])
    dates = [start + dt.timedelta(n) for n in range((end - start).days + 1)]
    return [d for d in dates if d <= yesterday or d in recorded]


def standing(
    snapshot: Snapshot, dates: list[dt.date], seasons: Iterable[SeasonGames] = ()
) -> Standing:
    """The states of all tables on the dates, and what is wrong with the seasons of these dates."""
    asked = {season_year_on(d) for d in dates}
    recorded = snapshot.rows(calendar().name)
    return Standing(
        tuple(dates),
        {
            name: snapshot.states(name, dates if c.is_partitioned else [WHOLE_TABLE])
            for name, c in contracts().items()
        },
        tuple(d for d in dates if d not in recorded),
        max((d for d in dates if snapshot.day(d).games), default=None),
        sum(len(snapshot.board.unproven(name)) for name in contracts()),
        tuple(season for season in seasons if season.year in asked and season.wrong),
    )
