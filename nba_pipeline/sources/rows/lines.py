"""From quotes to rows: joined to the schedule, the last quote before tip-off of every line.

Belongs here: joining quotes to the schedule by date and pair of teams, and dropping older ones.
Does not belong here: which line counts for a player (``sql/nba_analytics``). A quote taken after
tip-off stays only where there is no earlier one; its minutes before tip-off are negative.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa

from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.sources.rows.frames import Fetched, collected, to_arrow
from nba_pipeline.sources.rows.schedule_join import Days, Strangers, games, named_by_date

_PAIR = ["game_date", "home_team", "away_team"]
_QUOTE = ["game_id", "bookmaker", "player_lookup", "points_line"]


def line_rows(
    contract: TableContract,
    fetched: Fetched,
    days: Days,
    scheduled: Days,
) -> tuple[pa.Table, Strangers]:
    """Rows of ``days``, and by date the pairs of teams that are not ``scheduled``."""
    quotes = collected(fetched, days)
    if not len(quotes):
        return arrow_schema(contract).empty_table(), {}
    known, strangers = on_schedule(quotes, scheduled)
    return to_arrow(contract, last_quotes(known, _QUOTE)), strangers


def on_schedule(quotes: pd.DataFrame, scheduled: Days) -> tuple[pd.DataFrame, Strangers]:
    """Quotes with game_id, season and the schedule's sides; ``is_swapped`` where they differ.

    On a neutral site books may list the sides the other way round.
    """
    listed = games(scheduled).drop(columns="scheduled_id")
    turned = listed.rename(columns={"home_team": "away_team", "away_team": "home_team"})
    either = pd.concat([listed.assign(is_swapped=False), turned.assign(is_swapped=True)])
    merged = quotes.merge(either, on=_PAIR, how="left")
    is_known = merged["game_id"].notna()
    unknown = merged[~is_known]
    strangers = named_by_date(
        unknown["game_date"], unknown["away_team"] + "@" + unknown["home_team"]
    )
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
