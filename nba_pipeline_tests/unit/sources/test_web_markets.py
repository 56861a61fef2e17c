"""The markets' web loaders on loopback: what is asked, what is no error, and who sees the key."""

from __future__ import annotations

import datetime as dt
import json
import logging
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

import pytest
from pydantic import SecretStr

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, SourceError
from nba_pipeline.sources.loader import Loader
from nba_pipeline.sources.lookup import parse
from nba_pipeline.sources.web.odds import OddsLoader
from nba_pipeline.sources.web.settings import WebSettings
from nba_pipeline_tests.support import NIGHT, web_loaders
from nba_pipeline_tests.unit.league.test_calendar import game
from nba_pipeline_tests.unit.sources.test_parse_boards import offer
from nba_pipeline_tests.unit.sources.test_parse_markets import event, points, spreads
from nba_pipeline_tests.unit.sources.test_web import Server, serving

SECRET = "k3y+nobody/sees"
SPAN = DateRange(NIGHT, NIGHT)
EVENTS = [
    {"id": "e1", "commence_time": "2026-01-04T00:40:00Z"},
    {"id": "late", "commence_time": "2026-01-04T18:00:00Z"},  # of the next Eastern date
]
QUOTES = {
    Endpoint.POINTS_LINES: event(points()),
    Endpoint.GAME_LINES: event(spreads()),
}


@dataclass
class Asked:
    """Loaders against a loopback server, with keys unless told otherwise."""

    server: Server
    settings: dict[str, Any] = field(default_factory=dict)

    def loader(self, endpoint: Endpoint, today: dt.date, *, with_key: bool = True) -> Loader:
        key = SecretStr(SECRET) if with_key else None
        base = self.server.url.replace("/stats/{endpoint}", "")
        markets = {"odds_api_url": f"{base}/v4", "odds_api_key": key,
                   "bettingpros_url": f"{base}/v3", "bettingpros_key": key}  # fmt: skip
        settings = self.server.settings(attempts=2, **markets, **self.settings)
        found = web_loaders(settings)[endpoint]
        if isinstance(found, OddsLoader):
            found.today = lambda: today
        return found


@pytest.fixture
def asked() -> Iterator[Asked]:
    for server in serving():
        yield Asked(server)


def answers(*found: Any) -> list[tuple[int, bytes]]:
    return [f if isinstance(f, tuple) else (200, json.dumps(f).encode()) for f in found]


def envelope(data: Any) -> dict[str, Any]:
    return {"timestamp": "2026-01-03T22:55:00Z", "data": data}


@pytest.mark.parametrize("endpoint", list(QUOTES))
def test_lines_of_today_are_asked_live_event_by_event(asked: Asked, endpoint: Endpoint) -> None:
    asked.server.answers = answers(EVENTS, QUOTES[endpoint])
    payloads = list(asked.loader(endpoint, NIGHT).fetch(SPAN))
    paths = [path for path, _ in asked.server.asked]
    assert paths == [
        "/v4/sports/basketball_nba/events",
        "/v4/sports/basketball_nba/events/e1/odds",
    ]
    assert asked.server.asked[1][1]["oddsFormat"] == ["american"]
    assert payloads[0].request_key == f"dates={NIGHT}..{NIGHT}/event=e1/odds=american"
    assert len(parse(payloads[0])) == 1


def test_lines_of_the_past_are_those_just_before_each_tip_off(asked: Asked) -> None:
    asked.server.answers = answers(envelope(EVENTS), envelope(QUOTES[Endpoint.POINTS_LINES]))
    later = NIGHT + dt.timedelta(1)
    payloads = list(asked.loader(Endpoint.POINTS_LINES, later).fetch(SPAN))
    (listed, when), (path, one) = asked.server.asked
    assert listed == "/v4/historical/sports/basketball_nba/events"
    assert when["date"] == ["2026-01-03T15:00:00Z"]
    assert path == "/v4/historical/sports/basketball_nba/events/e1/odds"
    assert one["date"] == ["2026-01-04T00:39:00Z"]
    assert one["markets"] == ["player_points"]
    assert [p.layout for p in payloads] == [Layout.ODDS_API_PROPS_JSON]


