"""A season of which the schedule lacks games: no table of it is whole, and it says so."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from click.testing import CliRunner

from nba_pipeline.cli.main import cli
from nba_pipeline.contracts.registry import calendar
from nba_pipeline.league.calendar import FIRST_GAME_DATE, TEAMS
from nba_pipeline.league.seasons import SeasonGames
from nba_pipeline.orchestration.recheck import SEASONS, results
from nba_pipeline.platform import Platform
from nba_pipeline.reports.seasons import seasons
from nba_pipeline.reports.standing import due_dates, standing
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline_tests.support import SEASON, TODAY, platform_in

SEASON_START = FIRST_GAME_DATE
NAMES = ("game_date", "game_id", "season_year", "season_type", "game_status", "home_team",
         "away_team")  # fmt: skip
Game = tuple[dt.date, str, int, str, str, str, str]


def regular_season() -> list[Game]:
    """82 games a team: two with every other one, a third with the twelve next on either side."""
    pairs = [(n, m) for n in range(30) for m in range(30) if n != m]
    pairs += [(n, (n + k) % 30) for n in range(30) for k in range(1, 13)]
    return [game(k, "regular", TEAMS[n], TEAMS[m]) for k, (n, m) in enumerate(pairs)]


def game(k: int, kind: str, home: str, away: str, status: str = "final") -> Game:
    date = SEASON_START + dt.timedelta(k % 170)
    return (date, f"{date:%Y%m%d}_{away}_{home}_{k}", 2021, kind, status, home, away)


CUP, PLAY_OFF = game(50, "cup_final", "LAL", "IND"), game(169, "playoffs", "BOS", "BKN")


def home_with(home: Path, games: Sequence[Game]) -> Platform:
    platform = platform_in(home)
    platform.warehouse.ensure_tables()
    rows, names = pd.DataFrame(games, columns=list(NAMES)), ", ".join(NAMES)
    path = calendar().path
    with duckdb.connect(str(platform.settings.duckdb_path)) as connection:
        required = [c.field.name for c in calendar().columns if c.required]
        for name in set(required) - set(NAMES):
            connection.execute(f"ALTER TABLE {path} ALTER {name} DROP NOT NULL")
        connection.register("games", rows)
        connection.execute(f"INSERT INTO {path} ({names}) SELECT {names} FROM games")
    return platform


def nba(home: Path, *words: str, verb: str = "coverage") -> tuple[int, str]:
    env = {"NBA_HOME": str(home), "NBA_SOURCE": "simulated", "NBA_TODAY": TODAY.isoformat()}
    found = CliRunner(env=env).invoke(cli, [verb, *words])
    return found.exit_code, found.output


def test_a_whole_season_is_whole_with_a_cup_final_beside_it(tmp_path: Path) -> None:
    platform = home_with(tmp_path, [*regular_season(), CUP, PLAY_OFF])
    (season,) = seasons(platform.warehouse, FIRST_GAME_DATE, TODAY)
    assert (season.games, season.is_over, season.wrong, season.known) == (1230, True, [], 1.0)


def test_seven_games_short_is_not_100_percent(tmp_path: Path) -> None:
    games = regular_season()
    lost = games[:7]
    platform = home_with(tmp_path, [*games[7:], CUP, PLAY_OFF])
    code, text = nba(tmp_path)
    assert code == 1
    assert "2021-22: 1,223 of 1,230 games on the schedule; not 82: " in text
    _, text = nba(tmp_path, "--json")
    known = {p["2021-22"]["known"] for p in json.loads(text).values()}
    assert known == {1223 / 1230}
    (found,) = (r for r in results(calendar(), platform, "recheck") if r.check_name == SEASONS)
    assert not found.passed
    short = {team for _, _, _, _, _, *teams in lost for team in teams}
    assert all(f"{team} 8" in str(found.metadata["what"].value) for team in short - {"ATL"})
    assert f"ATL {82 - 7}" in str(found.metadata["what"].value)


def test_a_game_too_many_is_told_of_while_the_season_goes_on_and_one_too_few_is_not(
    tmp_path: Path,
) -> None:
    first = regular_season()[0]
    now = dt.date(2022, 1, 6)
    more = home_with(tmp_path / "more", [*regular_season(), game(7, "regular", "BOS", "BKN")])
    (season,) = seasons(more.warehouse, FIRST_GAME_DATE, now)
    assert (season.is_over, season.wrong, season.known) == (False, [("BKN", 83), ("BOS", 83)], 1.0)
    fewer = home_with(tmp_path / "fewer", regular_season()[1:])
    (season,) = seasons(fewer.warehouse, FIRST_GAME_DATE, now)
    assert (season.games, season.wrong) == (1229, [])
    # a year later it is over, whether or not a later game of it is known
    (season,) = seasons(fewer.warehouse, FIRST_GAME_DATE, TODAY)
    assert dict(season.wrong) == {first[5]: 81, first[6]: 81}


def test_a_postponed_game_counts_on_the_date_on_which_it_was_played_only(tmp_path: Path) -> None:
    moved = game(3, "regular", "BOS", "BKN", "postponed")
    platform = home_with(tmp_path, [*regular_season(), moved, PLAY_OFF])
    assert seasons(platform.warehouse, FIRST_GAME_DATE, TODAY)[0].wrong == []


def test_a_season_that_began_before_the_home_is_not_counted(tmp_path: Path) -> None:
    platform = home_with(tmp_path, regular_season()[7:])
    assert seasons(platform.warehouse, dt.date(2022, 1, 1), TODAY) == []


@pytest.mark.parametrize("verb", ["status", "verify"])
def test_status_and_verify_know_how_many_games_a_season_has(tmp_path: Path, verb: str) -> None:
    line = "2021-22: 1,223 of 1,230 games on the schedule; not 82: "
    home_with(tmp_path / "short", [*regular_season()[7:], CUP, PLAY_OFF])
    home_with(tmp_path / "whole", [*regular_season(), CUP, PLAY_OFF])
    code, text = nba(tmp_path / "short", verb=verb)
    assert code == 1
    assert line in " ".join(text.split())
    assert "on the schedule; not 82" not in nba(tmp_path / "whole", verb=verb)[1]


def test_a_season_that_is_not_whole_is_not_good_though_every_date_is(home: Path) -> None:
    platform = platform_in(home)
    snapshot = snapshot_of(platform)
    dates = due_dates(snapshot, SEASON[0], None, None)
    assert standing(snapshot, dates).is_good
    short = SeasonGames(2025, dict.fromkeys(TEAMS, 81), is_over=True)
    other = SeasonGames(2024, dict.fromkeys(TEAMS, 81), is_over=True)
    found = standing(snapshot, dates, [other, short])
    assert not found.bad
    assert not found.is_good
    assert [t for t in found.headlines if "games on the schedule" in t] == [short.text]
