"""The real archives: rest, counts and results before each game, worked out again in pandas."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.platform import Platform
from nba_pipeline_tests.real import NO_BOX_SCORE
from nba_pipeline_tests.support import PLAYERS

TEAMS, CONTEXT = "upcoming_team_game_context", "upcoming_player_game_context"
BY_SCHEDULE = ["days_rest", "is_back_to_back", "opponent_days_rest", "games_last_7_days",
               "games_last_14_days", "season_games_played", "result_streak",
               "last_game_margin"]  # fmt: skip
CUP_FINAL = "no_box_score:20241217_MIL_OKC"
WEEK = dt.timedelta(7)


def frame(platform: Platform, text: str) -> pd.DataFrame:
    return platform.warehouse.query(text).to_pandas(date_as_object=True)


def table(platform: Platform, name: str) -> pd.DataFrame:
    contract = contracts()[name]
    return frame(platform, f"SELECT {', '.join(contract.column_names)} FROM {contract.path}")


@pytest.fixture(scope="module")
def games(real: Platform) -> pd.DataFrame:
    """Final games of five seasons, as the schedule has them."""
    found = table(real, "nbac_schedule")
    return found[found["game_status"] == "final"]


@pytest.fixture(scope="module")
def teams(real: Platform) -> pd.DataFrame:
    return table(real, TEAMS)


@pytest.fixture(scope="module")
def players(real: Platform) -> pd.DataFrame:
    return table(real, CONTEXT)


def sides_of(games: pd.DataFrame) -> pd.DataFrame:
    """Two rows per game: team, opponent, margin."""
    home = games.assign(team=games["home_team"], opponent=games["away_team"],
                        margin=games["home_score"] - games["away_score"])  # fmt: skip
    away = games.assign(team=games["away_team"], opponent=games["home_team"],
                        margin=games["away_score"] - games["home_score"])  # fmt: skip
    names = ["game_date", "season_year", "team", "opponent", "margin"]
    return pd.concat([home, away])[names].sort_values(["team", "game_date"], ignore_index=True)


def truth_of(sides: pd.DataFrame) -> pd.DataFrame:
    """What holds before each game of a team, game by game."""
    rows = []
    for (team, _), own in sides.groupby(["team", "season_year"]):
        dates, streak = list(own["game_date"]), 0
        margins = [int(m) for m in own["margin"]]
        for n, date in enumerate(dates):
            rest = (date - dates[n - 1]).days if n else None
            rows.append({
                "game_date": date, "team": team, "opponent": own["opponent"].iloc[n],
                "days_rest": rest, "is_back_to_back": None if rest is None else rest == 1,
                "games_last_7_days": sum(date - WEEK <= d < date for d in dates),
                "games_last_14_days": sum(date - 2 * WEEK <= d < date for d in dates),
                "season_games_played": n, "result_streak": streak,
                "last_game_margin": margins[n - 1] if n else None,
            })  # fmt: skip
            step = 1 if margins[n] > 0 else -1
            streak = streak + step if streak * step > 0 else step
    found = pd.DataFrame(rows)
    other = found[["game_date", "team", "days_rest"]]
    other.columns = pd.Index(["game_date", "opponent", "opponent_days_rest"])
    return found.merge(other, on=["game_date", "opponent"])


def differences(found: pd.DataFrame, truth: pd.DataFrame, names: list[str]) -> dict[str, int]:
    """Rows that differ, by column; NULL equals NULL only."""
    key = ["game_date", "team"]
    both = found.merge(truth, on=key, suffixes=("", "_true"), how="outer", indicator=True)
    counts = {"rows": int((both["_merge"] != "both").sum())}
    for name in names:
        ours, true = (both[n].astype("Float64") for n in (name, f"{name}_true"))
        same = (ours == true).fillna(False) | (ours.isna() & true.isna())
        counts[name] = int((~same).sum())
    return {name: n for name, n in counts.items() if n}


def test_what_the_schedule_knows_of_teams_is_its_own_in_every_row(
    teams: pd.DataFrame, games: pd.DataFrame
) -> None:
    truth = truth_of(sides_of(games))
    assert len(truth) == len(teams) > 11_000
    assert differences(teams, truth, BY_SCHEDULE) == {}


def test_the_leagues_own_file_of_a_season_says_the_same(
    teams: pd.DataFrame, archives: Path
) -> None:
    """Without our schedule: the season whose Cup final and play-in have no box score."""
    (file,) = (archives / "schedules").glob("scheduleleaguev2_2024-25_final*")
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    days = json.loads(content)["leagueSchedule"]["gameDates"]
    listed = [g for day in days for g in day["games"]]
    rows = [
        {
            "game_date": dt.date.fromisoformat(g["gameDateEst"][:10]), "season_year": 2024,
            "home_team": g["homeTeam"]["teamTricode"], "away_team": g["awayTeam"]["teamTricode"],
            "home_score": g["homeTeam"]["score"], "away_score": g["awayTeam"]["score"],
        }
        for g in listed
        if g["gameId"][:3] in ("002", "004", "005", "006") and g["gameStatus"] == 3
    ]  # fmt: skip
    season = teams[teams["season_year"] == 2024]
    assert len(rows) == 1230 + 1 + 6 + 84
    assert differences(season, truth_of(sides_of(pd.DataFrame(rows))), BY_SCHEDULE) == {}


def row_of(rows: pd.DataFrame, date: dt.date, **key: str) -> pd.Series:
    (name, value), *_ = key.items()
    (found,) = rows[(rows["game_date"] == date) & (rows[name] == value)].to_dict("records")
    return pd.Series(found)


def test_after_the_cup_final_of_2024(teams: pd.DataFrame, players: pd.DataFrame) -> None:
    """MIL beat OKC by 16; no source has the box score."""
    thunder = row_of(teams, dt.date(2024, 12, 19), team="OKC")
    assert (thunder["last_game_margin"], thunder["days_rest"]) == (-16, 2)
    assert (thunder["result_streak"], thunder["season_games_played"]) == (-1, 26)
    assert (thunder["degraded_reason"], thunder["team_games_used_last_10"]) == (CUP_FINAL, 9)
    bucks = row_of(teams, dt.date(2024, 12, 20), team="MIL")
    assert (bucks["last_game_margin"], bucks["days_rest"]) == (16, 3)
    giannis = row_of(players, dt.date(2024, 12, 20), player_lookup="giannisantetokounmpo")
    # he has rested for three days if he played in it, for six if not: nobody can tell by box scores
    assert pd.isna(giannis["days_rest"])
    assert pd.isna(giannis["games_last_7_days"])
    assert giannis["team_days_rest"] == 3
    assert giannis["degraded_reason"] == giannis["team_degraded_reason"] == CUP_FINAL
    assert not giannis["is_training_eligible"]
    again = row_of(players, dt.date(2024, 12, 21), player_lookup="brooklopez")
    assert again["days_rest"] == 1
    assert pd.isna(again["season_games_played"])


def test_every_flaw_is_a_game_without_a_box_score_and_every_such_game_is_one(
    teams: pd.DataFrame, games: pd.DataFrame
) -> None:
    lost = games.loc[games["game_date"].isin(NO_BOX_SCORE), "game_id"]
    named = set(" ".join(teams["degraded_reason"].dropna()).split())
    assert {f"no_box_score:{g}" for g in lost} == {n for n in named if "no_box_score" in n}
    assert teams["is_degraded"].equals(teams["degraded_reason"].notna())
    assert teams["is_training_eligible"].equals(teams["degraded_reason"].isna())


@dataclass(frozen=True)
class Career:
    """A player's box scores in order: days since 1970, seasons and teams."""

    days: np.ndarray
    seasons: np.ndarray
    teams: np.ndarray


