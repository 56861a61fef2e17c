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

from nba_pipeline.landing.payload import Layout, Payload
from nba_pipeline.league.calendar import canonical_team
from nba_pipeline.league.names import name_key, player_lookup
from nba_pipeline.sources.reading.layouts import layout
from nba_pipeline.sources.reading.unpack import csv_of
from nba_pipeline.sources.reading.values import TEAM_NAMES, mapped

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
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
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
    raw["game_date"] = mapped(payload, raw["Date"], "Date", _date, required=True)
    raw = raw[raw["game_date"] >= FIRST_DATE]
    # in the order of the file, while rows are those of the payload
    raw["team"] = mapped(payload, raw["Team"], "Team", _team)
    for side, _ in _MOVES:
        mapped(payload, raw[side], side, lambda text: [_player(p) for p in _names(text)])
    raw = raw.sort_values("game_date", kind="stable")
    rows = [row for r in raw.to_dict("records") for row in _rows(r)]
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


def _date(printed: str) -> dt.date:
    if not _DAY.fullmatch(printed):
        raise ValueError("is no date like 2025-01-31")
    return dt.date.fromisoformat(printed)


def _names(text: str) -> list[list[str]]:
    """The spellings of each name in a cell."""
    return [_name_parts(part.strip()) for part in text.split("•") if part.strip()]


def _rows(r: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    note = str(r["Notes"]).strip()
    common = {"game_date": r["game_date"], "team": r["team"]}
    entries: list[tuple[str | None, str]] = [
        (movement, text.strip())
        for side, movement in _MOVES
        for text in str(r[side]).split("•")
        if text.strip()
    ]
    for movement, text in entries or [(None, "")]:
        parts = _name_parts(text)
        told = "; ".join(t for t in (note if parts else text, "" if parts else note) if t)
        yield common | _player(parts) | {
            "movement": movement, "transaction_note": told or None,
            "transaction_category": category_of(told),
        }  # fmt: skip


def _name_parts(text: str) -> list[str]:
    """Spellings of a name; none when the text is a note or a draft pick in the wrong column."""
    if _NOT_A_NAME.search(text):
        return []
    return [p for p in (_BRACKETS.sub("", part).strip() for part in text.split(" / ")) if p]


def _player(parts: list[str]) -> dict[str, Any]:
    found = {
        "player_name": parts[0], "player_lookup": player_lookup(parts[0]),
        "name_key": name_key(parts[0]),
    } if parts else {}  # fmt: skip
    if len(parts) > 1:
        found |= {"player_name_alternative": parts[1],
                  "player_lookup_alternative": player_lookup(parts[1])}  # fmt: skip
    return found


def _team(printed: str) -> str | None:
    nickname = printed.strip()
    if not nickname:
        return None
    team = _NICKNAMES.get(nickname.rsplit(" ", 1)[-1])
    if team is None:
        raise ValueError(f"not an NBA team: {nickname!r}")
    return canonical_team(team)


TRANSACTIONS_CSV = layout(
    Layout.TRANSACTIONS_CSV,
    parser=transactions,
    fields="Date Team Acquired Relinquished Notes page_url page_num",
    date_of=lambda row: _date(row["Date"]),
)
