"""What the schedule says of many dates at once: days, games, seasons.

Belongs here: the calendar as arrays over a span of dates, and single days as ``league.calendar``
has them. Does not belong here: reading the warehouse (``snapshot``), or what a table makes of a
day (``board``).
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from nba_pipeline.league.calendar import (
    FIRST_GAME_DATE,
    RESULT,
    Day,
    DayKind,
    Game,
    GameStatus,
    SeasonType,
    day_of,
)
from nba_pipeline.verdicts.scope import Span

Flags = npt.NDArray[np.bool_]

_COUNTING = [str(t) for t in SeasonType if t.counts]
_OFF = [str(GameStatus.POSTPONED), str(GameStatus.CANCELLED)]
UNIX = dt.date(1970, 1, 1)


class Schedule:
    """The published schedule over a span.

    Args:
        span: dates that are known.
        games: rows of ``sql/ops/scheduled_games``.
        starts: first regular game date by season, over the whole schedule.
        covered: dates that have a ledger row of the schedule, and whether it is good.
        notes: what the schedule remembers of a date.
    """

    def __init__(
        self,
        span: Span,
        games: pa.Table,
        starts: Mapping[int, dt.date],
        covered: Mapping[dt.date, bool],
        notes: Mapping[dt.date, str],
    ) -> None:
        self.span = span
        self.season_starts = dict(starts)
        self._rows, self._covered, self._notes = games, covered, notes
        self._days: dict[dt.date, Day] = {}
        self._starts = sorted(self.season_starts.values())

    @cached_property
    def games(self) -> dict[dt.date, list[Game]]:
        """Scheduled games by date, those that do not count too."""
        found: dict[dt.date, list[Game]] = {}
        columns = self._rows.to_pydict()
        for gid, date, year, kind, home, away, status, *rest in zip(*columns.values(), strict=True):
            game = Game(gid, date, year, SeasonType(kind), home, away, GameStatus(status), *rest)
            found.setdefault(date, []).append(game)
        return found

    def day(self, date: dt.date) -> Day:
        """What the schedule says of the date; only a published schedule speaks.

        Raises:
            KeyError: the date was not read.
        """
        found = self._days.get(date)
        if found is None:
            if not self.span.first <= date <= self.span.last:
                raise KeyError(f"the schedule of {date} was not read, only {self.span}")
            games = self.games.get(date, []) if date in self._covered else []
            is_covered = self._covered.get(date, False)
            found = day_of(date, games, covered=is_covered, note=self._notes.get(date, ""))
            self._days[date] = found
        return found

    def season_start(self, date: dt.date) -> dt.date:
        """First game date of the season in progress on the date (the date itself when unknown)."""
        before = bisect_right(self._starts, date)
        return self._starts[before - 1] if before else date

    def season_edge(self, date: dt.date) -> dt.date:
        """Day before the first known game of the season in progress.

        It must be known to be without games: a schedule that begins with the first known game may
        lack those before it.
        """
        return max(self.season_start(date) - dt.timedelta(1), FIRST_GAME_DATE)

    def has_no_past(self, season_start: dt.date) -> bool:
        """Whether a season is known to be the first: none before it, and none of it missing."""
        if not self._starts or season_start != self._starts[0]:
            return False
        edge = self.season_edge(season_start)
        return edge == season_start or self.day(edge).kind is not DayKind.UNKNOWN

    # the same over all dates of the span

    @cached_property
    def _counted(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Games that count, and those of them without a result, by date."""
        rows = self._rows
        at = _offsets(rows["game_date"], self.span)
        is_known = np.isin(at, np.flatnonzero(self._is_covered(any_row=True)))
        counts = np.isin(_texts(rows["season_type"]), _COUNTING)
        kept = is_known & counts & ~np.isin(_texts(rows["game_status"]), _OFF)
        has_result = _texts(rows["game_status"]) == str(GameStatus.FINAL)
        for name in RESULT:
            has_result &= rows[name].is_valid().to_numpy(zero_copy_only=False)
        size = self.span.days
        return (
            np.bincount(at[kept], minlength=size)[:size],
            np.bincount(at[kept & ~has_result], minlength=size)[:size],
        )

    def _is_covered(self, *, any_row: bool) -> Flags:
        found = np.zeros(self.span.days, np.bool_)
        for date, is_good in self._covered.items():
            if (is_good or any_row) and self.span.first <= date <= self.span.last:
                found[(date - self.span.first).days] = True
        return found

    @cached_property
    def has_games(self) -> Flags:
        """Dates with games that count."""
        return np.asarray(self._counted[0] > 0)

    @cached_property
    def is_unknown(self) -> Flags:
        """Dates of which no published schedule speaks."""
        return np.asarray(~self.has_games & ~self._is_covered(any_row=False))

    @cached_property
    def is_final(self) -> Flags:
        """Dates on which every game has a result; true of a known date without games."""
        return np.asarray((self._counted[1] == 0) & ~self.is_unknown)

    @cached_property
    def has_final(self) -> Flags:
        """Dates on which a game has a result."""
        return np.asarray(self._counted[0] > self._counted[1])

    @cached_property
    def days_into_season(self) -> npt.NDArray[np.int64]:
        """Days since the season's first regular game; 0 where no season is known."""
        first = (self.span.first - UNIX).days
        dates = np.arange(first, first + self.span.days, dtype=np.int64)
        starts = np.array([(s - UNIX).days for s in self._starts], dtype=np.int64)
        before = np.searchsorted(starts, dates, side="right")
        found = np.zeros(len(dates), np.int64)
        known = before > 0
        found[known] = dates[known] - starts[before[known] - 1]
        return found


def _offsets(dates: pa.ChunkedArray, span: Span) -> npt.NDArray[np.int64]:
    days = dates.cast(pa.int32()).to_numpy().astype(np.int64)
    return np.asarray(days - (span.first - UNIX).days)


def _texts(values: pa.ChunkedArray) -> npt.NDArray[np.object_]:
    return np.array(values.to_pylist(), dtype=object)
