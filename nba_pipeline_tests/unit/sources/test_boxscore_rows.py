"""From box scores to rows: which of two payloads of a game counts, and that no row is lost."""

from __future__ import annotations

import datetime as dt

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import Endpoint, Layout, Payload
from nba_pipeline.landing.zone import LandedPayload
from nba_pipeline.league.calendar import day_of
from nba_pipeline.sources.lookup import parse, shape
from nba_pipeline.sources.rows.frames import Fetched
from nba_pipeline_tests.support import NIGHT
from nba_pipeline_tests.unit.league.test_calendar import game
from nba_pipeline_tests.unit.sources.test_parse import HORFORD, LOG_HEAD

AT = dt.datetime(2026, 1, 4, 10, tzinfo=dt.UTC)
COMPACT_HEAD = (
    "PLAYER_ID,PLAYER_NAME,TEAM_ABBREVIATION,GAME_DATE,MATCHUP,WL,MIN,PTS,REB,AST,STL,BLK,TOV,"
    "PLUS_MINUS,SEASON_TYPE"
)
FULL = HORFORD.replace("2024-10-22", str(NIGHT)).replace("0022400061", "0022500100")
NO_SHOTS = FULL.replace("201143,Al Horford", "1,No Shots").replace(",26,4,7,3,5,", ",3,,,,,")
COMPACT = f"201143,Al Horford,BOS,{NIGHT},BOS vs. NYK,W,26,11,3,5,1,1,0,19,Regular Season"


def names(*found: tuple[Layout, str]) -> list[str]:
    payloads = [
        Payload("test", Endpoint.PLAYER_GAMELOG, f"season=2025-26/n={n}", layout, AT, text.encode())
        for n, (layout, text) in enumerate(found)
    ]
    frames = [
        (LandedPayload("test", p.endpoint, p.request_key, p.layout, AT, p.sha256, 1, "k"), parse(p))
        for p in payloads
    ]
    days = {NIGHT: day_of(NIGHT, [game()], covered=True)}
    table, strangers = shape(contracts()["nbac_player_boxscores"], Fetched(frames), days, days)
    assert strangers == {}
    return sorted(table["player_name"].to_pylist())


def test_a_compact_payload_gives_way_to_a_full_one() -> None:
    full = (Layout.GAMELOG_CSV, f"{LOG_HEAD}\n{FULL}\n")
    compact = (Layout.GAMELOG_COMPACT_CSV, f"{COMPACT_HEAD}\n{COMPACT}\n")
    assert names(full, compact) == names(compact) == ["Al Horford"]


def test_a_row_whose_shots_are_missing_is_kept_for_the_audit() -> None:
    assert names((Layout.GAMELOG_CSV, f"{LOG_HEAD}\n{FULL}\n{NO_SHOTS}\n")) == [
        "Al Horford",
        "No Shots",
    ]
