"""Parsers of The Odds API's JSON: points lines of players, spreads and totals of games.

Belongs here: the nested answer, live or inside the envelope of a historical snapshot. Does not
belong here: asking for it (``web.odds``) or choosing a quote. A historical answer was taken at the
envelope's time; a live one at the time that each market carries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.sources.parse.props import POINTS, paired_sides, quotes
from nba_pipeline.sources.reading.json_fields import items_of, with_fields
from nba_pipeline.sources.reading.layouts import layout, under
from nba_pipeline.sources.reading.numbers import decimal, decimals
from nba_pipeline.sources.reading.record import Record, read_each, text_of, text_or_none
from nba_pipeline.sources.reading.unpack import json_of
from nba_pipeline.sources.reading.values import eastern_dates, moment, times, tricodes

SPREADS, TOTALS = "spreads", "totals"
_KNOWN, _SIDES = (SPREADS, TOTALS, POINTS), ("Over", "Under")
NOTHING_POSTED = frozenset((204, 404))
"""Statuses that may mean "nothing posted"."""

_ASKED = re.compile(r"odds=(american|decimal)")
_OUTCOME = ["home", "away", "tipoff", "bookmaker", "market", "snapshot", "side", "player", "price",
            "line"]  # fmt: skip
_EVENT = frozenset(("home_team", "away_team", "commence_time"))
_GAME = ["home", "away", "tipoff", "bookmaker"]
_LINES = ["home_spread", "home_spread_price", "away_spread_price", "game_total", "over_price",
          "under_price"]  # fmt: skip


def points_lines(payload: Payload) -> pd.DataFrame:
    """Points lines, as ``parse.props`` gives them.

    Raises:
        PayloadError: another shape or market, or decimal and American odds in one answer.
    """
    return quotes(payload, paired_sides(payload, _outcomes(payload, (POINTS,))))


def game_lines(payload: Payload) -> pd.DataFrame:
    """Spread and total of a payload, one row per game and book.

    Returns:
        game_date, home_team, away_team, tipoff_utc, bookmaker, snapshot_at, home_spread (points,
        negative when the home team is favoured), home_spread_price, away_spread_price, game_total
        (points), over_price, under_price (American odds). A market that a book has not posted is
        NULL.

    Raises:
        PayloadError: another shape or market, or decimal and American odds in one answer.
    """
    raw = _outcomes(payload, (SPREADS, TOTALS))
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in raw.to_dict("records"):
        row = rows.setdefault(tuple(one[c] for c in _GAME), {"snapshot": one["snapshot"]})
        row["snapshot"] = max(row["snapshot"], one["snapshot"])
        row |= _spread(one) if one["market"] == SPREADS else _total(one)
    frame = pd.DataFrame(
        [dict(zip(_GAME, game, strict=True)) | row for game, row in rows.items()],
        columns=[*_GAME, "snapshot", *_LINES],
    )
    found = frame[["bookmaker"]].copy()
    for side in ("home", "away"):
        found[f"{side}_team"] = tricodes(payload, frame[side], f"{side}_team")
    found["tipoff_utc"] = times(payload, frame["tipoff"], "commence_time")
    found["game_date"] = eastern_dates(found["tipoff_utc"])
    found["snapshot_at"] = times(payload, frame["snapshot"], "last_update")
    for name in _LINES:
        found[name] = decimals(payload, frame[name], name)
    return found


def not_posted(payload: Payload) -> pd.DataFrame:
    """No rows: the source said by its status that it has posted nothing.

    Raises:
        PayloadError: not such a status.
    """
    found = json_of(payload)
    status = found.get("status") if isinstance(found, dict) else None
    if not isinstance(status, int) or status not in NOTHING_POSTED:
        raise PayloadError(f"{payload.label}: not the status of an answer without odds")
    with_fields(payload, [found], ["status"])
    return pd.DataFrame({"game_date": pd.Series([], dtype=object)})


def _spread(one: Mapping[Any, Any]) -> dict[str, Any]:
    if one["side"] == one["home"]:
        return {"home_spread": one["line"], "home_spread_price": one["price"]}
    return {"away_spread_price": one["price"]}


def _total(one: Mapping[Any, Any]) -> dict[str, Any]:
    return {"game_total": one["line"], f"{one['side'].lower()}_price": one["price"]}


def _outcomes(payload: Payload, markets: tuple[str, ...]) -> pd.DataFrame:
    """One row per outcome of the wanted markets; others alone are a wrong answer."""
    found = json_of(payload)
    data = found["data"] if isinstance(found, dict) and "data" in found else found
    events = data if isinstance(data, list) else [data]
    if not all(isinstance(e, dict) and not _EVENT.isdisjoint(e) for e in events):
        raise PayloadError(f"{payload.label}: not an answer of The Odds API")
    at = None
    if data is not found:
        with_fields(payload, [found], ["timestamp"])
        (at,) = read_each(payload, [found], lambda answer: moment(answer["timestamp"]), "answer")
    _check(payload, events, markets)
    listed = read_each(payload, events, lambda event: _of_event(event, at), "event")
    frame = pd.DataFrame([row for rows in listed for row in rows], columns=_OUTCOME)
    wanted = frame[frame["market"].isin(markets) & frame["line"].notna()]
    if len(frame) and not len(wanted):
        others = ", ".join(sorted(set(frame["market"])))
        raise PayloadError(f"{payload.label}: no {' or '.join(markets)}, but {others}")
    if wanted["snapshot"].isna().any():
        raise PayloadError(f"{payload.label}: a market without its time")
    return wanted.assign(price=_american(payload, wanted["price"]))


def _check(payload: Payload, events: list[Any], markets: tuple[str, ...]) -> None:
    """The fields of every level; those of other markets' outcomes are not followed."""
    with_fields(payload, events, sorted(_EVENT), lists=["bookmakers"])
    books = items_of(payload, events, "bookmakers", ["key"], lists=["markets"])
    posted = items_of(payload, books, "bookmakers.markets", ["key"], lists=["outcomes"])
    wanted = [m for m in posted if m.get("key") in markets]
    player = ["description"] if POINTS in markets else []
    needed = ["name", "price", "point", *player]
    items_of(payload, wanted, "bookmakers.markets.outcomes", needed)


