"""From spreads and totals to rows: every snapshot of every game and bookmaker.

Belongs here: joining quotes to the schedule and turning the spread to its home team. Does not
belong here: which snapshot is the opening or the closing one (``sql/nba_analytics``). Quotes of a
running game stay, with negative minutes before tip-off.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.sources.rows.frames import Fetched, collected, to_arrow
from nba_pipeline.sources.rows.lines import on_schedule, with_minutes
from nba_pipeline.sources.rows.schedule_join import Days, Strangers

CLOSING = "closing"
"""Snapshot key of a source that gives only the last line before tip-off, without its time."""

_OPTIONAL = {"tipoff_utc": "datetime64[ns, UTC]", "snapshot_at": "datetime64[ns, UTC]",
             "home_spread_price": "Float64", "away_spread_price": "Float64"}  # fmt: skip


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
            quotes[name] = pd.Series(pd.NA if kind == "Float64" else pd.NaT, quotes.index, kind)
    known, strangers = on_schedule(quotes, scheduled)
    known = with_minutes(_turned(known))
    known["snapshot_key"] = known["snapshot_at"].dt.strftime("%Y-%m-%dT%H:%M:%SZ").fillna(CLOSING)
    key = ["game_id", "bookmaker", "snapshot_key"]
    known = known.sort_values("fetched_at", kind="stable").drop_duplicates(key, keep="last")
    return to_arrow(contract, known), strangers


def _turned(quotes: pd.DataFrame) -> pd.DataFrame:
    """Spread and its prices from the schedule's home team, where the book swapped the sides."""
    swapped = quotes["is_swapped"]
    home, away = quotes["home_spread_price"], quotes["away_spread_price"]
    return quotes.assign(
        home_spread=quotes["home_spread"].mask(swapped, -quotes["home_spread"]),
        home_spread_price=home.mask(swapped, away),
        away_spread_price=away.mask(swapped, home),
    )
