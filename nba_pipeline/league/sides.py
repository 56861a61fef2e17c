"""The two sides of every game as rows: what tables of teams are held against.

Belongs here: turning days into rows. Does not belong here: what a day holds (``calendar``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from nba_pipeline.league.calendar import Day

_SCHEMA = pa.schema(
    [
        ("game_date", pa.date32()),
        ("game_id", pa.string()),
        ("team", pa.string()),
        ("opponent", pa.string()),
        ("is_home", pa.bool_()),
        ("score", pa.int64()),
    ]
)


def scheduled_sides(days: Mapping[dt.date, Day]) -> pa.Table:
    """``game_date, game_id, team, opponent, is_home, score``: two rows per game that counts."""
    rows: list[dict[str, Any]] = []
    for day in days.values():
        for g in day.games:
            if g.home_team is None or g.away_team is None:
                continue
            for team, other, score, home in (
                (g.home_team, g.away_team, g.home_score, True),
                (g.away_team, g.home_team, g.away_score, False),
            ):
                rows.append(
                    {"game_date": day.date, "game_id": g.game_id, "team": team, "opponent": other,
                     "is_home": home, "score": score}
                )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=_SCHEMA)
