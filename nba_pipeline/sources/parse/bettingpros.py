"""Parsers of BettingPros: the games of a date, and the offers of the points market.

Belongs here: reading one payload of either. Does not belong here: joining them (``rows.boards``).
Offers name a player and an event of theirs; the player's team there is his team of today, also for
games years ago, and is not read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.league.calendar import canonical_team
from nba_pipeline.sources.reading.json_fields import items_of, with_fields
from nba_pipeline.sources.reading.layouts import layout, under
from nba_pipeline.sources.reading.unpack import decimals, json_of, whole_numbers
from nba_pipeline.sources.reading.values import eastern_dates, put_names, times

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
    try:
        rows = [
            (e["id"], canonical_team(e["home"]), canonical_team(e["visitor"]), e["scheduled"])
            for e in listed
            if e["sport"] == "NBA"
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise PayloadError(f"{payload.label}: event: {error}") from error
    raw = pd.DataFrame(rows, columns=_EVENT)
    found = pd.DataFrame({"event_id": whole_numbers(payload, raw["event_id"], "event id")})
    found["tipoff_utc"] = times(payload, raw["tipoff"])
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
    try:
        rows = [row for offer in listed for row in _sides(payload, offer)]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise PayloadError(f"{payload.label}: offer: {type(error).__name__} {error}") from error
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
    found["snapshot_at"] = times(payload, _first(both, "updated"))
    found["is_line_active"] = _first(both, "offered").astype("boolean")
    found["market_opening_points_line"] = decimals(payload, _first(both, "opening"), "opening line")
    found["market_opening_at"] = times(payload, _first(both, "opened"))
    put_names(payload, found, both["player"])
    return found


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


def _sides(payload: Payload, offer: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    if offer["market_id"] != POINTS_MARKET:
        raise PayloadError(f"{payload.label}: market {offer['market_id']}, not {POINTS_MARKET}")
    player = offer["participants"][0]["name"]
    for selection in offer["selections"]:
        side = selection["selection"].lower()
        if side not in ("over", "under"):
            raise PayloadError(f"{payload.label}: side {side!r}, not over or under")
        opening = selection.get("opening_line") or {}
        for book in selection["books"]:
            if book["id"] not in BOOKS:
                continue
            for line in book["lines"]:
                offered = bool(line.get("active", True)) and not line.get("is_off", False)
                yield (
                    offer["event_id"], book["id"], player, line["line"],
                    side, line.get("cost"), line.get("updated"), offered,
                    opening.get("line"), opening.get("created"),
                )  # fmt: skip


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
