"""The incident itself: fewer rows than the schedule expects are never published as success."""

from __future__ import annotations

import datetime as dt

import pytest

from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.support import (
    DEFENSE,
    LAST_INPUT,
    NIGHT,
    OFFENSE,
    PLAYERS,
    edited_log,
    fault,
    platform_in,
    rows,
    run,
    run_all,
    start_from,
    verdict,
)


def test_two_of_sixteen_teams_are_not_published_and_the_missing_are_named(
    platform: Platform,
) -> None:
    start_from(platform, NIGHT, upto=LAST_INPUT)
    with fault(f"staged:{OFFENSE}=keep:2"):
        result = run(platform, OFFENSE, NIGHT)
    assert not result.good
    found = verdict(platform, OFFENSE, NIGHT)
    assert found.state is State.PARTIAL
    assert len(result.bad[NIGHT].split("missing: ")[1].split(";")[0].split()) == 14
    assert rows(platform, OFFENSE) == []


def test_a_downstream_run_launched_on_its_own_is_refused(platform: Platform) -> None:
    start_from(platform, NIGHT, upto=LAST_INPUT)
    with fault(f"staged:{OFFENSE}=keep:2"):
        run(platform, OFFENSE, NIGHT)
    for table in (DEFENSE, PLAYERS):
        result = run(platform, table, NIGHT)
        assert set(result.refused) == {NIGHT}
        text = result.bad[NIGHT]
        assert "PARTIAL" in text
        assert "missing: " in text
        assert f"nba backfill --table {OFFENSE} --date {NIGHT} --downstream" in text
        assert rows(platform, table) == []


def test_fewer_rows_never_replace_more(built: Platform) -> None:
    before = rows(built, OFFENSE)
    assert len(before) == 16
    with fault(f"staged:{OFFENSE}=keep:7"):
        result = run(built, OFFENSE, NIGHT)
    assert "missing" in result.bad[NIGHT]
    assert rows(built, OFFENSE) == before
    assert verdict(built, OFFENSE, NIGHT).state is State.COMPLETE


def test_a_raw_table_does_not_lose_published_keys_that_are_still_expected(
    built: Platform,
) -> None:
    before = len(rows(built, "nbac_player_boxscores"))
    with fault("staged:nbac_player_boxscores=keep:100"):
        result = run(built, "nbac_player_boxscores", NIGHT)
    assert "would lose" in result.bad[NIGHT]
    assert len(rows(built, "nbac_player_boxscores")) == before
    assert verdict(built, "nbac_player_boxscores", NIGHT).state is State.COMPLETE


def test_half_the_teams_missing_with_the_right_number_of_games(tmp_path) -> None:
    """Every game has a row, but only of the home team: games are all there, teams are not."""
    game_date = NIGHT.isoformat()

    def home_only(row: dict[str, object]) -> bool:
        return row["GAME_DATE"] != game_date or "@" not in str(row["MATCHUP"])

    platform = platform_in(
        tmp_path,
        team_gamelog=lambda p: edited_log(p, home_only),
        player_gamelog=lambda p: edited_log(p, home_only),
        bref_boxscores=lambda p: None,
    )
    run_all(platform, NIGHT)
    boxscores = rows(platform, "nbac_team_boxscore", NIGHT)
    assert len({r["game_id"] for r in boxscores}) == 8
    assert verdict(platform, "nbac_team_boxscore", NIGHT).state is State.PARTIAL
    assert rows(platform, OFFENSE) == []
    assert not verdict(platform, PLAYERS, NIGHT).is_usable


@pytest.mark.parametrize("table", [OFFENSE, PLAYERS])
def test_tripled_rows_are_not_published(platform: Platform, table: str) -> None:
    start_from(platform, NIGHT, upto=LAST_INPUT)
    if table == PLAYERS:
        run(platform, OFFENSE, NIGHT)
    with fault(f"staged:{table}=times:3"):
        result = run(platform, table, NIGHT)
    assert "one_row_per_key" in result.bad[NIGHT]
    assert rows(platform, table) == []


def test_zero_rows_on_a_game_day_are_never_success(tmp_path) -> None:
    game_date = NIGHT.isoformat()

    def not_that_night(row: dict[str, object]) -> bool:
        return row["GAME_DATE"] != game_date

    platform = platform_in(tmp_path, player_gamelog=lambda p: edited_log(p, not_that_night))
    run_all(platform, NIGHT, upto="nbac_player_boxscores")
    result = run(platform, "nbac_player_boxscores", NIGHT)
    assert result.bad
    found = verdict(platform, "nbac_player_boxscores", NIGHT)
    assert found.state is State.PARTIAL
    assert "missing" in found.reasons[0]


def test_a_missing_player_row_is_noticed_by_the_points(tmp_path) -> None:
    """All teams are there; one player is not: only the final score can tell."""
    gone: list[str] = []

    def one_less(row: dict[str, object]) -> bool:
        scored = row["GAME_DATE"] == NIGHT.isoformat() and int(str(row["PTS"])) > 10
        if scored and not gone:
            gone.append(str(row["PLAYER_NAME"]))
            return False
        return True

    platform = platform_in(tmp_path, player_gamelog=lambda p: edited_log(p, one_less))
    run_all(platform, NIGHT, upto="nbac_player_boxscores")
    assert gone
    found = verdict(platform, "nbac_player_boxscores", NIGHT)
    assert found.state is State.INVALID
    assert "player_points_equal_final_score" in found.reasons[0]


def test_partial_data_does_not_block_the_other_source(tmp_path) -> None:
    """The first source has half of a game: the second, whole one is used for that game."""

    def half(row: dict[str, object]) -> bool:
        return row["GAME_DATE"] != NIGHT.isoformat() or "@" not in str(row["MATCHUP"])

    platform = platform_in(
        tmp_path,
        player_gamelog=lambda p: edited_log(p, half),
        team_gamelog=lambda p: edited_log(p, half),
    )
    run_all(platform, NIGHT)
    assert verdict(platform, OFFENSE, NIGHT).state is State.COMPLETE
    assert {r["source"] for r in rows(platform, OFFENSE, NIGHT)} == {"reconstructed_from_bref"}
    assert verdict(platform, PLAYERS, NIGHT).state is State.COMPLETE
    assert {r["source"] for r in rows(platform, PLAYERS, NIGHT)} == {"bref"}


def test_one_bad_date_of_a_range_stops_no_other(platform: Platform) -> None:
    dates = [NIGHT + dt.timedelta(n) for n in (-1, 0, 1)]
    start_from(platform, *dates, upto=LAST_INPUT)
    run(platform, OFFENSE, dates[0], dates[2])
    with fault(f"staged:{OFFENSE}=keep:2"):
        run(platform, OFFENSE, NIGHT)
    result = run(platform, PLAYERS, *dates)
    assert set(result.bad) == {NIGHT}
    assert set(result.good) == {dates[0], dates[2]}
