"""Parsers of archived closing lines of games: one book's, and an average over books.

Belongs here: reading them, giving the spread its sign, and what a payload itself proves of when a
line was taken. Does not belong here: choosing between them. Neither has the time of a line; both
call it the last before tip-off.
"""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd

from nba_pipeline.contracts.fields.markets import LINE_FAULTS
from nba_pipeline.landing.payload import Layout, Payload
from nba_pipeline.sources.reading.layouts import layout
from nba_pipeline.sources.reading.numbers import decimals
from nba_pipeline.sources.reading.record import text_of
from nba_pipeline.sources.reading.unpack import csv_of, parquet_of
from nba_pipeline.sources.reading.values import (
    eastern_date,
    eastern_dates,
    mapped,
    moment,
    tricodes,
)

SBR, CONSENSUS = "sbr_consensus", "consensus"
TAKEN_IN_GAME = LINE_FAULTS[0]
SCHEDULED_AT = "5min"
"""Games are scheduled on whole five minutes; a real start falls on one by chance, once in 300."""
_SBR_DATE = re.compile(r"(\d{4})-\d\d-(\d\d)(\d\d)", re.ASCII)
_SBR = ["Date", "Home", "Away", "OU", "Spread", "ML_Home", "ML_Away"]
_CONSENSUS = ["home_team", "away_team", "commence_time", "spread_point", "total_point"]
_GAME = ["game_date", "home_team", "away_team"]


def sbr(payload: Payload) -> pd.DataFrame:
    """Closing lines of seasons 2021-22 and 2022-23.

    The size of the spread is ``Spread`` without its sign: the first season prints the favourite's
    size, the second one is positive when the home team is favoured. The side with the lower
    moneyline is the favourite; with equal moneylines nobody is, and the spread is NULL.

    Returns:
        game_date, home_team, away_team, bookmaker, home_spread (points, negative when the home
        team is favoured), game_total (points). No prices, no times.

    Raises:
        PayloadError: another shape, or a value that is no date, number or team.
    """
    raw = csv_of(payload, _SBR)
    found = pd.DataFrame({"game_date": mapped(payload, raw["Date"], "Date", _date, required=True)})
    found["home_team"] = tricodes(payload, raw["Home"])
    found["away_team"] = tricodes(payload, raw["Away"])
    found["bookmaker"] = SBR
    size = decimals(payload, raw["Spread"], "Spread").abs()
    home, away = (
        # two prices end in a non-breaking space
        decimals(payload, mapped(payload, raw[name], name, lambda p: text_of(p).strip()), name)
        for name in ("ML_Home", "ML_Away")
    )
    sign = pd.Series(pd.NA, raw.index, dtype="Float64")
    for is_so, value in ((home < away, -1.0), (home > away, 1.0), (size == 0, 0.0)):
        sign = sign.mask(is_so.fillna(value=False), value)  # a price that is missing says nothing
    found["home_spread"] = size * sign
    found["game_total"] = decimals(payload, raw["OU"], "OU")
    return found


def consensus(payload: Payload) -> pd.DataFrame:
    """Closing lines averaged over books; the spread is the home team's.

    The prices beside them are averages of American odds, which jump from -100 to 100, and mean
    nothing: they are not read. A line whose tip-off is no scheduled time was taken in the running
    game: the source writes the real start over the scheduled one. It is kept and marked. A game
    that was listed twice keeps a row from before it, and of those the one that has both lines;
    where two such rows contradict each other, nothing says which is right and both are left out.

    Returns:
        game_date, home_team, away_team, tipoff_utc (the real start where line_fault says so),
        bookmaker, home_spread, game_total (points), line_fault (``taken_in_game`` or NULL).

    Raises:
        PayloadError: another shape, or a value that is no time, number or team.
    """
    raw = parquet_of(payload, _CONSENSUS)
    tipoff = mapped(payload, raw["commence_time"], "commence_time", moment, required=True)
    found = pd.DataFrame({"tipoff_utc": pd.to_datetime(tipoff, utc=True)}, index=raw.index)
    found["game_date"] = eastern_dates(found["tipoff_utc"])
    for side in ("home_team", "away_team"):
        found[side] = tricodes(payload, raw[side], side)
    found["bookmaker"] = CONSENSUS
    found["home_spread"] = decimals(payload, raw["spread_point"], "spread_point")
    found["game_total"] = decimals(payload, raw["total_point"], "total_point")
    in_game = found["tipoff_utc"] != found["tipoff_utc"].dt.round(SCHEDULED_AT)
    found["line_fault"] = [TAKEN_IN_GAME if is_so else None for is_so in in_game]
    values = found[["home_spread", "game_total"]].notna().sum(axis=1)
    found["worth"] = values.mask(in_game, values - 2)  # from before the game beats having both
    found = found[values > 0]
    best = found.groupby(_GAME)["worth"].transform("max")
    found = found[found["worth"] == best].drop(columns="worth")
    found = found.drop_duplicates([*_GAME, "home_spread", "game_total"])
    return found[~found.duplicated(_GAME, keep=False)].reset_index(drop=True)


def _date(printed: object) -> dt.date:
    """``2021-22-1019`` is 2021-10-19 and ``2021-22-0616`` is 2022-06-16."""
    found = _SBR_DATE.fullmatch(text_of(printed))
    if found is None:
        raise ValueError("is not like 2021-22-1019")
    year, month, day = (int(part) for part in found.groups())
    return dt.date(year + (month < 9), month, day)


SBR_GAMES_CSV = layout(
    Layout.SBR_GAMES_CSV,
    parser=sbr,
    fields="table Date Home Away OU Spread ML_Home ML_Away Points Win_Margin Days_Rest_Home "
    "Days_Rest_Away",
    date_of=lambda row: _date(row["Date"]),
)
CONSENSUS_GAMES_PARQUET = layout(
    Layout.CONSENSUS_GAMES_PARQUET,
    parser=consensus,
    fields="event_id home_team away_team commence_time home_ml away_ml home_spread_price "
    "away_spread_price spread_point total_over_price total_under_price total_point",
    date_of=lambda row: eastern_date(row["commence_time"]),
)
