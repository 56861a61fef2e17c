"""The live feed over loopback: games of a date, a feed a game, and what is never "no plays"."""

from __future__ import annotations

import json

import pytest

from nba_pipeline.landing.payload import Endpoint, Layout, SourceError
from nba_pipeline.sources.loader import Loader
from nba_pipeline.sources.lookup import parse
from nba_pipeline_tests.support import web_loaders
from nba_pipeline_tests.unit.sources.test_parse_plays import OTHERS, START, THREE, action, league
from nba_pipeline_tests.unit.sources.test_web import SPAN, Server, server

__all__ = ["server"]

GAMES = [
    {"gameId": "0022500100", "gameStatus": 3},
    {"gameId": "0022500101", "gameStatus": 2},  # still going on
    {"gameId": "0012500102", "gameStatus": 3},  # preseason
]
FEED = league(START, OTHERS, action(3, "3pt", **THREE)).content


def board(games: object) -> bytes:
    return json.dumps({"scoreboard": {"games": games}}).encode()


def loader(server: Server, **changes: object) -> Loader:
    live = server.url.replace("/stats/", "/liveData/")
    return web_loaders(server.settings(live_url=live, **changes))[Endpoint.LEAGUE_PLAYS]


def test_the_feed_of_every_final_game_that_counts_is_asked_for(server: Server) -> None:
    server.answers = [(200, board(GAMES)), (200, FEED)]
    payloads = list(loader(server).fetch(SPAN))
    assert [p for p, _ in server.asked] == [
        "/stats/scoreboardv3",
        "/liveData/playbyplay/playbyplay_0022500100.json",
    ]
    assert server.asked[0][1]["GameDate"] == ["2026-01-03"]
    assert [p.layout for p in payloads] == [Layout.LEAGUE_PLAYS_JSON]
    assert payloads[0].request_key == "dates=2026-01-03..2026-01-03/game=0022500100"
    assert len(parse(payloads[0])) == 3


def test_a_date_without_games_is_an_empty_answer(server: Server) -> None:
    server.answers = [(200, board([]))]
    assert list(loader(server).fetch(SPAN)) == []
    assert len(server.asked) == 1


@pytest.mark.parametrize(("status", "tries"), [(403, 2), (404, 1), (429, 2), (500, 2)])
def test_a_refused_feed_of_a_final_game_is_an_error(
    server: Server, status: int, tries: int
) -> None:
    server.answers = [(200, board(GAMES)), (status, b"")]
    with pytest.raises(SourceError, match=rf"playbyplay_0022500100\.json answered {status}"):
        list(loader(server, attempts=2).fetch(SPAN))
    assert len(server.asked) == 1 + tries


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"scoreboard": {"games": [{}]}}'])
def test_a_list_of_games_that_cannot_be_read_is_an_error(server: Server, body: bytes) -> None:
    server.answers = [(200, body)]
    with pytest.raises(SourceError, match=r"no scoreboard\.games\[\] of 2026-01-03"):
        list(loader(server).fetch(SPAN))
