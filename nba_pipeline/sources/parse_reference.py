"""Parsers of reference data: the league's list of all players, and of its teams.

Belongs here: reading one payload. Does not belong here: rosters and seasons.
"""

from __future__ import annotations

import pandas as pd

from nba_pipeline.calendar import TEAMS, canonical_team
from nba_pipeline.names import name_key, player_lookup
from nba_pipeline.sources.base import Payload, PayloadError
from nba_pipeline.sources.unpack import csv_of, result_set_of, whole_numbers

_TEAM_COLUMNS = {
    "Abbreviation": "team", "Full Name": "team_name", "NICKNAME": "nickname", "City": "city",
}  # fmt: skip
_TEAM_EXTRAS = {
    "State": "state", "Arena": "arena_name", "Conference": "conference", "Division": "division",
}  # fmt: skip


def players(payload: Payload) -> pd.DataFrame:
    """``commonallplayers``, all players of all time.

    Returns:
        player_id, player_name, player_lookup, name_key, from_year, to_year, is_active, team
        (current, NULL when none).

    Raises:
        PayloadError: another shape, or a name without letters.
    """
    raw = result_set_of(
        payload,
        "CommonAllPlayers",
        ["PERSON_ID", "DISPLAY_FIRST_LAST", "ROSTERSTATUS", "FROM_YEAR", "TO_YEAR",
         "TEAM_ABBREVIATION"],
    )  # fmt: skip
    frame = pd.DataFrame({"player_name": raw["DISPLAY_FIRST_LAST"].map(str)})
    for theirs, ours in (("PERSON_ID", "player_id"), ("FROM_YEAR", "from_year"),
                         ("TO_YEAR", "to_year")):  # fmt: skip
        frame[ours] = whole_numbers(payload, raw[theirs], theirs)
    try:
        frame["player_lookup"] = frame["player_name"].map(player_lookup)
        frame["name_key"] = frame["player_name"].map(name_key)
    except ValueError as error:
        raise PayloadError(f"{payload.label}: {error}") from error
    frame["is_active"] = whole_numbers(payload, raw["ROSTERSTATUS"], "ROSTERSTATUS") == 1
    frame["team"] = raw["TEAM_ABBREVIATION"].map(lambda t: t if t in TEAMS else None)
    return frame


def teams(payload: Payload) -> pd.DataFrame:
    """The league's teams.

    Returns:
        team_id, team, team_name, nickname, city, and where given state, arena_name, conference,
        division.

    Raises:
        PayloadError: another shape, or not exactly the 30 teams.
    """
    raw = csv_of(payload, ["ID"])
    raw.columns = raw.columns.str.strip()
    missing = [c for c in _TEAM_COLUMNS if c not in raw]
    if missing:
        raise PayloadError(f"{payload.label}: missing columns {', '.join(missing)}")
    names = _TEAM_COLUMNS | {k: v for k, v in _TEAM_EXTRAS.items() if k in raw}
    frame = raw.rename(columns=names)[list(names.values())].copy()
    frame["team_id"] = whole_numbers(payload, raw["ID"], "ID")
    try:
        frame["team"] = frame["team"].map(canonical_team)
    except ValueError as error:
        raise PayloadError(f"{payload.label}: {error}") from error
    absent = sorted(set(TEAMS) - set(frame["team"]))
    if absent or len(frame) != len(TEAMS):
        raise PayloadError(f"{payload.label}: {len(frame)} teams; missing: {', '.join(absent)}")
    return frame
