"""Regular seasons as the published schedule has them, counted.

Belongs here: reading games by season and team, and which seasons a home is to hold whole. Does not
belong here: how many there must be (``league``), printing.
"""

from __future__ import annotations

import datetime as dt

from nba_pipeline.contracts.sql_files import load_sql
from nba_pipeline.league.calendar import FIRST_GAME_DATE, season_year_on
from nba_pipeline.league.seasons import SeasonGames
from nba_pipeline.warehouse.base import Warehouse


def seasons(warehouse: Warehouse, first_date: dt.date, today: dt.date) -> list[SeasonGames]:
    """Every season that the schedule knows and that began after ``first_date``, in order.

    Raises:
        WarehouseError: the schedule could not be read.
    """
    rows = warehouse.query(load_sql("ops/season_games")).to_pylist()
    by_team: dict[int, dict[str, int]] = {}
    ended = set[int]()
    for row in rows:
        by_team.setdefault(row["season_year"], {})[row["team"]] = row["games"]
        if row["later_games"]:
            ended.add(row["season_year"])
    newest = max([season_year_on(today), *by_team])
    is_whole = first_date <= FIRST_GAME_DATE
    return [
        SeasonGames(year, counts, is_over=year in ended or year < newest)
        for year, counts in sorted(by_team.items())
        if is_whole or year > season_year_on(first_date)
    ]
