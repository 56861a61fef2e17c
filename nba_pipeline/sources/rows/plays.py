"""From parsed plays to rows: whose game it is, by date and pair of teams.

Belongs here: joining plays to the schedule, and home and away as the schedule has them. Does not
belong here: reading a feed (``parse``). Of a game that two payloads hold, the newest counts
whole: events of two versions are never mixed.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.sources.rows.frames import Fetched, collected, newest_of, to_arrow
from nba_pipeline.sources.rows.schedule_join import Days, Strangers, games, named_by_date

_SWAPPED = {"running_home_score": "running_away_score", "running_away_score": "running_home_score"}


def play_rows(
    contract: TableContract,
    fetched: Fetched,
    days: Days,
    scheduled: Days,
) -> tuple[pa.Table, Strangers]:
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
    is_listed = pd.MultiIndex.from_frame(merged[["game_date", "pair"]]).isin(list(listed))
    unknown = merged[~known & ~is_listed]
    strangers = named_by_date(unknown["game_date"], unknown["pair"])
    rows = newest_of(merged[known], ["game_id"]).reset_index(drop=True)
    # a neutral site has no host: sources choose differently who is called the home team
    turned = rows["printed_home"] != rows["home_team"]
    rows.loc[turned, list(_SWAPPED)] = rows.loc[turned, list(_SWAPPED.values())].to_numpy()
    return to_arrow(contract, rows), strangers


def _pairs(frame: pd.DataFrame) -> pd.Series[str]:
    """``BOS-NYK``: both teams in alphabetical order."""
    first = frame["home_team"].where(frame["home_team"] < frame["away_team"], frame["away_team"])
    last = frame["away_team"].where(first == frame["home_team"], frame["home_team"])
    return first + "-" + last


def _games(days: Days) -> pd.DataFrame:
    found = games(days)
    return found.assign(pair=_pairs(found))
