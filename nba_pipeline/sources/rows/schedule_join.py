"""The schedule as frames to join with, and naming what is not on it.

Belongs here: games and sides of expected days, and finding by date what no game explains. Does not
belong here: making rows of one source's frames (the other modules).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from nba_pipeline.league.calendar import Day

Days = Mapping[dt.date, Day]
Strangers = dict[dt.date, list[str]]
OFF_SCHEDULE = "off_schedule_teams"
"""Name of the audit that does not hold where a source has strangers."""
"""By date, what is not on the schedule."""

_GAME = ["game_date", "game_id", "season_year", "season_type", "home_team", "away_team",
         "scheduled_id"]  # fmt: skip


def games(days: Days) -> pd.DataFrame:
    """A row per game with two teams.

    Returns:
        game_date, game_id, season_year, season_type, home_team, away_team, scheduled_id (the
        league's own game id on the schedule, NULL where it has none).
    """
    rows = [
        (d, g.game_id, g.season_year, str(g.season_type), g.home_team, g.away_team, g.nba_game_id)
        for d, day in days.items()
        for g in day.games
        if g.home_team is not None and g.away_team is not None
    ]
    return pd.DataFrame(rows, columns=_GAME)


def sides(days: Days) -> pd.DataFrame:
    """Two rows per game: its columns but the two teams, and team, opponent_by_schedule, is_home."""
    found = games(days)
    home = found.rename(columns={"home_team": "team", "away_team": "opponent_by_schedule"})
    away = found.rename(columns={"away_team": "team", "home_team": "opponent_by_schedule"})
    both = pd.concat([home.assign(is_home=True), away.assign(is_home=False)], ignore_index=True)
    return both.astype({"is_home": bool})


def named_by_date(dates: pd.Series[Any], names: pd.Series[Any]) -> Strangers:
    """Names by date, each once, in the order in which they come."""
    found: Strangers = {}
    for date, name in dict.fromkeys(zip(dates, names, strict=True)):
        found.setdefault(date, []).append(str(name))
    return found
