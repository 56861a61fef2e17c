"""Fields of play-by-play: what happened, when, by whom, and the score after it.

Belongs here: fields that only tables of plays have. Does not belong here: what plays share with
shots and box scores (``fields``).
"""

from __future__ import annotations

from nba_pipeline.contracts.field import Field, Kind, text

EVENT_TYPES = (
    "shot", "free_throw", "heave", "rebound", "turnover", "foul", "steal", "block", "substitution",
    "timeout", "jump_ball", "violation", "replay", "ejection", "period", "other",
)  # fmt: skip

FIELDS: tuple[Field, ...] = (
    Field("event_number", Kind.INT64, "Place of the event in its game, rising in playing order; "
          "gaps are possible", "", 0, 100_000),
    Field("action_number", Kind.INT64, "The league's number of the event, kept when it is edited",
          "", 1, 100_000),
    text("event_type", "Kind of event; heave: a missed long shot at the end of a "
          "period, charged to no player (since 2025-26); period: its start or end",
          allowed=EVENT_TYPES),
    text("description", "The event in the source's words"),
    Field("running_home_score", Kind.INT64, "Score of the home team after the event", "points", 0,
          250),
    Field("running_away_score", Kind.INT64, "Score of the visiting team after the event", "points",
          0, 250),
    text("player_short_name", "Player who acts, initial and last name; no key: two "
          "players of a game may share it"),
    text("assist_short_name", "Player who assisted, initial and last name"),
    Field("assist_player_id", Kind.INT64, "Official person id of who assisted", "", 1, 99_999_999),
    Field("block_player_id", Kind.INT64, "Official person id of who blocked", "", 1, 99_999_999),
)  # fmt: skip
