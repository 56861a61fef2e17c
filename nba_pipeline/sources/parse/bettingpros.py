"""Parsers of BettingPros: the games of a date, and the offers of the points market.

Belongs here: reading one payload of either. Does not belong here: joining them (``rows.boards``).
Offers name a player and an event of theirs; the player's team there is his team of today, also for
games years ago, and is not read.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.league.calendar import canonical_team
from nba_pipeline.sources.reading.json_fields import items_of, with_fields
from nba_pipeline.sources.reading.layouts import layout, under
from nba_pipeline.sources.reading.numbers import decimal, decimals, whole, whole_numbers
from nba_pipeline.sources.reading.record import Record, read_each, text_of
from nba_pipeline.sources.reading.unpack import json_of
from nba_pipeline.sources.reading.values import eastern_dates, flag, moment, put_names, times

POINTS_MARKET = 156
BOOKS = {
    0: "consensus", 10: "fanduel", 12: "draftkings", 13: "williamhill_us", 18: "betrivers",
    19: "betmgm", 24: "bet365",
}  # fmt: skip
"""Books by id, as The Odds API names them (it calls Caesars by its former name); the rest are
exchanges and fantasy sites."""

_EVENT = ["event_id", "home", "away", "tipoff"]
_SIDE = ["event_id", "book", "player", "line", "side", "price", "updated", "offered", "opening",
         "opened"]  # fmt: skip
_LINE = ["event_id", "book", "player", "line"]


def events(payload: Payload) -> pd.DataFrame:
    """Games of a date.

    Returns:
        event_id (theirs), game_date, tipoff_utc, home_team, away_team.

    Raises:
        PayloadError: another shape, or a value that is no time or team.
    """
    listed = _list_of(payload, "events", ["id", "sport", "home", "visitor", "scheduled"])
    rows = read_each(payload, listed, _event, "event")
    raw = pd.DataFrame([row for row in rows if row], columns=_EVENT)
    found = pd.DataFrame({"event_id": whole_numbers(payload, raw["event_id"], "id")})
    found["tipoff_utc"] = times(payload, raw["tipoff"], "scheduled")
    found["game_date"] = eastern_dates(found["tipoff_utc"])
    found["home_team"], found["away_team"] = raw["home"], raw["away"]
    return found


def offers(payload: Payload) -> pd.DataFrame:
    """Points lines of a page of offers, one row per event, book, player and line.

    Returns:
        event_id, game_date (the date that was asked for), bookmaker, player_name, player_lookup,
        name_key, points_line (points), over_price, under_price (American odds), snapshot_at
        (last change of the line), is_line_active, market_opening_points_line (points),
        market_opening_at.

    Raises:
        PayloadError: another shape or market, or a value that is no number or time.
    """
    listed = _list_of(
        payload, "offers", ["event_id", "market_id"], lists=("participants", "selections")
    )
    items_of(payload, listed, "offers.participants", ["name"])
    selections = items_of(payload, listed, "offers.selections", ["selection"], lists=["books"])
    books = items_of(payload, selections, "offers.selections.books", ["id"], lists=["lines"])
    items_of(payload, books, "offers.selections.books.lines", ["line", "cost", "updated"])
    rows = [row for of_offer in read_each(payload, listed, _sides, "offer") for row in of_offer]
    raw = pd.DataFrame(rows, columns=_SIDE).drop_duplicates([*_LINE, "side"], keep="last")
    over, under = (raw[raw["side"] == s].set_index(_LINE).drop(columns="side")
                   for s in ("over", "under"))  # fmt: skip
    both = over.join(under, how="outer", lsuffix="_over", rsuffix="_under").reset_index()
    found = pd.DataFrame({"event_id": whole_numbers(payload, both["event_id"], "event id")})
    found["game_date"] = pd.Series(_asked_date(payload), found.index, dtype=object)
    found["bookmaker"] = both["book"].map(BOOKS)
    found["points_line"] = decimals(payload, both["line"], "line")
    for side in ("over", "under"):
        found[f"{side}_price"] = decimals(payload, both[f"price_{side}"], "cost")
    found["snapshot_at"] = times(payload, _first(both, "updated"), "updated")
    found["is_line_active"] = _first(both, "offered").astype("boolean")
    found["market_opening_points_line"] = decimals(payload, _first(both, "opening"), "opening line")
    found["market_opening_at"] = times(payload, _first(both, "opened"), "opening_line.created")
    put_names(payload, found, both["player"])
    return found


def _event(event: Record) -> tuple[Any, ...]:
    """Parts of an NBA game; nothing of another sport."""
    if text_of(event["sport"]) != "NBA":
        return ()
    teams = (canonical_team(text_of(event[side])) for side in ("home", "visitor"))
    return (whole(event["id"]), *teams, moment(event["scheduled"]))


def _asked_date(payload: Payload) -> dt.date:
    if payload.asked_dates is None:
        raise PayloadError(f"{payload.label}: offers of no date")
    return payload.asked_dates.first


def _first(both: pd.DataFrame, name: str) -> pd.Series[Any]:
    """The over's value, the under's where there is no over."""
    over, under = both[f"{name}_over"], both[f"{name}_under"]
    return over.where(over.notna(), under)


def _list_of(
    payload: Payload, name: str, needed: list[str], lists: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    found = json_of(payload)
    listed = found.get(name) if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise PayloadError(f"{payload.label}: no list {name!r}, not an answer of BettingPros")
    with_fields(payload, [found], (), lists=[name])
    return items_of(payload, [found], name, needed, lists=lists)


def _sides(offer: Record) -> list[tuple[Any, ...]]:
    if whole(offer["market_id"]) != POINTS_MARKET:
        raise ValueError(f"is not {POINTS_MARKET}, the market of points")
    event, found = whole(offer["event_id"]), []
    player = text_of(offer["participants"][0]["name"])
    for selection in offer["selections"]:
        side = text_of(selection["selection"]).lower()
        if side not in ("over", "under"):
            raise ValueError("is neither over nor under")
        opening = selection.get("opening_line") or {}
        opened = (decimal(opening.get("line")), _time(opening.get("created")))
        for book in selection["books"]:
            number = whole(book["id"])
            for line in book["lines"] if number in BOOKS else ():
                is_active, is_off = line.get("active", True), line.get("is_off", False)
                found.append((
                    event, number, player, decimal(line["line"]), side, decimal(line.get("cost")),
                    _time(line.get("updated")), flag(is_active) and not flag(is_off), *opened,
                ))  # fmt: skip
    return found


def _time(printed: Any) -> pd.Timestamp | None:
    return None if printed is None or printed == "" else moment(printed)


BETTINGPROS_EVENTS_JSON = layout(
    Layout.BETTINGPROS_EVENTS_JSON,
    parser=events,
    fields="_parameters events ts utc "
    + under("events", "id sr_id sport scheduled season season_type event_name status home visitor "
            "link series_summary popularity lineups venue participants broadcasts results is_free"),
)  # fmt: skip
BETTINGPROS_OFFERS_JSON = layout(
    Layout.BETTINGPROS_OFFERS_JSON,
    parser=offers,
    fields="_pagination _parameters offers markets ts utc "
    + under("offers", "id sport event_id market_id link active participants selections "
            + under("participants", "id name link player") + " "
            + under("selections", "id selection label short_label participant books "
                    + under("opening_line", "line cost book_id created") + " "
                    + under("books", "id lines "
                            + under("lines", "id line cost active best main is_off updated "
                                    "replaced")))),
)  # fmt: skip
