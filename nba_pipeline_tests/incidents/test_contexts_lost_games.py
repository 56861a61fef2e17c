"""Games that the schedule knows and no box score tells of, and games that stay open for ever."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from nba_pipeline.league.calendar import Game
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline_tests.incidents.season import (
    CONTEXT,
    POOL,
    TEAMS,
    changed,
    rows_of,
    selected,
    without_box_score,
    without_result,
)
from nba_pipeline_tests.support import PLAYERS, TODAY, platform_in

LOST = TODAY - dt.timedelta(9)
NEXT = LOST + dt.timedelta(1)
OF_OPPONENT = ["opponent_degraded_reason", "opponent_days_rest"]
OF_OPPONENTS_FORM = [*OF_OPPONENT, "pace_differential", "opponent_pace_last_10",
                     "opponent_offensive_rating_last_10",
                     "opponent_defensive_rating_last_10"]  # fmt: skip


same = partial(pd.testing.assert_frame_equal, check_dtype=False)
"""Counts are whole numbers until one of them is unknown."""


@dataclass
class World:
    """Contexts after a night on which something was lost, beside those of the whole night."""

    game: Game
    teams: pd.DataFrame
    players: pd.DataFrame
    whole_teams: pd.DataFrame
    whole_players: pd.DataFrame

    @property
    def sides(self) -> set[str]:
        return {str(self.game.home_team), str(self.game.away_team)}

    def dates_of(self, team: str) -> list[dt.date]:
        return sorted(self.teams.loc[self.teams["team"] == team, "game_date"])

    def of(self, team: str, number: int) -> pd.Series:
        """The team's n-th context after the night."""
        found = self.teams[(self.teams["team"] == team)]
        return found.sort_values("game_date").iloc[number]

    def whole(self, team: str, number: int) -> pd.Series:
        found = self.whole_teams[(self.whole_teams["team"] == team)]
        return found.sort_values("game_date").iloc[number]


def world(season: Path, home: Path, *, has_result: bool) -> World:
    """A night of which one game has no box score, and perhaps no result."""
    shutil.copytree(season, home)
    platform = platform_in(home)
    game = snapshot_of(platform).day(LOST).games[0]
    before = [rows_of(platform, t, NEXT, TODAY) for t in (TEAMS, CONTEXT)]
    open_game = [] if has_result else [without_result(game.game_id)]
    changed(home, *open_game, *without_box_score(game.game_id))
    return World(game, *selected(home, NEXT, TODAY), *before)


