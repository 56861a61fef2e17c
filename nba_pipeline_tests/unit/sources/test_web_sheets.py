"""Game sheets and BallDontLie from the web, against recorded answers on loopback."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, SourceError
from nba_pipeline.sources.loader import Loader
from nba_pipeline.sources.lookup import parse
from nba_pipeline.sources.web.settings import WebSettings
from nba_pipeline_tests.support import web_loaders
from nba_pipeline_tests.unit.league.test_calendar import game
from nba_pipeline_tests.unit.sources.test_parse_gamebook import bdl, bdl_player
from nba_pipeline_tests.unit.sources.test_parse_sheets import live, traditional, v3_player
from nba_pipeline_tests.unit.sources.test_web import SPAN, Server, recorded, server

__all__ = ["server"]
KEY = "a-secret-key"


def bdl_settings(server: Server, **changes: object) -> WebSettings:
    url = server.url.replace("/stats/{endpoint}", "/v1/box_scores")
    return server.settings(**{"bdl_url": url, "bdl_key": KEY, **changes})


def test_a_sheet_per_finished_game_of_the_range(server: Server) -> None:
    answer = traditional(v3_player("36:47", position="C")).content
    server.answers = [(200, recorded(Endpoint.SCHEDULE)), (200, answer)]
    payloads = list(web_loaders(server.settings())[Endpoint.GAME_SHEETS].fetch(SPAN))
    asked = [(path.rsplit("/", 1)[-1], q.get("GameID")) for path, q in server.asked]
    assert asked[0] == ("scheduleleaguev2", None)
    assert len(payloads) == len(asked) - 1 == 8
    ids = [q[0] for _, q in asked[1:] if q]
    assert len(set(ids)) == 8 and all(i.startswith("0022500") for i in ids)
    assert [p.request_key for p in payloads] == [
        f"dates=2026-01-03..2026-01-03/game={i}" for i in ids
    ]
    assert {p.layout for p in payloads} == {Layout.SHEET_JSON}
    assert parse(payloads[0])["player_name"].tolist() == ["Nikola Jokić"]


def test_a_day_without_finished_games_asks_for_no_sheet(server: Server) -> None:
    server.answers = [(200, recorded(Endpoint.SCHEDULE))]
    future = DateRange(dt.date(2026, 2, 1), dt.date(2026, 2, 3))
    assert list(web_loaders(server.settings())[Endpoint.GAME_SHEETS].fetch(future)) == []
    assert len(server.asked) == 1


def with_live(server: Server) -> Loader:
    settings = server.settings(live_url=server.url.replace("/stats/", "/liveData/"))
    return web_loaders(settings)[Endpoint.GAME_SHEETS]


def test_a_sheet_that_both_hosts_refuse_is_an_error_of_both(server: Server) -> None:
    server.answers = [(200, recorded(Endpoint.SCHEDULE)), (404, b"")]
    words = r"boxscoretraditionalv3 answered 404.*boxscore_00225\d+\.json answered 404"
    with pytest.raises(SourceError, match=words):
        list(with_live(server).fetch(SPAN))


def test_a_sheet_that_one_host_refuses_is_the_live_feeds(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    feed, sheet = live().content, traditional(v3_player("36:47", position="C")).content
    server.answers = [(200, recorded(Endpoint.SCHEDULE)), (404, b""), (200, feed), (200, sheet)]
    payloads = list(with_live(server).fetch(SPAN))
    assert [p.layout for p in payloads] == [Layout.SHEET_LIVE_JSON] + [Layout.SHEET_JSON] * 7
    assert server.asked[2][0].startswith("/liveData/boxscore/boxscore_00225")
    assert "answered 404 Not Found; took the live feed's sheet" in caplog.text
    assert parse(payloads[0])["player_name"].tolist() == ["Nikola Jokić"]


def test_balldontlie_is_asked_by_date_with_the_key_in_a_header(server: Server) -> None:
    server.answers = [(200, bdl(bdl_player("38", pts=25)).content)]
    span = DateRange(dt.date(2024, 1, 15), dt.date(2024, 1, 16))
    payloads = list(web_loaders(bdl_settings(server))[Endpoint.BDL_BOXSCORES].fetch(span))
    assert [p.request_key for p in payloads] == [
        "dates=2024-01-15..2024-01-15/page=1",
        "dates=2024-01-16..2024-01-16/page=1",
    ]
    assert server.asked == [
        ("/v1/box_scores", {"date": ["2024-01-15"]}),
        ("/v1/box_scores", {"date": ["2024-01-16"]}),
    ]
    assert server.headers[0]["Authorization"] == KEY
    assert parse(payloads[0])["points"].tolist() == [25]
    assert all(KEY not in p.label and KEY.encode() not in p.content for p in payloads)


def test_pages_are_followed_to_the_end(server: Server) -> None:
    page = json.loads(bdl(bdl_player("38")).content)
    first = json.dumps({**page, "meta": {"next_cursor": 90, "per_page": 25}}).encode()
    last = json.dumps({**page, "meta": {"next_cursor": None}}).encode()
    server.answers = [(200, first), (200, last)]
    payloads = list(web_loaders(bdl_settings(server))[Endpoint.BDL_BOXSCORES].fetch(SPAN))
    assert [p.request_key[-6:] for p in payloads] == ["page=1", "page=2"]
    assert [q.get("cursor") for _, q in server.asked] == [None, ["90"]]


def test_pages_that_do_not_end_are_an_error(server: Server) -> None:
    server.answers = [(200, b'{"data": [], "meta": {"next_cursor": 1}}')]
    with pytest.raises(SourceError, match="more than 20 pages of 2026-01-03"):
        list(web_loaders(bdl_settings(server))[Endpoint.BDL_BOXSCORES].fetch(SPAN))


def test_a_date_without_games_is_an_empty_payload(server: Server) -> None:
    server.answers = [(200, b'{"data": []}')]
    payloads = list(web_loaders(bdl_settings(server))[Endpoint.BDL_BOXSCORES].fetch(SPAN))
    assert parse(payloads[0]).empty


@pytest.mark.parametrize("status", [401, 403, 404, 302])
def test_a_refusal_is_an_error_at_once_and_never_no_data(server: Server, status: int) -> None:
    server.answers = [(status, b"")]
    with pytest.raises(SourceError, match=f"/v1/box_scores answered {status}") as found:
        list(web_loaders(bdl_settings(server))[Endpoint.BDL_BOXSCORES].fetch(SPAN))
    assert len(server.asked) == 1
    assert KEY not in str(found.value)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_temporary_failure_is_tried_again(server: Server, status: int) -> None:
    server.answers = [(status, b""), (status, b""), (200, b'{"data": []}')]
    assert list(web_loaders(bdl_settings(server))[Endpoint.BDL_BOXSCORES].fetch(SPAN))
    assert len(server.asked) == 3


def test_a_failure_for_good_is_an_error(server: Server) -> None:
    server.answers = [(503, b"")]
    settings = bdl_settings(server, attempts=2)
    with pytest.raises(SourceError, match="/v1/box_scores answered 503"):
        list(web_loaders(settings)[Endpoint.BDL_BOXSCORES].fetch(SPAN))
    assert len(server.asked) == 2


def test_nobody_there_is_an_error_without_the_key(server: Server) -> None:
    settings = bdl_settings(server, bdl_url="http://127.0.0.1:9/v1/box_scores", attempts=1)
    with pytest.raises(SourceError, match="/v1/box_scores: no answer") as found:
        list(web_loaders(settings)[Endpoint.BDL_BOXSCORES].fetch(SPAN))
    assert KEY not in str(found.value)


def test_an_answer_larger_than_allowed_is_refused(server: Server) -> None:
    server.answers = [(200, b"x" * 5000)]
    with pytest.raises(SourceError, match="sends more than 1,000 bytes"):
        list(web_loaders(bdl_settings(server, max_bytes=1000))[Endpoint.BDL_BOXSCORES].fetch(SPAN))


def test_without_a_key_nothing_is_offered_and_nothing_is_asked(server: Server) -> None:
    loader = web_loaders(bdl_settings(server, bdl_key=None))[Endpoint.BDL_BOXSCORES]
    reason = "BallDontLie wants a key, set NBA_WEB_BDL_KEY"
    assert loader.not_offered(game()) == reason
    with pytest.raises(SourceError, match=reason):
        list(loader.fetch(SPAN))
    assert server.asked == []
    assert web_loaders(bdl_settings(server))[Endpoint.BDL_BOXSCORES].not_offered(game()) is None


def test_the_key_comes_from_the_environment_and_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NBA_WEB_BDL_KEY", KEY)
    settings = WebSettings()
    assert settings.bdl_key is not None
    assert settings.bdl_key.get_secret_value() == KEY
    assert KEY not in repr(settings)
