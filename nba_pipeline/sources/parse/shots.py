"""Parser of shots: stats.nba.com's shot chart, as JSON or Parquet, under two sets of names.

Belongs here: reading one payload. Does not belong here: counting zones (``sql/nba_analytics``).
The public Parquet archive of the shot chart renames columns, drops the zeros of game ids, turns the
court around and moves its origin to the baseline; both spellings come out alike.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload
from nba_pipeline.sources.reading.layouts import layout
from nba_pipeline.sources.reading.numbers import decimals, whole_numbers
from nba_pipeline.sources.reading.record import text_of
from nba_pipeline.sources.reading.unpack import parquet_of, result_set_of, with_columns
from nba_pipeline.sources.reading.values import (
    flag,
    iso_date,
    mapped,
    put_names,
    team_of_id,
    teams_of,
    whole_text,
)

_BASKET_FROM_BASELINE = 5.25  # feet; where the archive has its origin
_AMERICAN = re.compile(r"(?P<m>\d\d)-(?P<d>\d\d)-(?P<y>\d{4})", re.ASCII)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)", re.ASCII)
_SAME = ["GAME_ID", "GAME_DATE", "TEAM_ID", "PLAYER_ID", "PLAYER_NAME", "ACTION_TYPE", "SHOT_TYPE",
         "SHOT_DISTANCE", "LOC_X", "LOC_Y"]  # fmt: skip
_LEAGUE: Mapping[str, str] = {
    "PERIOD": "period", "MINUTES_REMAINING": "minutes", "SECONDS_REMAINING": "seconds",
    "SHOT_ZONE_BASIC": "shot_zone", "SHOT_ZONE_AREA": "shot_zone_area",
    "SHOT_ZONE_RANGE": "shot_zone_range", "SHOT_MADE_FLAG": "is_made", "HTM": "home", "VTM": "away",
}  # fmt: skip
_ARCHIVE: Mapping[str, str] = {
    "QUARTER": "period", "MINS_LEFT": "minutes", "SECS_LEFT": "seconds",
    "BASIC_ZONE": "shot_zone", "ZONE_NAME": "shot_zone_area", "ZONE_RANGE": "shot_zone_range",
    "SHOT_MADE": "is_made", "HOME_TEAM": "home", "AWAY_TEAM": "away",
}  # fmt: skip


def shots(payload: Payload) -> pd.DataFrame:
    """Every attempt of a payload.

    Returns:
        nba_game_id, game_date, team, opponent, shot_number, player_id, player_name, player_lookup,
        name_key, period, seconds_remaining (seconds), shot_zone, shot_zone_area, shot_zone_range,
        action_type, is_three, is_made, shot_distance, loc_x, loc_y (feet from the basket).

    Raises:
        PayloadError: another shape, or a value that is no number, date or team.
    """
    if payload.layout is Layout.SHOTS_JSON:
        raw = result_set_of(payload, "Shot_Chart_Detail", [*_SAME, *_LEAGUE])
    else:
        raw = parquet_of(payload, _SAME)
    is_league = "SHOT_ZONE_BASIC" in raw
    names = _LEAGUE if is_league else _ARCHIVE
    raw = with_columns(payload, raw, names).rename(columns=names)
    frame = pd.DataFrame(index=raw.index)
    for name in ("shot_zone", "shot_zone_area", "shot_zone_range"):
        frame[name] = mapped(payload, raw[name], name, text_of).astype("string")
    frame["nba_game_id"] = mapped(payload, raw["GAME_ID"], "GAME_ID", _game_id, required=True)
    frame["game_date"] = mapped(payload, raw["GAME_DATE"], "GAME_DATE", _date, required=True)
    frame["team"] = mapped(payload, raw["TEAM_ID"], "TEAM_ID", team_of_id, required=True)
    home, away = (teams_of(payload, raw[side], side) for side in ("home", "away"))
    frame["opponent"] = away.where(frame["team"] == home, home)
    frame["player_id"] = whole_numbers(payload, raw["PLAYER_ID"], "PLAYER_ID")
    put_names(payload, frame, raw["PLAYER_NAME"])
    action = mapped(payload, raw["ACTION_TYPE"], "ACTION_TYPE", text_of)
    frame["action_type"] = action.astype("string")
    frame["period"] = whole_numbers(payload, raw["period"], "period")
    minutes, seconds = (decimals(payload, raw[c], c) for c in ("minutes", "seconds"))
    frame["seconds_remaining"] = 60 * minutes + seconds
    three = mapped(payload, raw["SHOT_TYPE"], "SHOT_TYPE", _is_three, required=True)
    frame["is_three"] = three.astype(bool)
    frame["is_made"] = mapped(payload, raw["is_made"], "is_made", flag, required=True).astype(bool)
    frame["shot_distance"] = decimals(payload, raw["SHOT_DISTANCE"], "SHOT_DISTANCE")
    x, y = (decimals(payload, raw[c], c) for c in ("LOC_X", "LOC_Y"))
    frame["loc_x"] = x / 10 if is_league else -x
    frame["loc_y"] = y / 10 if is_league else y - _BASKET_FROM_BASELINE
    frame = frame.reset_index(drop=True)
    frame["shot_number"] = _numbers(frame)
    return frame


def _numbers(frame: pd.DataFrame) -> pd.Series[int]:
    """Order in the game by the clock; attempts of one second keep the source's order."""
    order = frame[["nba_game_id", "period"]].assign(elapsed=-frame["seconds_remaining"])
    ordered = order.sort_values(["nba_game_id", "period", "elapsed"], kind="stable")
    return ordered.groupby("nba_game_id").cumcount().reindex(frame.index) + 1


def _game_id(number: object) -> str:
    """The official id; the archive has numbers, which lack its leading zeros."""
    return whole_text(number).zfill(10)


def _is_three(printed: object) -> bool:
    text = text_of(printed)
    if not text.startswith(("2PT", "3PT")):
        raise ValueError("is no shot of two or three points")
    return text.startswith("3PT")


def _date(printed: object) -> dt.date:
    text = whole_text(printed)
    found = _AMERICAN.fullmatch(text) or _COMPACT.fullmatch(text)
    if found is None:
        raise ValueError("is no game date")
    return iso_date("{y}-{m}-{d}".format(**found.groupdict()))


_SHOT_FIELDS = (
    "GRID_TYPE GAME_ID GAME_EVENT_ID PLAYER_ID PLAYER_NAME TEAM_ID TEAM_NAME PERIOD "
    "MINUTES_REMAINING SECONDS_REMAINING EVENT_TYPE ACTION_TYPE SHOT_TYPE SHOT_ZONE_BASIC "
    "SHOT_ZONE_AREA SHOT_ZONE_RANGE SHOT_DISTANCE LOC_X LOC_Y SHOT_ATTEMPTED_FLAG SHOT_MADE_FLAG "
    "GAME_DATE HTM VTM"
)


def _shot_date(row: Mapping[str, Any]) -> dt.date:
    return _date(row["GAME_DATE"])


SHOTS_JSON = layout(Layout.SHOTS_JSON, parser=shots, fields=_SHOT_FIELDS, date_of=_shot_date)
SHOTS_PARQUET = layout(
    Layout.SHOTS_PARQUET,
    parser=shots,
    fields=f"{_SHOT_FIELDS} SEASON_1 SEASON_2 POSITION_GROUP POSITION HOME_TEAM AWAY_TEAM "
    "SHOT_MADE BASIC_ZONE ZONE_NAME ZONE_ABB ZONE_RANGE QUARTER MINS_LEFT SECS_LEFT",
    date_of=_shot_date,
)
