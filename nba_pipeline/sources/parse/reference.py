"""Parsers of reference data: all players of the league, its teams and arenas, decided names.

Belongs here: reading one payload. Does not belong here: rosters and seasons.
"""

from __future__ import annotations

import pandas as pd

from nba_pipeline.contracts.fields.names import NAME_STATUSES
from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.league.calendar import TEAMS
from nba_pipeline.league.names import player_lookup
from nba_pipeline.sources.reading.layouts import layout
from nba_pipeline.sources.reading.numbers import decimals, whole_numbers
from nba_pipeline.sources.reading.record import text_of
from nba_pipeline.sources.reading.unpack import csv_of, result_set_of, with_columns
from nba_pipeline.sources.reading.values import iso_date, mapped, put_names, teams_of, times

_TEAM_COLUMNS = {
    "Abbreviation": "team", "Full Name": "team_name", "NICKNAME": "nickname", "City": "city",
}  # fmt: skip
_TEAM_EXTRAS = {
    "State": "state", "Arena": "arena_name", "Conference": "conference", "Division": "division",
}  # fmt: skip
_ARENA_COLUMNS = (
    "venue_key", "venue_team", "is_home_arena", "arena_name", "arena_city", "first_season_year",
    "last_season_year", "arena_latitude", "arena_longitude", "arena_time_zone",
)  # fmt: skip
ALIAS_COLUMNS = (
    "player_name", "name_status", "player_id", "reason", "owner", "decided_at", "snoozed_until",
)  # fmt: skip


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
    frame = pd.DataFrame(index=raw.index)
    put_names(payload, frame, raw["DISPLAY_FIRST_LAST"])
    for theirs, ours in (("PERSON_ID", "player_id"), ("FROM_YEAR", "from_year"),
                         ("TO_YEAR", "to_year")):  # fmt: skip
        frame[ours] = whole_numbers(payload, raw[theirs], theirs)
    frame["is_active"] = whole_numbers(payload, raw["ROSTERSTATUS"], "ROSTERSTATUS") == 1
    team = mapped(payload, raw["TEAM_ABBREVIATION"], "TEAM_ABBREVIATION", text_of)
    frame["team"] = team.map(lambda t: t if t in TEAMS else None)
    return frame


def aliases(payload: Payload) -> pd.DataFrame:
    """Decisions about spellings.

    Returns:
        printed_lookup, player_name (as printed), name_status (resolved, snoozed, invalid),
        player_id (of resolved ones only), reason, owner, decided_at, snoozed_until.

    Raises:
        PayloadError: another shape, an unknown status, or a player where there must be none and
            the other way round.
    """
    raw = csv_of(payload, ALIAS_COLUMNS)
    frame = raw[list(ALIAS_COLUMNS)].copy()
    frame["player_id"] = whole_numbers(payload, raw["player_id"], "player_id")
    frame["printed_lookup"] = mapped(
        payload, raw["player_name"], "player_name", player_lookup, required=True
    )
    frame["decided_at"] = times(payload, raw["decided_at"])
    frame["snoozed_until"] = mapped(payload, raw["snoozed_until"], "snoozed_until", iso_date)
    for number, row in enumerate(frame.itertuples(index=False), start=1):
        is_resolved = row.name_status == "resolved"
        if row.name_status not in NAME_STATUSES[1:] or is_resolved != pd.notna(row.player_id):
            whose = f"{row.player_name} is {row.name_status} with player {row.player_id}"
            raise PayloadError(f"{payload.label}: row {number}: {whose}")
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
    with_columns(payload, raw, _TEAM_COLUMNS)
    names = _TEAM_COLUMNS | {k: v for k, v in _TEAM_EXTRAS.items() if k in raw}
    frame = raw.rename(columns=names)[list(names.values())].copy()
    frame["team_id"] = whole_numbers(payload, raw["ID"], "ID")
    frame["team"] = teams_of(payload, frame["team"], "Abbreviation")
    absent = sorted(set(TEAMS) - set(frame["team"]))
    if absent or len(frame) != len(TEAMS):
        raise PayloadError(f"{payload.label}: {len(frame)} teams; missing: {', '.join(absent)}")
    return frame


def arenas(payload: Payload) -> pd.DataFrame:
    """Arenas of the teams, and neutral sites.

    Returns:
        venue_key, venue_team (NULL on a neutral site), is_home_arena, arena_name, arena_city,
        first_season_year, last_season_year (NULL while it lasts), arena_latitude and
        arena_longitude (degrees), arena_time_zone (IANA).

    Raises:
        PayloadError: another shape, a team of another league, or a team without a home.
    """
    frame = csv_of(payload, _ARENA_COLUMNS)[list(_ARENA_COLUMNS)].copy()
    frame["is_home_arena"] = mapped(
        payload, frame["is_home_arena"], "is_home_arena", _true_or_false, required=True
    ).astype(bool)
    for name in ("first_season_year", "last_season_year"):
        frame[name] = whole_numbers(payload, frame[name], name)
    for name in ("arena_latitude", "arena_longitude"):
        frame[name] = decimals(payload, frame[name], name)
    unknown = sorted(set(frame["venue_team"].dropna()) - set(TEAMS))
    absent = sorted(set(TEAMS) - set(frame.loc[frame["is_home_arena"], "venue_team"]))
    if unknown or absent:
        raise PayloadError(
            f"{payload.label}: unknown teams: {', '.join(unknown) or 'none'}; "
            f"without a home: {', '.join(absent) or 'none'}"
        )
    return frame


def _true_or_false(printed: object) -> bool:
    if printed not in ("true", "false"):
        raise ValueError("is neither true nor false")
    return printed == "true"


PLAYERS_JSON = layout(
    Layout.PLAYERS_JSON,
    parser=players,
    fields="PERSON_ID DISPLAY_LAST_COMMA_FIRST DISPLAY_FIRST_LAST ROSTERSTATUS FROM_YEAR TO_YEAR "
    "PLAYERCODE PLAYER_SLUG TEAM_ID TEAM_CITY TEAM_NAME TEAM_ABBREVIATION TEAM_CODE TEAM_SLUG "
    "GAMES_PLAYED_FLAG OTHERLEAGUE_EXPERIENCE_CH",
)
ALIASES_CSV = layout(Layout.ALIASES_CSV, parser=aliases, fields=ALIAS_COLUMNS)
TEAMS_CSV = layout(
    Layout.TEAMS_CSV,
    parser=teams,
    fields=(
        "ID", "id_count", "Abbreviation", "Full Name", "NICKNAME", "City", "State", "Arena",
        "Division", "Conference", "YEAR_FOUNDED", "TEAM_URL", "G-LEAGUE", "HEAD COACH",
        "ASSOCIATE HEAD COACH", "ASSISTANT COACH", "ASSISTANT COACH FOR PLAYER DEVELOPMENT",
        "TRAINER", "ASSISTANT TRAINER", "INTERIM HEAD COACH", "STRENGTH AND CONDITIONING COACH",
        "GENERAL MANAGER", "GOVERNOR(S)", "CHAMPIONSHIP WINS", "CONFERENCE TITLES",
        "DIVISION TITLES",
    ),
)  # fmt: skip
ARENAS_CSV = layout(Layout.ARENAS_CSV, parser=arenas, fields=_ARENA_COLUMNS)
