"""Shots under both spellings of their columns, and the shots of the simulated league."""

from __future__ import annotations

import datetime as dt
import io
import json

import pandas as pd
import pytest

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload, PayloadError
from nba_pipeline.sources.lookup import parse
from nba_pipeline_tests.support import NIGHT, simulated

LEAGUE = {
    "GAME_ID": "0022400001", "GAME_DATE": "20241112", "TEAM_ID": 1610612737, "PLAYER_ID": 1642258,
    "PLAYER_NAME": "Zaccharie Risacher", "ACTION_TYPE": "Jump Shot",
    "SHOT_TYPE": "3PT Field Goal", "SHOT_DISTANCE": 26, "LOC_X": -168, "LOC_Y": 205,
    "PERIOD": 1, "MINUTES_REMAINING": 11, "SECONDS_REMAINING": 43,
    "SHOT_ZONE_BASIC": "Above the Break 3", "SHOT_ZONE_AREA": "Left Side Center(LC)",
    "SHOT_ZONE_RANGE": "24+ ft.", "SHOT_MADE_FLAG": 0, "HTM": "BOS", "VTM": "ATL",
}  # fmt: skip
ARCHIVE = {
    "GAME_ID": 22400001, "GAME_DATE": "11-12-2024", "TEAM_ID": 1610612737, "PLAYER_ID": 1642258,
    "PLAYER_NAME": "Zaccharie Risacher", "ACTION_TYPE": "Jump Shot",
    "SHOT_TYPE": "3PT Field Goal", "SHOT_DISTANCE": 26, "LOC_X": 16.8, "LOC_Y": 25.75,
    "QUARTER": 1, "MINS_LEFT": 11, "SECS_LEFT": 43, "BASIC_ZONE": "Above the Break 3",
    "ZONE_NAME": "Left Side Center", "ZONE_RANGE": "24+ ft.", "SHOT_MADE": False,
    "HOME_TEAM": "BOS", "AWAY_TEAM": "ATL",
}  # fmt: skip


def parquet(*rows: dict[str, object]) -> Payload:
    content = io.BytesIO()
    pd.DataFrame(rows).to_parquet(content, index=False)
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return Payload(
        "test", Endpoint.SHOTS, "season=2024-25", Layout.SHOTS_PARQUET, at, content.getvalue()
    )


def test_both_spellings_say_the_same() -> None:
    one, other = (parse(parquet(row)).iloc[0] for row in (LEAGUE, ARCHIVE))
    for name in one.index.drop("shot_zone_area"):
        if isinstance(one[name], float):
            assert one[name] == pytest.approx(other[name]), name
        else:
            assert one[name] == other[name], name
    assert one["nba_game_id"] == "0022400001"
    assert (one["team"], one["opponent"]) == ("ATL", "BOS")
    assert (one["seconds_remaining"], one["is_three"], one["is_made"]) == (703, True, False)
    assert (one["loc_x"], one["loc_y"]) == (-16.8, 20.5)


def test_json_of_the_league_is_read_too() -> None:
    found = {
        "resultSets": [
            {
                "name": "Shot_Chart_Detail",
                "headers": list(LEAGUE),
                "rowSet": [list(LEAGUE.values())],
            }
        ]
    }
    payload = Payload(
        "nbac", Endpoint.SHOTS, "dates=2024-11-12..2024-11-12", Layout.SHOTS_JSON,
        dt.datetime(2026, 1, 1, tzinfo=dt.UTC), json.dumps(found).encode(),
    )  # fmt: skip
    assert parse(payload).iloc[0]["shot_zone"] == "Above the Break 3"


def test_two_equal_attempts_of_one_second_are_two() -> None:
    later = {**LEAGUE, "SECONDS_REMAINING": 10}
    frame = parse(parquet(LEAGUE, later, LEAGUE))
    assert sorted(frame["shot_number"]) == [1, 2, 3]
    assert frame.loc[1, "shot_number"] == 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"TEAM_ID": 15020}, "not an NBA team: 15020"),
        ({"GAME_DATE": "2024/11/12"}, "game date"),
        ({"LOC_X": "left"}, "LOC_X"),
        ({"PLAYER_NAME": "??"}, "no letters"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(changes: dict[str, object], words: str) -> None:
    with pytest.raises(PayloadError, match=words):
        parse(parquet({**LEAGUE, **changes}))


def test_a_missing_column_is_named() -> None:
    row = {k: v for k, v in ARCHIVE.items() if k != "BASIC_ZONE"}
    with pytest.raises(PayloadError, match="missing columns BASIC_ZONE"):
        parse(parquet(row))


def test_simulated_shots_add_up_to_the_box_scores() -> None:
    loader = simulated()[Endpoint.SHOTS]
    frame = parse(next(iter(loader.fetch(DateRange(NIGHT, NIGHT)))))
    season = loader.league.season(2025)  # type: ignore[attr-defined]
    counted = frame.groupby(["nba_game_id", "team"]).agg(
        attempts=("is_made", "size"), made=("is_made", "sum"), threes=("is_three", "sum")
    )
    assert len(counted) == 2 * len(season.boxes)
    for (game_id, team), row in counted.iloc[:200].iterrows():
        box = season.boxes[game_id]
        assert row["attempts"] == box.total(team, "field_goals_attempted")
        assert row["made"] == box.total(team, "field_goals_made")
        assert row["threes"] == box.total(team, "three_pointers_attempted")
