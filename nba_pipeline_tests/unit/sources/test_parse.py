"""Parsers on the real archives' layouts (small originals built here) and on damage."""

from __future__ import annotations

import datetime as dt
import gzip
import json

import pytest

from nba_pipeline.landing.payload import Endpoint, Layout, Payload, PayloadError
from nba_pipeline.league.calendar import GameStatus
from nba_pipeline.sources.lookup import parse
from nba_pipeline.sources.reading import unpack

AT = dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC)
LOG_HEAD = (
    "SEASON_ID,PLAYER_ID,PLAYER_NAME,TEAM_ABBREVIATION,GAME_ID,GAME_DATE,MATCHUP,WL,MIN,FGM,FGA,"
    "FG3M,FG3A,FTM,FTA,OREB,DREB,REB,AST,STL,BLK,TOV,PF,PTS,PLUS_MINUS"
)
HORFORD = (
    "22024,201143,Al Horford,BOS,0022400061,2024-10-22,BOS vs. NYK,W,26,4,7,3,5,0,0,0,3,3,5,1,1,0,"
    "2,11,19"
)


def payload(layout: Layout, content: bytes | str, endpoint: Endpoint | None = None) -> Payload:
    if endpoint is None:
        endpoint = Endpoint.SCHEDULE if "schedule" in layout else Endpoint.PLAYER_GAMELOG
    body = content.encode() if isinstance(content, str) else content
    return Payload("test", endpoint, "season=2024-25", layout, AT, body)


def test_a_game_log_row_gets_full_names() -> None:
    frame = parse(payload(Layout.GAMELOG_CSV, f"{LOG_HEAD}\n{HORFORD}\n"))
    row = frame.iloc[0]
    assert row["nba_game_id"] == "0022400061"
    assert row["game_date"] == dt.date(2024, 10, 22)
    assert (row["team"], row["opponent"], row["home_hint"]) == ("BOS", "NYK", True)
    assert (row["points"], row["plus_minus"], row["minutes_played"]) == (11, 19, 26)
    assert (row["player_id"], row["player_lookup"]) == (201143, "alhorford")
    assert (row["season_year"], row["season_type"]) == (2024, "regular")


def test_a_game_that_nobody_has_won_yet_has_no_result() -> None:
    frame = parse(payload(Layout.GAMELOG_CSV, f"{LOG_HEAD}\n{HORFORD.replace(',W,26', ',,26')}\n"))
    assert frame["won"].isna().tolist() == [True]


def test_gzip_and_plain_are_the_same_payload() -> None:
    text = f"{LOG_HEAD}\n{HORFORD}\n".encode()
    plain, packed = (parse(payload(Layout.GAMELOG_CSV, t)) for t in (text, gzip.compress(text)))
    assert plain.equals(packed)


def test_a_neutral_site_shows_two_visitors() -> None:
    frame = parse(payload(Layout.GAMELOG_CSV, f"{LOG_HEAD}\n{HORFORD.replace('vs.', '@')}\n"))
    assert not frame.iloc[0]["home_hint"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("0022400061", "22400061", "ten digits"),
        ("2024-10-22", "22.10.2024", "game date"),
        ("BOS vs. NYK", "BOS NYK", "MATCHUP"),
        (",26,4,", ",26:31,4,", "MIN"),
        (",4,7,", ",4.5,7,", "FGM"),
        ("BOS,0022", "SEA,0022", "SEA"),
        ("Al Horford", "...", "no letters"),
        ("FG3A", "TPA", "missing columns FG3A; unexpected: "),
    ],
)
def test_a_value_that_cannot_be_read_is_named(old: str, new: str, words: str) -> None:
    text = f"{LOG_HEAD}\n{HORFORD}\n"
    assert old in text
    with pytest.raises(PayloadError, match=words) as caught:
        parse(payload(Layout.GAMELOG_CSV, text.replace(old, new)))
    assert "test/player_gamelog/season=2024-25" in str(caught.value)


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("content", [b"", b"  \n", b"\x1f\x8b\x08\x00broken", b"<html></html>"])
def test_rubbish_is_a_payload_error_in_every_layout(layout: Layout, content: bytes) -> None:
    with pytest.raises(PayloadError, match="test/"):
        parse(payload(layout, content))


