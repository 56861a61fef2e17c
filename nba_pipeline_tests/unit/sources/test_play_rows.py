"""Plays joined to the schedule: by date and pair of teams, never by a vendor's game id."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import Endpoint, Layout, Payload
from nba_pipeline.landing.zone import LandedPayload
from nba_pipeline.league.calendar import Day, DayKind
from nba_pipeline.sources.lookup import parse
from nba_pipeline.sources.rows.frames import Fetched
from nba_pipeline.sources.rows.plays import play_rows
from nba_pipeline_tests.unit.league.test_calendar import game
from nba_pipeline_tests.unit.sources.test_parse_plays import (
    AT,
    OTHERS,
    START,
    THREE,
    action,
    bref,
    league,
    visitor,
)

DATE = dt.date(2025, 11, 1)
TABLE, FEED = contracts()["bref_play_by_play"], contracts()["nbac_play_by_play"]
MADE = visitor("A. Able makes 2-pt dunk at rim", "+2", "2-0")


def day(home: str = "LAL", away: str = "UTA") -> dict[dt.date, Day]:
    one = game(home, away, game_date=DATE, game_id=f"20251101_{away}_{home}")
    return {DATE: Day(DATE, DayKind.GAMES, (one,))}


def fetched(*payloads: Payload) -> Fetched:
    found = Fetched()
    for n, p in enumerate(payloads):
        at = p.fetched_at + dt.timedelta(hours=n)
        landed = LandedPayload(p.source, p.endpoint, p.request_key, p.layout, at, p.sha256, 1, "k")
        found.frames.append((landed, parse(p)))
    return found


def test_a_play_gets_our_game_id_and_the_schedules_sides() -> None:
    table, strangers = play_rows(TABLE, fetched(bref(MADE)), day(), day())
    last = table.to_pylist()[-1]
    assert strangers == {}
    assert (last["game_id"], last["bref_game_id"]) == ("20251101_UTA_LAL", "202511010LAL")
    assert (last["home_team"], last["away_team"], last["team"]) == ("LAL", "UTA", "UTA")
    assert (last["running_home_score"], last["running_away_score"]) == (0, 2)
    assert last["fetched_at"] == AT


def test_on_a_neutral_site_the_schedule_says_whose_score_is_whose() -> None:
    turned = day(home="UTA", away="LAL")
    last = play_rows(TABLE, fetched(bref(MADE)), turned, turned)[0].to_pylist()[-1]
    assert (last["home_team"], last["away_team"]) == ("UTA", "LAL")
    assert (last["running_home_score"], last["running_away_score"]) == (2, 0)


def test_the_feed_does_not_name_its_home_team_and_its_scores_stay() -> None:
    for home, away in (("UTA", "LAL"), ("LAL", "UTA")):
        side = "scoreHome" if home == "UTA" else "scoreAway"
        three = action(3, "3pt", **(THREE | {"scoreAway": "0"} | {side: "3"}))
        days = day(home, away)
        found = fetched(league(START, OTHERS, three))
        last = play_rows(FEED, found, days, days)[0].to_pylist()[-1]
        assert (last["home_team"], last["nba_game_id"]) == (home, "0022500100")
        assert last["running_home_score"] == (3 if home == "UTA" else 0)
        assert last["running_away_score"] == (0 if home == "UTA" else 3)


def test_of_two_payloads_of_a_game_the_newest_counts_whole() -> None:
    short = bref(visitor("Utah full timeout"))
    table, _ = play_rows(TABLE, fetched(bref(MADE, MADE), short), day(), day())
    assert table["description"].to_pylist() == ["Start of period 1", "Utah full timeout"]


def test_a_game_that_is_not_on_the_schedule_is_named() -> None:
    other = day("BOS", "NYK")
    table, strangers = play_rows(TABLE, fetched(bref(MADE)), other, other)
    assert table.num_rows == 0
    assert strangers == {DATE: ["LAL-UTA"]}


def test_a_scheduled_game_that_is_not_asked_for_is_no_stranger() -> None:
    nothing = {DATE: Day(DATE, DayKind.GAMES, ())}
    assert play_rows(TABLE, fetched(bref(MADE)), nothing, day()) == (
        TABLE_EMPTY,
        {},
    )


def test_no_payloads_are_no_rows() -> None:
    assert play_rows(TABLE, Fetched(), day(), day()) == (TABLE_EMPTY, {})


TABLE_EMPTY = play_rows(TABLE, Fetched(), {}, {})[0]


def test_two_games_of_a_date_stay_apart() -> None:
    second = json.loads(bref(MADE).content) | {"bref_id": "202511010BOS"}
    for row in second["rows"]:
        if row["cells"][0] == "Time":
            row["cells"][1], row["cells"][5] = "New York", "Boston"
    both = bref(MADE).content + b"\n" + json.dumps(second).encode()
    payload = replace(bref(MADE), content=both)
    assert (payload.endpoint, payload.layout) == (Endpoint.BREF_PLAYS, Layout.BREF_PLAYS_JSONL)
    games = (*day()[DATE].games, *day("BOS", "NYK")[DATE].games)
    days = {DATE: Day(DATE, DayKind.GAMES, games)}
    table, _ = play_rows(TABLE, fetched(payload), days, days)
    found = {(r["game_id"], r["team"]) for r in table.to_pylist() if r["team"]}
    assert found == {("20251101_UTA_LAL", "UTA"), ("20251101_NYK_BOS", "NYK")}
