"""The league's clock: when what belongs to a game date can be there, and when it should have been.

Belongs here: pure rules from the tip-offs of a date to moments. Does not belong here: which table
waits for which moment (``contracts``), or asking a clock for the time. Wall times are Eastern ones,
so that six in the morning is six in the morning after either night on which clocks are changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from nba_pipeline.league.calendar import EASTERN, NIGHT_ENDS

GAME_LASTS = dt.timedelta(hours=2, minutes=30)
"""From tip-off to the final whistle: the median is two and a quarter hours; who asks at that time
asks half of the games in vain."""

_USUAL_TIP_OFF = dt.time(19, 0)
"""Most games of a usual night begin at seven, in their arena's own time; stands in for tip-offs
that no schedule gives."""
_LAST_TIP_OFF = dt.time(22, 30)
"""The latest tip-off of a usual night, that of the Pacific coast."""


@dataclass(frozen=True, slots=True)
class Night:
    """First and last tip-off of a game date, UTC."""

    date: dt.date
    first_tip_off: dt.datetime
    last_tip_off: dt.datetime


class Anchor(StrEnum):
    """What a moment is counted from."""

    MORNING = "morning"  # six o'clock of the date itself
    TIP_OFF = "tip_off"  # of the first game
    FINAL_WHISTLE = "final_whistle"  # of the last game
    MORNING_AFTER = "morning_after"  # six o'clock of the next day


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time of every game date: hours after its anchor, before it where negative."""

    anchor: Anchor
    hours: float = 0.0

    def of(self, night: Night) -> dt.datetime:
        """The moment of one date, UTC."""
        return _anchored(self.anchor, night) + dt.timedelta(hours=self.hours)

    def __str__(self) -> str:
        """In words."""
        what = self.anchor.replace("_", " ")
        if not self.hours:
            return what
        return f"{abs(self.hours):g} h {'after' if self.hours > 0 else 'before'} {what}"


@dataclass(frozen=True, slots=True)
class Timing:
    """When a date's rows are due, and when they are late.

    Raises:
        ValueError: what is late before it is due.
    """

    due: Moment
    late: Moment

    def __post_init__(self) -> None:
        """Refuse what would be late before anybody may ask for it, on a usual night."""
        night = night_of(dt.date(2025, 1, 15), [])
        if self.late.of(night) <= self.due.of(night):
            raise ValueError(f"late ({self.late}) is not after due ({self.due})")


class Phase(StrEnum):
    """Where a date stands by the clock."""

    NOT_DUE = "not_due"
    DUE = "due"
    LATE = "late"
    DONE = "done"


def phase(timing: Timing, night: Night, now: dt.datetime, *, is_settled: bool) -> Phase:
    """What the clock says of a date that is settled, or not."""
    if is_settled:
        return Phase.DONE
    if now < timing.due.of(night):
        return Phase.NOT_DUE
    return Phase.LATE if now >= timing.late.of(night) else Phase.DUE


def night_of(date: dt.date, tip_offs: Sequence[dt.datetime]) -> Night:
    """The moments of a date; without a tip-off those of a usual night."""
    if tip_offs:
        return Night(date, min(tip_offs), max(tip_offs))
    return Night(date, _eastern(date, _USUAL_TIP_OFF), _eastern(date, _LAST_TIP_OFF))


def _anchored(anchor: Anchor, night: Night) -> dt.datetime:
    if anchor is Anchor.TIP_OFF:
        return night.first_tip_off
    if anchor is Anchor.FINAL_WHISTLE:
        return night.last_tip_off + GAME_LASTS
    morning = (dt.datetime.min + NIGHT_ENDS).time()
    days = 0 if anchor is Anchor.MORNING else 1
    return _eastern(night.date + dt.timedelta(days), morning)


def _eastern(date: dt.date, wall_time: dt.time) -> dt.datetime:
    return dt.datetime.combine(date, wall_time, EASTERN).astimezone(dt.UTC)
