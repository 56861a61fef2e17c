"""The web loaders against recorded answers on loopback: paced, retried, limited, never guessed."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import pytest
import requests

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, SourceError
from nba_pipeline.sources.lookup import parse
from nba_pipeline.sources.web.settings import WebSettings
from nba_pipeline_tests.support import simulated, web_loaders
from nba_pipeline_tests.unit.league.test_calendar import game

SPAN = DateRange(dt.date(2026, 1, 3), dt.date(2026, 1, 3))


@dataclass
class Server:
    """A loopback stats.nba.com; ``answers`` are given one by one, the last for ever."""

    url: str = ""
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    length: int | None = None  # what an answer says about its length, when not the truth

    def settings(self, **changes: object) -> WebSettings:
        base = {"base_url": self.url, "min_interval": 0, "max_wait": 0, "timeout": 5}
        return WebSettings(**{**base, **changes})  # type: ignore[arg-type]


@pytest.fixture
def server() -> Iterator[Server]:
    yield from serving()


def serving() -> Iterator[Server]:
    """A server that runs until the test is over."""
    found = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlparse(self.path)
            found.asked.append((parts.path, parse_qs(parts.query, keep_blank_values=True)))
            found.headers.append(dict(self.headers.items()))
            status, body = found.answers.pop(0) if len(found.answers) > 1 else found.answers[0]
            self.send_response(status)
            self.send_header(
                "Content-Length", str(len(body) if found.length is None else found.length)
            )
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{http.server_address[1]}/stats/{{endpoint}}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    http.shutdown()
    thread.join()
    http.server_close()


def recorded(endpoint: Endpoint) -> bytes:
    """An answer in the shape of the league's."""
    return next(iter(simulated()[endpoint].fetch(SPAN))).content


@pytest.mark.parametrize(
    ("endpoint", "path", "layout"),
    [
        (Endpoint.SCHEDULE, "/stats/scheduleleaguev2", Layout.SCHEDULE_LEAGUE_V2),
    ],
)
def test_one_request_gives_one_payload(
    server: Server, endpoint: Endpoint, path: str, layout: Layout
) -> None:
    server.answers = [(200, recorded(endpoint))]
    payloads = list(web_loaders(server.settings())[endpoint].fetch(SPAN))
    assert [p.layout for p in payloads] == [layout]
    assert payloads[0].content == server.answers[0][1]
    assert [path for path, _ in server.asked] == [path]
    assert len(parse(payloads[0])) > 300


@pytest.mark.parametrize(
    ("endpoint", "letter"), [(Endpoint.PLAYER_GAMELOG, "P"), (Endpoint.TEAM_GAMELOG, "T")]
)
def test_a_season_is_asked_for_by_kind_of_game(
    server: Server, endpoint: Endpoint, letter: str
) -> None:
    server.answers = [(200, recorded(endpoint))]
    payloads = list(web_loaders(server.settings())[endpoint].fetch(SPAN))
    asked = [q for _, q in server.asked]
    assert [q["SeasonType"] for q in asked] == [
        ["Regular Season"],
        ["PlayIn"],
        ["Playoffs"],
        ["IST"],
    ]
    assert all(q["Season"] == ["2025-26"] and q["PlayerOrTeam"] == [letter] for q in asked)
    assert payloads[0].request_key == "season=2025-26/type=regular"
    assert {"points", "team", "game_date"} <= set(parse(payloads[0]).columns)


@pytest.mark.parametrize("status", [429, 500, 503, 403])
def test_a_temporary_failure_is_tried_again(server: Server, status: int) -> None:
    server.answers = [(status, b""), (status, b""), (200, recorded(Endpoint.SCHEDULE))]
    assert list(web_loaders(server.settings())[Endpoint.SCHEDULE].fetch(SPAN))
    assert len(server.asked) == 3


def test_a_failure_for_good_is_an_error_with_status_and_address(server: Server) -> None:
    server.answers = [(503, b"")]
    with pytest.raises(SourceError, match="scheduleleaguev2 answered 503"):
        list(web_loaders(server.settings(attempts=3))[Endpoint.SCHEDULE].fetch(SPAN))
    assert len(server.asked) == 3