@pytest.fixture(scope="module")
def careers(real: Platform) -> dict[str, Career]:
    found = frame(
        real,
        "SELECT UNIX_DATE(game_date) AS day, season_year, team, player_lookup FROM "
        f"nba_analytics.{PLAYERS} WHERE COALESCE(minutes_played > 0, TRUE) ORDER BY day",
    )
    return {
        str(name): Career(*(own[c].to_numpy() for c in ("day", "season_year", "team")))
        for name, own in found.groupby("player_lookup")
    }


def day_of(date: dt.date) -> int:
    return (date - dt.date(1970, 1, 1)).days


def test_rest_and_counts_of_players_are_those_of_their_box_scores_or_null(
    players: pd.DataFrame, careers: dict[str, Career]
) -> None:
    """A NULL that box scores could fill is a game that nobody can tell whether he played in."""
    names = ["days_rest", "season_games_played", "games_last_7_days", "games_last_14_days"]
    wrong, unproven = Counter[str](), 0
    for player, own in players.groupby("player_lookup"):
        career = careers.get(str(player))
        if career is None:
            continue
        days = own["game_date"].map(day_of).to_numpy()
        before = np.searchsorted(career.days, days)
        ours = own[names].astype(float).to_numpy()
        for n, (day, season) in enumerate(zip(days, own["season_year"], strict=True)):
            past = career.days[: before[n]]
            in_season = int((career.seasons[: before[n]] == season).sum())
            truth = (day - past[-1] if in_season else np.nan, in_season,
                     (past >= day - 7).sum(), (past >= day - 14).sum())  # fmt: skip
            for name, here, true in zip(names, ours[n], truth, strict=True):
                if np.isnan(here) and not np.isnan(true):
                    unproven += 1
                    wrong[name] += own["degraded_reason"].iloc[n] is None
                elif here != true and not np.isnan(true):
                    wrong[name] += 1
    assert +wrong == {}
    assert unproven > 1000