@pytest.fixture(scope="module")
def open_game(season: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    return world(season, tmp_path_factory.mktemp("open") / "home", has_result=False)


@pytest.fixture(scope="module")
def lost_game(season: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    return world(season, tmp_path_factory.mktemp("lost") / "home", has_result=True)


def test_the_selects_alone_give_what_was_published(season: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(season, tmp_path / "home"))
    published = [rows_of(platform_in(home), t, NEXT, TODAY) for t in (TEAMS, CONTEXT)]
    for found, before in zip(selected(home, NEXT, TODAY), published, strict=True):
        assert not found["is_degraded"].any()
        same(found, before)


def test_an_open_game_degrades_its_two_teams_and_names_itself(open_game: World) -> None:
    teams = open_game.teams
    assert set(teams.loc[teams["is_degraded"], "team"]) == open_game.sides
    own = teams[teams["team"].isin(open_game.sides)]
    assert set(own["degraded_reason"]) == {f"no_result:{open_game.game.game_id}"}
    assert not own["is_training_eligible"].any()
    for team in open_game.sides:
        assert len(open_game.dates_of(team)) >= 2, "the fixture needs a second game"


def test_what_an_open_game_could_change_of_a_team_is_null(open_game: World) -> None:
    """It may have been played or not, until the schedule or a person says so."""
    first_only = ["days_rest", "is_back_to_back", "travel_miles", "last_game_margin"]
    for team in open_game.sides:
        first, second = open_game.of(team, 0), open_game.of(team, 1)
        for name in (*first_only, "season_games_played", "result_streak", "games_last_7_days",
                     "games_last_14_days"):  # fmt: skip
            assert pd.isna(first[name]), name
        assert first["travel_null_reason"] == "last_game_without_result"
        # a game after it proves these again, but not how many there were
        for name in first_only:
            assert second[name] == open_game.whole(team, 1)[name], name
        for name in ("season_games_played", "result_streak", "games_last_7_days"):
            assert pd.isna(second[name]), name


def test_the_other_teams_of_the_night_are_as_if_nothing_were_wrong(open_game: World) -> None:
    others = ~open_game.teams["team"].isin(open_game.sides)
    now, whole = open_game.teams[others], open_game.whole_teams[others]
    strange = now["opponent"].isin(open_game.sides)
    same(now[~strange], whole[~strange])
    same(now.drop(columns=OF_OPPONENT), whole.drop(columns=OF_OPPONENT))
    reasons = {f"no_result:{open_game.game.game_id}"}
    assert set(now.loc[strange, "opponent_degraded_reason"]) == reasons


@pytest.mark.parametrize("name", ["open_game", "lost_game"])
def test_players_of_other_teams_are_as_if_nothing_were_wrong(
    name: str, request: pytest.FixtureRequest
) -> None:
    """What an opponent cannot prove is NULL, and degrades nobody else."""
    found: World = request.getfixturevalue(name)
    others = ~found.players["team"].isin(found.sides)
    now, whole = found.players[others], found.whole_players[others]
    assert not now["is_degraded"].any()
    same(now.drop(columns=OF_OPPONENTS_FORM), whole.drop(columns=OF_OPPONENTS_FORM))
    strange = now["opponent"].isin(found.sides)
    assert strange.any()
    same(now[~strange], whole[~strange])
    assert now.loc[strange, "opponent_degraded_reason"].notna().all()
    assert now.loc[strange, "opponent_pace_last_10"].isna().all()


def test_the_schedule_knows_of_a_game_without_a_box_score(lost_game: World) -> None:
    """Rest, counts, streak and margin are the true ones; form is of nine games and says so."""
    by_schedule = ["days_rest", "is_back_to_back", "games_last_7_days", "games_last_14_days",
                   "travel_miles", "travel_null_reason", "season_games_played", "result_streak",
                   "last_game_margin", "opponent_days_rest"]  # fmt: skip
    same(lost_game.teams[by_schedule], lost_game.whole_teams[by_schedule])
    teams = lost_game.teams
    assert set(teams.loc[teams["is_degraded"], "team"]) == lost_game.sides
    for team in lost_game.sides:
        first, whole = lost_game.of(team, 0), lost_game.whole(team, 0)
        assert first["degraded_reason"] == f"no_box_score:{lost_game.game.game_id}"
        assert not first["is_training_eligible"]
        assert (first["team_games_used_last_10"], whole["team_games_used_last_10"]) == (9, 10)
        assert first["pace_last_10"] != whole["pace_last_10"]


@pytest.mark.parametrize("name", ["open_game", "lost_game"])
def test_who_may_have_played_has_no_rest_and_no_count_that_it_could_change(
    name: str, request: pytest.FixtureRequest
) -> None:
    found: World = request.getfixturevalue(name)
    own = found.players[found.players["team"].isin(found.sides)]
    assert own["is_degraded"].all()
    assert not own["is_training_eligible"].any()
    doubted = own[own["degraded_reason"].notna()]
    assert len(doubted) > 0.9 * len(own)
    kind = "no_result" if name == "open_game" else "no_box_score"
    assert set(doubted["degraded_reason"]) == {f"{kind}:{found.game.game_id}"}
    for column in ("season_games_played", "games_last_7_days", "games_last_14_days",
                   "minutes_last_7_days", "minutes_last_14_days",
                   "back_to_backs_last_14_days"):  # fmt: skip
        assert doubted[column].isna().all(), column
    firsts = [found.dates_of(team)[0] for team in found.sides]
    first = doubted[doubted["game_date"].isin(firsts) & (doubted["game_date"] == NEXT)]
    later = doubted[doubted["game_date"] > max(firsts)]
    assert doubted.loc[first.index, "days_rest"].isna().all()
    # who has played since has a rest again
    whole = found.whole_players.loc[later.index, "days_rest"]
    proven = later["days_rest"].notna()
    assert proven.sum() > 5
    assert (later.loc[proven, "days_rest"] == whole[proven]).all()


def test_averages_are_of_the_games_that_have_a_box_score(season: Path, lost_game: World) -> None:
    played = rows_of(platform_in(season), PLAYERS, LOST - dt.timedelta(100), TODAY)
    played = played[played["game_id"] != lost_game.game.game_id]
    own = lost_game.players[lost_game.players["degraded_reason"].notna()]
    assert len(own) > 20
    for row in own.itertuples():
        earlier = played["game_date"] < row.game_date
        games = played[(played["player_lookup"] == row.player_lookup) & earlier]
        games = games.sort_values("game_date")
        assert row.points_avg_last_10 == pytest.approx(games["points"].tail(10).mean())
        assert row.points_avg_season == pytest.approx(games["points"].mean())
        assert row.games_used_last_10 == min(10, len(games))


def test_who_played_before_and_after_for_another_team_did_not_play(
    season: Path, tmp_path: Path
) -> None:
    """He came to the team of the lost game later: his own numbers are proven."""
    home = Path(shutil.copytree(season, tmp_path / "home"))
    platform = platform_in(home)
    game = snapshot_of(platform).day(LOST).games[0]
    teams = rows_of(platform, TEAMS, NEXT, TODAY)
    date = max(teams.loc[teams["team"] == game.home_team, "game_date"])
    played = rows_of(platform, PLAYERS, LOST, date)
    elsewhere = played[~played["team"].isin([game.home_team, game.away_team])]
    since = elsewhere[(elsewhere["game_date"] > LOST) & (elsewhere["game_date"] < date)]
    mover = since["player_lookup"].iloc[0]
    host = teams[(teams["team"] == game.home_team) & (teams["game_date"] == date)].iloc[0]
    changed(
        home,
        *without_box_score(game.game_id),
        (
            f"DELETE FROM nba_analytics.{POOL} WHERE game_date = ? AND player_lookup = ?",
            [date, mover],
        ),
        (
            f"INSERT INTO nba_analytics.{POOL} BY NAME SELECT p.* REPLACE ('{mover}' AS "
            f"player_lookup, NULL AS player_id) FROM nba_analytics.{POOL} AS p WHERE game_date = ? "
            "AND team = ? LIMIT 1",
            [date, host["team"]],
        ),
    )
    _, players = selected(home, date, date)
    row = players[players["player_lookup"] == mover].iloc[0]
    assert row["team"] == game.home_team
    assert pd.isna(row["degraded_reason"])
    assert row["days_rest"] == (date - since.loc[since["player_lookup"] == mover,
                                                 "game_date"].max()).days  # fmt: skip
    assert pd.notna(row["season_games_played"])
    # his new team's form lacks the game, and his row has that form
    assert row["team_degraded_reason"] == f"no_box_score:{game.game_id}"
    mates = players[(players["team"] == game.home_team) & (players["player_lookup"] != mover)]
    assert mates["degraded_reason"].notna().all()


@pytest.mark.parametrize("status", ["postponed", "cancelled"])
def test_a_game_that_was_called_off_counts_for_nothing_and_degrades_nobody(
    season: Path, tmp_path: Path, status: str
) -> None:
    home = Path(shutil.copytree(season, tmp_path / "home"))
    game = snapshot_of(platform_in(home)).day(LOST).games[0]
    whole = rows_of(platform_in(home), TEAMS, NEXT, TODAY)
    called_off = ("UPDATE nba_raw.nbac_schedule SET game_status = ? WHERE game_id = ?",
                  [status, game.game_id])  # fmt: skip
    changed(home, without_result(game.game_id), called_off, *without_box_score(game.game_id))
    teams, players = selected(home, NEXT, TODAY)
    assert not teams["is_degraded"].any()
    assert not players["is_degraded"].any()
    own = teams["team"].isin([game.home_team, game.away_team])
    fewer = whole.loc[own, "season_games_played"] - teams.loc[own, "season_games_played"]
    assert set(fewer) == {1}
    assert teams.loc[~own, "season_games_played"].equals(whole.loc[~own, "season_games_played"])