def test_past_games_are_asked_in_the_morning_too(asked: Asked) -> None:
    asked.server.answers = answers(envelope(EVENTS), envelope(QUOTES[Endpoint.GAME_LINES]))
    later = NIGHT + dt.timedelta(1)
    keys = [p.request_key for p in asked.loader(Endpoint.GAME_LINES, later).fetch(SPAN)]
    assert [k.rsplit("=", 1)[1] for k in keys] == ["2026-01-03T15:00:00Z", "2026-01-04T00:39:00Z"]
    assert [q["markets"] for _, q in asked.server.asked[1:]] == [["spreads,totals"]] * 2


@pytest.mark.parametrize("nothing", [(204, b""), (404, b'{"error_code": "EVENT_NOT_FOUND"}')])
def test_nothing_posted_is_an_empty_payload(asked: Asked, nothing: tuple[int, bytes]) -> None:
    asked.server.answers = answers(EVENTS, nothing)
    payloads = list(asked.loader(Endpoint.POINTS_LINES, NIGHT).fetch(SPAN))
    assert [p.layout for p in payloads] == [Layout.NOT_POSTED]
    assert len(parse(payloads[0])) == 0


@pytest.mark.parametrize(
    ("answer", "words", "times"),
    [
        ((401, b""), "answered 401", 1),
        ((403, b""), "answered 403", 1),
        ((429, b""), "answered 429", 2),
        ((503, b""), "answered 503", 2),
        ((302, b""), "answered 302", 1),
        ((404, b""), "answered 404, without a reason", 1),
        ((404, b"<html>"), "answered 404, without a reason", 1),
        ((404, b'{"error_code": "UNKNOWN_SPORT"}'), "UNKNOWN_SPORT", 1),
    ],
)
def test_a_failure_is_never_nothing_posted(
    asked: Asked, answer: tuple[int, bytes], words: str, times: int
) -> None:
    asked.server.answers = answers(EVENTS, answer)
    with pytest.raises(SourceError, match=words):
        list(asked.loader(Endpoint.POINTS_LINES, NIGHT).fetch(SPAN))
    assert len(asked.server.asked) == 1 + times


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ({"message": "x"}, "no list of events"),
        ((200, b"<html>"), "not JSON"),
        ([{"id": "e1"}], "KeyError 'commence_time'"),
        ([{"id": "../e1", "commence_time": "2026-01-04T00:40:00Z"}], "not an event id"),
        ([{"id": "e1", "commence_time": "tonight"}], "tonight"),
    ],
)
def test_a_list_of_events_in_another_shape_is_named(asked: Asked, events: Any, words: str) -> None:
    asked.server.answers = answers(events)
    with pytest.raises(SourceError, match=words):
        list(asked.loader(Endpoint.GAME_LINES, NIGHT).fetch(SPAN))


def test_an_answer_larger_than_allowed_is_cut_off(asked: Asked) -> None:
    asked.settings = {"max_bytes": 1000}
    asked.server.answers = answers((200, b"x" * 5000))
    with pytest.raises(SourceError, match="more than 1,000 bytes"):
        list(asked.loader(Endpoint.GAME_LINES, NIGHT).fetch(SPAN))


Break = Callable[[Asked], None]


def nobody_there(asked: Asked) -> None:
    asked.server.url = "http://127.0.0.1:9/stats/{endpoint}"


def refused(asked: Asked) -> None:
    asked.server.answers = answers((401, b"bad key"))


