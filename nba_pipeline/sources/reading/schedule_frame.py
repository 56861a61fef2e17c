"""What the parsers of schedules share: from a snapshot's listed games to the platform's columns.

Belongs here: types, placeholders and status of one game, and the date of a snapshot, whatever
printed it. Does not belong here: finding the games in a payload (``parse.schedule``), or what box
scores add to an old snapshot (``rows.schedule_merge``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Payload, PayloadError
from nba_pipeline.league.calendar import (
    EASTERN,
    TEAMS,
    TRICODE_ALIASES,
    GameStatus,
    season_type_of,
    season_year_of,
)

Raw = Mapping[str, Any]
"""A game as a payload has it."""

_STATUS = {"1": GameStatus.SCHEDULED, "2": GameStatus.LIVE, "3": GameStatus.FINAL}


def schedule_frame(
    payload: Payload,
    games: Iterable[Raw],
    row: Callable[[Raw], dict[str, Any]],
    *,
    taken: str = "",
) -> pd.DataFrame:
    """Games of one payload as rows, one per listed game, exhibitions included.

    Args:
        payload: where the games are from, for messages.
        games: the games as the payload has them.
        row: the columns of a game but the last three; a value may still be text.
        taken: date of the snapshot, where the payload has one.

    Returns:
        nba_game_id, game_date, home_team, away_team (NULL while unknown), game_status, home_score,
        away_score (NULL unless final), tipoff_utc, is_neutral, arena_name, arena_city, label,
        season_type, season_year, as_of.

    Raises:
        PayloadError: no games, one listed twice, or one that cannot be read; the message names it.
    """
    rows = []
    for number, game in enumerate(games, start=1):
        try:
            rows.append(_cleaned(row(game)))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise PayloadError(f"{payload.label}: game {number}: {error!r}") from error
    if not rows:
        raise PayloadError(f"{payload.label}: a schedule without games")
    frame = pd.DataFrame(rows)
    twice = frame.loc[frame["nba_game_id"].duplicated(), "nba_game_id"]
    if len(twice):
        raise PayloadError(f"{payload.label}: game {twice.iloc[0]} is listed twice")
    frame["as_of"] = _as_of(frame, taken)
    return frame


def _cleaned(row: dict[str, Any]) -> dict[str, Any]:
    """Types and placeholders.

    A team that is not one of the 30 is unknown, "Final" without a score is no result, and the score
    of a running game is no final score.
    """
    kind = season_type_of(row["nba_game_id"])
    row["season_type"], row["season_year"] = str(kind), season_year_of(row["nba_game_id"])
    row["game_date"] = dt.date.fromisoformat(row["game_date"])
    for side in ("home_team", "away_team"):
        code = TRICODE_ALIASES.get(row[side], row[side])
        row[side] = code if code in TEAMS else None
    scores = [_score(row[s]) for s in ("home_score", "away_score")]
    has_result = None not in scores and any(scores)
    if row["game_status"] is GameStatus.FINAL and not has_result:
        row["game_status"] = GameStatus.SCHEDULED
    is_final = row["game_status"] is GameStatus.FINAL
    row["home_score"], row["away_score"] = scores if is_final else (None, None)
    row["game_status"] = str(row["game_status"])
    tipoff = row["tipoff_utc"]
    row["tipoff_utc"] = pd.Timestamp(tipoff).tz_convert("UTC") if tipoff else None
    row["label"] = row["label"] or None
    for name in ("arena_name", "arena_city"):
        row[name] = row[name] or None
    return row


def _score(value: object) -> int | None:
    return int(str(value)) if value not in (None, "") else None


def status_of(code: str, text: str, postponed: str) -> GameStatus:
    """Postponed and cancelled say so in the text; the flag P or Y in ``postponedStatus``."""
    word = text.strip().casefold()
    if word.startswith("cancel"):
        return GameStatus.CANCELLED
    if word.startswith(("ppd", "postponed")) or postponed in ("P", "Y"):
        return GameStatus.POSTPONED
    return _STATUS.get(code, GameStatus.SCHEDULED)


def from_eastern(text: str) -> str | None:
    """UTC time of an Eastern wall clock; midnight stands for "to be decided"."""
    wall = dt.datetime.fromisoformat(text.removesuffix("Z"))
    if wall.hour == wall.minute == 0:
        return None
    return wall.replace(tzinfo=EASTERN).astimezone(dt.UTC).isoformat()


def _as_of(frame: pd.DataFrame, taken: str) -> dt.date:
    """Date of the snapshot: of its newest result, or before its first game; later if it says so."""
    final = frame.loc[frame["game_status"] == GameStatus.FINAL, "game_date"]
    known: dt.date = final.max() if len(final) else frame["game_date"].min() - dt.timedelta(1)
    return max(known, dt.date.fromisoformat(taken)) if taken else known
