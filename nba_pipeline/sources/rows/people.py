"""From frames of people to rows: injury reports, injury-list transactions, rosters.

Belongs here: which rows of the landed payloads count on a date, and the schedule's game ids. Does
not belong here: reading a payload (``parse``). Transactions and rosters belong to no game.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import Grain, TableContract
from nba_pipeline.league.calendar import EASTERN
from nba_pipeline.sources.rows.frames import Fetched, collected, newest_of, to_arrow
from nba_pipeline.sources.rows.schedule_join import Days, Strangers, named_by_date, sides

Shaped = tuple[pa.Table, Strangers]


def injury_rows(contract: TableContract, fetched: Fetched, days: Days, scheduled: Days) -> Shaped:
    """Rows of the reports of each game's own day, and by date the teams that are not scheduled.

    A report also lists the next day's games; those rows are left to that day's reports, so that a
    date holds the same rows whichever range it was built in. A report of all teams names no
    opponent: the schedule does.
    """
    frame = collected(fetched, days)
    if not len(frame):
        return arrow_schema(contract).empty_table(), {}
    own_day = frame["report_at"].dt.tz_convert(EASTERN).dt.date == frame["game_date"]
    frame = frame[own_day].sort_values("fetched_at", kind="stable")
    if contract.grain is Grain.REPORTED_TEAM:
        key = ["game_date", "team", "report_at"]
        lines = ["game_date", "team", "report_at", "player_lookup"]
        newest = frame.drop_duplicates(lines, keep="last")
        listed = newest.groupby(key)["player_lookup"].count().rename("players_listed")
        frame = frame.drop_duplicates(key, keep="last").merge(listed.reset_index(), on=key)
        submitted = frame["team_report_status"] != "not_submitted"
        frame["players_listed"] = frame["players_listed"].astype("Int64").where(submitted)
    else:
        frame = frame[frame["player_lookup"].notna()].drop_duplicates(
            list(contract.key), keep="last"
        )
    before = frame["printed_tipoff"] - frame["report_at"]
    frame = frame.assign(minutes_before_tipoff=before.dt.total_seconds() / 60)
    merged = frame.merge(
        sides(scheduled), on=["game_date", "team"], how="left", suffixes=("", "_by_schedule")
    )
    is_scheduled, is_of_all = merged["game_id"].notna(), merged["opponent"].isna()
    merged["opponent"] = merged["opponent"].where(~is_of_all, merged["opponent_by_schedule"])
    known = is_scheduled & (merged["opponent"] == merged["opponent_by_schedule"])
    strange = merged[~known & ~is_of_all]  # who reports of all teams names no game that could be
    return to_arrow(contract, merged[known]), named_by_date(strange["game_date"], strange["team"])


def transaction_rows(
    contract: TableContract, fetched: Fetched, days: Days, scheduled: Days
) -> Shaped:
    """Rows of each date in the newest file that has any; the schedule has no say."""
    frame = collected(fetched, days)
    if not len(frame):
        return arrow_schema(contract).empty_table(), {}
    return to_arrow(contract, newest_of(frame, ["game_date"])), {}


def roster_rows(contract: TableContract, fetched: Fetched, days: Days, scheduled: Days) -> Shaped:
    """The newest roster of every team and date."""
    frame = collected(fetched, days)
    if not len(frame):
        return arrow_schema(contract).empty_table(), {}
    newest = frame.groupby(["game_date", "team"])["fetched_at"].transform("max")
    kept: pd.DataFrame = frame[frame["fetched_at"] == newest]
    return to_arrow(contract, kept), {}
