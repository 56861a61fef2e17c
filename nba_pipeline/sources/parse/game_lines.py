"""Parsers of archived closing lines of games: one book's, and an average over books.

Belongs here: reading them and giving the spread its sign. Does not belong here: choosing between
them. Neither says when a line was taken; both are the last before tip-off.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.sources.reading.layouts import layout
from nba_pipeline.sources.reading.unpack import csv_of, decimals, parquet_of
from nba_pipeline.sources.reading.values import eastern_dates, times, tricodes

SBR, CONSENSUS = "sbr_consensus", "consensus"
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
    found = pd.DataFrame({"game_date": _dates(payload, raw["Date"])})
    found["home_team"] = tricodes(payload, raw["Home"])
    found["away_team"] = tricodes(payload, raw["Away"])
    found["bookmaker"] = SBR
    size = decimals(payload, raw["Spread"], "Spread").abs()
    home, away = (
        # two prices end in a non-breaking space
        decimals(payload, raw[name].str.strip(), name)
        for name in ("ML_Home", "ML_Away")
    )
    sign = pd.Series(pd.NA, raw.index, dtype="Float64")
    sign = sign.mask(home < away, -1.0).mask(home > away, 1.0).mask(size == 0, 0.0)
    found["home_spread"] = size * sign
    found["game_total"] = decimals(payload, raw["OU"], "OU")
    return found


def consensus(payload: Payload) -> pd.DataFrame:
    """Closing lines averaged over books; the spread is the home team's.

    The prices beside them are averages of American odds, which jump from -100 to 100, and mean
    nothing: they are not read. A game that was listed twice keeps the row that has both lines;
    where two such rows contradict each other, nothing says which is right and both are left out.

    Returns:
        game_date, home_team, away_team, tipoff_utc, bookmaker, home_spread, game_total (points).

    Raises:
        PayloadError: another shape, or a value that is no time, number or team.
    """
    raw = parquet_of(payload, _CONSENSUS)
    tipoff = times(payload, raw["commence_time"])
    found = pd.DataFrame({"game_date": eastern_dates(tipoff), "tipoff_utc": tipoff})
    found["home_team"] = tricodes(payload, raw["home_team"])
    found["away_team"] = tricodes(payload, raw["away_team"])
    found["bookmaker"] = CONSENSUS
    found["home_spread"] = decimals(payload, raw["spread_point"], "spread_point")
    found["game_total"] = decimals(payload, raw["total_point"], "total_point")
    values = found[["home_spread", "game_total"]].notna().sum(axis=1)
    found = found[
        (values > 0) & (values == values.groupby([found[c] for c in _GAME]).transform("max"))
    ]
    found = found.drop_duplicates([*_GAME, "home_spread", "game_total"])
    return found[~found.duplicated(_GAME, keep=False)].reset_index(drop=True)


def _dates(payload: Payload, values: pd.Series[Any]) -> pd.Series[Any]:
    """``2021-22-1019`` is 2021-10-19 and ``2021-22-0616`` is 2022-06-16."""
    parts = values.str.extract(r"^(\d{4})-\d\d-(\d\d)(\d\d)$")
    if parts.isna().any(axis=None):
        broken = values[parts.isna().any(axis=1)].iloc[0]
        raise PayloadError(f"{payload.label}: Date = {broken!r} is not like 2021-22-1019")
    year = parts[0].astype(int) + (parts[1].astype(int) < 9)
    try:
        return pd.to_datetime(year.astype(str) + parts[1] + parts[2], format="%Y%m%d").dt.date
    except ValueError as error:
        raise PayloadError(f"{payload.label}: Date: {error}") from error


SBR_GAMES_CSV = layout(
    Layout.SBR_GAMES_CSV,
    parser=sbr,
    fields="table Date Home Away OU Spread ML_Home ML_Away Points Win_Margin Days_Rest_Home "
    "Days_Rest_Away",
)
CONSENSUS_GAMES_PARQUET = layout(
    Layout.CONSENSUS_GAMES_PARQUET,
    parser=consensus,
    fields="event_id home_team away_team commence_time home_ml away_ml home_spread_price "
    "away_spread_price spread_point total_over_price total_under_price total_point",
)
