"""From boards that do not print their game to rows: PrizePicks and BettingPros.

Belongs here: finding the pair of teams of an entry. Does not belong here: joining the pair to the
schedule and choosing the last quote (``line_rows``). What cannot be known is not guessed; it comes
back by date, to be named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

from nba_pipeline.calendar import Day
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.sources.line_rows import Strangers, last_quotes, on_schedule
from nba_pipeline.sources.raw_rows import Fetched, collected, to_arrow

_ENTRY = ["game_id", "player_lookup", "points_line", "line_kind"]
_OFFER = ["game_id", "bookmaker", "player_lookup", "points_line"]


def prizepicks_rows(
    contract: TableContract,
    fetched: Fetched,
    days: Mapping[dt.date, Day],
    scheduled: Mapping[dt.date, Day],
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
    unknown = quotes.loc[~has_team, ["game_date", "player_name"]].drop_duplicates()
    for date, name in unknown.itertuples(index=False):
        strangers.setdefault(date, []).append(f"{name}, no team")
    return to_arrow(contract, last_quotes(known, _ENTRY)), strangers


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
    days: Mapping[dt.date, Day],
    scheduled: Mapping[dt.date, Day],
) -> tuple[pa.Table, Strangers]:
    """Rows of ``days``, and by date the pairs of teams that are not ``scheduled``.

    Offers name an event; the teams and the time are in the payload of events.
    """
    events = collected(_only(fetched, "home_team"), days)
    parts = [
        frame.assign(fetched_at=pd.Timestamp(landed.fetched_at), payload_sha256=landed.sha256)
        for landed, frame in _only(fetched, "points_line").frames
        if len(frame)
    ]
    if not parts or not len(events):
        return arrow_schema(contract).empty_table(), {}
    newest = events.sort_values("fetched_at", kind="stable").drop_duplicates(
        "event_id", keep="last"
    )
    games = newest[["event_id", "game_date", "tipoff_utc", "home_team", "away_team"]]
    offers = pd.concat(parts, ignore_index=True).drop(columns="game_date")
    quotes = offers.merge(games, on="event_id")
    known, strangers = on_schedule(quotes, scheduled)
    return to_arrow(contract, last_quotes(known, _OFFER)), strangers


def _only(fetched: Fetched, column: str) -> Fetched:
    """The frames that have a column."""
    return Fetched([(landed, frame) for landed, frame in fetched.frames if column in frame])