def test_a_request_that_is_wrong_is_not_repeated(server: Server) -> None:
    server.answers = [(404, b"")]
    with pytest.raises(SourceError, match="404"):
        list(web_loaders(server.settings())[Endpoint.SCHEDULE].fetch(SPAN))
    assert len(server.asked) == 1


def test_an_answer_larger_than_allowed_is_refused(server: Server) -> None:
    server.answers = [(200, b"x" * 5000)]
    with pytest.raises(SourceError, match="sends more than 1,000 bytes"):
        list(web_loaders(server.settings(max_bytes=1000))[Endpoint.SCHEDULE].fetch(SPAN))


def test_nobody_there_is_an_error_not_an_empty_answer(server: Server) -> None:
    settings = server.settings(base_url="http://127.0.0.1:9/stats/{endpoint}", attempts=2)
    with pytest.raises(SourceError, match="/stats/scheduleleaguev2: no answer"):
        list(web_loaders(settings)[Endpoint.SCHEDULE].fetch(SPAN))


def test_requests_keep_their_distance(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("nba_pipeline.sources.web.client.time.sleep", slept.append)
    server.answers = [(200, recorded(Endpoint.TEAM_GAMELOG))]
    list(web_loaders(server.settings(min_interval=50))[Endpoint.TEAM_GAMELOG].fetch(SPAN))
    assert len(slept) == 4
    assert all(s > 40 for s in slept[1:])


def test_the_team_list_comes_without_a_request(server: Server) -> None:
    payload = next(iter(web_loaders(server.settings())[Endpoint.TEAMS].fetch(SPAN)))
    assert len(parse(payload)) == 30
    assert server.asked == []


NO_INTERFACE = (
    Endpoint.BREF_BOXSCORES,
    Endpoint.BREF_PLAYS,
    Endpoint.PRIZEPICKS_LINES,
    Endpoint.INJURY_TRANSACTIONS,
)


@pytest.mark.parametrize("endpoint", NO_INTERFACE)
def test_what_has_no_interface_is_declared_not_scraped(server: Server, endpoint: Endpoint) -> None:
    loader = web_loaders(server.settings())[endpoint]
    assert "no interface" in str(loader.not_offered(game()))
    with pytest.raises(SourceError, match="no interface"):
        list(loader.fetch(SPAN))
    assert server.asked == []


def test_every_endpoint_has_a_loader_of_its_own(server: Server) -> None:
    loaders = web_loaders(server.settings())
    assert set(loaders) == set(Endpoint) - {Endpoint.ALIASES}  # decisions, kept by the platform
    assert all(loader.endpoint is endpoint for endpoint, loader in loaders.items())


def test_the_league_is_asked_as_nba_api_asks_but_for_what_cannot_be_unpacked(
    server: Server,
) -> None:
    server.answers = [(200, recorded(Endpoint.SCHEDULE))]
    list(web_loaders(server.settings())[Endpoint.SCHEDULE].fetch(SPAN))
    (headers,) = server.headers
    assert headers["Referer"].endswith("nba.com/")
    assert headers["Host"] in server.url
    assert headers["Accept-Encoding"] == requests.utils.default_headers()["Accept-Encoding"]


def test_a_redirect_is_not_followed(server: Server) -> None:
    server.answers = [(302, b"")]
    with pytest.raises(SourceError, match="scheduleleaguev2 answered 302"):
        list(web_loaders(server.settings())[Endpoint.SCHEDULE].fetch(SPAN))
    assert len(server.asked) == 1


def test_an_answer_that_breaks_off_is_tried_again_and_never_landed(server: Server) -> None:
    server.length, server.answers = 5000, [(200, b"x" * 10)]
    with pytest.raises(SourceError, match="scheduleleaguev2: no answer"):
        list(web_loaders(server.settings(attempts=2))[Endpoint.SCHEDULE].fetch(SPAN))
    assert len(server.asked) == 2
