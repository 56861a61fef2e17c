"""Parser of shots: stats.nba.com's shot chart, as JSON or Parquet, under two sets of names.

Belongs here: reading one payload. Does not belong here: counting zones (``sql/nba_analytics``).
The public Parquet archive of the shot chart renames columns, drops the zeros of game ids, turns the
court around and moves its origin to the baseline; both spellings come out alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.sources.reading.layouts import layout
from nba_pipeline.sources.reading.unpack import (
    decimals,
    parquet_of,
    result_set_of,
    whole_numbers,
    with_columns,
)
from nba_pipeline.sources.reading.values import put_names, team_of_id

_BASKET_FROM_BASELINE = 5.25  # feet; where the archive has its origin
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
    raw = with_columns(payload, raw, names).rename(columns=names).reset_index(drop=True)
    frame = raw[["shot_zone", "shot_zone_area", "shot_zone_range"]].astype("string")
    frame["nba_game_id"] = raw["GAME_ID"].astype(str).str.zfill(10)
    frame["game_date"] = _dates(payload, raw["GAME_DATE"])
    teams = {i: team_of_id(payload, i) for i in raw["TEAM_ID"].unique()}
    frame["team"] = raw["TEAM_ID"].map(teams)
    home, away = (raw[side].replace({"BRK": "BKN"}) for side in ("home", "away"))
    frame["opponent"] = away.where(frame["team"] == home, home)
    frame["player_id"] = whole_numbers(payload, raw["PLAYER_ID"], "PLAYER_ID")
    put_names(payload, frame, raw["PLAYER_NAME"])
    frame["action_type"] = raw["ACTION_TYPE"].astype("string")
    frame["period"] = whole_numbers(payload, raw["period"], "period")
    minutes, seconds = (decimals(payload, raw[c], c) for c in ("minutes", "seconds"))
    frame["seconds_remaining"] = 60 * minutes + seconds
    frame["is_three"] = raw["SHOT_TYPE"].astype(str).str.startswith("3PT")
    frame["is_made"] = raw["is_made"].astype(bool)
    frame["shot_distance"] = decimals(payload, raw["SHOT_DISTANCE"], "SHOT_DISTANCE")
    x, y = (decimals(payload, raw[c], c) for c in ("LOC_X", "LOC_Y"))
    frame["loc_x"] = x / 10 if is_league else -x
    frame["loc_y"] = y / 10 if is_league else y - _BASKET_FROM_BASELINE
    frame["shot_number"] = _numbers(frame)
    return frame


def _numbers(frame: pd.DataFrame) -> pd.Series[int]:
    """Order in the game by the clock; attempts of one second keep the source's order."""
    order = frame[["nba_game_id", "period"]].assign(elapsed=-frame["seconds_remaining"])
    ordered = order.sort_values(["nba_game_id", "period", "elapsed"], kind="stable")
    return ordered.groupby("nba_game_id").cumcount().reindex(frame.index) + 1


def _dates(payload: Payload, values: pd.Series[str]) -> pd.Series[dt.date]:
    known = {}
    for value in values.unique():
        text = str(value)
        pattern = "%m-%d-%Y" if "-" in text else "%Y%m%d"
        try:
            known[value] = dt.datetime.strptime(text, pattern).date()  # noqa: DTZ007
        except ValueError as error:
            raise PayloadError(f"{payload.label}: game date: {error}") from error
    return values.map(known)


_SHOT_FIELDS = (
    "GRID_TYPE GAME_ID GAME_EVENT_ID PLAYER_ID PLAYER_NAME TEAM_ID TEAM_NAME PERIOD "
    "MINUTES_REMAINING SECONDS_REMAINING EVENT_TYPE ACTION_TYPE SHOT_TYPE SHOT_ZONE_BASIC "
    "SHOT_ZONE_AREA SHOT_ZONE_RANGE SHOT_DISTANCE LOC_X LOC_Y SHOT_ATTEMPTED_FLAG SHOT_MADE_FLAG "
    "GAME_DATE HTM VTM"
)
SHOTS_JSON = layout(Layout.SHOTS_JSON, parser=shots, fields=_SHOT_FIELDS)
SHOTS_PARQUET = layout(
    Layout.SHOTS_PARQUET,
    parser=shots,
    fields=f"{_SHOT_FIELDS} SEASON_1 SEASON_2 POSITION_GROUP POSITION HOME_TEAM AWAY_TEAM "
    "SHOT_MADE BASIC_ZONE ZONE_NAME ZONE_ABB ZONE_RANGE QUARTER MINS_LEFT SECS_LEFT",
)
