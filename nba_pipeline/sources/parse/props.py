"""Parsers of points lines: The Odds API's player_points market in three flattenings.

Belongs here: reading one payload, and what parsers of quotes share.
Does not belong here: choosing a line (``sql/nba_analytics``).
The game date is the Eastern date of tip-off, never the name of a file. Other markets are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload
from nba_pipeline.sources.reading.layouts import layout
from nba_pipeline.sources.reading.numbers import decimals
from nba_pipeline.sources.reading.record import text_of
from nba_pipeline.sources.reading.unpack import csv_of
from nba_pipeline.sources.reading.values import (
    eastern_date,
    eastern_dates,
    mapped,
    put_names,
    times,
    tricodes,
)

POINTS = "player_points"
_TAKEN = re.compile(r"raw_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)", re.ASCII)
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
        return quotes(payload, _lines(payload), {ours: theirs for theirs, ours in _LINES.items()})
    names = _SIDED[payload.layout]
    raw = csv_of(payload, names).rename(columns=names)
    return quotes(payload, paired_sides(payload, raw, {o: t for t, o in names.items()}))


def quotes(
    payload: Payload, raw: pd.DataFrame, called: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Points lines from home, away, tipoff, bookmaker, player, line, prices and snapshot.

    Args:
        payload: where they are from, for messages.
        raw: the columns as they were printed.
        called: what the source calls them, where it is something else.

    Raises:
        PayloadError: a value that is no number, time or team.
    """
    frame = pd.DataFrame(index=raw.index)
    columns = _as_called(raw, called)
    frame["bookmaker"] = mapped(payload, columns["bookmaker"], None, _lower, required=True)
    for side in ("home", "away"):
        frame[f"{side}_team"] = tricodes(payload, columns[side])
    frame["tipoff_utc"] = times(payload, columns["tipoff"])
    frame["game_date"] = eastern_dates(frame["tipoff_utc"])
    frame["snapshot_at"] = times(payload, columns["snapshot"])
    frame["points_line"] = decimals(payload, columns["line"])
    for name in ("over_price", "under_price"):
        frame[name] = decimals(payload, columns[name])
    put_names(payload, frame, columns["player"])
    return frame.reset_index(drop=True)


def _as_called(raw: pd.DataFrame, called: Mapping[str, str] | None) -> dict[str, pd.Series[Any]]:
    """Columns by our names, each named as the source calls it."""
    return {str(name): raw[name].rename((called or {}).get(str(name), str(name))) for name in raw}


def _lower(printed: object) -> str:
    return text_of(printed).lower()


def _lines(payload: Payload) -> pd.DataFrame:
    raw = csv_of(payload, _LINES).rename(columns=_LINES)
    raw = raw[(raw["market"] == POINTS) & raw["line"].notna()]
    sides = mapped(payload, raw["game"], "game", _sides, required=True)
    taken = _TAKEN.search(payload.request_key)
    snapshot = "{}-{}-{}T{}:{}:{}Z".format(*taken.groups()) if taken else None
    return raw.assign(away=[a for a, _ in sides], home=[h for _, h in sides], snapshot=snapshot)


def _sides(printed: object) -> tuple[str, str]:
    away, at, home = text_of(printed).partition(" @ ")
    if not at:
        raise ValueError("is not like 'New York Knicks @ Boston Celtics'")
    return away, home


def paired_sides(
    payload: Payload, raw: pd.DataFrame, called: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """One row per line from one row per outcome; markets other than points are left out.

    Every value is read before outcomes are paired, while rows are those of the payload; ``called``
    is what the source calls the columns.

    Raises:
        PayloadError: an outcome that is neither over nor under.
    """
    raw = raw[(raw["market"] == POINTS) & raw["line"].notna()]
    if "snapshot" not in raw:
        raw = raw.assign(snapshot=None)
    columns = _as_called(raw, called)
    raw = raw.assign(
        side=mapped(payload, columns["side"], None, _side, required=True),
        **{name: decimals(payload, columns[name]) for name in ("line", "price")},
        **{name: times(payload, columns[name]) for name in ("tipoff", "snapshot")},
    )
    for name in ("home", "away"):
        tricodes(payload, columns[name])
    for name in ("bookmaker", "player"):
        mapped(payload, columns[name], None, text_of, required=True)
    raw = raw.drop_duplicates([*_KEY, "side"], keep="last")
    over, under = (raw[raw["side"] == side].set_index(_KEY) for side in ("Over", "Under"))
    joined = over[["price", "snapshot"]].join(
        under[["price", "snapshot"]], how="outer", lsuffix="_over", rsuffix="_under"
    )
    joined["snapshot"] = joined["snapshot_over"].where(
        joined["snapshot_over"].notna(), joined["snapshot_under"]
    )
    joined = joined.rename(columns={"price_over": "over_price", "price_under": "under_price"})
    return joined.reset_index()


def _side(printed: object) -> str:
    if printed not in ("Over", "Under"):
        raise ValueError("is neither Over nor Under")
    return str(printed)


_OUTCOME_FIELDS = (
    "outcomes_name outcomes_description outcomes_price outcomes_point id sport_key sport_title "
    "commence_time home_team away_team bookmakers.key bookmakers.title bookmakers.last_update "
    "bookmakers.markets.key bookmakers.markets.last_update"
)
PROPS_OUTCOMES_CSV = layout(
    Layout.PROPS_OUTCOMES_CSV,
    parser=points_lines,
    fields=[*_OUTCOME_FIELDS.split(), "Unnamed: 0"],  # a frame was written with its index
    date_of=lambda row: eastern_date(row["commence_time"]),
)
PROPS_SIDES_CSV = layout(
    Layout.PROPS_SIDES_CSV,
    parser=points_lines,
    fields="market bookmaker player side line price home_team away_team game_id commence_time",
    date_of=lambda row: eastern_date(row["commence_time"]),
)
PROPS_LINES_CSV = layout(
    Layout.PROPS_LINES_CSV,
    parser=points_lines,
    fields="event_id player market line bookmaker game game_time over_odds under_odds",
    date_of=lambda row: eastern_date(row["game_time"]),
)
