"""Parsers of who a player is: positions by season, the player index, profiles.

Belongs here: reading one payload. Does not belong here: putting several together
(``rows.reference``). A height of 6-9 is 81 inches.
"""

from __future__ import annotations

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.league.calendar import TEAM_IDS, TEAMS
from nba_pipeline.sources.reading.layouts import layout
from nba_pipeline.sources.reading.unpack import csv_of, decimals, result_set_of, whole_numbers
from nba_pipeline.sources.reading.values import put_names

_LETTERS = {"Guard": "G", "Forward": "F", "Center": "C"}


def positions(payload: Payload) -> pd.DataFrame:
    """Positions of one season; the season is that of the request.

    Returns:
        player_id, season_year, position (G, F, C or two of them), team.

    Raises:
        PayloadError: another shape, or a team id of no team.
    """
    raw = csv_of(payload, ["PLAYER_ID", "POSITION", "TeamID"])
    frame = pd.DataFrame({"player_id": whole_numbers(payload, raw["PLAYER_ID"], "PLAYER_ID")})
    frame["season_year"] = _season_of(payload)
    frame["position"] = raw["POSITION"]
    frame["team"] = whole_numbers(payload, raw["TeamID"], "TeamID").map(TEAM_IDS)
    if frame["team"].isna().any():
        bad = raw.loc[frame["team"].isna(), "TeamID"].iloc[0]
        raise PayloadError(f"{payload.label}: TeamID {bad!r} is no team")
    return frame


def player_index(payload: Payload) -> pd.DataFrame:
    """``playerindex`` of one season.

    Returns:
        player_id, season_year, player_name, player_lookup, name_key, team (NULL when none),
        position, jersey_number (text), height_inches, weight_pounds.

    Raises:
        PayloadError: another shape, or a name without letters.
    """
    raw = result_set_of(
        payload,
        "PlayerIndex",
        ["PERSON_ID", "PLAYER_FIRST_NAME", "PLAYER_LAST_NAME", "TEAM_ABBREVIATION",
         "JERSEY_NUMBER", "POSITION", "HEIGHT", "WEIGHT"],
    )  # fmt: skip
    frame = pd.DataFrame({"player_id": whole_numbers(payload, raw["PERSON_ID"], "PERSON_ID")})
    frame["season_year"] = _season_of(payload)
    both = raw["PLAYER_FIRST_NAME"].fillna("") + " " + raw["PLAYER_LAST_NAME"].fillna("")
    put_names(payload, frame, both.str.strip())
    frame["team"] = raw["TEAM_ABBREVIATION"].map(lambda t: t if t in TEAMS else None)
    frame["position"] = raw["POSITION"].map(lambda p: p or None)
    frame["jersey_number"] = raw["JERSEY_NUMBER"].map(lambda n: n or None)
    return _with_size(payload, frame, raw)


def profiles(payload: Payload) -> pd.DataFrame:
    """Profiles of the players of a season.

    Returns:
        player_id, player_name, player_lookup, name_key, birth_date, position (letters),
        jersey_number (text), height_inches, weight_pounds.

    Raises:
        PayloadError: another shape, or a value that is no date, size or name.
    """
    raw = csv_of(
        payload, ["PLAYER_ID", "PLAYER_NAME", "BIRTHDATE", "HEIGHT", "WEIGHT", "POSITION", "JERSEY"]
    )
    frame = pd.DataFrame({"player_id": whole_numbers(payload, raw["PLAYER_ID"], "PLAYER_ID")})
    put_names(payload, frame, raw["PLAYER_NAME"])
    try:
        frame["birth_date"] = pd.to_datetime(raw["BIRTHDATE"], format="ISO8601").dt.date
    except ValueError as error:
        raise PayloadError(f"{payload.label}: BIRTHDATE: {error}") from error
    frame["position"] = raw["POSITION"].map(_letters, na_action="ignore")
    frame["jersey_number"] = raw["JERSEY"]
    return _with_size(payload, frame, raw)


def _letters(position: str) -> str:
    """``Guard-Forward`` as ``G-F``; anything else as printed."""
    return "-".join(_LETTERS.get(part, part) for part in position.split("-"))


def _season_of(payload: Payload) -> int:
    if payload.asked_season is None:
        raise PayloadError(f"{payload.label}: the request names no season")
    return payload.asked_season


def _with_size(payload: Payload, frame: pd.DataFrame, raw: pd.DataFrame) -> pd.DataFrame:
    parts = raw["HEIGHT"].fillna("").str.extract(r"^(\d)-(\d{1,2})$")
    odd = raw["HEIGHT"].fillna("").ne("") & parts[0].isna()
    if odd.any():
        raise PayloadError(f"{payload.label}: HEIGHT {raw.loc[odd, 'HEIGHT'].iloc[0]!r}")
    feet, inches = (decimals(payload, parts[n], "HEIGHT") for n in (0, 1))
    frame["height_inches"] = 12 * feet + inches
    frame["weight_pounds"] = decimals(payload, raw["WEIGHT"].replace("", None), "WEIGHT")
    return frame


PLAYER_INDEX_JSON = layout(
    Layout.PLAYER_INDEX_JSON,
    parser=player_index,
    fields="PERSON_ID PLAYER_LAST_NAME PLAYER_FIRST_NAME PLAYER_SLUG TEAM_ID TEAM_SLUG IS_DEFUNCT "
    "TEAM_CITY TEAM_NAME TEAM_ABBREVIATION JERSEY_NUMBER POSITION HEIGHT WEIGHT COLLEGE COUNTRY "
    "DRAFT_YEAR DRAFT_ROUND DRAFT_NUMBER ROSTER_STATUS FROM_YEAR TO_YEAR PTS REB AST "
    "STATS_TIMEFRAME",
)
PLAYER_POSITIONS_CSV = layout(
    Layout.PLAYER_POSITIONS_CSV,
    parser=positions,
    fields="PLAYER_ID POSITION TeamID POSITION_SIMPLE",
)
PLAYER_PROFILES_CSV = layout(
    Layout.PLAYER_PROFILES_CSV,
    parser=profiles,
    fields="PLAYER_ID PLAYER_NAME BIRTHDATE HEIGHT WEIGHT POSITION JERSEY COUNTRY SCHOOL FROM_YEAR "
    "DRAFT_YEAR DRAFT_ROUND DRAFT_NUMBER",
)
