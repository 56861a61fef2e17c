"""What is known before tip-off: the same whenever it is built, and never of the game itself."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from nba_pipeline.audit.dates import audit
from nba_pipeline.build.door import build
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.landing.payload import Payload
from nba_pipeline.verdicts.snapshot import Snapshot, snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.incidents.season import (
    BUILT_LAST,
    CONTEXT,
    POOL,
    TEAMS,
    TOMORROW,
    rows_of,
)
from nba_pipeline_tests.support import (
    NIGHT,
    OFFENSE,
    PLAYERS,
    SEASON,
    TODAY,
    platform_in,
    run,
    verdict,
)


def test_contexts_of_today_and_tomorrow_are_there_before_the_games(season: Path) -> None:
    platform = platform_in(season)
    seen = Snapshot(platform.warehouse, TODAY)
    for date in (TODAY, TOMORROW):
        assert seen.verdict(PLAYERS, date).state is State.NOT_DUE
        teams = seen.day(date).teams
        for table in BUILT_LAST:
            assert seen.verdict(table, date).state is State.COMPLETE, (table, date)
        found = rows_of(platform, CONTEXT, date)
        assert set(found["team"]) == set(teams)
        assert set(found["context_source"]) == {"pregame"}
        assert found["points_line"].notna().sum() > 5 * len(teams)
        assert found["points_avg_last_10"].notna().all()


def test_features_are_those_of_games_before_the_date_and_of_no_other(season: Path) -> None:
    """Worked out again game by game, without SQL."""
    platform = platform_in(season)
    played = rows_of(platform, PLAYERS, *SEASON)
    played = played[played["minutes_played"] > 0]
    contexts = rows_of(platform, CONTEXT, NIGHT, TOMORROW)
    assert len(contexts) > 500
    for row in contexts.sample(60, random_state=7).itertuples():
        own = played[(played["player_lookup"] == row.player_lookup)
                     & (played["game_date"] < row.game_date)].sort_values("game_date")  # fmt: skip
        last = own.tail(10)
        assert row.points_avg_last_10 == pytest.approx(last["points"].mean())
        assert row.games_used_last_10 == len(last)
        assert row.season_games_played == len(own)
        assert row.points_avg_season == pytest.approx(own["points"].mean())
        assert row.days_rest == (row.game_date - own["game_date"].max()).days
        week = own[own["game_date"] >= row.game_date - dt.timedelta(7)]
        assert row.games_last_7_days == len(week)
        assert row.minutes_last_7_days == pytest.approx(week["minutes_played"].sum())


def test_rest_and_form_of_teams_are_those_of_their_games(season: Path) -> None:
    platform = platform_in(season)
    played = rows_of(platform, OFFENSE, *SEASON)
    for row in rows_of(platform, TEAMS, NIGHT).itertuples():
        own = played[(played["team"] == row.team) & (played["game_date"] < NIGHT)]
        own = own.sort_values("game_date")
        assert row.days_rest == (NIGHT - own["game_date"].iloc[-1]).days
        assert row.is_back_to_back == (row.days_rest == 1)
        assert row.pace_last_10 == pytest.approx(own["pace"].tail(10).mean())
        assert row.last_game_margin == own["margin"].iloc[-1]
        wins = own["is_win"].tolist()[::-1]
        run_length = next((n for n, w in enumerate(wins) if w != wins[0]), len(wins))
        assert row.result_streak == (run_length if wins[0] else -run_length)


def test_a_range_gives_what_single_dates_give(home: Path) -> None:
    platform = platform_in(home)
    before = {t: snapshot_of(platform).rows(t) for t in BUILT_LAST}
    for table in BUILT_LAST:
        for date in (NIGHT, NIGHT + dt.timedelta(1)):
            run(platform, table, date)
    now = snapshot_of(platform)
    for table in BUILT_LAST:
        for date in (NIGHT, NIGHT + dt.timedelta(1)):
            assert now.rows(table)[date].version == before[table][date].version


def test_a_hole_in_the_season_closes_every_later_context(tmp_path: Path) -> None:
    platform = platform_in(tmp_path)
    dates = SEASON[:20]
    missing = dates[-4]
    for name, contract in contracts().items():
        asked = [d for d in dates if d != missing or name == "nbac_schedule"]
        build(platform, name, asked if contract.is_partitioned else [WHOLE_TABLE], run_id="hole")
    assert verdict(platform, POOL, dates[-5]).is_usable
    found = run(platform, POOL, dates[-1])
    named = {(p.upstream, p.date) for p in found.refused[dates[-1]].problems}
    assert (PLAYERS, missing) in named


def test_a_season_that_is_not_loaded_whole_is_no_past(tmp_path: Path) -> None:
    platform = platform_in(tmp_path)
    for name, contract in contracts().items():
        build(platform, name, [NIGHT] if contract.is_partitioned else [WHOLE_TABLE], run_id="one")
    refused = run(platform, POOL, NIGHT).refused[NIGHT]
    problem = next(p for p in refused.problems if p.upstream == PLAYERS)
    assert problem.date == NIGHT - dt.timedelta(1)
    assert "no schedule covers this date" in problem.verdict.reasons


def without_four_of(team_name: str) -> Callable[[Payload], Payload]:
    """Rosters that lack the four best players of one team."""

    def change(payload: Payload) -> Payload:
        if f"/team={team_name}" not in payload.request_key:
            return payload
        found = json.loads(payload.content)
        found["team"]["athletes"] = found["team"]["athletes"][4:]
        return replace(payload, content=json.dumps(found).encode())

    return change


def test_four_who_played_and_were_not_expected_have_rows_of_their_own_and_are_marked(
    home: Path,
) -> None:
    """What was known before the game stays, and is learned from; they are known only after it."""
    seen = snapshot_of(platform_in(home))
    game = seen.day(NIGHT).games[0]
    before = rows_of(platform_in(home), CONTEXT, NIGHT)
    platform = platform_in(home, rosters=without_four_of(str(game.home_team)))
    day_before = NIGHT - dt.timedelta(1)
    shutil.rmtree(home / "simulated" / "landing" / "simulated" / "rosters")
    for table in ("espn_rosters", "roster_name_matches"):
        run(platform, table, day_before)
    for table in (POOL, TEAMS, CONTEXT):
        run(platform, table, NIGHT)
    found = rows_of(platform, CONTEXT, NIGHT)
    of_game = found[found["game_id"] == game.game_id]
    synthetic = of_game[of_game["context_source"] == "synthetic"]
    assert len(synthetic) == 4
    assert set(synthetic["team"]) == {game.home_team}
    assert synthetic["is_degraded"].all()
    assert not synthetic["is_training_eligible"].any()
    assert synthetic["degraded_reason"].isna().all()
    known = of_game[of_game["context_source"] == "pregame"]
    pool = rows_of(platform, POOL, NIGHT)
    assert set(known["player_lookup"]) == set(
        pool.loc[pool["game_id"] == game.game_id, "player_lookup"]
    )
    assert not known["is_degraded"].any()
    assert known["is_training_eligible"].all()
    # rows of those who were known are what they were when all were, but for absent teammates
    now, was = (
        f.drop(columns=["star_teammates_out", "star_tier_out"])
        .set_index("player_lookup")
        .loc[known["player_lookup"]]
        for f in (found, before)
    )
    pd.testing.assert_frame_equal(now, was)
    played = rows_of(platform, PLAYERS, NIGHT)
    played = played[(played["game_id"] == game.game_id) & (played["minutes_played"] > 0)]
    assert set(played["player_lookup"]) <= set(of_game["player_lookup"])
    assert not found.duplicated(["game_date", "player_lookup"]).any()
    others = found[found["game_id"] != game.game_id]
    assert set(others["context_source"]) == {"pregame"}
    assert verdict(platform, CONTEXT, NIGHT).is_degraded


def test_every_way_is_known_or_says_why_not(season: Path) -> None:
    found = rows_of(platform_in(season), TEAMS, *SEASON)
    assert found["travel_miles"].notna().mean() > 0.9
    assert set(found.loc[found["travel_miles"].isna(), "travel_null_reason"]) <= {
        "first_game_of_the_season", "last_game_without_result", "unknown_venue",
    }  # fmt: skip
    stay = found[found["travel_miles"] == 0]
    assert len(stay) > 20
    assert found["travel_miles"].max() < 2800


Rows = list[dict[str, object]]


def _last_of_a_team_only(rows: Rows) -> str:
    team = rows[0]["team"]
    mates = [r for r in rows if r["team"] == team]
    for row in mates[5:]:
        rows.remove(row)
    return str(team)


def _another_spread(rows: Rows) -> str:
    rows[0]["team_spread"] = 55.5
    return str(rows[0]["game_id"])


def _another_rest(rows: Rows) -> str:
    rows[0]["opponent_days_rest"] = 9
    return str(rows[0]["game_id"])


LAWS: list[tuple[str, str, Callable[[Rows], str]]] = [
    ("rows_per_team", POOL, _last_of_a_team_only),
    ("rows_per_team", CONTEXT, _last_of_a_team_only),
    ("contexts_mirror", TEAMS, _another_spread),
    ("contexts_mirror", TEAMS, _another_rest),
]


@pytest.mark.parametrize(("name", "table", "damage"), LAWS)
def test_a_damaged_context_fails_its_check_and_names_the_culprit(
    season: Path, name: str, table: str, damage: Callable[[Rows], str]
) -> None:
    platform, contract = platform_in(season), contracts()[table]
    text = f"SELECT {', '.join(contract.column_names)} FROM {contract.path} WHERE game_date = @date"
    found = platform.warehouse.query(text, {"date": NIGHT}).cast(arrow_schema(contract))
    days = {NIGHT: snapshot_of(platform).day(NIGHT)}
    assert audit(contract, found, days).dates[NIGHT].failed_checks == ""
    rows = found.to_pylist()
    culprit = damage(rows)
    damaged = pa.Table.from_pylist(rows, schema=found.schema)
    failures = audit(contract, damaged, days).dates[NIGHT].failures
    assert culprit in " ".join(failures[name])
