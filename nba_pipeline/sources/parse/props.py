"""Parsers of points lines: The Odds API's player_points market in three flattenings.

Belongs here: reading one payload, and what parsers of quotes share.
Does not belong here: choosing a line (``sql/nba_analytics``).
The game date is the Eastern date of tip-off, never the name of a file. Other markets are left out.
"""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.sources.reading.layouts import layout
from nba_pipeline.sources.reading.unpack import csv_of, decimals
from nba_pipeline.sources.reading.values import eastern_dates, put_names, times, tricodes

POINTS = "player_points"
_TAKEN = re.compile(r"raw_(\d{8})_(\d{6})")
_SIDED = {
    Layout.PROPS_OUTCOMES_CSV: {
        "outcomes_name": "side", "outcomes_description": "player", "outcomes_price": "price",
        "outcomes_point": "line", "home_team": "home", "away_team": "away",
        "commence_time": "tipoff", "bookmakers.key": "bookmaker",
        "bookmakers.markets.key": "market",
        "bookmakers.markets.last_update": "snapshot",
    },
    Layout.PROPS_SIDES_CSV: {
        "side": "side", "player": "player", "price": "price", "line": "line", "home_team": "home",
        "away_team": "away", "commence_time": "tipoff", "bookmaker": "bookmaker",
        "market": "market",
    },
}  # fmt: skip
_LINES = {"player": "player", "market": "market", "line": "line", "bookmaker": "bookmaker",
          "game": "game", "game_time": "tipoff", "over_odds": "over_price",
          "under_odds": "under_price"}  # fmt: skip
_KEY = ["tipoff", "home", "away", "bookmaker", "player", "line"]


def points_lines(payload: Payload) -> pd.DataFrame:
    """Points lines of a payload, one row per game, book, player and line.

    Returns:
        game_date, home_team, away_team, tipoff_utc, bookmaker, player_name, player_lookup,
        name_key, points_line (points), over_price, under_price (American odds, NULL when the book
        takes one side only), snapshot_at (NULL when the file does not say).

    Raises:
        PayloadError: another shape, or a value that is no number, time or team.
    """
    if payload.layout is Layout.PROPS_LINES_CSV:
        return quotes(payload, _lines(payload))
    names = _SIDED[payload.layout]
    return quotes(payload, paired_sides(payload, csv_of(payload, names).rename(columns=names)))


def quotes(payload: Payload, raw: pd.DataFrame) -> pd.DataFrame:
    """Points lines from home, away, tipoff, bookmaker, player, line, prices and snapshot.

    Raises:
        PayloadError: a value that is no number, time or team.
    """
    frame = raw[["bookmaker"]].copy()
    frame["bookmaker"] = frame["bookmaker"].str.lower()
    for side in ("home", "away"):
        frame[f"{side}_team"] = tricodes(payload, raw[side])
    frame["tipoff_utc"] = times(payload, raw["tipoff"])
    frame["game_date"] = eastern_dates(frame["tipoff_utc"])
    frame["snapshot_at"] = times(payload, raw["snapshot"])
    frame["points_line"] = decimals(payload, raw["line"], "line")
    for name in ("over_price", "under_price"):
        frame[name] = decimals(payload, raw[name], name)
    put_names(payload, frame, raw["player"])
    return frame.reset_index(drop=True)


def _lines(payload: Payload) -> pd.DataFrame:
    raw = csv_of(payload, _LINES).rename(columns=_LINES)
    raw = raw[(raw["market"] == POINTS) & raw["line"].notna()]
    sides = raw["game"].str.split(" @ ", n=1, expand=True).reindex(columns=[0, 1])
    taken = _TAKEN.search(payload.request_key)
    snapshot = None
    if taken:
        snapshot = dt.datetime.strptime("".join(taken.groups()), "%Y%m%d%H%M%S").isoformat() + "Z"  # noqa: DTZ007
    return raw.assign(away=sides[0], home=sides[1], snapshot=snapshot)


def paired_sides(payload: Payload, raw: pd.DataFrame) -> pd.DataFrame:
    """One row per line from one row per outcome; markets other than points are left out.

    Raises:
        PayloadError: an outcome that is neither over nor under.
    """
    raw = raw[(raw["market"] == POINTS) & raw["line"].notna()]
    if "snapshot" not in raw:
        raw = raw.assign(snapshot=None)
    raw = raw.drop_duplicates([*_KEY, "side"], keep="last")
    odd = raw[~raw["side"].isin(["Over", "Under"])]
    if len(odd):
        raise PayloadError(f"{payload.label}: side {odd['side'].iloc[0]!r}, not Over or Under")
    over, under = (raw[raw["side"] == side].set_index(_KEY) for side in ("Over", "Under"))
    joined = over[["price", "snapshot"]].join(
        under[["price", "snapshot"]], how="outer", lsuffix="_over", rsuffix="_under"
    )
    joined["snapshot"] = joined["snapshot_over"].where(
        joined["snapshot_over"].notna(), joined["snapshot_under"]
    )
    joined = joined.rename(columns={"price_over": "over_price", "price_under": "under_price"})
    return joined.reset_index()


_OUTCOME_FIELDS = (
    "outcomes_name outcomes_description outcomes_price outcomes_point id sport_key sport_title "
    "commence_time home_team away_team bookmakers.key bookmakers.title bookmakers.last_update "
    "bookmakers.markets.key bookmakers.markets.last_update"
)
PROPS_OUTCOMES_CSV = layout(
    Layout.PROPS_OUTCOMES_CSV,
    parser=points_lines,
    fields=[*_OUTCOME_FIELDS.split(), "Unnamed: 0"],  # a frame was written with its index
)
PROPS_SIDES_CSV = layout(
    Layout.PROPS_SIDES_CSV,
    parser=points_lines,
    fields="market bookmaker player side line price home_team away_team game_id commence_time",
)
PROPS_LINES_CSV = layout(
    Layout.PROPS_LINES_CSV,
    parser=points_lines,
    fields="event_id player market line bookmaker game game_time over_odds under_odds",
)