def test_a_payload_larger_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "MAX_BYTES", 1000)
    bomb = gzip.compress(b"0" * 1_000_000)
    assert len(bomb) < 2000
    with pytest.raises(PayloadError, match="larger than 1,000 bytes"):
        parse(payload(Layout.GAMELOG_CSV, bomb))


def test_deep_nesting_is_an_error_not_a_crash() -> None:
    with pytest.raises(PayloadError, match="not JSON"):
        parse(payload(Layout.GAMELOG_JSON, b"[" * 100_000))


def test_the_compact_log_has_no_ids_and_no_shots() -> None:
    head = (
        "PLAYER_ID,PLAYER_NAME,TEAM_ABBREVIATION,GAME_DATE,MATCHUP,WL,MIN,PTS,REB,AST,STL,BLK,TOV,"
        "PLUS_MINUS,SEASON_TYPE"
    )
    line = "201143,Al Horford,BOS,2025-05-05,BOS vs. NYK,L,38,8,10,1,1,1,0,-7,Playoffs"
    row = parse(payload(Layout.GAMELOG_COMPACT_CSV, f"{head}\n{line}\n")).iloc[0]
    assert row["nba_game_id"] is None
    assert row["season_type"] == "playoffs"
    assert row.isna()["field_goals_attempted"]
    assert row["points"] == 8
    with pytest.raises(PayloadError, match="SEASON_TYPE = 'Summer' is an unknown season type"):
        parse(payload(Layout.GAMELOG_COMPACT_CSV, f"{head}\n{line.replace('Playoffs', 'Summer')}"))


def v2_game(**changes: object) -> dict[str, object]:
    base = {
        "gameId": "0022400061",
        "gameStatus": 3,
        "gameStatusText": "Final",
        "gameDateEst": "2024-10-22T00:00:00Z",
        "gameDateTimeUTC": "2024-10-22T23:30:00Z",
        "postponedStatus": "N",
        "arenaName": "TD Garden",
        "arenaCity": "Boston",
        "isNeutral": False,
        "homeTeam": {"teamTricode": "BOS", "score": 132},
        "awayTeam": {"teamTricode": "NYK", "score": 109},
    }
    return {**base, **changes}


def v2(*games: dict[str, object], time: str = "") -> Payload:
    found = {"meta": {"time": time}, "leagueSchedule": {"gameDates": [{"games": list(games)}]}}
    return payload(Layout.SCHEDULE_LEAGUE_V2, json.dumps(found))


def test_a_final_game_has_its_result_and_the_snapshot_its_age() -> None:
    row = parse(v2(v2_game())).iloc[0]
    assert row["game_status"] == GameStatus.FINAL
    assert (row["home_score"], row["away_score"]) == (132, 109)
    assert row["as_of"] == dt.date(2024, 10, 22)
    assert parse(v2(v2_game(), time="2025-08-27T13:13:27Z")).iloc[0]["as_of"] == dt.date(
        2025, 8, 27
    )


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"gameStatus": 1, "gameStatusText": "7:30 pm ET"}, GameStatus.SCHEDULED),
        ({"gameStatus": 2, "gameStatusText": "Q3 4:01"}, GameStatus.LIVE),
        ({"gameStatus": 1, "gameStatusText": "PPD"}, GameStatus.POSTPONED),
        ({"gameStatus": 1, "postponedStatus": "P"}, GameStatus.POSTPONED),
        ({"gameStatus": 1, "gameStatusText": "Cancelled"}, GameStatus.CANCELLED),
        # "Final" without a score is a phantom
        (
            {
                "homeTeam": {"teamTricode": "BOS", "score": 0},
                "awayTeam": {"teamTricode": "NYK", "score": 0},
            },
            GameStatus.SCHEDULED,
        ),
    ],
)
def test_a_game_without_a_result_has_no_score(
    changes: dict[str, object], status: GameStatus
) -> None:
    row = parse(v2(v2_game(**changes))).iloc[0]
    assert row["game_status"] == status
    assert row[["home_score", "away_score"]].isna().all()


