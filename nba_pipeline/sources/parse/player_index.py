"""Parsers of who a player is: positions by season, the player index, profiles.

Belongs here: reading one payload. Does not belong here: putting several together
(``rows.reference``). A height of 6-9 is 81 inches.
"""

from __future__ import annotations

import re

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.league.calendar import TEAMS
from nba_pipeline.sources.reading.layouts import layout
from nba_pipeline.sources.reading.numbers import decimals, whole_numbers
from nba_pipeline.sources.reading.record import text_or_none
from nba_pipeline.sources.reading.unpack import csv_of, result_set_of
from nba_pipeline.sources.reading.values import birth_date, mapped, put_names, team_of_id

_HEIGHT = re.compile(r"(\d)-(\d{1,2})", re.ASCII)
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
    frame["team"] = mapped(payload, raw["TeamID"], "TeamID", team_of_id, required=True)
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
    read = {
        name: mapped(payload, raw[name], name, text_or_none)
        for name in ("PLAYER_FIRST_NAME", "PLAYER_LAST_NAME", "TEAM_ABBREVIATION", "POSITION",
                     "JERSEY_NUMBER")
    }  # fmt: skip
    both = read["PLAYER_FIRST_NAME"].fillna("") + " " + read["PLAYER_LAST_NAME"].fillna("")
    put_names(payload, frame, both.str.strip())
    frame["team"] = read["TEAM_ABBREVIATION"].map(lambda t: t if t in TEAMS else None)
    frame["position"] = read["POSITION"]
    frame["jersey_number"] = read["JERSEY_NUMBER"]
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
    frame["birth_date"] = mapped(payload, raw["BIRTHDATE"], "BIRTHDATE", birth_date)
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
    inches = mapped(payload, raw["HEIGHT"], "HEIGHT", _inches)
    frame["height_inches"] = decimals(payload, inches, "HEIGHT")
    frame["weight_pounds"] = decimals(payload, raw["WEIGHT"], "WEIGHT")
    return frame


def _inches(printed: object) -> float | None:
    """``6-9`` is 81; an empty text is no height."""
    text = text_or_none(printed)
    if text is None:
        return None
    found = _HEIGHT.fullmatch(text)
    if found is None:
        raise ValueError("is no height like 6-9")
    return 12.0 * int(found[1]) + int(found[2])


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