def _of_event(event: Record, taken: pd.Timestamp | None) -> list[tuple[Any, ...]]:
    sides = (text_of(event[side]) for side in ("home_team", "away_team"))
    game, found = (*sides, moment(event["commence_time"])), []
    for book in event["bookmakers"]:
        for market in book["markets"]:
            printed = market.get("last_update") or book.get("last_update")
            at = taken or (moment(printed) if printed else None)
            key = text_of(market["key"])
            of_market = (*game, text_of(book["key"]), key, at)
            for outcome in market["outcomes"]:
                name = text_of(outcome["name"])
                if name not in (game[:2] if key == SPREADS else _SIDES) and key in _KNOWN:
                    raise ValueError(f"is no side of {key}")
                found.append((
                    *of_market, name, text_or_none(outcome.get("description")),
                    decimal(outcome.get("price")), decimal(outcome.get("point")),
                ))  # fmt: skip
    return found


def _american(payload: Payload, values: pd.Series[Any]) -> pd.Series[Any]:
    """American odds; decimal ones are converted, a mixture is refused.

    American odds are never between -100 and 100, decimal ones always above 1 and, for these
    markets, far below 100.
    """
    prices = decimals(payload, values, "price")
    known = prices.dropna()
    american = known.abs() >= 100
    decimal = (known > 1) & (known < 100)
    asked = _ASKED.search(payload.request_key)
    kind = asked.group(1) if asked else "american" if american.all() else "decimal"
    wrong = known[~(american if kind == "american" else decimal)]
    if len(wrong):
        raise PayloadError(f"{payload.label}: {wrong.iloc[0]} among {kind} odds")
    return prices if kind == "american" else prices.map(_from_decimal, na_action="ignore")


def _from_decimal(price: float) -> float:
    return float(round(100 * (price - 1) if price >= 2 else -100 / (price - 1)))


_ANSWER = (
    "timestamp previous_timestamp next_timestamp data id sport_key sport_title commence_time "
    "home_team away_team home_rotation_number away_rotation_number bookmakers "
    + under("bookmakers", "key title last_update link sid markets "
            + under("markets", "key last_update link sid outcomes "
                    + under("outcomes", "name description price point link sid bet_limit "
                            "multiplier")))
)  # fmt: skip
ODDS_API_PROPS_JSON = layout(Layout.ODDS_API_PROPS_JSON, parser=points_lines, fields=_ANSWER)
ODDS_API_GAMES_JSON = layout(Layout.ODDS_API_GAMES_JSON, parser=game_lines, fields=_ANSWER)
NOT_POSTED = layout(Layout.NOT_POSTED, parser=not_posted, fields="status")
