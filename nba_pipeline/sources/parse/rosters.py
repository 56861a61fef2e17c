"""Parser of ESPN's team page: the roster of one team.

Belongs here: reading one answer. Does not belong here: the date, which no answer has; it is that of
the request (``dates=2026-01-03..2026-01-03/team=BOS``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.league.calendar import EASTERN
from nba_pipeline.league.names import name_key, player_lookup
from nba_pipeline.sources.reading.json_fields import items_of, with_fields
from nba_pipeline.sources.reading.layouts import layout, under
from nba_pipeline.sources.reading.numbers import decimal, whole
from nba_pipeline.sources.reading.record import Record, read_each, text_of, text_or_none
from nba_pipeline.sources.reading.unpack import json_of
from nba_pipeline.sources.reading.values import moment, team_of


def espn_roster(payload: Payload) -> pd.DataFrame:
    """One row per player of the roster.

    Returns:
        game_date (the date of the request), team, espn_player_id, player_name, player_lookup,
        name_key, position, jersey_number (text: 00 is not 0), birth_date, height_inches,
        weight_pounds, experience_years, roster_status, roster_injury_status (NULL when ESPN lists
        no injury).

    Raises:
        PayloadError: another shape, a team outside the league, or a roster without players.
    """
    if payload.asked_dates is None:
        raise PayloadError(f"{payload.label}: the request has no date")
    found = json_of(payload)
    if not isinstance(found, dict) or not isinstance(found.get("team"), dict):
        raise PayloadError(f"{payload.label}: not a team with its roster")
    with_fields(payload, [found], ["team.abbreviation"], lists=["team.athletes"])
    listed = items_of(payload, [found["team"]], "team.athletes", ["id", "fullName"])
    items_of(payload, listed, "team.athletes.injuries", ["status", "date"])
    team = team_of(payload, found["team"].get("abbreviation"), "team.abbreviation")
    rows = read_each(payload, listed, _row, "athlete")
    if not rows:
        raise PayloadError(f"{payload.label}: a roster without players")
    frame = pd.DataFrame(rows)
    frame["game_date"] = payload.asked_dates.first
    frame["team"] = team
    for name in ("height_inches", "weight_pounds"):
        frame[name] = frame[name].astype("Float64")
    for name in ("espn_player_id", "experience_years"):
        frame[name] = frame[name].astype("Int64")
    return frame


def _row(athlete: Record) -> dict[str, Any]:
    injuries = athlete.get("injuries") or []
    newest: Mapping[str, Any] = max(
        injuries, key=lambda i: text_or_none(i.get("date")) or "", default={}
    )
    status = text_or_none(newest.get("status"))
    found = {
        "espn_player_id": whole(athlete["id"]),
        "position": text_or_none((athlete.get("position") or {}).get("abbreviation")),
        "jersey_number": text_or_none(athlete.get("jersey")),
        "birth_date": _birth_date(text_or_none(athlete.get("dateOfBirth"))),
        "height_inches": decimal(athlete.get("height")),
        "weight_pounds": decimal(athlete.get("weight")),
        "experience_years": whole((athlete.get("experience") or {}).get("years")),
        "roster_status": text_or_none((athlete.get("status") or {}).get("type")),
        "roster_injury_status": status.casefold() if status else None,
    }
    name = text_of(athlete["fullName"])
    return found | {
        "player_name": name, "player_lookup": player_lookup(name), "name_key": name_key(name)
    }  # fmt: skip


def _birth_date(printed: str | None) -> dt.date | None:
    """Midnight in California, printed as UTC: its date part is the day."""
    return None if printed is None else moment(printed).tz_convert(EASTERN).date()


_ATHLETE = (
    "id uid guid type alternateIds firstName lastName fullName displayName shortName weight "
    "displayWeight height displayHeight age dateOfBirth debutYear links birthPlace citizenship "
    "college slug headshot jersey injuries linked teams experience.years collegeAthlete active "
    "contract eventLog draft "
    + under("position", "id name displayName abbreviation leaf parent") + " "
    + under("status", "id name type abbreviation") + " "
    + under("injuries", "id longComment shortComment status date athlete source type details")
)  # fmt: skip
ESPN_ROSTER_JSON = layout(
    Layout.ESPN_ROSTER_JSON,
    parser=espn_roster,
    fields=under("team", "id uid slug location name abbreviation displayName shortDisplayName "
                 "color alternateColor isActive logos record athletes groups links franchise "
                 "nextEvent standingSummary " + under("athletes", _ATHLETE)),
)  # fmt: skip
