"""What the parsers of game sheets share: from a sheet's raw lines to the platform's columns.

Belongs here: minutes, status, names and counts of one line, whatever printed it. Does not belong
here: finding the lines in a payload (``parse``) or their game on the
schedule (``rows.sheets``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Payload
from nba_pipeline.league.not_playing import PlayerStatus, not_playing_category
from nba_pipeline.sources.reading.numbers import decimals, whole_numbers
from nba_pipeline.sources.reading.record import text_of
from nba_pipeline.sources.reading.values import clock_seconds, mapped, put_names

COUNTS: tuple[str, ...] = (
    "field_goals_made", "field_goals_attempted", "three_pointers_made", "three_pointers_attempted",
    "free_throws_made", "free_throws_attempted", "offensive_rebounds", "defensive_rebounds",
    "rebounds", "assists", "steals", "blocks", "turnovers", "personal_fouls", "points",
    "plus_minus",
)  # fmt: skip

_LINE = ("nba_game_id", "game_date", "team", "player_id", "name", "is_starter", "minutes", "reason",
         "is_inactive")  # fmt: skip

_category = lru_cache(maxsize=4096)(not_playing_category)


def decimal_minutes(text: str | None) -> float | None:
    """Minutes of ``36:47`` (36.7833) or ``PT36M47.00S``; None of a blank or a dash.

    Raises:
        ValueError: neither of the two spellings.
    """
    text = (text or "").strip()
    if text in ("", "-"):
        return None
    return round(clock_seconds(text) / 60, 4)


def sheet_frame(
    payload: Payload, lines: pd.DataFrame | Sequence[Mapping[str, Any]]
) -> pd.DataFrame:
    """Lines of one payload as rows.

    Args:
        payload: where the lines are from, for messages.
        lines: nba_game_id, game_date, team, player_id, name, is_starter, minutes (text), reason,
            is_inactive, and the counts by their full names; a layout may lack some of them.

    Returns:
        The same game columns, sheet_key, player_id, player_name, player_lookup, name_key,
        player_status, not_playing_reason, not_playing_category, is_starter, minutes_played
        (minutes) and the counts, which are NULL for who did not play.

    Raises:
        PayloadError: a value that is no number, name or time; the message shows it.
    """
    raw: pd.DataFrame = pd.DataFrame(lines).reindex(columns=[*_LINE, *COUNTS])
    raw = raw.astype(object).mask(raw.isna(), None)
    frame = raw[["nba_game_id", "game_date", "team"]].copy()
    frame["player_id"] = whole_numbers(payload, raw["player_id"], "player id")
    put_names(payload, frame, raw["name"], required=False)
    ids = frame["player_id"].astype("string")
    frame["sheet_key"] = ids.where(ids.notna(), frame["player_lookup"].astype("string"))
    minutes = decimals(payload, mapped(payload, raw["minutes"], "minutes", _minutes), "minutes")
    reasons = mapped(payload, raw["reason"], "reason", lambda r: text_of(r).strip() or None)
    # "0:00" is a player who entered the game, unless the sheet says why he did not
    played = pd.Series(
        [not pd.isna(m) and (m > 0 or r is None) for m, r in zip(minutes, reasons, strict=True)],
        index=raw.index,
        dtype=bool,
    )
    is_inactive = [bool(i) for i in raw["is_inactive"]]
    frame["player_status"] = [
        str(PlayerStatus.ACTIVE if p else PlayerStatus.INACTIVE if i else PlayerStatus.DNP)
        for p, i in zip(played, is_inactive, strict=True)
    ]
    told = [None if p else r for p, r in zip(played, reasons, strict=True)]
    frame["not_playing_reason"] = pd.Series(told, index=raw.index, dtype=object)
    frame["not_playing_category"] = frame["not_playing_reason"].map(_category)
    frame["is_starter"] = raw["is_starter"].astype("boolean")
    frame["minutes_played"] = minutes.where(played)
    for name in COUNTS:
        frame[name] = whole_numbers(payload, raw[name], name).where(played)
    return frame.reset_index(drop=True)


def _minutes(printed: object) -> float | None:
    return decimal_minutes(text_of(printed))
