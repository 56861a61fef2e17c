"""Another try or not: what attempts of a due window allow, by what went wrong in them.

Belongs here: the policy of each kind of failure, as a pure function over attempts. Does not belong
here: reading them, or launching. What the platform tries by itself is asked here; a person may
always try once more, and what he tried counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

TRIES = 3
"""Tries of one date in one due window: what fails three times fails for a reason."""

FIRST_WAIT = dt.timedelta(minutes=5)
LONGEST_WAIT = dt.timedelta(hours=2)
"""A source that is down is asked after five minutes, then after twice as long each time, so that an
outage of two hours costs five requests and its end is seen within two hours."""


class Policy(StrEnum):
    """What a failure says of the next try."""

    WAIT = "wait"  # for an upstream: the gate says when
    BACK_OFF = "back_off"  # the source may answer later
    TRY = "try"  # the answer may be another one, a few times


POLICIES: Mapping[str, Policy] = {
    "Refused": Policy.WAIT,
    "SourceFailed": Policy.BACK_OFF,
    "AuditFailed": Policy.TRY,
    "Crashed": Policy.TRY,
}
"""By error class of an attempt. An error that nobody has a policy for is tried like an audit."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt that failed."""

    error_class: str
    ended_at: dt.datetime


def why_not(attempts: Sequence[Tried], now: dt.datetime) -> str:
    """Why nobody should try by himself now; empty when he may.

    ``attempts`` are those that failed in the due window, the oldest first.
    """
    counted = [(POLICIES.get(a.error_class, Policy.TRY), a) for a in attempts]
    tries = sum(policy is Policy.TRY for policy, _ in counted)
    if tries >= TRIES:
        return f"{tries} tries failed in this due window"
    downs = [a for policy, a in counted if policy is Policy.BACK_OFF]
    if downs and counted[-1][0] is Policy.BACK_OFF:
        wait = min(FIRST_WAIT * 2 ** min(len(downs) - 1, 10), LONGEST_WAIT)
        if now < downs[-1].ended_at + wait:
            return f"the source failed {len(downs)} times; asked again {wait} after the last"
    return ""
