"""Who did not play, and why: the three states of a player, and seven groups of reasons.

Belongs here: the words, and the only function that reads the reason of a game sheet. Does not
belong here: finding who did not play (``sources.reading.sheet_frame``), or the reasons of injury
reports (``sources.reading.injury_frame``).
Sources write the same thing as words (``DNP - Coach's Decision``) and as codes
(``INACTIVE_GLEAGUE_TWOWAY``).
"""

from __future__ import annotations

import re
from enum import StrEnum


class PlayerStatus(StrEnum):
    """What a player of a team's sheet did in the game."""

    ACTIVE = "active"  # entered the game
    DNP = "dnp"  # on the list of the game, did not enter
    INACTIVE = "inactive"  # not on the list of the game


_GROUPS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("suspension", r"suspen"),
        ("g_league", r"g[ -]?league|two[ -]?way"),
        ("personal", r"\bpersonal\b"),
        ("coach_decision", r"\bcoach"),
        # before rest: a rested knee is an injury
        ("injury", r"injur|illness|concussion"),
        ("rest", r"\brest\b"),
    )
)
OTHER = "other"

CATEGORIES: tuple[str, ...] = (*(name for name, _ in _GROUPS), OTHER)
"""Every group, in the order in which a text is tried; ``other`` takes what is left."""


def not_playing_category(reason: str | None) -> str | None:
    """Group of a printed reason; None where there is no reason to read.

    ``NWT - Not With Team`` and ``NWT - Health and Safety Protocols`` are ``other``: neither says
    whether the player was hurt.
    """
    text = (reason or "").replace("_", " ").casefold().strip()
    if not text:
        return None
    return next((name for name, pattern in _GROUPS if pattern.search(text)), OTHER)
