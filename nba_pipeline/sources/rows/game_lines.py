"""From spreads and totals to rows: every snapshot of every game and bookmaker.

Belongs here: joining quotes to the schedule, turning the spread to its home team, and saying of a
quote that it is no line before tip-off. Does not belong here: which snapshot is the opening or the
closing one (``sql/nba_analytics``). Such a quote stays, with its ``line_fault``.
"""

from __future__ import annotations

from typing import cast

import pandas as pd
import pyarrow as pa

from nba_pipeline.contracts.fields.markets import LINE_FAULTS
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.sources.rows.frames import Fetched, collected, to_arrow
from nba_pipeline.sources.rows.lines import on_schedule, with_minutes
from nba_pipeline.sources.rows.schedule_join import Days, Strangers

TAKEN_IN_GAME, IMPOSSIBLE = LINE_FAULTS
CLOSING = "closing"
"""Snapshot key of a source that gives only the last line before tip-off, without its time."""

_OPTIONAL = {"tipoff_utc": "datetime64[ns, UTC]", "snapshot_at": "datetime64[ns, UTC]",
             "home_spread_price": "Float64", "away_spread_price": "Float64",
             "line_fault": "object"}  # fmt: skip

_WIDEST_SPREAD = 22.5
_LOWEST_TOTAL, _HIGHEST_TOTAL = 170, 270
"""No book has closed a game of these seasons beyond them; an average that is was taken in the game,
or is a slip of the source."""


def game_line_rows(
    contract: TableContract,
    fetched: Fetched,
    days: Days,
    scheduled: Days,
) -> tuple[pa.Table, Strangers]:
    """Rows of ``days``, and by date the pairs of teams that are not ``scheduled``."""
    quotes = collected(fetched, days)
    if not len(quotes):
        return arrow_schema(contract).empty_table(), {}
    for name, kind in _OPTIONAL.items():
        if name not in quotes:
            quotes[name] = pd.Series(None, quotes.index, kind)
    known, strangers = on_schedule(quotes, scheduled)
    known = with_minutes(_turned(known))
    known["snapshot_key"] = known["snapshot_at"].dt.strftime("%Y-%m-%dT%H:%M:%SZ").fillna(CLOSING)
    known = _judged(contract, known)
    key = ["game_id", "bookmaker", "snapshot_key"]
    known = known.sort_values("fetched_at", kind="stable").drop_duplicates(key, keep="last")
    return to_arrow(contract, known), strangers


def _judged(contract: TableContract, quotes: pd.DataFrame) -> pd.DataFrame:
    """Quotes with what is wrong with them as lines before tip-off.

    A number that its column cannot hold is NULL, and the quote is not one for it.
    """
    spread, total = quotes["home_spread"], quotes["game_total"]
    in_game = quotes["minutes_before_tipoff"] < 0
    is_closing = quotes["snapshot_key"] == CLOSING
    beyond = spread.abs().gt(_WIDEST_SPREAD).fillna(value=False)
    beyond |= (total.lt(_LOWEST_TOTAL) | total.gt(_HIGHEST_TOTAL)).fillna(value=False)
    impossible = is_closing & beyond
    held = {}
    for name in ("home_spread", "game_total"):
        field = next(c.field for c in contract.columns if c.field.name == name)
        low, high = cast("float", field.low), cast("float", field.high)
        fits = quotes[name].between(low, high).fillna(value=True)
        held[name] = quotes[name].where(fits)
        impossible |= ~fits
    fault = quotes["line_fault"]
    fault = fault.mask(fault.isna() & in_game, TAKEN_IN_GAME)
    return quotes.assign(line_fault=fault.mask(fault.isna() & impossible, IMPOSSIBLE), **held)


def _turned(quotes: pd.DataFrame) -> pd.DataFrame:
    """Spread and its prices from the schedule's home team, where the book swapped the sides."""
    swapped = quotes["is_swapped"]
    home, away = quotes["home_spread_price"], quotes["away_spread_price"]
    return quotes.assign(
        home_spread=quotes["home_spread"].mask(swapped, -quotes["home_spread"]),
        home_spread_price=home.mask(swapped, away),
        away_spread_price=away.mask(swapped, home),
    )
