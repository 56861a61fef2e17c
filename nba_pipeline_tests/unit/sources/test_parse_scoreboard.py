"""The live scoreboard: final games of the league, and nothing of the others."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from nba_pipeline.landing.payload import Layout, PayloadError
from nba_pipeline.league.calendar import GameStatus, SeasonType, Witness
from nba_pipeline.sources.lookup import parse, parse_dates
from nba_pipeline.sources.rows.schedule_merge import (
    SeasonSchedule,
    apply_results,
    scoreboard_results,
)
from nba_pipeline_tests.unit.sources.samples import ON_BOARD, samples

DATE = dt.date(2026, 1, 10)


def board(*games: dict[str, Any]) -> pd.DataFrame:
    return parse(samples()[Layout.SCOREBOARD_JSON].payload({"scoreboard": {"games": list(games)}}))


def season(status: GameStatus, **result: int) -> SeasonSchedule:
    game = {
        "nba_game_id": ON_BOARD["gameId"], "game_date": DATE, "season_year": 2025,
        "season_type": SeasonType.REGULAR, "home_team": "CLE", "away_team": "MIN",
        "game_status": status, "label": None, "is_neutral": None,
        "final_witness": Witness.TEAM_BOXSCORE, **result,
    }  # fmt: skip
    return SeasonSchedule(2025, {str(ON_BOARD["gameId"]): game}, "s", DATE)


def test_a_final_game_is_read_with_the_date_of_its_code() -> None:
    (row,) = board(ON_BOARD).to_dict("records")
    assert row == {
        "game_date": DATE, "season_year": 2025, "nba_game_id": "0022500542",
        "season_type": "regular", "home_team": "CLE", "away_team": "MIN", "home_score": 146,
        "away_score": 134,
    }  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"gameStatus": 1, "gameStatusText": "7:00 pm ET"},
        {"gameStatus": 2, "gameStatusText": "Q4 2:10"},
        {"gameStatusText": "PPD"},
        {"gameId": "0012500542"},  # an exhibition
    ],
)
def test_what_is_not_final_or_does_not_count_is_left_out(changes: dict[str, Any]) -> None:
    assert board({**ON_BOARD, **changes}, {**ON_BOARD, "gameId": "0022500543"})[
        "nba_game_id"
    ].tolist() == ["0022500543"]


@pytest.mark.parametrize("score", [0, None, 251, "many"])
def test_a_final_game_without_a_result_costs_its_date(score: object) -> None:
    bad = {**ON_BOARD, "homeTeam": {"teamTricode": "CLE", "score": score}}
    with pytest.raises(PayloadError, match=r"game 1: homeTeam\.score = "):
        board(bad)
    other = {**ON_BOARD, "gameId": "0022500543", "gameCode": "20260111/MINCLE"}
    payload = samples()[Layout.SCOREBOARD_JSON].payload({"scoreboard": {"games": [bad, other]}})
    read = parse_dates(payload)
    assert list(read.lost) == [DATE]
    assert read.frame["nba_game_id"].tolist() == ["0022500543"]


def test_it_finishes_a_game_that_nobody_else_knows_to_be_final() -> None:
    found = season(GameStatus.SCHEDULED)
    apply_results(found, scoreboard_results(board(ON_BOARD)))
    (game,) = found.counting()
    assert (game["game_status"], game["final_witness"]) == (GameStatus.FINAL, Witness.SCOREBOARD)
    assert (game["home_score"], game["away_score"]) == (146, 134)


def test_a_result_that_another_witness_has_is_kept_and_a_contradiction_is_told() -> None:
    found = season(GameStatus.FINAL, home_score=140, away_score=134)
    apply_results(found, scoreboard_results(board(ON_BOARD)))
    (game,) = found.counting()
    assert (game["home_score"], game["final_witness"]) == (140, Witness.TEAM_BOXSCORE)
    assert found.notes == {
        DATE: ["scoreboard CLE 146 MIN 134 contradicts the result by team_boxscore"]
    }