@pytest.mark.parametrize("breaks", [nobody_there, refused])
@pytest.mark.parametrize("endpoint", [Endpoint.POINTS_LINES, Endpoint.BETTINGPROS_LINES])
def test_the_key_is_in_no_error_and_no_log(
    asked: Asked, breaks: Break, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    breaks(asked)
    caplog.set_level(logging.DEBUG)
    with pytest.raises(SourceError) as caught:
        list(asked.loader(endpoint, NIGHT).fetch(SPAN))
    shown = "".join(traceback.format_exception(caught.value))
    error: BaseException | None = caught.value
    while error is not None:
        shown += repr(error)
        error = error.__context__
    assert SECRET not in shown
    assert SECRET not in caplog.text and quote_plus(SECRET) not in caplog.text


def test_the_key_reaches_the_source_and_no_payload(
    asked: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asked.server.answers = answers(EVENTS, QUOTES[Endpoint.POINTS_LINES])
    payloads = list(asked.loader(Endpoint.POINTS_LINES, NIGHT).fetch(SPAN))
    assert [q["apiKey"] for _, q in asked.server.asked] == [[SECRET]] * 2
    assert "GET /v4/sports/basketball_nba/events" in caplog.text  # logged, without the key
    assert SECRET not in caplog.text and quote_plus(SECRET) not in caplog.text
    assert SECRET not in repr(payloads)


def test_bettingpros_pages_through_the_offers_of_a_date(asked: Asked) -> None:
    listed = {"events": [{"id": n, "sport": "NBA", "scheduled": "2026-01-04 00:40:00",
                          "home": "BOS", "visitor": "NYK"} for n in (7, 8)]}  # fmt: skip
    pages = [{"offers": [offer()], "_pagination": {"total_pages": 2}} for _ in range(2)]
    asked.server.answers = answers(listed, *pages)
    payloads = list(asked.loader(Endpoint.BETTINGPROS_LINES, NIGHT).fetch(SPAN))
    assert [p.request_key.split("/", 1)[1] for p in payloads] == [
        "kind=events",
        "kind=offers/page=1",
        "kind=offers/page=2",
    ]
    (_, first), *rest = asked.server.asked
    assert first == {"sport": ["NBA"], "date": ["2026-01-03"]}
    assert [(q["market_id"], q["event_id"]) for _, q in rest] == [(["156"], ["7:8"])] * 2
    assert SECRET not in repr(asked.server.asked)  # it is a header there


def test_bettingpros_without_games_asks_for_no_offers(asked: Asked) -> None:
    asked.server.answers = answers({"events": []})
    assert len(list(asked.loader(Endpoint.BETTINGPROS_LINES, NIGHT).fetch(SPAN))) == 1
    asked.server.answers = answers({"events": [{"id": 7, "sport": "NBA", "home": "BOS",
                                                "scheduled": "2026-01-04 00:40:00",
                                                "visitor": "NYK"}]}, {"offers": []})  # fmt: skip
    with pytest.raises(SourceError, match="no number of pages"):
        list(asked.loader(Endpoint.BETTINGPROS_LINES, NIGHT).fetch(SPAN))


MARKETS = (Endpoint.POINTS_LINES, Endpoint.GAME_LINES, Endpoint.BETTINGPROS_LINES)


@pytest.mark.parametrize("endpoint", MARKETS)
def test_without_a_key_the_reason_names_it(asked: Asked, endpoint: Endpoint) -> None:
    found = asked.loader(endpoint, NIGHT, with_key=False)
    reason = str(found.not_offered(game()))
    assert "wants a key, set NBA_WEB_" in reason
    with pytest.raises(SourceError, match="wants a key"):
        list(found.fetch(SPAN))
    assert asked.loader(endpoint, NIGHT).not_offered(game()) is None


def test_player_lines_have_a_first_date(asked: Asked) -> None:
    old = game(game_date=dt.date(2023, 5, 2))
    loader = asked.loader(Endpoint.POINTS_LINES, NIGHT)
    assert "2023-05-03" in str(loader.not_offered(old))
    assert asked.loader(Endpoint.GAME_LINES, NIGHT).not_offered(old) is None


def test_keys_come_from_the_environment_and_print_as_stars(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NBA_WEB_ODDS_API_KEY", SECRET)
    monkeypatch.setenv("NBA_WEB_BETTINGPROS_KEY", SECRET)
    assert SECRET not in repr(WebSettings())
    loaders = web_loaders(WebSettings())
    assert all(loaders[e].not_offered(game()) is None for e in MARKETS)
    assert "PrizePicks" in str(loaders[Endpoint.PRIZEPICKS_LINES].not_offered(game()))
