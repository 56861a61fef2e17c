"""From frames of box scores and shots to rows: a team, a player or a shot of a game.

Belongs here: putting the schedule's game ids, home teams and season types on the rows. Does not
belong here: parsing a layout (``parse``), game sheets (``sheets``) or judging rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.league.calendar import Day
from nba_pipeline.sources.rows.frames import Fetched, collected, newest_of, to_arrow
from nba_pipeline.sources.rows.schedule_join import Strangers, named_by_date, sides


def boxscore_rows(
    contract: TableContract,
    fetched: Fetched,
    days: Mapping[dt.date, Day],
    scheduled: Mapping[dt.date, Day],
) -> tuple[pa.Table, Strangers]:
    """Rows of a box-score table for ``days``, and by date the teams that are not on the schedule.

    Parsed frames are joined to the schedule by date and team; the vendor's own game id never
    joins, and home and away come from the schedule. A team's game that several payloads have is
    that of the newest. Exact repetitions of a row are collapsed, contradicting ones stay and fail
    the audit. ``days`` are the games that the source will ever have whole; what it has of other
    ``scheduled`` games is left out without a word.
    """
    frame = collected(fetched, days)
    if not len(frame):
        return arrow_schema(contract).empty_table(), {}
    content = [c for c in frame.columns if c not in ("fetched_at", "payload_sha256")]
    frame = frame.sort_values("fetched_at", kind="stable").drop_duplicates(content, keep="last")
    if "field_goals_attempted" in frame:
        frame = _fullest(frame)
    frame = newest_of(frame, ["game_date", "team"])
    merged = frame.drop(
        columns=[c for c in ("game_id", "season_year", "season_type", "is_home") if c in frame]
    ).merge(sides(days), on=["game_date", "team"], how="left", suffixes=("", "_by_schedule"))
    known = merged["game_id"].notna() & (merged["opponent"] == merged["opponent_by_schedule"])
    pair = ["game_date", "team", "opponent"]
    listed = sides(scheduled).rename(columns={"opponent_by_schedule": "opponent"})[pair]
    is_listed = pd.MultiIndex.from_frame(merged[pair]).isin(pd.MultiIndex.from_frame(listed))
    unknown = merged[~known & ~is_listed]
    strangers = named_by_date(unknown["game_date"], unknown["team"])
    return to_arrow(contract, _named(contract, merged[known])), strangers


def _fullest(frame: pd.DataFrame) -> pd.DataFrame:
    """A compact layout repeats games of the full one: a team's payload with shot counts wins.

    The whole payload: a single row without shots is for the audit to judge.
    """
    has_shots, team = frame["field_goals_attempted"].notna(), [frame["game_date"], frame["team"]]
    here = has_shots.groupby([*team, frame["payload_sha256"]]).transform("any")
    return frame[here | ~has_shots.groupby(team).transform("any")]


def _named(contract: TableContract, frame: pd.DataFrame) -> pd.DataFrame:
    """The parsers' names as the contract has them."""
    renamed = frame.rename(columns={"won": "is_win", "source_usage_pct": "source_usage_rate"})
    if "team_minutes" in contract.column_names:
        renamed = renamed.rename(columns={"minutes_played": "team_minutes"})
    if "is_degraded" in contract.column_names:
        renamed["is_degraded"] = renamed["field_goals_attempted"].isna()
    return renamed
