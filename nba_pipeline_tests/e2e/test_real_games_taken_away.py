"""The real archives with one game's result or box score taken away: what is said is still true."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from nba_pipeline.platform import Platform
from nba_pipeline_tests.incidents.season import CONTEXT, TEAMS, as_if, rows_of, selected_in
from nba_pipeline_tests.real import LAST
from nba_pipeline_tests.support import DEFENSE, OFFENSE, PLAYERS

GAMES = {
    "20211223_ATL_PHI": 1,  # players for ten days followed
    "20220410_SAS_DAL": 191,  # of another season, but of the last ten
    "20230407_CHI_DAL": 1,  # the play-in and the playoffs followed
    "20240115_BOS_TOR": 1,
    "20250208_BOS_NYK": 1,  # two days after the trades
    "20251205_DAL_OKC": 1,
}
"""Games, and how many days later contexts are looked at."""

SPAN = dt.timedelta(40)
PROVEN = {
    TEAMS: ["days_rest", "is_back_to_back", "games_last_7_days", "games_last_14_days",
            "season_games_played", "result_streak", "last_game_margin", "travel_miles"],
    CONTEXT: ["days_rest", "is_back_to_back", "days_rest_before_last_game", "games_last_7_days",
              "games_last_14_days", "minutes_last_7_days", "minutes_last_14_days",
              "back_to_backs_last_14_days", "season_games_played", "over_streak", "under_streak",
              "team_days_rest", "travel_miles"],
}  # fmt: skip
"""Columns of which a value is the true one, or NULL, in whatever row."""

SAID = "opponent_degraded_reason"
OF_OPPONENT = ["opponent_days_rest", "pace_differential", "opponent_pace_last_10",
               "opponent_offensive_rating_last_10",
               "opponent_defensive_rating_last_10"]  # fmt: skip


def same(now: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Per value whether it is the same, sums of doubles in another order included."""
    equal = (now == whole) | (now.isna() & whole.isna())
    for name in now.columns[~equal.all()]:
        found = [pd.to_numeric(f[name], errors="coerce") for f in (now, whole)]
        gap = (found[0].astype(float) - found[1].astype(float)).abs()
        equal[name] |= gap < 1e-9
    return equal


@pytest.mark.parametrize("has_result", [False, True], ids=["open", "without_box_score"])
@pytest.mark.parametrize("game_id", GAMES)
def test_a_value_without_the_game_is_the_true_one_or_null_or_in_a_degraded_row(
    real: Platform, game_id: str, has_result: bool
) -> None:
    sides = set(game_id.split("_")[1:])
    first = dt.date.fromisoformat(f"{game_id[:4]}-{game_id[4:6]}-{game_id[6:8]}")
    first += dt.timedelta(GAMES[game_id])
    last = min(LAST, first + SPAN)
    whole = {t: rows_of(real, t, first, last) for t in (TEAMS, CONTEXT)}
    without = dict.fromkeys(
        (OFFENSE, DEFENSE, PLAYERS), "* FROM {kept} WHERE game_id <> getvariable('game')"
    )
    if not has_result:
        without["nbac_schedule"] = (
            "* REPLACE (IF(game_id = getvariable('game'), 'scheduled', game_status) AS game_status)"
            " FROM {kept}"
        )
    with as_if(real, without, variable="game", value=game_id) as con:
        found = selected_in(con, first, last)
    for table, now in zip(whole, found, strict=True):
        was = whole[table]
        key = ["game_date", "team" if table == TEAMS else "player_lookup"]
        assert now[key].equals(was[key])
        equal = same(now, was)
        for name in PROVEN[table]:
            assert (equal[name] | now[name].isna()).all(), (table, name)
        kept = ~now["is_degraded"] & ~was["is_degraded"]
        assert kept.sum() > 0.5 * len(now)
        # what an opponent cannot prove is NULL, and degrades nobody else
        strange = now["opponent"].isin(sides)
        excused = {n: strange & now[n].isna() for n in OF_OPPONENT if n in now} | {SAID: strange}
        for name in equal.columns:
            fine = equal[name] | excused.get(name, False)
            assert fine[kept].all(), (table, name)
        own = now[now["team"].isin(sides)]
        named = own["degraded_reason"].str.contains(game_id, na=False)
        assert named.sum() >= 3
        assert own.loc[named, "is_degraded"].all()
        assert not own.loc[named, "is_training_eligible"].any()
