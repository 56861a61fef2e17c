"""What tests of contexts share: their tables, and rows as frames."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.platform import Platform
from nba_pipeline_tests.support import (
    TODAY,
)

POOL, LINES = "game_player_pool", "player_points_lines"
TEAMS, CONTEXT = "upcoming_team_game_context", "upcoming_player_game_context"
BUILT_LAST = (LINES, POOL, TEAMS, CONTEXT)
TOMORROW = TODAY + dt.timedelta(1)


def rows_of(platform: Platform, table: str, *dates: dt.date) -> pd.DataFrame:
    contract = contracts()[table]
    names = ", ".join(contract.column_names)
    text = (
        f"SELECT {names} FROM {contract.path} WHERE game_date BETWEEN @first AND @last "
        f"ORDER BY {', '.join(contract.key)}"
    )
    params = {"first": min(dates), "last": max(dates)}
    return platform.warehouse.query(text, params).to_pandas(date_as_object=True)
