"""From quotes to rows: joined to the schedule, the last quote before tip-off of every line.

Belongs here: joining quotes to the schedule by date and pair of teams, and dropping older ones.
Does not belong here: which line counts for a player (``sql/nba_analytics``). A quote taken after
tip-off stays only where there is no earlier one; its minutes before tip-off are negative.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd
import pyarrow as pa

from nba_pipeline.calendar import Day
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.sources.raw_rows import Fetched, collected, to_arrow

Strangers = dict[dt.date, list[str]]
"""By date, what is not on the schedule."""

_PAIR = ["game_date", "home_team", "away_team"]
_QUOTE = ["game_id", "bookmaker", "player_lookup", "points_line"]


def line_rows(
    contract: TableContract,
    fetched: Fetched,
    days: Mapping[dt.date, Day],
    scheduled: Mapping[dt.date, Day],
) -> tuple[pa.Table, Strangers]:
    """Rows of ``days``, and by date the pairs of teams that are not ``scheduled``."""
    quotes = collected(fetched, days)
    if not len(quotes):
        return arrow_schema(contract).empty_table(), {}
    known, strangers = on_schedule(quotes, scheduled)
    return to_arrow(contract, last_quotes(known, _QUOTE)), strangers


def on_schedule(
    quotes: pd.DataFrame, scheduled: Mapping[dt.date, Day]
) -> tuple[pd.DataFrame, Strangers]:
    """Quotes with game_id, season and the schedule's sides; ``is_swapped`` where they differ.

    On a neutral site books may list the sides the other way round.
    """
    merged = quotes.merge(_games(scheduled), on=_PAIR, how="left")
    is_known = merged["game_id"].notna()
    strangers: Strangers = {}
    unknown = merged.loc[~is_known, ["game_date", "away_team", "home_team"]].drop_duplicates()
    for date, away, home in unknown.itertuples(index=False):
        strangers.setdefault(date, []).append(f"{away}@{home}")
    known = merged[is_known].copy()
    swapped = known["is_swapped"].astype(bool)
    home, away = known["home_team"].copy(), known["away_team"].copy()
    known["home_team"], known["away_team"] = home.mask(swapped, away), away.mask(swapped, home)
    return known.assign(is_swapped=swapped), strangers


def last_quotes(quotes: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """Per key the last quote before tip-off, with minutes_before_tipoff and first_snapshot_at."""
    kept = with_minutes(quotes)
    before = kept["minutes_before_tipoff"]
    kept["first_snapshot_at"] = kept.groupby(list(key), dropna=False)["snapshot_at"].transform(
        "min"
    )
    # unknown time first, then after tip-off, then the latest before it: the last one is kept
    kept["rank"] = before.map(lambda m: 0 if pd.isna(m) else 1 if m < 0 else 2)
    kept = kept.sort_values(["rank", "snapshot_at", "fetched_at"], kind="stable")
    return kept.drop_duplicates(list(key), keep="last")


def with_minutes(quotes: pd.DataFrame) -> pd.DataFrame:
    """Quotes with minutes_before_tipoff; NULL where either time is unknown."""
    before = (quotes["tipoff_utc"] - quotes["snapshot_at"]).dt.total_seconds() / 60
    return quotes.assign(minutes_before_tipoff=before)


def _games(days: Mapping[dt.date, Day]) -> pd.DataFrame:
    rows = [
        (d, g.game_id, g.season_year, str(g.season_type), home, away, swapped)
        for d, day in days.items()
        for g in day.games
        for home, away, swapped in (
            (g.home_team, g.away_team, False),
            (g.away_team, g.home_team, True),
        )
    ]
    names = ["game_date", "game_id", "season_year", "season_type", "home_team", "away_team",
             "is_swapped"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)
