"""Injury reports, rosters, transactions and reference tables of the simulated league, built."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.landing.payload import Payload
from nba_pipeline.league.calendar import TEAMS
from nba_pipeline.platform import Platform
from nba_pipeline.sources.rows.people import roster_rows
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.support import NIGHT, TODAY, platform_in, rows, run, verdict

REPORT, REPORT_TEAMS = "nbac_injury_report", "nbac_injury_report_teams"
ROSTERS, TRANSACTIONS = "espn_rosters", "pst_transactions"
BOXSCORES = "nbac_player_boxscores"
IDLE = dt.date(2025, 12, 24)


@pytest.fixture
def scheduled(platform: Platform) -> Platform:
    run(platform, "nbac_schedule", NIGHT, TODAY, TODAY + dt.timedelta(1))
    return platform


def without_team(team: str) -> object:
    def change(payload: Payload) -> Payload:
        found = json.loads(payload.content)
        found["records"] = [r for r in found["records"] if r["team"] != team]
        return replace(payload, content=json.dumps(found).encode())

    return change


def test_who_is_out_does_not_play(scheduled: Platform) -> None:
    run(scheduled, REPORT, NIGHT)
    run(scheduled, BOXSCORES, NIGHT)
    assert verdict(scheduled, REPORT, NIGHT).state is State.COMPLETE
    listed = rows(scheduled, REPORT, NIGHT)
    played = {(r["team"], r["name_key"]) for r in rows(scheduled, BOXSCORES, NIGHT)}
    out = {(r["team"], r["name_key"]) for r in listed if r["injury_status"] == "out"}
    unsure = {(r["team"], r["name_key"]) for r in listed if r["injury_status"] != "out"}
    assert len(out) >= 32 and not out & played
    assert unsure and unsure <= played
    assert {r["minutes_before_tipoff"] for r in listed} == {120.0}


def test_every_team_of_the_night_has_a_word_on_the_report(scheduled: Platform) -> None:
    run(scheduled, REPORT, NIGHT)
    run(scheduled, REPORT_TEAMS, NIGHT)
    assert verdict(scheduled, REPORT_TEAMS, NIGHT).state is State.COMPLETE
    said = rows(scheduled, REPORT_TEAMS, NIGHT)
    assert len(said) == 16
    listed = rows(scheduled, REPORT, NIGHT)
    assert sum(int(str(r["players_listed"])) for r in said) == len(listed)


def test_a_team_that_is_on_no_report_is_named(tmp_path: Path) -> None:
    platform = platform_in(tmp_path)
    run(platform, "nbac_schedule", NIGHT)
    team = str(rows(platform, "nbac_schedule", NIGHT)[0]["home_team"])
    holed = platform_in(tmp_path, injury_report=without_team(team))  # type: ignore[arg-type]
    found = run(holed, REPORT_TEAMS, NIGHT).results[NIGHT]
    assert found.state is State.INVALID
    assert f"every_team_on_injury_report: {team} (not on the injury report of" in found.message


def test_a_team_that_does_not_play_is_named(tmp_path: Path) -> None:
    def moved(payload: Payload) -> Payload:
        text = payload.content.decode()
        found = json.loads(text)
        first = found["records"][0]
        away, home = first["matchup"].split("@")
        strange = next(t for t in TEAMS if t not in text)
        for r in found["records"]:
            if r["matchup"] == f"{away}@{home}":
                r["matchup"] = f"{strange}@{home}"
                r["team"] = strange if r["team"] == away else r["team"]
        return replace(payload, content=json.dumps(found).encode())

    platform = platform_in(tmp_path, injury_report=moved)
    run(platform, "nbac_schedule", NIGHT)
    found = run(platform, REPORT, NIGHT).results[NIGHT]
    assert found.state is State.INVALID
    assert "off_schedule_teams" in found.message


def test_the_mornings_report_is_there_before_the_games_and_tomorrows_is_not(
    scheduled: Platform,
) -> None:
    tomorrow = TODAY + dt.timedelta(1)
    found = run(scheduled, REPORT, TODAY, tomorrow)
    assert found.results[TODAY].state is State.COMPLETE
    assert found.not_due == {tomorrow: "nothing is posted yet"}


def test_the_afternoons_report_is_added_to_the_mornings(tmp_path: Path) -> None:
    morning = platform_in(tmp_path)
    run(morning, "nbac_schedule", TODAY)
    run(morning, REPORT, TODAY)
    evening = platform_in(tmp_path, today=TODAY + dt.timedelta(1))
    run(evening, "nbac_schedule", TODAY)
    run(evening, REPORT, TODAY)
    assert len({r["report_at"] for r in rows(evening, REPORT, TODAY)}) == 2


def test_a_report_that_cannot_be_read_costs_its_date_only(tmp_path: Path) -> None:
    def broken(payload: Payload) -> Payload:
        return replace(payload, content=b"{") if str(NIGHT) in payload.request_key else payload

    other = NIGHT + dt.timedelta(1)
    platform = platform_in(tmp_path, injury_report=broken)
    run(platform, "nbac_schedule", NIGHT, other)
    found = run(platform, REPORT, NIGHT, other)
    assert "not JSON" in found.failed[NIGHT]
    assert found.results[other].state is State.COMPLETE


def test_rosters_are_there_on_days_without_games_too(scheduled: Platform) -> None:
    run(scheduled, "nbac_schedule", IDLE)
    assert verdict(scheduled, "nbac_schedule", IDLE).state is State.NO_GAMES
    run(scheduled, ROSTERS, IDLE, NIGHT)
    for date in (IDLE, NIGHT):
        assert verdict(scheduled, ROSTERS, date).state is State.COMPLETE
        assert len(rows(scheduled, ROSTERS, date)) == 30 * 13


def test_a_roster_that_is_missing_is_named(tmp_path: Path) -> None:
    def drop(payload: Payload) -> Payload | None:
        return None if payload.request_key.endswith("team=BOS") else payload

    found = run(platform_in(tmp_path, rosters=drop), ROSTERS, NIGHT).results[NIGHT]
    assert found.state is State.PARTIAL
    assert "missing: BOS" in found.message


def test_no_roster_at_all_is_a_hole_not_an_empty_day(tmp_path: Path) -> None:
    platform = platform_in(tmp_path, rosters=lambda _: None)
    found = run(platform, ROSTERS, NIGHT).results[NIGHT]
    assert found.state is State.PARTIAL


def test_a_roster_with_an_impossible_value_is_kept_aside_not_fatal(tmp_path: Path) -> None:
    def giant(payload: Payload) -> Payload:
        found = json.loads(payload.content)
        if found["team"]["abbreviation"] == "BOS":
            found["team"]["athletes"][0]["height"] = 999
        return replace(payload, content=json.dumps(found).encode())

    platform = platform_in(tmp_path, rosters=giant)
    assert run(platform, ROSTERS, NIGHT).results[NIGHT].state is State.COMPLETE
    assert len(rows(platform, ROSTERS, NIGHT)) == 30 * 13 - 1


def test_the_newest_roster_of_a_team_counts(tmp_path: Path) -> None:
    run(platform_in(tmp_path), ROSTERS, NIGHT)

    def cut(payload: Payload) -> Payload:
        found = json.loads(payload.content)
        found["team"]["athletes"] = found["team"]["athletes"][1:]
        later = payload.fetched_at + dt.timedelta(hours=1)
        return replace(payload, content=json.dumps(found).encode(), fetched_at=later)

    platform = platform_in(tmp_path, rosters=cut)
    found = run(platform, ROSTERS, NIGHT).results[NIGHT]
    assert (found.state, found.row_count) == (State.COMPLETE, 30 * 12)


def test_rosters_outside_a_season_and_transactions_are_declared(platform: Platform) -> None:
    summer = dt.date(2025, 8, 1)
    run(platform, ROSTERS, summer)
    run(platform, TRANSACTIONS, NIGHT)
    assert verdict(platform, ROSTERS, summer).state is State.UNRECOVERABLE
    assert verdict(platform, TRANSACTIONS, NIGHT).reasons == (
        "the simulated league has no injury-list transactions",
    )


def test_players_and_their_seasons_come_from_several_payloads(platform: Platform) -> None:
    for table in ("players", "player_seasons", "arenas"):
        run(platform, table, NIGHT)
        assert verdict(platform, table, WHOLE_TABLE).state is State.COMPLETE, table
    players = rows(platform, "players")
    assert len(players) == 30 * 13
    assert all(r["birth_date"] and r["height_inches"] for r in players)
    seasons = rows(platform, "player_seasons")
    assert len(seasons) == 30 * 13
    named = {r["player_id"]: r["player_lookup"] for r in players}
    assert all(named[r["player_id"]] == r["player_lookup"] for r in seasons)
    assert {r["season_year"] for r in seasons} == {2025}


def test_a_list_that_is_missing_is_an_error_not_an_empty_table(tmp_path: Path) -> None:
    platform = platform_in(tmp_path, players=lambda _: None)
    found = run(platform, "players", NIGHT)
    assert "the source gave no rows" in found.failed[WHOLE_TABLE]


def test_shapers_give_an_empty_table_where_nothing_was_fetched() -> None:
    from nba_pipeline.contracts.registry import contracts
    from nba_pipeline.sources.rows.frames import Fetched

    table, strangers = roster_rows(contracts()[ROSTERS], Fetched(), {}, {})
    assert table.num_rows == 0 and strangers == {}
