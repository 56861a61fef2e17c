"""From game sheets to rows: the game of every line, its names, one payload per team and game.

Belongs here: joining lines to the schedule, by date and team, or by the league's own game id where
a layout has no date. Does not belong here: reading a layout (``parse``).
Exact repetitions of a line collapse; lines that contradict each other stay and fail the audit.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.sources.rows.frames import Fetched, stamped, to_arrow
from nba_pipeline.sources.rows.schedule_join import Days, Strangers, named_by_date, sides

_PROVENANCE = ["fetched_at", "payload_sha256"]
_NAMES = ["player_name", "player_lookup", "name_key"]


def sheet_rows(
    contract: TableContract,
    fetched: Fetched,
    days: Days,
    scheduled: Days,
) -> tuple[pa.Table, Strangers]:
    """Rows of ``days``, and by date the teams that are not ``scheduled``.

    A name that a line lacks is filled in from a list of players by id; without one it stays NULL.
    Games that the source does not have whole (scheduled, not in ``days``) are left out.
    """
    lines = _dated(fetched, days)
    if not len(lines):
        return arrow_schema(contract).empty_table(), {}
    lines = lines.drop_duplicates([c for c in lines.columns if c not in _PROVENANCE])
    newest = lines.groupby(["game_date", "team"])["fetched_at"].transform("max")
    lines = _named(lines[lines["fetched_at"] == newest], fetched)
    merged = lines.merge(
        sides(scheduled).rename(columns={"opponent_by_schedule": "opponent"}),
        on=["game_date", "team"],
        how="left",
    )
    printed, listed = merged["nba_game_id"], merged["scheduled_id"]
    known = merged["game_id"].notna() & (printed.isna() | listed.isna() | (printed == listed))
    strangers = named_by_date(merged.loc[~known, "game_date"], merged.loc[~known, "team"])
    offered = {g.game_id for day in days.values() for g in day.games}
    kept = merged[known & merged["game_id"].isin(list(offered))].copy()
    kept["nba_game_id"] = kept["nba_game_id"].fillna(kept["scheduled_id"])
    return to_arrow(contract, kept), strangers


def _dated(fetched: Fetched, days: Days) -> pd.DataFrame:
    """Lines of the days; those without a date have that of their official game id."""
    date_of = {g.nba_game_id: d for d, day in days.items() for g in day.games if g.nba_game_id}
    parts = []
    for landed, frame in fetched.frames:
        if "sheet_key" not in frame:
            continue
        date = frame["game_date"].where(
            frame["game_date"].notna(), frame["nba_game_id"].map(date_of)
        )
        part = frame.assign(game_date=date)[date.isin(list(days))]
        if len(part):
            parts.append(stamped(landed, part))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _named(lines: pd.DataFrame, fetched: Fetched) -> pd.DataFrame:
    lists = [frame for _, frame in fetched.frames if "sheet_key" not in frame]
    if not lists:
        return lines
    known = pd.concat(lists).drop_duplicates("player_id", keep="last").set_index("player_id")
    found = lines.copy()
    for name in _NAMES:
        values = found["player_id"].map(known[name])
        found[name] = found[name].where(found[name].notna(), values)
    return found
