"""Parser of Pro Sports Transactions: who went on or came off the injury list, or missed a game.

Belongs here: reading one file. Does not belong here: whether a player was fit for a game; a row
says what was announced on a day. Rows without a team or without a player are kept: they are the
source's own holes, and a count of transactions must not lose them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.league.calendar import canonical_team
from nba_pipeline.league.names import name_key, player_lookup
from nba_pipeline.sources.reading.layouts import layout
from nba_pipeline.sources.reading.unpack import csv_of
from nba_pipeline.sources.reading.values import TEAM_NAMES

FIRST_DATE = dt.date(2021, 10, 1)
"""Earlier rows are left out: their clubs and spellings are of other times."""

_NICKNAMES = {name.rsplit(" ", 1)[1]: team for name, team in TEAM_NAMES.items()}
_WORDS = (
    ("health_protocols", ("health and safety",)),
    ("suspension", ("suspen",)),
    ("personal", ("personal", "family", "bereavement", "birth of")),
    ("rest", ("rest ", "rest(", "resting")),
    ("injury_list", ("placed on il", "activated from il")),
    ("missed_game", ("(dtd)", "returned to lineup", "out indefinitely", "out for season")),
)
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_NOT_A_NAME = re.compile(
    r"\((?:DTD|out [^)]*)\)|^\d|round pick|protocols|^placed on|^activated|^returned", re.IGNORECASE
)
_MOVES = (("Relinquished", "out"), ("Acquired", "back"))


def transactions(payload: Payload) -> pd.DataFrame:
    """One row per player and movement since ``FIRST_DATE``, in the order of the file.

    Returns:
        game_date (date of the transaction), transaction_number (from 1, within the date), team
        (NULL where the source has none), movement (out, back; NULL where neither side is filled),
        player_name, player_lookup, name_key, player_name_alternative, player_lookup_alternative,
        transaction_note, transaction_category. The parts of a player are NULL where a note stands
        in the place of the name; that text goes before the note.

    Raises:
        PayloadError: another shape, a date that is none or a team of another league.
    """
    raw = csv_of(payload, ["Date", "Team", "Acquired", "Relinquished", "Notes"]).fillna("")
    try:
        raw["game_date"] = pd.to_datetime(raw["Date"], format="%Y-%m-%d").dt.date
    except ValueError as error:
        raise PayloadError(f"{payload.label}: Date: {error}") from error
    raw = raw[raw["game_date"] >= FIRST_DATE].sort_values("game_date", kind="stable")
    rows = [row for r in raw.to_dict("records") for row in _rows(payload, r)]
    names = ["game_date", "team", "movement", "player_name", "player_lookup", "name_key",
             "player_name_alternative", "player_lookup_alternative", "transaction_note",
             "transaction_category"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=names)
    frame["transaction_number"] = frame.groupby("game_date").cumcount() + 1
    return frame


def category_of(note: str) -> str:
    """What a note tells of: the reason where it is no injury, else how it was announced."""
    text = f"{note.casefold()} "
    return next((kind for kind, words in _WORDS if any(w in text for w in words)), "other")


def _rows(payload: Payload, r: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    note = str(r["Notes"]).strip()
    common = {"game_date": r["game_date"], "team": _team(payload, str(r["Team"]).strip())}
    entries: list[tuple[str | None, str]] = [
        (movement, text.strip())
        for side, movement in _MOVES
        for text in str(r[side]).split("•")
        if text.strip()
    ]
    for movement, text in entries or [(None, "")]:
        parts = _name_parts(text)
        told = "; ".join(t for t in (note if parts else text, "" if parts else note) if t)
        yield common | _player(payload, parts) | {
            "movement": movement, "transaction_note": told or None,
            "transaction_category": category_of(told),
        }  # fmt: skip


def _name_parts(text: str) -> list[str]:
    """Spellings of a name; none when the text is a note or a draft pick in the wrong column."""
    if _NOT_A_NAME.search(text):
        return []
    return [p for p in (_BRACKETS.sub("", part).strip() for part in text.split(" / ")) if p]


def _player(payload: Payload, parts: list[str]) -> dict[str, Any]:
    try:
        found = {
            "player_name": parts[0], "player_lookup": player_lookup(parts[0]),
            "name_key": name_key(parts[0]),
        } if parts else {}  # fmt: skip
        if len(parts) > 1:
            found |= {"player_name_alternative": parts[1],
                      "player_lookup_alternative": player_lookup(parts[1])}  # fmt: skip
    except ValueError as error:
        raise PayloadError(f"{payload.label}: {error}") from error
    return found


def _team(payload: Payload, nickname: str) -> str | None:
    if not nickname:
        return None
    team = _NICKNAMES.get(nickname.rsplit(" ", 1)[-1])
    if team is None:
        raise PayloadError(f"{payload.label}: not an NBA team: {nickname!r}")
    return canonical_team(team)


TRANSACTIONS_CSV = layout(
    Layout.TRANSACTIONS_CSV,
    parser=transactions,
    fields="Date Team Acquired Relinquished Notes page_url page_num",
)
