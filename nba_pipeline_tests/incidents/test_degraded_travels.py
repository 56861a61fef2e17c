"""A box score without shots taken degrades every row that rests on it, and says which game."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pandas as pd
import pytest

from nba_pipeline.league.calendar import Game
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline_tests.incidents.season import CONTEXT, changed, rows_of, selected
from nba_pipeline_tests.support import PLAYERS, TODAY, platform_in

THIN = TODAY - dt.timedelta(9)
NEXT = THIN + dt.timedelta(1)


@pytest.fixture(scope="module")
def thin(
    season: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Game, set[str], pd.DataFrame, pd.DataFrame]:
    """A game without shot counts, who played in it, and the contexts before and since."""
    home = tmp_path_factory.mktemp("thin") / "home"
    shutil.copytree(season, home)
    platform = platform_in(home)
    game = snapshot_of(platform).day(THIN).games[0]
    played = rows_of(platform, PLAYERS, THIN)
    names = set(played.loc[played["game_id"] == game.game_id, "player_lookup"])
    before = rows_of(platform, CONTEXT, NEXT, TODAY)
    changed(
        home,
        (
            f"UPDATE nba_analytics.{PLAYERS} SET is_degraded = TRUE, usage_rate = NULL, "
            "field_goals_attempted = NULL WHERE game_id = ?",
            [game.game_id],
        ),
    )
    return game, names, before, selected(home, NEXT, TODAY)[1]


def test_who_played_in_it_is_degraded_for_ten_games_and_nobody_else(
    thin: tuple[Game, set[str], pd.DataFrame, pd.DataFrame],
) -> None:
    game, names, _, now = thin
    rests_on_it = now["player_lookup"].isin(names)  # nobody plays more than ten in nine days
    assert rests_on_it.sum() > 20
    assert now["is_degraded"].equals(rests_on_it)
    assert now["is_training_eligible"].equals(~rests_on_it)
    assert set(now.loc[rests_on_it, "degraded_reason"]) == {f"no_attempts:{game.game_id}"}
    assert now.loc[~rests_on_it, "degraded_reason"].isna().all()
    assert now["team_degraded_reason"].isna().all()


def test_what_does_not_need_shots_stays_as_it_was(
    thin: tuple[Game, set[str], pd.DataFrame, pd.DataFrame],
) -> None:
    _, _, before, now = thin
    assert not before["is_degraded"].any()
    marks = ["is_degraded", "is_training_eligible", "degraded_reason"]
    usage = [c for c in now.columns if c.startswith("usage_rate")]
    same = now.columns.difference([*marks, *usage])
    pd.testing.assert_frame_equal(now[same], before[same], check_dtype=False)
    changes = now["usage_rate_avg_last_10"].fillna(-1) != before["usage_rate_avg_last_10"].fillna(
        -1
    )
    assert changes.any()
    assert now.loc[changes, "is_degraded"].all()
