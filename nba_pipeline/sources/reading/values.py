"""What the parsers share about printed values: teams, names, dates, times and clocks.

Belongs here: reading one value, or a column of them, that is printed alike by several sources. Does
not belong here: bytes and columns (``unpack``), or what only one source prints (``parse``). Every
error is a ``PayloadError`` that names the payload and shows the value.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Payload, PayloadError
from nba_pipeline.league.calendar import EASTERN, TEAM_IDS, canonical_team
from nba_pipeline.league.names import name_key, player_lookup

TEAM_NAMES = {
    "Atlanta Hawks": "ATL", "Boston Celtics": "BOS", "Brooklyn Nets": "BKN",
    "Charlotte Bobcats": "CHA", "Charlotte Hornets": "CHA", "Chicago Bulls": "CHI",
    "Cleveland Cavaliers": "CLE",
    "Dallas Mavericks": "DAL", "Denver Nuggets": "DEN", "Detroit Pistons": "DET",
    "Golden State Warriors": "GSW", "Houston Rockets": "HOU", "Indiana Pacers": "IND",
    "Los Angeles Clippers": "LAC", "LA Clippers": "LAC", "Los Angeles Lakers": "LAL",
    "Memphis Grizzlies": "MEM", "Miami Heat": "MIA", "Milwaukee Bucks": "MIL",
    "Minnesota Timberwolves": "MIN", "New Orleans Pelicans": "NOP", "New York Knicks": "NYK",
    "Oklahoma City Thunder": "OKC", "Orlando Magic": "ORL", "Philadelphia 76ers": "PHI",
    "Phoenix Suns": "PHX", "Portland Trail Blazers": "POR", "Sacramento Kings": "SAC",
    "San Antonio Spurs": "SAS", "Toronto Raptors": "TOR", "Utah Jazz": "UTA",
    "Washington Wizards": "WAS",
}  # fmt: skip
"""Tricodes of the names that bookmakers print; the last one of a team is the usual one."""

_CLOCK = re.compile(r"(?P<m>\d{1,3}):(?P<s>\d\d(?:\.\d+)?)")
_DURATION = re.compile(r"PT(?P<m>\d{1,3})M(?P<s>\d{1,2}(?:\.\d+)?)S")

_lookup = lru_cache(maxsize=8192)(player_lookup)
_key = lru_cache(maxsize=8192)(name_key)


def team_of(payload: Payload, tricode: object) -> str:
    """The canonical tricode of a printed one.

    Raises:
        PayloadError: no team of the league.
    """
    try:
        return canonical_team(str(tricode))
    except ValueError as error:
        raise PayloadError(f"{payload.label}: {error}") from error


def teams_of(payload: Payload, tricodes: pd.Series[Any]) -> pd.Series[Any]:
    """Canonical tricodes; NULL stays NULL.

    Raises:
        PayloadError: one is no team of the league.
    """
    return tricodes.map({t: team_of(payload, t) for t in tricodes.dropna().unique()})


def team_of_id(payload: Payload, number: object) -> str:
    """The tricode of an official team id.

    Raises:
        PayloadError: the id of no team.
    """
    text = str(number)
    if not text.isdigit() or int(text) not in TEAM_IDS:
        raise PayloadError(f"{payload.label}: not an NBA team: {text}")
    return TEAM_IDS[int(text)]


def tricodes(payload: Payload, names: pd.Series[Any]) -> pd.Series[Any]:
    """Full team names as tricodes.

    Raises:
        PayloadError: a name is not one of the 30 teams.
    """
    unknown = sorted({str(name) for name in names} - set(TEAM_NAMES))
    if unknown:
        raise PayloadError(f"{payload.label}: not an NBA team: {unknown[0]!r}")
    return names.map(TEAM_NAMES)


def put_names(
    payload: Payload, frame: pd.DataFrame, names: pd.Series[Any], *, required: bool = True
) -> None:
    """Put player_name, player_lookup and name_key on a frame.

    Args:
        payload: where the names are from, for messages.
        frame: what they are put on.
        names: names as printed, in the frame's order.
        required: refuse a row without a name; else all three are NULL there.

    Raises:
        PayloadError: a name without letters, or none where one is required.
    """
    printed = names.astype(object).mask(names.isna(), None)
    if required and printed.isna().any():
        raise PayloadError(f"{payload.label}: a row without a player name")
    frame["player_name"] = printed
    try:
        for column, spelled in (("player_lookup", _lookup), ("name_key", _key)):
            frame[column] = [None if n is None else spelled(n) for n in printed]
    except (ValueError, TypeError) as error:
        raise PayloadError(f"{payload.label}: player name: {error}") from error


def iso_date(payload: Payload, value: object) -> dt.date:
    """The date at the start of a printed date or time.

    Raises:
        PayloadError: no date.
    """
    try:
        return dt.date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise PayloadError(f"{payload.label}: game date: {error}") from error


def iso_dates(payload: Payload, values: pd.Series[Any]) -> pd.Series[Any]:
    """The dates at the start of printed dates or times.

    Raises:
        PayloadError: one is no date.
    """
    return values.map({v: iso_date(payload, v) for v in values.unique()})


def times(payload: Payload, values: pd.Series[Any]) -> pd.Series[Any]:
    """Values as UTC times; a time without a zone is UTC.

    Raises:
        PayloadError: a value is no time.
    """
    try:
        return pd.to_datetime(values, utc=True, format="ISO8601")
    except (ValueError, TypeError) as error:
        raise PayloadError(f"{payload.label}: time: {error}") from error


def eastern_dates(moments: pd.Series[Any]) -> pd.Series[Any]:
    """Game dates of tip-off times."""
    dates: pd.Series[Any] = moments.dt.tz_convert(EASTERN).dt.date.astype(object)
    return dates


def clock_seconds(text: str) -> float:
    """Seconds of a clock: ``36:47``, ``0:42.3`` or ``PT11M42.00S``.

    Sixty seconds are read as the league prints them: ``29:60`` is 1800.

    Raises:
        ValueError: neither of the two spellings.
    """
    found = _CLOCK.fullmatch(text) or _DURATION.fullmatch(text)
    if found is None or float(found["s"]) > 60:
        raise ValueError(f"{text!r} is not like '36:47' or 'PT36M47.00S'")
    return 60 * int(found["m"]) + float(found["s"])
