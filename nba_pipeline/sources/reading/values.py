"""What the parsers share about printed values: teams, names, dates, times and clocks.

Belongs here: reading one value, or a column of them, that is printed alike by several sources. Does
not belong here: bytes and columns (``unpack``), numbers (``numbers``), or what only one source
prints (``parse``). Of a column every error is a ``PayloadError`` that names payload, row and column
and shows the value; of one value it is a ``ValueError`` that says what is wrong with it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from nba_pipeline.landing.payload import Payload, PayloadError
from nba_pipeline.league.calendar import EASTERN, TEAM_IDS, canonical_team
from nba_pipeline.league.names import name_key, player_lookup
from nba_pipeline.sources.reading.numbers import distinct, whole
from nba_pipeline.sources.reading.places import first_of, rows_with, shown
from nba_pipeline.sources.reading.record import reason, text_of

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

_CLOCK = re.compile(r"(?P<m>\d{1,3}):(?P<s>\d\d(?:\.\d+)?)", re.ASCII)
_DURATION = re.compile(r"PT(?P<m>\d{1,3})M(?P<s>\d{1,2}(?:\.\d+)?)S", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?!\d)", re.ASCII)
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?(?:Z|[+-]\d\d:?\d\d)?", re.ASCII
)
_YEARS = range(1946, 2101)
"""Years of the league; a date of another one is a slip or a placeholder."""

_lookup = lru_cache(maxsize=8192)(player_lookup)
_key = lru_cache(maxsize=8192)(name_key)


def mapped(
    payload: Payload,
    values: pd.Series[Any],
    name: str | None,
    read: Callable[[Any], Any],
    *,
    required: bool = False,
) -> pd.Series[Any]:
    """What ``read`` makes of each value, each different one read once; what is missing is NULL.

    Args:
        payload: where the values are from, for messages.
        values: a column as it was printed.
        name: the column's name as it was printed; by default that of the values.
        read: raises for a value that it cannot read.
        required: refuse a row without a value.

    Raises:
        PayloadError: a value cannot be read, or is missing where one is required; the message has
            row, column and value.
    """
    name = str(values.name) if name is None else name
    codes, found = distinct(values)
    made = np.empty(len(found) + 1, dtype=object)
    made[-1] = None
    wrong: dict[int, str] = {}
    for place, value in enumerate(found):
        try:
            made[place] = read(value)
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
            wrong[place] = f"{name} = {shown(value)}{reason(error)}"
    if required and (codes == -1).any():
        wrong[-1] = f"{name} is empty"
    if wrong:
        bad = rows_with(payload, values, codes, wrong)
        raise PayloadError(f"{payload.label}: {first_of(values, codes, wrong)}", bad)
    return pd.Series(made[codes], index=values.index, dtype=object)


def team_of(payload: Payload, tricode: object, where: str) -> str:
    """The canonical tricode of a printed one; ``where`` it stands, for the message.

    Raises:
        PayloadError: no team of the league.
    """
    try:
        return canonical_team(text_of(tricode))
    except ValueError as error:
        text = f"{where}: team {shown(tricode)}{reason(error)}"
        raise PayloadError(f"{payload.label}: {text}") from error


def flag(value: object) -> bool:
    """True or false; 1 and 0 stand for them.

    Raises:
        ValueError: neither.
    """
    if value not in (True, False):
        raise ValueError("is neither true nor false")
    return bool(value)


def teams_of(
    payload: Payload, tricodes: pd.Series[Any], name: str | None = None, *, required: bool = True
) -> pd.Series[Any]:
    """Canonical tricodes.

    Raises:
        PayloadError: one is no team of the league, or missing where one is required.
    """
    return mapped(payload, tricodes, name, lambda t: canonical_team(text_of(t)), required=required)


def whole_text(value: object) -> str:
    """A text, or a whole number as a text: ids are printed as either.

    Raises:
        ValueError: neither.
    """
    if isinstance(value, str):
        return value
    number = whole(value)
    if number is None:
        raise ValueError("is no number")
    return str(number)


def team_of_id(number: object) -> str:
    """The tricode of an official team id.

    Raises:
        ValueError: the id of no team.
    """
    found = whole(number)
    if found is None or found not in TEAM_IDS:
        raise ValueError(f"not an NBA team: {found}")
    return TEAM_IDS[found]


def team_named(name: object) -> str:
    """The tricode of a full team name.

    Raises:
        ValueError: not one of the 30 teams.
    """
    if not isinstance(name, str) or name not in TEAM_NAMES:
        raise ValueError(f"not an NBA team: {name!r}")
    return TEAM_NAMES[name]


def tricodes(payload: Payload, names: pd.Series[Any], name: str | None = None) -> pd.Series[Any]:
    """Full team names as tricodes.

    Raises:
        PayloadError: a name is missing or not one of the 30 teams.
    """
    return mapped(payload, names, name, team_named, required=True)


def put_names(
    payload: Payload, frame: pd.DataFrame, names: pd.Series[Any], *, required: bool = True
) -> None:
    """Put player_name, player_lookup and name_key on a frame.

    Args:
        payload: where the names are from, for messages.
        frame: what they are put on.
        names: names as printed, in the frame's order, called as the source calls them.
        required: refuse a row without a name; else all three are NULL there.

    Raises:
        PayloadError: a name without letters, or none where one is required.
    """
    for ours, spelled in (
        ("player_name", text_of),
        ("player_lookup", lambda n: _lookup(text_of(n))),
        ("name_key", lambda n: _key(text_of(n))),
    ):
        made = mapped(payload, names, None, spelled, required=required)
        frame[ours] = made.to_numpy()


def iso_date(value: object) -> dt.date:
    """The date at the start of a printed date or time.

    Raises:
        ValueError: no date of a game.
    """
    if isinstance(value, dt.date):
        found = value.date() if isinstance(value, dt.datetime) else value
    else:
        printed = _DATE.match(value) if isinstance(value, str) else None
        if printed is None:
            raise ValueError("is no game date")
        found = dt.date.fromisoformat(printed[0])
    if found.year not in _YEARS:
        raise ValueError("is no game date")
    return found


def birth_date(value: object) -> dt.date:
    """The date at the start of a printed date of birth.

    Raises:
        ValueError: no date of this century or the last.
    """
    printed = _DATE.match(value) if isinstance(value, str) else None
    if printed is None or not printed[0].startswith(("19", "20")):
        raise ValueError("is no date of birth")
    return dt.date.fromisoformat(printed[0])


def iso_dates(payload: Payload, values: pd.Series[Any], name: str | None = None) -> pd.Series[Any]:
    """The dates at the start of printed dates or times.

    Raises:
        PayloadError: one is missing or no date of a game.
    """
    return mapped(payload, values, name, iso_date, required=True)


def moment(value: object) -> pd.Timestamp:
    """The UTC time of a printed one; a time without a zone is UTC.

    Raises:
        ValueError: no time of the league's years.
    """
    if not isinstance(value, dt.datetime):
        if not isinstance(value, str) or not _TIME.fullmatch(value.strip()):
            raise ValueError("is no time")
        value = value.strip()
    found = pd.Timestamp(value)
    found = found.tz_localize(dt.UTC) if found.tzinfo is None else found.tz_convert(dt.UTC)
    if found.year not in _YEARS:
        raise ValueError("is no time")
    return found


def times(payload: Payload, values: pd.Series[Any], name: str | None = None) -> pd.Series[Any]:
    """Values as UTC times; a time without a zone is UTC.

    Raises:
        PayloadError: a value is no time.
    """
    made = mapped(payload, values, name, moment)
    return pd.Series(pd.to_datetime(made, utc=True), index=values.index)


def eastern_dates(moments: pd.Series[Any]) -> pd.Series[Any]:
    """Game dates of tip-off times."""
    dates: pd.Series[Any] = moments.dt.tz_convert(EASTERN).dt.date.astype(object)
    return dates


def eastern_date(printed: object) -> dt.date:
    """Game date of a printed tip-off time.

    Raises:
        ValueError: no time of the league's years.
    """
    found: dt.date = moment(printed).tz_convert(EASTERN).date()
    return found


def clock_seconds(text: str) -> float:
    """Seconds of a clock: ``36:47``, ``0:42.3`` or ``PT11M42.00S``.

    Sixty seconds are read as the league prints them: ``29:60`` is 1800.

    Raises:
        ValueError: neither of the two spellings.
    """
    found = _CLOCK.fullmatch(text) or _DURATION.fullmatch(text)
    if found is None or float(found["s"]) > 60:
        raise ValueError("is not like '36:47' or 'PT36M47.00S'")
    return 60 * int(found["m"]) + float(found["s"])
