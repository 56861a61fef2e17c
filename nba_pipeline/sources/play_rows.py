"""From parsed plays to rows: whose game it is, by date and pair of teams.

Belongs here: joining plays to the schedule, and home and away as the schedule has them. Does not
belong here: reading a feed (``parse_*_plays``). Of a game that two payloads hold, the newest counts
whole: events of two versions are never mixed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

from nba_pipeline.calendar import Day
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.sources.raw_rows import Fetched, collected, to_arrow

_SWAPPED = {"running_home_score": "running_away_score", "running_away_score": "running_home_score"}


def play_rows(
    contract: TableContract,
    fetched: Fetched,
    days: Mapping[dt.date, Day],
    scheduled: Mapping[dt.date, Day],
) -> tuple[pa.Table, dict[dt.date, list[str]]]:
    """Rows of ``days``, and by date the pairs of teams that are not ``scheduled``.

    Raises:
        PayloadError: a value cannot be stored as its column's type.
    """
    plays = collected(fetched, days)
    if not len(plays):
        return arrow_schema(contract).empty_table(), {}
    plays["pair"] = _pairs(plays)
    merged = plays.drop(columns=["home_team", "away_team"]).assign(printed_home=plays["home_team"])
    merged = merged.merge(_games(days), on=["game_date", "pair"], how="left")
    known = merged["game_id"].notna()
    listed = set(_games(scheduled)[["game_date", "pair"]].itertuples(index=False, name=None))
    strangers: dict[dt.date, list[str]] = {}
    unknown = merged.loc[~known, ["game_date", "pair"]].drop_duplicates()
    for date, pair in unknown.itertuples(index=False, name=None):
        if (date, pair) not in listed:
            strangers.setdefault(date, []).append(pair)
    rows = _newest(merged[known])
    # a neutral site has no host: sources choose differently who is called the home team
    turned = rows["printed_home"] != rows["home_team"]
    rows.loc[turned, list(_SWAPPED)] = rows.loc[turned, list(_SWAPPED.values())].to_numpy()
    return to_arrow(contract, rows), strangers


def _newest(plays: pd.DataFrame) -> pd.DataFrame:
    ordered = plays.sort_values("fetched_at", kind="stable")
    last = ordered.groupby("game_id")["payload_sha256"].transform("last")
    return ordered[ordered["payload_sha256"] == last].reset_index(drop=True)


def _pairs(frame: pd.DataFrame) -> pd.Series[str]:
    """``BOS-NYK``: both teams in alphabetical order."""
    first = frame["home_team"].where(frame["home_team"] < frame["away_team"], frame["away_team"])
    last = frame["away_team"].where(first == frame["home_team"], frame["home_team"])
    return first + "-" + last


def _games(days: Mapping[dt.date, Day]) -> pd.DataFrame:
    rows = [
        (d, g.game_id, g.season_year, str(g.season_type), g.home_team, g.away_team)
        for d, day in days.items()
        for g in day.games
    ]
    names = ["game_date", "game_id", "season_year", "season_type", "home_team", "away_team"]
    games = pd.DataFrame(rows, columns=names).dropna(subset=["home_team", "away_team"])
    return games.assign(pair=_pairs(games))
