from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from nba_pipeline.league.calendar import GameStatus, SeasonType, Witness
from nba_pipeline.sources.rows.schedule_merge import (
    Result,
    SeasonSchedule,
    apply_results,
    game_id_of,
    independent_results,
    official_results,
    season_schedule,
)

DAY = dt.date(2024, 3, 1)
AT = dt.datetime(2024, 2, 5, tzinfo=dt.UTC)


def listed(game_id: str = "0022300900", **changes: Any) -> dict[str, Any]:
    base = {
        "nba_game_id": game_id,
        "game_date": DAY,
        "season_year": 2023,
        "season_type": SeasonType.REGULAR,
        "home_team": "BOS",
        "away_team": "NYK",
        "game_status": GameStatus.SCHEDULED,
        "home_score": None,
        "away_score": None,
        "as_of": dt.date(2024, 2, 4),
    }
    return {**base, **changes}


def season(*games: dict[str, Any]) -> SeasonSchedule:
    return season_schedule([("snapshot", AT, pd.DataFrame(list(games)))])


def result(game_id: str | None = "0022300900", **changes: Any) -> Result:
    base: dict[str, Any] = {
        "date": DAY,
        "scores": {"BOS": 110, "NYK": 100},
        "home": "BOS",
        "nba_game_id": game_id,
        "season_type": SeasonType.REGULAR,
        "witness": Witness.TEAM_BOXSCORE,
    }
    return Result(**{**base, **changes})


def test_the_newest_snapshot_counts_by_its_content_not_by_when_it_was_fetched() -> None:
    old = pd.DataFrame([listed(as_of=dt.date(2023, 10, 1), game_date=dt.date(2024, 3, 9))])
    new = pd.DataFrame([listed()])
    later = AT + dt.timedelta(9)
    found = season_schedule([("old", later, old), ("new", AT, new)])
    assert found.snapshot == "new"
    assert found.games["0022300900"]["game_date"] == DAY


def test_a_box_score_of_both_teams_is_a_witness_and_is_recorded_as_one() -> None:
    found = season(listed())
    apply_results(found, [result()])
    game = found.games["0022300900"]
    assert game["game_status"] is GameStatus.FINAL
    assert (game["home_score"], game["away_score"]) == (110, 100)
    assert game["final_witness"] is Witness.TEAM_BOXSCORE


def test_the_schedule_stays_the_witness_where_it_knows() -> None:
    done = listed(game_status=GameStatus.FINAL, home_score=111, away_score=100)
    found = season(done)
    apply_results(found, [result()])
    game = found.games["0022300900"]
    assert game["final_witness"] is Witness.SCHEDULE
    assert game["home_score"] == 111
    assert "contradicts" in found.notes[DAY][0]


def test_a_moved_game_is_expected_where_it_was_played() -> None:
    found = season(listed())
    apply_results(found, [result(date=DAY + dt.timedelta(1))])
    game = found.games["0022300900"]
    assert game["game_date"] == DAY + dt.timedelta(1)
    assert found.notes[DAY] == ["BOS-NYK moved to 2024-03-02"]


def test_a_game_that_was_not_listed_is_added() -> None:
    found = season(listed())
    new = result("0022301201", scores={"LAL": 1, "GSW": 2}, home="GSW")
    apply_results(found, [new])
    assert found.games["0022301201"]["home_team"] == "GSW"
    assert game_id_of(found.games["0022301201"]) == "20240301_LAL_GSW"


def test_teams_to_be_decided_are_filled_by_the_game_that_was_played() -> None:
    found = season(listed(home_team=None, away_team=None, is_neutral=False))
    assert game_id_of(found.games["0022300900"]) == "20240301_0022300900"
    apply_results(found, [result(home=None, is_neutral=True)])
    game = found.games["0022300900"]
    assert {game["home_team"], game["away_team"]} == {"BOS", "NYK"}
    # what a result tells is known only afterwards: what the schedule said stays as it was
    assert game["is_neutral_in_log"] is True
    assert not game["is_neutral"]
    assert game["home_score"] == {"BOS": 110, "NYK": 100}[game["home_team"]]


def test_between_regular_season_and_playoffs_only_the_play_in_is_played() -> None:
    playoffs = listed("0042300101", season_type=SeasonType.PLAYOFFS, game_date=dt.date(2024, 4, 20))
    found = season(listed(), playoffs)
    independent = {"nba_game_id": None, "season_type": None, "home": "MIA"}
    play_in = Result(
        dt.date(2024, 4, 17),
        {"MIA": 1, "PHI": 2},
        witness=Witness.INDEPENDENT_BOXSCORE,
        **independent,
    )
    nowhere = Result(
        dt.date(2023, 12, 1),
        {"MIA": 1, "PHI": 2},
        witness=Witness.INDEPENDENT_BOXSCORE,
        **independent,
    )
    apply_results(found, [play_in, nowhere])
    added = [g for g in found.games.values() if g["season_type"] is SeasonType.PLAY_IN]
    assert [g["game_date"] for g in added] == [dt.date(2024, 4, 17)]
    assert "left out" in found.notes[dt.date(2023, 12, 1)][0]


def log_row(team: str, opponent: str, points: int, **changes: Any) -> dict[str, Any]:
    base = {
        "game_date": DAY,
        "team": team,
        "opponent": opponent,
        "points": points,
        "home_hint": team == "BOS",
        "nba_game_id": "0022300900",
        "season_type": "regular",
    }
    return {**base, **changes}


def test_one_team_alone_is_no_witness() -> None:
    both = [log_row("BOS", "NYK", 110), log_row("NYK", "BOS", 100)]
    assert len(official_results(pd.DataFrame(both), None, [])) == 1
    assert official_results(pd.DataFrame(both[:1]), None, []) == []


def test_a_log_without_ids_takes_them_from_the_players() -> None:
    both = [
        log_row("BOS", "NYK", 110, nba_game_id=None),
        log_row("NYK", "BOS", 100, nba_game_id=None),
    ]
    ids = pd.DataFrame([{"game_date": DAY, "team": "BOS", "nba_game_id": "0022300900"}])
    assert official_results(pd.DataFrame(both), ids, [])[0].nba_game_id == "0022300900"


def test_an_independent_source_must_add_up_to_its_own_score() -> None:
    row = {
        "game_date": DAY,
        "home_team": "BOS",
        "away_team": "NYK",
        "home_score": 110,
        "away_score": 100,
    }
    rows = [{**row, "team": "BOS", "points": 110}, {**row, "team": "NYK", "points": 100}]
    assert len(independent_results(pd.DataFrame(rows))) == 1
    rows[1]["points"] = 98
    assert independent_results(pd.DataFrame(rows)) == []


def test_a_season_is_over_when_the_finals_are() -> None:
    finals = listed(
        "0042300405",
        season_type=SeasonType.PLAYOFFS,
        game_date=dt.date(2024, 6, 17),
        game_status=GameStatus.FINAL,
        home_score=106,
        away_score=88,
    )
    assert season(listed(), finals).is_over
    assert not season(listed()).is_over
    assert season(listed()).needs_witness(DAY)
    assert not season(listed()).needs_witness(DAY - dt.timedelta(1))
    assert not season(listed(), finals).needs_witness(dt.date(2024, 8, 1))
