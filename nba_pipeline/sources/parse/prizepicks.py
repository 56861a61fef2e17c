"""Parser of PrizePicks boards: a snapshot of all lines of the site.

Belongs here: reading one board of any of its four ages. Does not belong here: which game an entry
without teams belongs to (``rows.boards``). Pairs of players in one entry are another product and
are left out, as are statistics other than points.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.league.calendar import EASTERN, canonical_team
from nba_pipeline.sources.reading.json_fields import items_of, with_fields
from nba_pipeline.sources.reading.layouts import layout, under
from nba_pipeline.sources.reading.numbers import decimal, decimals
from nba_pipeline.sources.reading.record import Record, read_each, text_of, text_or_none
from nba_pipeline.sources.reading.unpack import json_of
from nba_pipeline.sources.reading.values import TEAM_NAMES, eastern_dates, moment, put_names, times

BOOKMAKER = "prizepicks"
_PAIR = " + "
_CENTRAL = ZoneInfo("America/Chicago")
_CENTRAL_TIME = "%m/%d/%y %I:%M %p"
_COLUMNS = ["player", "line", "kind", "tipoff", "team", "opponent"]


def board(payload: Payload) -> pd.DataFrame:
    """Points lines of a board, one row per entry.

    Returns:
        game_date, tipoff_utc (NULL in the first age), team, opponent (NULL in the first two),
        line_kind (NULL in the first), bookmaker, player_name, player_lookup, name_key,
        points_line (points), snapshot_at.

    Raises:
        PayloadError: another shape, or a value that is no number, time or team.
    """
    found = json_of(payload)
    if not isinstance(found, dict) or "scrapedAt" not in found or "props" not in found:
        raise PayloadError(f"{payload.label}: no scrapedAt and props, not a PrizePicks board")
    with_fields(payload, [found], ["scrapedAt"], lists=["props"])
    listed = items_of(payload, [found], "props", ["player", "stat", "sport", "line"])
    entries = read_each(payload, listed, _entry, "entry")
    (scraped,) = read_each(payload, [found], lambda board: moment(board["scrapedAt"]), "board")
    raw = pd.DataFrame([one for one in entries if one], columns=_COLUMNS)
    frame = pd.DataFrame({"tipoff_utc": times(payload, raw["tipoff"], "startTime")})
    frame["game_date"] = eastern_dates(frame["tipoff_utc"])
    frame["snapshot_at"] = pd.to_datetime(pd.Series(scraped, raw.index, dtype=object), utc=True)
    frame["bookmaker"] = BOOKMAKER
    frame["team"], frame["opponent"] = raw["team"], raw["opponent"]
    frame["line_kind"] = raw["kind"]
    frame["points_line"] = decimals(payload, raw["line"], "line")
    put_names(payload, frame, raw["player"])
    return frame


def _entry(one: Record) -> tuple[Any, ...]:
    """Parts of a line on a player's points; nothing of another entry."""
    player = text_of(one["player"])
    if text_of(one["sport"]) != "NBA" or text_of(one["stat"]) != "Points" or _PAIR in player:
        return ()
    return (
        player, decimal(one["line"]), text_or_none(one.get("oddsType")), _tipoff(one),
        _team(one, "teamCode", "Team"), _team(one, "opponentCode", "Opponent"),
    )  # fmt: skip


def _tipoff(one: Record) -> dt.datetime | None:
    """Time with its zone; the age without one prints Central time."""
    text = text_or_none(one.get("startTimeIso")) or text_or_none(one.get("startTime"))
    if text is None or "/" not in text:
        return None if text is None else moment(text)
    clock = text.removesuffix("CST").removesuffix("CDT").strip()
    return dt.datetime.strptime(clock, _CENTRAL_TIME).replace(tzinfo=_CENTRAL)


def _game_date(one: Mapping[str, Any]) -> dt.date:
    tipoff = _tipoff(Record(one))
    if tipoff is None:
        raise ValueError("has no time")
    return tipoff.astimezone(EASTERN).date()


def _team(one: Record, *names: str) -> str | None:
    """The first of the names that is printed, as a tricode."""
    printed = next((text for n in names if (text := text_or_none(one.get(n)))), None)
    return None if printed is None else TEAM_NAMES.get(printed) or canonical_team(printed)


PRIZEPICKS_JSON = layout(
    Layout.PRIZEPICKS_JSON,
    parser=board,
    fields="scrapedAt scrapedDate source sport totalProps props "
    + under("props", "player stat sport line startTime startTimeIso startTimeCST startDateCST "
            "oddsType rank gameId Team teamCode Opponent opponentCode"),
    date_of=_game_date,
)  # fmt: skip
