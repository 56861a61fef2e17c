"""From points lines to rows: the last quote before tip-off of every book, player and line.

Belongs here: joining quotes to the schedule by date and teams, and dropping older ones. Does not
belong here: which line counts for a player (``sql/nba_analytics``). A quote taken after tip-off
stays only where there is no earlier one; its minutes before tip-off are negative.
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

_QUOTE = ["game_id", "bookmaker", "player_lookup", "points_line"]


def line_rows(
    contract: TableContract,
    fetched: Fetched,
    days: Mapping[dt.date, Day],
    scheduled: Mapping[dt.date, Day],
) -> tuple[pa.Table, dict[dt.date, list[str]]]:
    """Rows of ``days``, and by date the pairs of teams that are not ``scheduled``."""
    quotes = collected(fetched, days)
    if not len(quotes):
        return arrow_schema(contract).empty_table(), {}
    merged = quotes.merge(_games(scheduled), on=["game_date", "home_team", "away_team"], how="left")
    known = merged["game_id"].notna()
    strangers: dict[dt.date, list[str]] = {}
    unknown = merged.loc[~known, ["game_date", "away_team", "home_team"]].drop_duplicates()
    for date, away, home in unknown.itertuples(index=False):
        strangers.setdefault(date, []).append(f"{away}@{home}")
    kept = merged[known].copy()
    before = (kept["tipoff_utc"] - kept["snapshot_at"]).dt.total_seconds() / 60
    kept["minutes_before_tipoff"] = before
    # unknown time first, then after tip-off, then the latest before it: the last one is kept
    kept["rank"] = before.map(lambda m: 0 if pd.isna(m) else 1 if m < 0 else 2)
    kept = kept.sort_values(["rank", "snapshot_at", "fetched_at"], kind="stable")
    return to_arrow(contract, kept.drop_duplicates(_QUOTE, keep="last")), strangers


def _games(days: Mapping[dt.date, Day]) -> pd.DataFrame:
    rows = [
        (d, g.game_id, g.season_year, str(g.season_type), home, away)
        for d, day in days.items()
        for g in day.games
        # on a neutral site the books may list the sides the other way round
        for home, away in ((g.home_team, g.away_team), (g.away_team, g.home_team))
    ]
    names = ["game_date", "game_id", "season_year", "season_type", "home_team", "away_team"]
    return pd.DataFrame(rows, columns=names)
