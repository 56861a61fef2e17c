from __future__ import annotations

import datetime as dt
from dataclasses import replace

from nba_pipeline.league.calendar import RESULT, Day, DayKind, Game, GameStatus, SeasonType
from nba_pipeline.league.sides import scheduled_sides

DATE = dt.date(2026, 1, 3)
GAME = Game("20260103_BOS_NYK", DATE, 2025, SeasonType.REGULAR, "NYK", "BOS",
            GameStatus.FINAL, 101, 99)  # fmt: skip


def test_a_game_has_two_sides_that_mirror_each_other() -> None:
    found = scheduled_sides({DATE: Day(DATE, DayKind.GAMES, (GAME,))})
    assert found.to_pydict() == {
        "game_date": [DATE, DATE],
        "game_id": [GAME.game_id] * 2,
        "team": ["NYK", "BOS"],
        "opponent": ["BOS", "NYK"],
        "is_home": [True, False],
        "score": [101, 99],
    }


def test_a_game_whose_teams_are_unknown_has_no_side_yet() -> None:
    open_game = replace(GAME, away_team=None)
    found = scheduled_sides({DATE: Day(DATE, DayKind.GAMES, (open_game,))})
    assert found.num_rows == 0
    assert found.schema == scheduled_sides({}).schema


def test_a_final_game_without_any_part_of_its_result_is_not_played() -> None:
    assert GAME.is_played
    assert not replace(GAME, status=GameStatus.LIVE).is_played
    for name in RESULT:
        assert not replace(GAME, **{name: None}).is_played  # type: ignore[arg-type]
