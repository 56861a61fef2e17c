"""Gamebooks and BallDontLie: lists of players in shapes of their own."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pandas as pd
import pytest

from nba_pipeline.landing.payload import Endpoint, Layout, Payload, PayloadError
from nba_pipeline.sources.lookup import parse

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
LINE = {
    "minutes": "35:42", "field_goals_made": 4, "field_goals_attempted": 9,
    "three_pointers_made": 1, "three_pointers_attempted": 3, "free_throws_made": 2,
    "free_throws_attempted": 2, "offensive_rebounds": 1, "defensive_rebounds": 5,
    "total_rebounds": 6, "assists": 3, "personal_fouls": 3, "steals": 1, "turnovers": 2,
    "blocks": 0, "plus_minus": -13, "points": 11,
}  # fmt: skip
MEM, CLE = "Memphis Grizzlies", "CLEVELAND CAVALIERS"


def inactive(name: str, team: str, reason: str) -> dict[str, Any]:
    return {"name": name, "team": team, "status": "inactive", "reason": reason}


def book(**changes: Any) -> Payload:
    found = {
        "date": "2024-04-10", "matchup": "MEM@CLE", "away_team": "MEM", "home_team": "CLE",
        "active_players": [{"name": "GG Jackson", "team": MEM, "stats": LINE}],
        "dnp_players": [{"name": "Tristan Thompson", "team": CLE,
                         "dnp_reason": "DNP - Coach's Decision"}],
        "inactive_players": [inactive("Bane", MEM, "Injury/Illness - Lumbar; Disc Bulge")],
    }  # fmt: skip
    content = json.dumps({**found, **changes}).encode()
    return Payload(
        "test", Endpoint.GAME_SHEETS, "game=MEMCLE", Layout.SHEET_GAMEBOOK_JSON, AT, content
    )


def test_a_gamebook_has_three_kinds_of_players_and_names_for_ids() -> None:
    frame = parse(book())
    assert frame["player_status"].tolist() == ["active", "dnp", "inactive"]
    assert frame["team"].tolist() == ["MEM", "CLE", "MEM"]
    assert frame["sheet_key"].tolist() == ["ggjackson", "tristanthompson", "bane"]
    assert frame["player_id"].isna().all()
    assert set(frame["game_date"]) == {dt.date(2024, 4, 10)}
    assert frame["minutes_played"].iloc[0] == 35.7
    assert frame["rebounds"].iloc[0] == 6
    assert frame["not_playing_category"].tolist() == [None, "coach_decision", "injury"]


def test_an_inactive_player_keeps_the_printed_last_name() -> None:
    assert parse(book()).iloc[2]["player_name"] == "Bane"


def test_a_list_that_runs_on_is_cut_where_the_other_team_repeats_it() -> None:
    run_on = "Injury/Illness - Knee; Sprain) Inactive: Cavaliers - Jerome (Illness"
    players = [
        inactive("Williams Jr.", MEM, run_on),
        inactive("Wade", MEM, "Injury/Illness - Ankle"),
        inactive("Jerome", CLE, "Illness"),
        inactive("Wade", CLE, "Injury/Illness - Ankle"),
    ]
    frame = parse(book(inactive_players=players))
    absent = frame[frame["player_status"] == "inactive"]
    assert absent[["team", "player_name"]].to_numpy().tolist() == [
        ["MEM", "Williams Jr."], ["CLE", "Jerome"], ["CLE", "Wade"],
    ]  # fmt: skip
    assert absent["not_playing_reason"].iloc[0] == "Injury/Illness - Knee; Sprain"


def test_a_list_that_runs_on_without_proof_is_refused() -> None:
    players = [
        inactive("Smart", MEM, "Injury/Illness - Hand) Inactive: Cavaliers - Jerome (Illness"),
        inactive("Wade", MEM, "Rest"),
        inactive("Wade", CLE, "Personal"),
    ]
    with pytest.raises(PayloadError, match="MEM's inactive players run into .* 'Wade'"):
        parse(book(inactive_players=players))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"date": "10.4.2024"}, "date = '10.4.2024' is no game date"),
        ({"home_team": "XXX"}, "not an NBA team: 'XXX'"),
        ({"home_team": "BOS"}, "CLE is not in MEM@CLE"),
        ({"dnp_players": None}, "dnp_players is not a list"),
        ({"dnp_players": [{"name": "A B", "team": CLE}]}, "dnp_players.dnp_reason missing"),
        ({"active_players": [{"name": "A B", "team": "Vancouver Grizzlies", "stats": LINE}]},
         "not an NBA team: 'Vancouver Grizzlies'"),
    ],
)  # fmt: skip
def test_a_gamebook_of_another_shape_is_named(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(PayloadError, match=words):
        parse(book(**changes))


def test_a_missing_list_is_named() -> None:
    found = Payload(
        "test", Endpoint.GAME_SHEETS, "one", Layout.SHEET_GAMEBOOK_JSON, AT, b'{"date": "2024"}'
    )
    with pytest.raises(PayloadError, match="missing columns home_team, away_team, active_players"):
        parse(found)


STATS = dict.fromkeys(
    ("fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "reb", "ast", "stl", "blk",
     "turnover", "pf", "pts"), 0,
)  # fmt: skip


def bdl(*players: dict[str, Any], **game: Any) -> Payload:
    found = {
        "date": "2024-01-15",
        "home_team": {"abbreviation": "PHO", "players": list(players)},
        "visitor_team": {"abbreviation": "NO", "players": []},
        **game,
    }
    content = json.dumps({"data": [found]}).encode()
    return Payload("test", Endpoint.BDL_BOXSCORES, "one", Layout.BDL_JSON, AT, content)


def bdl_player(minutes: str | None, **changes: Any) -> dict[str, Any]:
    player = {"first_name": "Luka", "last_name": "Dončić"}
    return {"min": minutes, "player": player, **STATS, **changes}


def test_a_player_of_balldontlie() -> None:
    frame = parse(bdl(bdl_player("38", pts=25, reb=7), bdl_player("00"), bdl_player("")))
    assert len(frame) == 1
    row = frame.iloc[0]
    assert (row["team"], row["opponent"], row["game_date"]) == (
        "PHX", "NOP", dt.date(2024, 1, 15),
    )  # fmt: skip
    assert row[["player_lookup", "minutes_played", "points", "rebounds"]].tolist() == [
        "lukadoncic", 38.0, 25, 7,
    ]  # fmt: skip
    assert pd.isna(row["plus_minus"])


def test_points_without_minutes_are_not_thrown_away() -> None:
    frame = parse(bdl(bdl_player("00", pts=2), bdl_player(None, pf=1)))
    assert frame["points"].tolist() == [2, 0]


def test_a_date_without_games_has_no_rows() -> None:
    payload = Payload(
        "test", Endpoint.BDL_BOXSCORES, "one", Layout.BDL_JSON, AT, b'{"data": [], "meta": {}}'
    )
    assert parse(payload).empty


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (
            bdl(bdl_player("thirty")),
            r"game 1: home_team.players\[0\].min = 'thirty' is not a number",
        ),
        (bdl(bdl_player("3", pts=1.5)), "pts = .* is not a whole number"),
        (bdl({"min": "3"}), "players.player.first_name missing"),
        (bdl(bdl_player("3"), {"min": "3"}), r"game 1 lacks home_team.players\[1\].fgm"),
        (bdl(home_team={"abbreviation": "SEA", "players": []}), "not an NBA team: 'SEA'"),
        (bdl(home_team=None), "home_team.abbreviation missing"),
        (bdl(date="yesterday"), "yesterday"),
    ],
)
def test_an_answer_of_another_shape_is_named(payload: Payload, words: str) -> None:
    with pytest.raises(PayloadError, match=words):
        parse(payload)
