"""What the parsers of schedules share: from a snapshot's listed games to the platform's columns.

Belongs here: types, placeholders and status of one game, and the date of a snapshot, whatever
printed it. Does not belong here: finding the games in a payload (``parse.schedule``), or what box
scores add to an old snapshot (``rows.schedule_merge``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
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
from nba_pipeline.sources.reading.numbers import whole
from nba_pipeline.sources.reading.record import Record, read_each, text_of, text_or_none
from nba_pipeline.sources.reading.values import flag, iso_date, moment

_STATUS = {"1": GameStatus.SCHEDULED, "2": GameStatus.LIVE, "3": GameStatus.FINAL}


def schedule_frame(
    payload: Payload,
    games: Sequence[Any],
    row: Callable[[Record], dict[str, Any]],
    *,
    taken: dt.date | None = None,
) -> pd.DataFrame:
    """Games of one payload as rows, one per listed game, exhibitions included.

    Args:
        payload: where the games are from, for messages.
        games: the games as the payload has them.
        row: the columns of a game but the last three; a value may still be as it was printed.
        taken: date of the snapshot, where the payload has one.

    Returns:
        nba_game_id, game_date, home_team, away_team (NULL while unknown), game_status, home_score,
        away_score (NULL unless final), tipoff_utc, is_neutral, arena_name, arena_city, label,
        season_type, season_year, as_of.

    Raises:
        PayloadError: no games, one listed twice, or one that cannot be read; the message names it.
    """
    rows = read_each(payload, games, lambda g: _cleaned(g.followed_by(row(g))), "game")
    if not rows:
        raise PayloadError(f"{payload.label}: a schedule without games")
    frame = pd.DataFrame(rows)
    twice = frame.loc[frame["nba_game_id"].duplicated(), "nba_game_id"]
    if len(twice):
        raise PayloadError(f"{payload.label}: game {twice.iloc[0]} is listed twice")
    frame["as_of"] = _as_of(frame, taken)
    return frame


def _cleaned(given: Record) -> dict[str, Any]:
    """Types and placeholders.

    A team that is not one of the 30 is unknown, "Final" without a score is no result, and the score
    of a running game is no final score.
    """
    game_id, row = text_of(given["nba_game_id"]), dict[str, Any]()
    row["nba_game_id"], row["season_type"] = game_id, str(season_type_of(game_id))
    row["season_year"] = season_year_of(game_id)
    row["game_date"] = iso_date(given["game_date"])
    for side in ("home_team", "away_team"):
        printed = text_or_none(given[side]) or ""
        code = TRICODE_ALIASES.get(printed, printed)
        row[side] = code if code in TEAMS else None
    scores = [whole(given[s]) for s in ("home_score", "away_score")]
    row["game_status"] = given["game_status"]
    has_result = None not in scores and any(scores)
    if row["game_status"] is GameStatus.FINAL and not has_result:
        row["game_status"] = GameStatus.SCHEDULED
    is_final = row["game_status"] is GameStatus.FINAL
    row["home_score"], row["away_score"] = scores if is_final else (None, None)
    row["game_status"] = str(row["game_status"])
    tipoff = text_or_none(given["tipoff_utc"])
    row["tipoff_utc"] = None if tipoff is None else moment(tipoff)
    for name in ("label", "arena_name", "arena_city"):
        row[name] = text_or_none(given[name])
    neutral = given["is_neutral"]
    row["is_neutral"] = None if neutral is None else flag(neutral)
    return row


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
    wall = moment(text.removesuffix("Z")).tz_localize(None)
    if wall.hour == wall.minute == 0:
        return None
    return wall.tz_localize(EASTERN).tz_convert(dt.UTC).isoformat()


def _as_of(frame: pd.DataFrame, taken: dt.date | None) -> dt.date:
    """Date of the snapshot: of its newest result, or before its first game; later if it says so."""
    final = frame.loc[frame["game_status"] == GameStatus.FINAL, "game_date"]
    known: dt.date = final.max() if len(final) else frame["game_date"].min() - dt.timedelta(1)
    return max(known, taken) if taken else known
