"""Lines of game sheets on the schedule: dates, names, doubles, contradictions, and holes."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import Endpoint, Layout, Payload
from nba_pipeline.landing.zone import Landing, LocalStore
from nba_pipeline.league.calendar import Day, DayKind
from nba_pipeline.sources.lookup import parse
from nba_pipeline.sources.rows.frames import Fetched
from nba_pipeline.sources.rows.sheets import sheet_rows
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.support import NIGHT, Tampered, platform_in, rows, run, simulated, verdict
from nba_pipeline_tests.unit.league.test_calendar import game
from nba_pipeline_tests.unit.sources.test_parse_sheets import as_csv, ids_row

SHEETS, BDL = "nbac_game_sheets", "bdl_player_boxscores"
FETCHED_AT = dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC)


def shaped(
    tmp_path: Path, *contents: tuple[Layout, str, dt.datetime], **changes: object
) -> tuple[list[dict[str, object]], dict[dt.date, list[str]]]:
    """Rows of one night, DEN at home against BOS, from payloads of that night."""
    landing, fetched = Landing(LocalStore(tmp_path)), Fetched()
    for number, (layout, content, at) in enumerate(contents):
        payload = Payload(
            "test", Endpoint.GAME_SHEETS, f"file={number}", layout, at, content.encode()
        )
        fetched.frames.append((landing.land(payload), parse(payload)))
    one = game("DEN", "BOS", **{"nba_game_id": "0022400680", **changes})
    days = {NIGHT: Day(NIGHT, DayKind.GAMES, (one,))}
    table, strangers = sheet_rows(contracts()[SHEETS], fetched, days, days)
    return table.to_pylist(), strangers


def sheet(
    *lines: dict[str, object], at: dt.datetime = FETCHED_AT
) -> tuple[Layout, str, dt.datetime]:
    return Layout.SHEET_IDS_CSV, as_csv(*lines), at


NAMES = (Layout.SHEET_NAMES_CSV, as_csv({"id": 1, "full_name": "Luka Dončić"}), FETCHED_AT)


def test_a_line_takes_date_opponent_and_side_from_the_schedule(tmp_path: Path) -> None:
    found, strangers = shaped(tmp_path, sheet(ids_row(1, "36:47"), ids_row(2, "")), NAMES)
    assert strangers == {}
    one, other = found
    assert (one["game_date"], one["game_id"], one["opponent"], one["is_home"]) == (
        NIGHT, "20260103_BOS_DEN", "BOS", True,
    )  # fmt: skip
    assert (one["player_name"], one["player_lookup"]) == ("Luka Dončić", "lukadoncic")
    assert (other["sheet_key"], other["player_name"], other["points"]) == ("2", None, None)


def test_a_line_that_is_there_twice_is_one_row_and_a_contradiction_is_two(tmp_path: Path) -> None:
    row = ids_row(1, "36:47")
    found, _ = shaped(tmp_path, sheet(row, row))
    assert len(found) == 1
    found, _ = shaped(tmp_path, sheet(row, {**row, "stats.minutes": "30:00"}))
    assert sorted(r["minutes_played"] for r in found) == [30.0, 36.7833]


def test_the_newest_sheet_of_a_team_counts_alone(tmp_path: Path) -> None:
    old = sheet(ids_row(1, "36:47"), ids_row(2, "10:00"))
    new = sheet(ids_row(1, "36:48"), at=FETCHED_AT + dt.timedelta(1))
    found, _ = shaped(tmp_path, old, new)
    assert [r["minutes_played"] for r in found] == [36.8]


def test_a_team_that_is_not_in_the_game_is_named(tmp_path: Path) -> None:
    found, strangers = shaped(tmp_path, sheet(ids_row(1, "36:47", team=1610612747)))
    assert found == []
    assert strangers == {NIGHT: ["LAL"]}


def test_a_game_that_is_not_on_the_schedule_has_no_rows(tmp_path: Path) -> None:
    assert shaped(tmp_path, sheet(ids_row(1, "36:47")), nba_game_id="0022400999") == ([], {})


def edited(edit: Callable[[list[dict[str, str]]], None]) -> Callable[[Payload], Payload]:
    """A change of a simulated season's sheets: lines of the night's CSV edited in place."""

    def change(payload: Payload) -> Payload:
        text = io.StringIO(payload.content.decode())
        lines = list(csv.DictReader(text))
        night = [line for line in lines if line["game_date"] == NIGHT.isoformat()]
        edit(night)
        return replace(payload, content=as_csv(*night).encode())

    return change


def built(home: Path, edit: Callable[[list[dict[str, str]]], None]) -> tuple[State, str, int]:
    platform = platform_in(home, game_sheets=edited(edit))
    run(platform, "nbac_schedule", NIGHT)
    result = run(platform, SHEETS, NIGHT).results[NIGHT]
    return result.state, result.message, len(rows(platform, SHEETS))


def test_a_night_of_the_simulated_league_is_whole(tmp_path: Path) -> None:
    platform = platform_in(tmp_path)
    for table in ("nbac_schedule", SHEETS, BDL):
        assert run(platform, table, NIGHT).bad == {}
    found = rows(platform, SHEETS)
    assert len(found) == 8 * 2 * 13
    absent = [r for r in found if r["player_status"] == "dnp"]
    assert all(r["points"] is None and r["not_playing_category"] for r in absent)
    assert len(found) - len(absent) == len(rows(platform, BDL)) > 8 * 2 * 8
    assert verdict(platform, SHEETS, NIGHT).state is State.COMPLETE


def test_a_sheet_of_before_the_game_is_not_complete(tmp_path: Path) -> None:
    def early(lines: list[dict[str, str]]) -> None:
        for line in lines:
            line["minutes"] = line["position"] = ""

    state, message, _ = built(tmp_path, early)
    assert state is State.INVALID
    assert "somebody_played" in message
    assert "13 players listed and none active: taken too early" in message


def test_one_team_taken_too_early_is_named_though_its_starters_are_known(tmp_path: Path) -> None:
    team = ""

    def early(lines: list[dict[str, str]]) -> None:
        nonlocal team
        team = lines[0]["teamTricode"]
        for line in lines:
            if line["teamTricode"] == team:
                line["minutes"] = ""

    state, message, _ = built(tmp_path, early)
    assert state is State.INVALID
    assert f"somebody_played: {team} (13 players" in message


def test_two_lines_of_a_player_that_contradict_each_other_are_named(tmp_path: Path) -> None:
    person = ""

    def twice(lines: list[dict[str, str]]) -> None:
        nonlocal person
        person = f"{lines[0]['teamTricode']} {lines[0]['personId']}"
        lines.append({**lines[0], "assists": "40"})

    state, message, _ = built(tmp_path, twice)
    assert state is State.INVALID
    assert f"one_row_per_key: {person} (rows: 2)" in message


def test_a_player_on_the_sheets_of_two_teams_is_named(tmp_path: Path) -> None:
    person = ""

    def moved(lines: list[dict[str, str]]) -> None:
        nonlocal person
        guest = next(line for line in lines if line["teamTricode"] != lines[0]["teamTricode"])
        absent = next(
            line for line in lines
            if line["teamTricode"] == guest["teamTricode"] and not line["minutes"]
        )  # fmt: skip
        person = absent["personId"] = lines[0]["personId"]

    state, message, _ = built(tmp_path, moved)
    assert state is State.INVALID
    assert f"one_team_per_player: {person} (on the sheets of" in message


def test_a_sheet_that_lost_a_scorer_does_not_add_up(tmp_path: Path) -> None:
    def lost(lines: list[dict[str, str]]) -> None:
        del lines[0]

    state, message, _ = built(tmp_path, lost)
    assert state is State.INVALID
    for name in ("player_points_equal_final_score", "sheet_minutes_add_up", "five_starters"):
        assert name in message


def test_a_row_that_breaks_a_rule_is_kept_aside_and_excuses_nobody(tmp_path: Path) -> None:
    def wrong(lines: list[dict[str, str]]) -> None:
        scorer = next(line for line in lines if line["points"] != "0")
        scorer["points"] = str(int(scorer["points"]) + 1)

    state, message, count = built(tmp_path, wrong)
    assert state is State.INVALID
    assert "points_from_shots" in message
    assert count == 8 * 2 * 13 - 1


def test_half_of_the_truth_of_balldontlie_is_not_complete(tmp_path: Path) -> None:
    """Every row is right in itself; only the final score tells."""

    def halved(payload: Payload) -> Payload:
        found = json.loads(payload.content)
        for one in found["data"]:
            for side in ("home_team", "visitor_team"):
                one[side]["players"] = one[side]["players"][::2]
        return replace(payload, content=json.dumps(found).encode())

    platform = platform_in(tmp_path, bdl_boxscores=halved)
    run(platform, "nbac_schedule", NIGHT)
    result = run(platform, BDL, NIGHT).results[NIGHT]
    assert result.state is State.INVALID
    named = result.message.partition("player_points_equal_final_score: ")[2]
    assert " points, final score is " in named
    assert not result.is_good


def test_a_late_game_that_balldontlie_lacks_is_missing_by_team(tmp_path: Path) -> None:
    def late(payload: Payload) -> Payload:
        before, found, after = payload.content.partition(b'{"date": "2026-01-03"')
        assert found
        return replace(payload, content=before + b'{"date": "2026-01-05"' + after)

    loaders = {**simulated()}
    loaders[Endpoint.BDL_BOXSCORES] = Tampered(loaders[Endpoint.BDL_BOXSCORES], late)
    platform = platform_in(tmp_path, loaders=loaders)
    run(platform, "nbac_schedule", NIGHT)
    result = run(platform, BDL, NIGHT).results[NIGHT]
    assert (result.state, result.row_count > 100) == (State.PARTIAL, True)
    assert result.message.count("missing: ") == 1