def test_no_context_passes_over_a_game_that_a_player_may_have_played_in(
    players: pd.DataFrame, careers: dict[str, Career], games: pd.DataFrame
) -> None:
    """Who played for a team before its lost game, and next for it after that or on the date."""
    lost = games[games["game_date"].isin(NO_BOX_SCORE)]
    passed, doubted, next_ones = [], 0, 0
    for game in lost.itertuples():
        day, sides = day_of(game.game_date), (game.home_team, game.away_team)
        later = players[(players["season_year"] == game.season_year)
                        & (players["game_date"] > game.game_date)]  # fmt: skip
        for row in later.itertuples():
            career = careers.get(row.player_lookup)
            at = np.searchsorted(career.days, day) if career else 0
            if not at:
                continue
            has_since = at < len(career.days) and career.days[at] < day_of(row.game_date)
            next_team = career.teams[at] if has_since else row.team
            if next_team not in sides or career.teams[at - 1] != next_team:
                continue
            doubted += 1
            next_ones += not has_since
            unproven = [row.season_games_played] + [row.days_rest] * (not has_since)
            if not (
                row.is_degraded
                and not row.is_training_eligible
                and f"no_box_score:{game.game_id}" in str(row.degraded_reason).split()
                and pd.isna(unproven).all()
            ):
                passed.append((row.game_date, row.player_lookup))
    assert passed == []
    assert doubted > 2000
    assert next_ones > 112


def test_what_an_opponent_cannot_prove_is_null(players: pd.DataFrame, teams: pd.DataFrame) -> None:
    other = teams.set_index(["game_date", "team"])["degraded_reason"]
    at = pd.MultiIndex.from_frame(players[["game_date", "opponent"]])
    expected = other.reindex(at).to_numpy()
    ours = players["opponent_degraded_reason"].to_numpy()
    assert (pd.isna(ours) == pd.isna(expected)).all()
    flawed = players["opponent_degraded_reason"].notna()
    assert flawed.sum() > 1000
    assert players.loc[flawed, "opponent_pace_last_10"].isna().all()
    assert players.loc[~flawed, "opponent_pace_last_10"].notna().mean() > 0.99


def test_games_abroad_and_finals_of_the_cup_are_on_neutral_sites(teams: pd.DataFrame) -> None:
    neutral = teams.loc[teams["is_neutral"].map(lambda known: known is True), "game_id"]
    assert {
        "20221217_MIA_SAS", "20230119_CHI_DET", "20231109_ATL_ORL", "20231207_IND_MIL",
        "20231207_NOP_LAL", "20231209_IND_LAL", "20240111_BKN_CLE", "20251216_SAS_NYK",
        "20241217_MIL_OKC", "20251101_DAL_DET", "20251213_NYK_ORL",
    } <= set(neutral)  # fmt: skip
    assert len(set(neutral)) == 17
    # where the schedule says nothing and its arena is nobody's we know of, nobody knows
    known = teams.groupby("season_year")["is_neutral"].apply(lambda s: s.notna().mean())
    assert known.min() > 0.9
