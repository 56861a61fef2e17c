"""Game sheets in every layout: who played, who did not and why, and what cannot be read."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any

import pandas as pd
import pytest

from nba_pipeline.landing.payload import Endpoint, Layout, Payload, PayloadError
from nba_pipeline.league.not_playing import CATEGORIES, not_playing_category
from nba_pipeline.sources.lookup import parse
from nba_pipeline.sources.reading.sheet_frame import COUNTS, decimal_minutes

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
NUMBERS: dict[str, Any] = {
    "fieldGoalsMade": 4, "fieldGoalsAttempted": 9, "threePointersMade": 1,
    "threePointersAttempted": 3, "freeThrowsMade": 2, "freeThrowsAttempted": 2,
    "reboundsOffensive": 1, "reboundsDefensive": 5, "reboundsTotal": 6, "assists": 3, "steals": 1,
    "blocks": 0, "turnovers": 2, "foulsPersonal": 3, "points": 11, "plusMinusPoints": -4.0,
}  # fmt: skip
NOTHING: dict[str, Any] = dict.fromkeys(NUMBERS, 0)


def payload(layout: Layout, content: str) -> Payload:
    return Payload("test", Endpoint.GAME_SHEETS, "file=one", layout, AT, content.encode())


def as_csv(*rows: dict[str, Any]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def ids_row(player: int, minutes: str, **changes: Any) -> dict[str, Any]:
    numbers = NUMBERS if minutes else NOTHING
    row = {"team": 1610612743, "player": player, "stats.minutes": minutes}
    row |= {f"stats.{k}": v for k, v in numbers.items()}
    return {**row, "game_id": "0022400680", **changes}


def table_row(name: str, minutes: str, **changes: Any) -> dict[str, Any]:
    row = {"game_date": "2022-05-04", "gameId": 42100222, "teamId": 1610612740,
           "personId": 203999, "personName": name, "position": "C", "comment": "",
           "minutes": minutes}  # fmt: skip
    return {**row, **(NUMBERS if minutes else NOTHING), **changes}


def traditional(*players: dict[str, Any], **changes: Any) -> Payload:
    game = {
        "gameId": "0022400680",
        "homeTeam": {"teamTricode": "DEN", "players": list(players)},
        "awayTeam": {"teamTricode": "BOS", "players": []},
    }
    return payload(Layout.SHEET_JSON, json.dumps({"boxScoreTraditional": {**game, **changes}}))


def v3_player(minutes: str, comment: str = "", position: str = "") -> dict[str, Any]:
    numbers = NUMBERS if minutes else NOTHING
    return {"personId": 203999, "firstName": "Nikola", "familyName": "Jokić", "position": position,
            "comment": comment, "statistics": {"minutes": minutes, **numbers}}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("36:47", 36.7833),
        ("0:00", 0.0),
        ("06:01", 6.0167),
        ("29:60", 30.0),
        ("PT30M19.00S", 30.3167),
        ("PT00M00.00S", 0.0),
        ("", None),
        (" ", None),
        ("-", None),
        (None, None),
    ],
)
def test_minutes_are_decimal_and_nobody_plays_zero_by_default(
    text: str | None, minutes: float | None
) -> None:
    assert decimal_minutes(text) == minutes


@pytest.mark.parametrize("text", ["36", "36:4", "36:61", "12:99", "DNP", "1:02:03", "36.7"])
def test_minutes_of_another_spelling_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not like"):
        decimal_minutes(text)


@pytest.mark.parametrize(
    ("reason", "category"),
    [
        ("DNP - Coach's Decision", "coach_decision"),
        ("DNP - Coach's decision  ", "coach_decision"),
        ("INACTIVE_COACH", "coach_decision"),
        ("DND - Injury/Illness", "injury"),
        ("NWT - Injury/Illness - Left Knee; Injury Recovery", "injury"),
        ("INACTIVE_INJURY - Neck; Surgery", "injury"),
        ("DND - Injury/Illness - Knee; Rest", "injury"),
        ("DND - Rest", "rest"),
        ("NWT - Right Wrist; Restricted", "other"),
        ("NWT - Personal", "personal"),
        ("Personal", "personal"),
        ("G League - Two-Way", "g_league"),
        ("INACTIVE_GLEAGUE_TWOWAY", "g_league"),
        ("NWT - League Suspension", "suspension"),
        ("DND_LEAGUE_SUSPENSION", "suspension"),
        ("NWT - Not With Team", "other"),
        ("NWT - Health and Safety Protocols", "other"),
        ("", None),
        ("   ", None),
        (None, None),
    ],
)
def test_a_reason_has_one_category(reason: str | None, category: str | None) -> None:
    assert not_playing_category(reason) == category
    assert category is None or category in CATEGORIES


def test_rows_with_ids_have_no_name_no_date_and_no_reason() -> None:
    frame = parse(payload(Layout.SHEET_IDS_CSV, as_csv(ids_row(1, "36:47"), ids_row(2, ""))))
    one, other = (frame.iloc[n] for n in (0, 1))
    assert (one["team"], one["nba_game_id"], one["sheet_key"]) == ("DEN", "0022400680", "1")
    assert (one["player_status"], other["player_status"]) == ("active", "dnp")
    assert one["minutes_played"] == 36.7833
    assert (one["points"], one["plus_minus"]) == (11, -4)
    assert other[["minutes_played", *COUNTS]].isna().all()
    blank = ["game_date", "player_name", "player_lookup", "not_playing_reason", "is_starter"]
    assert frame[blank].isna().all(axis=None)


def test_zero_minutes_on_court_are_played_unless_the_sheet_says_why_not() -> None:
    frame = parse(payload(Layout.SHEET_IDS_CSV, as_csv(ids_row(1, "0:00"))))
    assert frame[["player_status", "minutes_played"]].iloc[0].tolist() == ["active", 0.0]
    frame = parse(traditional(v3_player("0:00", "DNP - Coach's Decision")))
    assert frame["player_status"].tolist() == ["dnp"]
    assert frame["points"].isna().all()


def test_a_row_that_is_there_twice_comes_out_twice_alike() -> None:
    row = ids_row(1, "12:00")
    frame = parse(payload(Layout.SHEET_IDS_CSV, as_csv(row, row)))
    assert len(frame) == 2
    assert len(frame.drop_duplicates()) == 1


def test_the_names_to_the_ids_are_a_list_of_their_own() -> None:
    content = as_csv({"id": 203999, "full_name": "Nikola Jokić", "is_active": True})
    frame = parse(payload(Layout.SHEET_NAMES_CSV, content))
    assert frame.iloc[0].tolist() == [203999, "Nikola Jokić", "nikolajokic", "nikolajokic"]


def test_a_table_has_names_dates_comments_and_starters() -> None:
    rows = (
        table_row("Larry Nance Jr.", "0:28"),
        table_row("CJ McCollum", "", position="", comment="DND - Injury/Illness", personId=5),
    )
    frame = parse(payload(Layout.SHEET_TABLE_CSV, as_csv(*rows)))
    one, other = (frame.iloc[n] for n in (0, 1))
    assert one["nba_game_id"] == "0042100222"
    assert one["game_date"] == dt.date(2022, 5, 4)
    assert (one["team"], one["name_key"], one["player_lookup"]) == (
        "NOP", "larrynance", "larrynancejr",
    )  # fmt: skip
    assert [bool(v) for v in frame["is_starter"]] == [True, False]
    assert other[["player_status", "not_playing_reason", "not_playing_category"]].tolist() == [
        "dnp", "DND - Injury/Illness", "injury",
    ]  # fmt: skip
    assert other[list(COUNTS)].isna().all()


def test_the_leagues_own_answer_of_one_game() -> None:
    played, sat = v3_player("36:47", position="C"), v3_player("", "DNP - Coach's Decision     ")
    frame = parse(traditional(played, {**sat, "personId": 7, "familyName": "Čančar"}))
    assert frame["player_name"].tolist() == ["Nikola Jokić", "Nikola Čančar"]
    assert frame["team"].tolist() == ["DEN", "DEN"]
    assert frame["is_starter"].tolist() == [True, False]
    assert frame["not_playing_reason"].tolist() == [None, "DNP - Coach's Decision"]
    assert frame["game_date"].isna().all()


def test_a_game_that_has_not_begun_has_no_rows() -> None:
    assert parse(traditional()).empty


def live(**changes: Any) -> Payload:
    numbers = {"minutes": "PT30M19.00S", **NUMBERS}
    base = {"status": "ACTIVE", "personId": 203999, "starter": "1", "played": "1",
            "name": "Nikola Jokić", "statistics": numbers}  # fmt: skip
    game = {
        "gameId": "0022500775",
        "gameEt": "2026-02-11T19:00:00-05:00",
        "gameTimeUTC": "2026-02-12T00:00:00Z",
        "homeTeam": {"teamTricode": "DEN", "players": [{**base, **changes}]},
        "awayTeam": {"teamTricode": "BOS", "players": []},
    }
    return payload(Layout.SHEET_LIVE_JSON, json.dumps({"game": game}))


def test_the_live_feed_says_who_is_inactive_and_what_hurts() -> None:
    one = parse(live()).iloc[0]
    assert one["game_date"] == dt.date(2026, 2, 11)
    assert (one["player_status"], one["minutes_played"]) == ("active", 30.3167)
    idle = {"played": "0", "starter": "0", "statistics": {"minutes": "PT00M00.00S", **NOTHING}}
    hurt = {"status": "INACTIVE", "notPlayingReason": "INACTIVE_INJURY",
            "notPlayingDescription": "Neck; Surgery"}  # fmt: skip
    other = parse(live(**idle, **hurt)).iloc[0]
    assert other[["player_status", "not_playing_reason", "not_playing_category"]].tolist() == [
        "inactive", "INACTIVE_INJURY - Neck; Surgery", "injury",
    ]  # fmt: skip
    assert pd.isna(other["minutes_played"])
    dressed = parse(live(**idle)).iloc[0]
    assert dressed[["player_status", "not_playing_reason"]].tolist() == ["dnp", None]


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (payload(Layout.SHEET_IDS_CSV, as_csv(ids_row(1, "36"))), "row 1: minutes = '36'"),
        (payload(Layout.SHEET_IDS_CSV, as_csv(ids_row(1, "1:00", team=15020))),
         "row 1: team = '15020'"),
        (payload(Layout.SHEET_IDS_CSV, as_csv(ids_row(1, "1:00", game_id="22400680"))),
         "game_id = '22400680' is not an official game id of ten digits"),
        (payload(Layout.SHEET_IDS_CSV, as_csv(ids_row(1, "1:00", **{"stats.points": "x"}))),
         "points"),
        (payload(Layout.SHEET_IDS_CSV, "team,player\n1,2\n"), "missing columns game_id"),
        (payload(Layout.SHEET_TABLE_CSV, as_csv(table_row("A B", "1:00", game_date="May 4"))),
         "game date"),
        (payload(Layout.SHEET_TABLE_CSV, as_csv(table_row("??", "1:00"))), "no letters"),
        (traditional(v3_player("1:00"), gameId="22"),
         "gameId = '22' is not an official game id of ten digits"),
        (traditional(homeTeam={"teamTricode": "DEN"}), "homeTeam.players missing"),
        (traditional(awayTeam={"teamTricode": "EST", "players": []}), "not an NBA team: 'EST'"),
        (traditional({"personId": 1, "statistics": {"minutes": "1:00"}}),
         "players.statistics.fieldGoalsMade missing"),
        (traditional(v3_player("1:00"), {"personId": 1, "statistics": {"minutes": "1:00"}}),
         "player 2 lacks statistics.fieldGoalsMade"),
        (traditional(v3_player("1:00"), {"personId": 1}), "player 2 lacks statistics"),
        (payload(Layout.SHEET_JSON, '{"resultSets": []}'), "no boxScoreTraditional"),
        (payload(Layout.SHEET_LIVE_JSON, "[]"), "no game"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(broken: Payload, words: str) -> None:
    with pytest.raises(PayloadError, match=words) as found:
        parse(broken)
    assert "file=one" in str(found.value)