def test_teams_to_be_decided_are_unknown_not_invented() -> None:
    row = parse(v2(v2_game(gameStatus=1, homeTeam={"teamTricode": "", "score": 0}))).iloc[0]
    assert row["home_team"] is None
    assert row["away_team"] == "NYK"


def test_a_game_listed_twice_or_no_game_at_all_is_an_error() -> None:
    with pytest.raises(PayloadError, match="0022400061 is listed twice"):
        parse(v2(v2_game(), v2_game()))
    with pytest.raises(PayloadError, match="without games"):
        parse(v2())
    with pytest.raises(PayloadError, match="game 1"):
        parse(v2(v2_game(gameId="61")))


def test_eastern_wall_clock_becomes_utc() -> None:
    head = "gid,gcode,etdate,ettime,seri,an,ac,st,stt,h.tid,v.tid,h.ta,v.ta,h.s,v.s,seas\n"
    line = "0022100001,20211019/BKNMIL,2021-10-19,19:30:00,,Fiserv Forum,Milwaukee,3,Final,1,2,"
    row = parse(payload(Layout.SCHEDULE_NBAHX, f"{head}{line}MIL,BKN,127,104,21-22\n")).iloc[0]
    assert row["tipoff_utc"].isoformat() == "2021-10-19T23:30:00+00:00"
    assert (row["home_team"], row["home_score"]) == ("MIL", 127)


def bref_line(**changes: object) -> str:
    names = "fg fga fg3 fg3a ft fta orb drb trb ast stl blk tov pf pts plus_minus adv_usg_pct"
    player = {
        "player_name": "Nikola JokiÄ\x87",
        "team": "BRK",
        "is_starter": True,
        "mp": 34.7,
        **dict.fromkeys(names.split(), 1),
    }
    game = {
        "bref_id": "202510210BRK",
        "game_date": "2025-10-21",
        "home": "BRK",
        "visitor": "GSW",
        "home_pts": 1,
        "visitor_pts": 0,
        "players": [player],
    }
    return json.dumps({**game, **changes})


def test_basketball_reference_is_put_into_the_leagues_words() -> None:
    found = payload(Layout.BREF_JSONL, bref_line(), Endpoint.BREF_BOXSCORES)
    row = parse(found).iloc[0]
    assert (row["team"], row["opponent"], row["is_home"]) == ("BKN", "GSW", True)
    assert row["player_name"] == "Nikola Jokić"
    assert row["player_lookup"] == "nikolajokic"
    assert row["minutes_played"] == 34.7


def test_a_broken_line_has_its_number() -> None:
    two = bref_line() + "\n" + bref_line()[:-5]
    with pytest.raises(PayloadError, match="line 2 is not JSON"):
        parse(payload(Layout.BREF_JSONL, two, Endpoint.BREF_BOXSCORES))
    with pytest.raises(PayloadError, match="line 2 lacks visitor"):
        broken = bref_line() + "\n" + bref_line().replace('"visitor"', '"guest"')
        parse(payload(Layout.BREF_JSONL, broken, Endpoint.BREF_BOXSCORES))


def test_a_team_list_without_all_thirty_is_refused() -> None:
    text = "ID,Abbreviation,Full Name,NICKNAME,City\n1,BOS,Boston Celtics,Celtics,Boston\n"
    with pytest.raises(PayloadError, match="1 teams; missing: ATL"):
        parse(payload(Layout.TEAMS_CSV, text, Endpoint.TEAMS))
