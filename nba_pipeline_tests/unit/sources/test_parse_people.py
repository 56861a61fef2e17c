"""Transactions, rosters, positions, profiles, the player index and the file of arenas."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any

import pandas as pd
import pytest

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.sources.lookup import parse
from nba_pipeline.sources.parse.transactions import category_of
from nba_pipeline_tests.support import endpoint_of

AT = dt.datetime(2026, 1, 3, tzinfo=dt.UTC)
COLUMNS = ["Date", "Team", "Acquired", "Relinquished", "Notes"]


def parsed(layout: Layout, content: str, key: str = "all") -> pd.DataFrame:
    return parse(Payload("test", endpoint_of(layout), key, layout, AT, content.encode()))


def transactions(*rows: tuple[str, str, str, str, str]) -> pd.DataFrame:
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, *rows])
    return parsed(Layout.TRANSACTIONS_CSV, text.getvalue())


def test_a_player_goes_out_and_comes_back() -> None:
    found = transactions(
        ("2024-01-02", "Blazers", "", "• Anfernee Simons", "illness (DTD)"),
        ("2024-01-02", "76ers", "• Joel Embiid", "", "activated from IL"),
        ("2024-01-03", "Knicks", "", "• Julius Randle", "placed on IL with sore ankle"),
    )
    assert found["team"].tolist() == ["POR", "PHI", "NYK"]
    assert found["movement"].tolist() == ["out", "back", "out"]
    assert found["transaction_number"].tolist() == [1, 2, 1]
    assert found["player_lookup"].tolist() == ["anferneesimons", "joelembiid", "juliusrandle"]
    assert found["transaction_category"].tolist() == ["missed_game", "injury_list", "injury_list"]


def test_both_spellings_are_kept_and_birth_notes_are_not_names() -> None:
    found = transactions(
        ("2024-01-02", "Pelicans", "", "• Herbert Jones / Herb Jones (Keyshawn)", "illness (DTD)"),
        ("2024-01-02", "Pistons", "", "• Chris Smith (b. 1999-12-24)", "sore knee (DTD)"),
    )
    assert found["player_name"].tolist() == ["Herbert Jones", "Chris Smith"]
    assert found.loc[0, "player_name_alternative"] == "Herb Jones"
    assert found.loc[0, "player_lookup_alternative"] == "herbjones"
    assert pd.isna(found.loc[1, "player_name_alternative"])


def test_two_names_in_a_cell_and_both_cells_filled_are_rows_of_their_own() -> None:
    found = transactions(
        ("2024-01-02", "Jazz", "", "• John Collins• Rudy Gay• 2026 second round pick", "ill (DTD)"),
        ("2024-01-02", "Jazz", "• Kris Dunn", "• Omer Yurtseven", ""),
    )
    assert found["player_name"].tolist()[:2] == ["John Collins", "Rudy Gay"]
    assert pd.isna(found.loc[2, "player_name"])
    assert found.loc[2, "transaction_note"] == "2026 second round pick; ill (DTD)"
    assert found.loc[3:, "movement"].tolist() == ["out", "back"]
    assert found["transaction_number"].tolist() == [1, 2, 3, 4, 5]


def test_holes_of_the_source_stay_as_rows() -> None:
    found = transactions(
        ("2024-01-02", "", "• Alperen Sengun", "", "activated from IL"),
        ("2024-01-02", "Knicks", "", "", "activated from IL"),
        ("2024-01-02", "Magic", "", "• sore calf (DTD)", "placed on IL with sore calf"),
        ("2024-01-02", "Bucks", "• placed on IL with sore knee", "", "activated from IL"),
    )
    assert pd.isna(found.loc[0, "team"])
    assert found["movement"].isna().tolist() == [False, True, False, False]
    assert found["player_name"].isna().tolist() == [False, True, True, True]
    assert found.loc[2, "transaction_note"] == "sore calf (DTD); placed on IL with sore calf"


def test_other_times_are_left_out_and_other_teams_refused() -> None:
    old = ("1899-12-30", "Bombers (BAA)", "", "• Jack Underman", "illness (DTD)")
    assert len(transactions(old)) == 0
    with pytest.raises(PayloadError, match="Bombers"):
        transactions(("2024-01-02", *old[1:]))
    with pytest.raises(PayloadError, match="Date"):
        transactions(("soon", *old[1:]))


@pytest.mark.parametrize(
    ("note", "category"),
    [
        ("placed on IL with NBA health and safety protocols", "health_protocols"),
        ("suspended by NBA", "suspension"),
        ("personal reasons (DTD)", "personal"),
        ("rest (DTD)", "rest"),
        ("sore wrist (DTD)", "missed_game"),
        ("arrested development", "other"),
        ("", "other"),
    ],
)
def test_category_follows_the_note(note: str, category: str) -> None:
    assert category_of(note) == category


def athlete(**changes: Any) -> dict[str, Any]:
    base = {"id": "101", "fullName": "Luka Dončić Jr.", "dateOfBirth": "1999-02-28T08:00Z",
            "position": {"abbreviation": "PG"}, "jersey": "00", "experience": {"years": 7},
            "status": {"type": "active"}, "height": 80.0, "weight": 230.0,
            "injuries": []}  # fmt: skip
    return base | changes


def roster(*athletes: dict[str, Any], team: str = "UTAH") -> pd.DataFrame:
    content = json.dumps({"team": {"abbreviation": team, "athletes": list(athletes)}})
    return parsed(Layout.ESPN_ROSTER_JSON, content, "dates=2026-01-03..2026-01-03/team=UTA")


def test_a_roster_has_the_date_of_its_request() -> None:
    hurt = [{"status": "Out", "date": "2026-01-02T10:00Z"},
            {"status": "Day-To-Day", "date": "2025-12-20T10:00Z"}]  # fmt: skip
    found = roster(athlete(), athlete(id="102", fullName="Ömer Brown", injuries=hurt))
    assert set(found["game_date"]) == {dt.date(2026, 1, 3)}
    assert set(found["team"]) == {"UTA"}
    assert found["player_lookup"].tolist() == ["lukadoncicjr", "omerbrown"]
    assert found["jersey_number"].tolist() == ["00", "00"]
    assert found["birth_date"].tolist() == [dt.date(1999, 2, 28)] * 2
    assert found["roster_injury_status"].tolist() == [None, "out"]


def test_a_player_without_optional_parts_is_a_player() -> None:
    bare = {"id": "103", "fullName": "New Man"}
    assert roster(bare)["birth_date"].isna().all()


def test_a_roster_that_is_none_is_refused() -> None:
    with pytest.raises(PayloadError, match="without players"):
        roster()
    with pytest.raises(PayloadError, match="not an NBA team: 'STP'"):
        roster(athlete(), team="STP")
    with pytest.raises(PayloadError, match="team.athletes.fullName missing"):
        roster({"id": "1"})
    with pytest.raises(PayloadError, match="athlete 2 lacks fullName"):
        roster(athlete(), {"id": "1"})


def test_positions_have_season_and_team() -> None:
    text = "PLAYER_ID,POSITION,TeamID,POSITION_SIMPLE\n1,G-F,1610612738,G\n"
    found = parsed(Layout.PLAYER_POSITIONS_CSV, text, "season=2023-24/file=x").iloc[0]
    assert (found["player_id"], found["season_year"]) == (1, 2023)
    assert (found["position"], found["team"]) == ("G-F", "BOS")
    with pytest.raises(PayloadError, match="row 1: TeamID = '7'"):
        parsed(Layout.PLAYER_POSITIONS_CSV, text.replace("1610612738", "7"), "season=2023-24/x")
    with pytest.raises(PayloadError, match="season"):
        parsed(Layout.PLAYER_POSITIONS_CSV, text, "all")


def test_index_and_profiles_give_inches() -> None:
    headers = ["PERSON_ID", "PLAYER_FIRST_NAME", "PLAYER_LAST_NAME", "TEAM_ABBREVIATION",
               "JERSEY_NUMBER", "POSITION", "HEIGHT", "WEIGHT"]  # fmt: skip
    rows = [[1, "Nikola", "Jokić", "DEN", "15", "C", "6-11", "284"],
            [2, "", "Nenê", None, None, "", "", ""]]  # fmt: skip
    sets = [{"name": "PlayerIndex", "headers": headers, "rowSet": rows}]
    found = parsed(Layout.PLAYER_INDEX_JSON, json.dumps({"resultSets": sets}), "season=2025-26")
    assert found["player_lookup"].tolist() == ["nikolajokic", "nene"]
    assert found["height_inches"].tolist()[0] == 83
    assert found["height_inches"].isna().tolist() == [False, True]
    text = "PLAYER_ID,PLAYER_NAME,BIRTHDATE,HEIGHT,WEIGHT,POSITION,JERSEY\n"
    text += "1,Nikola Jokić,1995-02-19T00:00:00,6-11,284,Center-Forward,15\n"
    profile = parsed(Layout.PLAYER_PROFILES_CSV, text).iloc[0]
    assert profile["birth_date"] == dt.date(1995, 2, 19)
    assert (profile["position"], profile["height_inches"]) == ("C-F", 83)
    with pytest.raises(PayloadError, match="row 1: HEIGHT = '211 cm'"):
        parsed(Layout.PLAYER_PROFILES_CSV, text.replace("6-11", "211 cm"))
    with pytest.raises(PayloadError, match="BIRTHDATE"):
        parsed(Layout.PLAYER_PROFILES_CSV, text.replace("1995-02-19T00:00:00", "Feb 19"))
