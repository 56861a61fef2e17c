"""From boards that do not print their game to rows: PrizePicks and BettingPros.

Belongs here: finding the pair of teams of an entry. Does not belong here: joining the pair to the
schedule and choosing the last quote (``lines``). What cannot be known is not guessed; it comes
back by date, to be named.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.sources.rows.frames import Fetched, collected, stamped, to_arrow
from nba_pipeline.sources.rows.lines import last_quotes, on_schedule
from nba_pipeline.sources.rows.schedule_join import Days, Strangers, named_by_date

_ENTRY = ["game_id", "player_lookup", "points_line", "line_kind"]
_OFFER = ["game_id", "bookmaker", "player_lookup", "points_line"]


def prizepicks_rows(
    contract: TableContract,
    fetched: Fetched,
    days: Days,
    scheduled: Days,
) -> tuple[pa.Table, Strangers]:
    """Rows of ``days``, and by date the pairs off the schedule and the players without a team.

    An entry of a board that prints no teams takes those that another board printed for the same
    player and date; two different pairs, or none, leave it out. Boards that do not even print the
    time of the game or the kind of line belong to no date.
    """
    quotes = collected(fetched, days)
    if not len(quotes):
        return arrow_schema(contract).empty_table(), {}
    quotes = _with_teams(quotes)
    has_team = quotes["home_team"].notna()
    known, strangers = on_schedule(quotes[has_team], scheduled)
    unknown = quotes[~has_team]
    nobodies = named_by_date(unknown["game_date"], unknown["player_name"] + ", no team")
    return to_arrow(contract, last_quotes(known, _ENTRY)), _both(strangers, nobodies)


def _with_teams(quotes: pd.DataFrame) -> pd.DataFrame:
    """The quotes with home_team and away_team in any order: the schedule says which is which."""
    player = ["player_lookup", "game_date"]
    printed = quotes[quotes["team"].notna() & quotes["opponent"].notna()]
    pairs = printed[[*player, "team", "opponent"]].drop_duplicates()
    pairs = pairs[~pairs.duplicated(player, keep=False)]
    names = {"team": "known_team", "opponent": "known_opponent"}
    merged = quotes.merge(pairs.rename(columns=names), on=player, how="left")
    is_printed = merged["team"].notna() & merged["opponent"].notna()
    merged["home_team"] = merged["team"].where(is_printed, merged["known_team"])
    merged["away_team"] = merged["opponent"].where(is_printed, merged["known_opponent"])
    return merged


def bettingpros_rows(
    contract: TableContract,
    fetched: Fetched,
    days: Days,
    scheduled: Days,
) -> tuple[pa.Table, Strangers]:
    """Rows of ``days``, and by date the pairs of teams and the events that are not ``scheduled``.

    Offers name an event; the teams and the time are in the payload of events.
    """
    listed = _stamped(fetched, "home_team")
    offers = _stamped(fetched, "points_line")
    if not len(offers):
        return arrow_schema(contract).empty_table(), {}
    is_known = offers["event_id"].isin(listed["event_id"] if len(listed) else [])
    nameless = offers[~is_known & offers["game_date"].isin(list(days))]
    lost = named_by_date(
        nameless["game_date"], "event " + nameless["event_id"].astype("string") + ", unknown"
    )
    if not len(listed):
        return arrow_schema(contract).empty_table(), lost
    newest = listed.sort_values("fetched_at", kind="stable").drop_duplicates(
        "event_id", keep="last"
    )
    games = newest[["event_id", "game_date", "tipoff_utc", "home_team", "away_team"]]
    quotes = offers.drop(columns="game_date").merge(games, on="event_id")
    known, strangers = on_schedule(quotes[quotes["game_date"].isin(list(days))], scheduled)
    return to_arrow(contract, last_quotes(known, _OFFER)), _both(strangers, lost)


def _stamped(fetched: Fetched, column: str) -> pd.DataFrame:
    """All rows of the frames that have a column; empty when there are none."""
    parts = [
        stamped(landed, frame) for landed, frame in fetched.frames if column in frame and len(frame)
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _both(one: Strangers, other: Strangers) -> Strangers:
    return {d: one.get(d, []) + other.get(d, []) for d in {**one, **other}}
