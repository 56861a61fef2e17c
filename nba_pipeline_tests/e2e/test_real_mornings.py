"""The real archives: contexts of the morning before the games, against those built years later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import duckdb
import pandas as pd
import pytest

from nba_pipeline.platform import Platform
from nba_pipeline_tests.incidents.season import CONTEXT, TEAMS, as_if, rows_of, selected_in
from nba_pipeline_tests.support import DEFENSE, OFFENSE, PLAYERS

MONTHS = [
    (dt.date(2021, 12, 20), dt.date(2022, 1, 5)),
    (dt.date(2024, 12, 5), dt.date(2024, 12, 31)),
    (dt.date(2025, 10, 21), dt.date(2025, 11, 20)),
]
"""Replacements of December 2021, the lost Cup final, and opening weeks with games abroad."""
AFTER_GAMES = (OFFENSE, DEFENSE, PLAYERS)


@pytest.fixture
def as_of(real: Platform) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse as it was on the morning of the date in the variable ``today``.

    Nothing of that date's games or later ones has happened: no summaries, no results.
    """
    before = "game_date < getvariable('today')"
    open_now = f"IF({before}, {{0}}, {{1}}) AS {{0}}"
    results = ", ".join((
        open_now.format("game_status", "'scheduled'"),
        *(open_now.format(n, "NULL") for n in ("home_score", "away_score", "final_witness")),
    ))  # fmt: skip
    changes = dict.fromkeys(AFTER_GAMES, f"* FROM {{kept}} WHERE {before}")
    changes["nbac_schedule"] = f"* REPLACE ({results}) FROM {{kept}}"
    with as_if(real, changes, variable="today", value=dt.date(2021, 10, 19)) as con:
        yield con


@pytest.mark.parametrize(("first", "last"), MONTHS, ids=str)
def test_a_context_of_the_morning_is_the_one_built_years_later(
    as_of: duckdb.DuckDBPyConnection, real: Platform, first: dt.date, last: dt.date
) -> None:
    teams, players = (rows_of(real, t, first, last) for t in (TEAMS, CONTEXT))
    dates = sorted(set(players["game_date"]))
    assert len(dates) > 10
    for date in dates:
        as_of.execute("SET VARIABLE today = ?", [date])
        early_teams, early_players = selected_in(as_of, date, date)
        assert set(early_players["context_source"]) == {"pregame"}
        known = players[players["context_source"] == "pregame"]
        for early, late in ((early_teams, teams), (early_players, known)):
            late = late[late["game_date"] == date].reset_index(drop=True)
            pd.testing.assert_frame_equal(early, late, check_dtype=False, rtol=1e-12)
