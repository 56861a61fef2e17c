"""Play-by-play of both sources: what is read from a text, whose play it is, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from nba_pipeline.landing.payload import Endpoint, Layout, Payload, PayloadError
from nba_pipeline.sources.lookup import parse

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
HEAD = ["Time", "Utah", "", "Score", "", "LA Lakers"]


def bref(*cells: list[str], bref_id: str = "202511010LAL") -> Payload:
    """A game that begins with the head of its first period."""
    rows = [{"row": 2 * n + 1, "cells": c} for n, c in enumerate([HEAD, *cells])]
    content = json.dumps({"bref_id": bref_id, "rows": rows}).encode()
    key = "season=2025-26/file=made_up"
    return Payload("test", Endpoint.BREF_PLAYS, key, Layout.BREF_PLAYS_JSONL, AT, content)


def visitor(text: str, points: str = "", score: str = "0-0", clock: str = "11:00.0") -> list[str]:
    return [clock, text, points, score, "", ""]


def host(text: str, points: str = "", score: str = "0-0", clock: str = "11:00.0") -> list[str]:
    return [clock, "", "", score, points, text]


def test_the_head_of_a_period_is_its_first_event() -> None:
    late = host("Defensive rebound by A. Able", clock="0:03.5")
    begun = host("LA Lakers full timeout", clock="4:58.0")
    found = parse(bref(late, *[HEAD, begun, late] * 4))
    heads = found[found["event_type"] == "period"]
    assert list(heads["period"]) == [1, 2, 3, 4, 5]
    assert list(heads["seconds_remaining"]) == [720, 720, 720, 720, 300]
    assert heads["team"].isna().all()
    assert list(found["event_number"][:3]) == [1, 3, 5]
    assert found.loc[1, "seconds_remaining"] == 3.5
    assert (found.loc[1, "home_team"], found.loc[1, "away_team"]) == ("LAL", "UTA")
    assert found.loc[1, "game_date"] == dt.date(2025, 11, 1)


def test_a_head_printed_twice_starts_one_period() -> None:
    late = host("Defensive rebound by A. Able", clock="0:00.0")
    found = parse(bref(late, HEAD, HEAD, late, HEAD, visitor("Utah full timeout")))
    assert list(found["event_type"]) == [
        "period", "rebound", "other", "other", "rebound", "period", "timeout"
    ]  # fmt: skip
    assert list(found["period"]) == [1, 1, 1, 1, 1, 2, 2]


@pytest.mark.parametrize(
    ("text", "points", "says"),
    [
        ("A. Able makes 3-pt jump shot from 26 ft (assist by B. Baker Jr.)", "+3",
         {"event_type": "shot", "is_made": True, "is_three": True, "shot_distance": 26,
          "player_short_name": "A. Able", "assist_short_name": "B. Baker Jr.", "points": 3}),
        ("A. Able misses 2-pt layup at rim (block by C. Carter)", "",
         {"event_type": "shot", "is_made": False, "is_three": False, "shot_distance": 0,
          "player_short_name": "A. Able", "assist_short_name": None, "points": 0}),
        ("misses 2-pt jump shot from 2 ft", "",
         {"event_type": "shot", "player_short_name": None, "is_made": False}),
        ("Team misses heave shot", "",
         {"event_type": "heave", "is_made": False, "is_three": True, "player_short_name": None}),
        ("A. Able makes clear path free throw 1 of 2", "+1",
         {"event_type": "free_throw", "is_made": True, "is_three": None, "points": 1,
          "player_short_name": "A. Able"}),
        ("A. Able misses technical free throw", "", {"event_type": "free_throw", "is_made": False}),
        ("Turnover by A. Able (bad pass; steal by C. Carter)", "",
         {"event_type": "turnover", "player_short_name": "A. Able", "is_made": None}),
        ("Turnover by (5 sec)", "", {"event_type": "turnover", "player_short_name": None}),
        ("Offensive rebound by Team", "", {"event_type": "rebound", "player_short_name": None}),
        ("A. Able enters the game for B. Baker", "",
         {"event_type": "substitution", "player_short_name": "A. Able"}),
        ("Utah full timeout", "", {"event_type": "timeout"}),
        ("Violation by Team (kicked ball)", "", {"event_type": "violation"}),
        ("Instant Replay (Challenge: Ruling Stands)", "", {"event_type": "replay"}),
        ("A. Able ejected from game", "",
         {"event_type": "ejection", "player_short_name": "A. Able"}),
        ("Something new happens", "", {"event_type": "other", "player_short_name": None}),
    ],
)  # fmt: skip
def test_the_text_says_what_happened(text: str, points: str, says: dict[str, Any]) -> None:
    score = f"{points.removeprefix('+') or 0}-0"
    row = parse(bref(visitor(text, points, score))).iloc[1]
    got = {k: None if row.isna()[k] else row[k] for k in says}
    assert got == says
    assert row["team"] == "UTA"
    assert row["description"] == text
    assert row["running_away_score"] == int(points or 0)


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("Shooting foul by B. Baker (drawn by A. Able)", "LAL"),  # printed where it was drawn
        ("Personal foul by A. Able (drawn by B. Baker)", "UTA"),  # A. Able is known to be Utah's
        ("Offensive foul by C. Carter (drawn by B. Baker)", "UTA"),
        ("Technical foul by C. Carter", "UTA"),
        ("Def 3 sec tech foul by Team", "LAL"),
        ("Shooting foul by", "LAL"),
    ],
)
def test_a_foul_belongs_to_the_team_that_committed_it(text: str, team: str) -> None:
    known = visitor("A. Able enters the game for D. Dean")
    row = parse(bref(known, visitor(text))).iloc[-1]
    assert (row["event_type"], row["team"]) == ("foul", team)


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (bref(["11:00.0", "a", "", "0-0", ""]), "row 3 has 5 cells"),
        (bref(["eleven", "a", "", "0-0", "", ""]), "'eleven'"),
        (bref(["11:00.0", "a", "", "0-0", "", "b"]), "both sides"),
        (bref(["Time", "Utah", "", "Score", "", "Seattle"]), "'Seattle'"),
        (bref(["Time", "Utah", "", "Score", "", "Boston"]), "BOS as the home team"),
        (bref(bref_id="20251101LAL"), "not a game id"),
        (bref(bref_id="202511010SEA"), "SEA"),
        (bref(visitor("A. Able makes 2-pt dunk at rim", "two", "2-0")), "two"),
    ],
)
def test_a_printed_row_that_cannot_be_read_names_its_game(payload: Payload, words: str) -> None:
    with pytest.raises(PayloadError, match="test/bref_plays/season=2025-26.*20251101") as error:
        parse(payload)
    assert words in str(error.value)


def action(number: int, kind: str, **more: object) -> dict[str, object]:
    return {
        "actionNumber": number, "orderNumber": number * 10_000, "clock": "PT11M42.50S",
        "edited": "2025-11-02T01:00:00Z", "timeActual": "2025-11-02T00:40:00.1Z", "period": 1,
        "teamTricode": "UTA", "actionType": kind, "subType": "Jump Shot", "personId": 201,
        "playerNameI": "A. Able", "description": "words", "scoreHome": "0", "scoreAway": "0",
        "shotResult": None, "shotDistance": None, "area": None, "xLegacy": None, "yLegacy": None,
    } | more  # fmt: skip


START = action(1, "period", teamTricode=None, personId=0, playerNameI=None, subType="start")
OTHERS = action(2, "rebound", teamTricode="LAL", personId=0, subType="defensive")
THREE = {"shotResult": "Made", "shotDistance": 26.6, "area": "Above the Break 3", "xLegacy": -152,
         "yLegacy": 218, "descriptor": "pullup", "assistPersonId": 202,
         "assistPlayerNameInitial": "B. Baker", "scoreAway": "3"}  # fmt: skip


def league(*actions: dict[str, object]) -> Payload:
    content = json.dumps({"meta": {}, "game": {"gameId": "0022500100", "actions": actions}})
    key = "dates=2025-11-01..2025-11-01/game=0022500100"
    return Payload(
        "test", Endpoint.LEAGUE_PLAYS, key, Layout.LEAGUE_PLAYS_JSON, AT, content.encode()
    )


def test_an_action_of_the_league_has_ids_a_zone_and_a_place_in_feet() -> None:
    found = parse(league(START, OTHERS, action(3, "3pt", **THREE)))
    assert list(found["game_date"]) == [dt.date(2025, 11, 1)] * 3  # 00:40 UTC is 20:40 Eastern
    assert {found["home_team"][0], found["away_team"][0]} == {"LAL", "UTA"}
    assert found.isna().loc[0, "team"]
    assert found.isna().loc[1, "player_id"]  # a rebound of the team
    shot = found.iloc[2]
    says = {
        "nba_game_id": "0022500100", "event_number": 3, "action_number": 3, "period": 1,
        "seconds_remaining": 702.5, "team": "UTA", "event_type": "shot", "points": 3,
        "action_type": "pullup Jump Shot", "is_made": True, "is_three": True, "player_id": 201,
        "player_short_name": "A. Able", "assist_player_id": 202, "assist_short_name": "B. Baker",
        "shot_zone": "Above the Break 3", "shot_distance": 26.6, "loc_x": -15.2, "loc_y": 21.8,
        "running_away_score": 3, "running_home_score": 0,
    }  # fmt: skip
    assert {k: shot[k] for k in says} == says


def test_the_last_edit_of_an_action_wins_and_the_feeds_order_counts() -> None:
    ruled_two = action(3, "2pt", **(THREE | {"edited": "2025-11-02T01:05:00Z", "scoreAway": "2"}))
    late = action(9, "block", orderNumber=25_000, teamTricode="LAL")
    found = parse(league(ruled_two, START, OTHERS, action(3, "3pt", **THREE), late))
    assert list(found["action_number"]) == [1, 2, 9, 3]
    assert list(found["event_number"]) == [1, 2, 3, 4]
    assert (found.iloc[3]["points"], found.iloc[3]["is_three"]) == (2, False)


def test_attempts_that_are_no_shots_of_a_player() -> None:
    free = action(3, "freethrow", shotResult="Missed", subType="1 of 2")
    heave = action(4, "heave", personId=0, shotDistance=61.0, area="Backcourt", subType="")
    found = parse(league(START, OTHERS, free, heave))
    assert (found.iloc[2]["is_made"], found.iloc[2]["points"]) == (False, 0)
    assert found.isna().iloc[2]["is_three"]
    assert (found.iloc[3]["event_type"], found.iloc[3]["is_made"]) == ("heave", False)
    assert found.isna().iloc[3]["shot_zone"]


def test_a_kind_of_action_that_is_not_known_stays_and_says_so() -> None:
    assert parse(league(OTHERS, action(3, "coaching"))).iloc[1]["event_type"] == "other"


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (league(), "is empty"),
        (league(action(1, "2pt", **THREE)), "actions of 1 teams"),
        (league(OTHERS, action(1, "2pt")), "attempt without a shotResult"),
        (league(OTHERS, action(3, "rebound", clock="11.42")), "'11.42'"),
        (league(OTHERS, action(3, "rebound", teamTricode="SEA")), "SEA"),
        (league(OTHERS, action(3, "rebound", timeActual="soon")), "time"),
        (league(OTHERS, action(3, "rebound", scoreHome="x")), "scoreHome"),
        (league({"actionNumber": 1}), "missing columns orderNumber"),
    ],
)
def test_an_action_that_cannot_be_read_is_refused(payload: Payload, words: str) -> None:
    with pytest.raises(PayloadError, match="test/league_plays/dates=2025-11-01") as error:
        parse(payload)
    assert words in str(error.value)
