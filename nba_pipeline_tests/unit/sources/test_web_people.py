"""Injury reports and rosters over plain requests, lists of players over stats.nba.com."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, SourceError
from nba_pipeline.sources.loader import DailyLoader, Loader, PartError
from nba_pipeline.sources.web import people as web_people
from nba_pipeline.sources.web.client import WebClient
from nba_pipeline.sources.web.settings import WebSettings
from nba_pipeline_tests.support import web_loaders
from nba_pipeline_tests.unit.league.test_calendar import game

OLD, NEW = dt.date(2025, 12, 22), dt.date(2025, 12, 23)
LONG_AGO = dt.timedelta(30)


class Site:
    """A loopback site: ``held`` maps paths to bodies, everything else answers ``absent``."""

    def __init__(self) -> None:
        self.url = ""
        self.held: dict[str, bytes] = {}
        self.absent = 404
        self.refused: set[str] = set()  # parts of paths that answer 500
        self.asked: list[str] = []

    def loaders(self, **changes: object) -> dict[Endpoint, Loader]:
        settings = {
            "base_url": f"{self.url}/stats/{{endpoint}}", "min_interval": 0, "max_wait": 0,
            "injury_report_url": f"{self.url}/{{date}}_{{time}}.pdf",
            "espn_team_url": f"{self.url}/teams/{{team_id}}?enable=roster", **changes,
        }  # fmt: skip
        return dict(web_loaders(WebSettings(**settings)))  # type: ignore[arg-type]


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            body = found.held.get(self.path.partition("?")[0])
            status = found.absent if body is None else 200
            self.send_response(500 if any(r in self.path for r in found.refused) else status)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    http.shutdown()
    thread.join()
    http.server_close()


def reports(
    site: Site, first: dt.date, last: dt.date, **changes: object
) -> list[tuple[str, bytes]]:
    loader = site.loaders(**changes)[Endpoint.INJURY_REPORT]
    return [(p.request_key, p.content) for p in loader.fetch(DateRange(first, last))]


@pytest.mark.parametrize("number", [1, 2])
def test_a_refused_report_costs_its_date_and_no_other(site: Site, number: int) -> None:
    days = [OLD - dt.timedelta(n) for n in range(5, 0, -1)]
    site.held = {f"/{d}_05PM.pdf": str(d).encode() for d in days}
    site.refused = {f"/{d}_" for d in days[1 : 1 + number]}
    loader = site.loaders(attempts=2)[Endpoint.INJURY_REPORT]
    had: list[str] = []
    with pytest.raises(PartError, match="answered 500") as caught:
        for payload in loader.fetch(DateRange(days[0], days[-1])):
            had.append(payload.content.decode())
    assert had == [str(days[0]), *map(str, days[1 + number :])]
    assert [span.dates() for span, _ in caught.value.lost] == [[d] for d in days[1 : 1 + number]]


def test_a_site_that_refuses_three_dates_in_a_row_is_not_asked_on(site: Site) -> None:
    days = [OLD - dt.timedelta(n) for n in range(9, 0, -1)]
    site.refused = {".pdf"}
    loader = site.loaders(attempts=1)[Endpoint.INJURY_REPORT]
    with pytest.raises(PartError) as caught:
        list(loader.fetch(DateRange(days[0], days[-1])))
    assert {d for span, _ in caught.value.lost for d in span.dates()} == set(days)
    assert len(site.asked) == 3


def test_the_last_report_of_morning_and_afternoon_is_taken(site: Site) -> None:
    site.held = {
        f"/{OLD}_09AM.pdf": b"early",
        f"/{OLD}_08AM.pdf": b"earlier",
        f"/{OLD}_05PM.pdf": b"late",
    }
    assert reports(site, OLD, OLD) == [
        (f"dates={OLD}..{OLD}/report=09AM", b"early"),
        (f"dates={OLD}..{OLD}/report=05PM", b"late"),
    ]
    assert site.asked == [f"/{OLD}_{t}.pdf" for t in ("11AM", "10AM", "09AM", "05PM")]


def test_names_have_minutes_since_late_2025(site: Site) -> None:
    site.held = {f"/{NEW}_05_30PM.pdf": b"late"}
    assert reports(site, NEW, NEW) == [(f"dates={NEW}..{NEW}/report=05_30PM", b"late")]


@pytest.mark.parametrize("status", [403, 404])
def test_a_day_without_reports_is_no_error_among_days_with_them(site: Site, status: int) -> None:
    site.absent = status
    site.held = {f"/{NEW}_05_30PM.pdf": b"late"}
    assert len(reports(site, OLD, NEW)) == 1


@pytest.mark.parametrize("status", [403, 404])
def test_no_report_at_all_is_an_error_never_nobody_hurt(site: Site, status: int) -> None:
    site.absent = status
    with pytest.raises(SourceError, match="9 addresses answered 403 or 404"):
        reports(site, OLD, OLD)


@pytest.mark.parametrize("status", [401, 429, 500])
def test_another_status_is_an_error_with_status_and_address(site: Site, status: int) -> None:
    site.absent = status
    with pytest.raises(SourceError, match=rf"_11AM\.pdf answered {status}"):
        reports(site, OLD, OLD, attempts=2)
    assert len(site.asked) == (1 if status == 401 else 2)


def test_reports_of_the_future_are_not_asked_for(site: Site) -> None:
    day = dt.datetime.now(dt.UTC).date() + LONG_AGO
    assert reports(site, day, day) == []
    assert site.asked == []


def test_a_larger_answer_than_allowed_is_refused(site: Site) -> None:
    site.held = {f"/{OLD}_11AM.pdf": b"x" * 2000}
    with pytest.raises(SourceError, match="more than 1,000 bytes"):
        reports(site, OLD, OLD, max_bytes=1000)


def test_nobody_there_is_an_error(site: Site) -> None:
    client = WebClient(WebSettings(attempts=2, min_interval=0, max_wait=0))
    with pytest.raises(SourceError, match="127.0.0.1:9/x"):
        client.get("http://127.0.0.1:9/x?secret=1")


def test_todays_rosters_are_asked_for_team_by_team(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_people, "_today", lambda: NEW)
    site.held = {f"/teams/{n}": b"{}" for n in range(1, 31)}
    loader = site.loaders()[Endpoint.ROSTERS]
    assert isinstance(loader, DailyLoader)
    payloads = list(loader.fetch(DateRange(OLD, NEW)))
    assert len(payloads) == 30
    assert payloads[1].request_key == f"dates={NEW}..{NEW}/team=BOS"
    assert payloads[1].layout is Layout.ESPN_ROSTER_JSON
    assert site.asked[1] == "/teams/2?enable=roster"
    assert list(loader.fetch(DateRange(OLD, OLD))) == []
    assert "2025-12 is gone" in str(loader.not_offered_on(OLD))
    assert loader.not_offered_on(NEW) is None


def test_a_team_that_cannot_be_had_is_an_error(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_people, "_today", lambda: NEW)
    loader = site.loaders(attempts=1)[Endpoint.ROSTERS]
    assert isinstance(loader, DailyLoader)
    with pytest.raises(SourceError, match=r"/teams/1 answered 404"):
        list(loader.fetch(DateRange(NEW, NEW)))


def test_players_and_their_seasons_are_lists_of_the_league(site: Site) -> None:
    site.held = {"/stats/commonallplayers": b"{}", "/stats/playerindex": b"{}"}
    loaders = web_loaders(
        WebSettings(base_url=f"{site.url}/stats/{{endpoint}}", min_interval=0, max_wait=0)
    )
    span = DateRange(NEW, NEW)
    layouts = [Layout.PLAYERS_JSON, Layout.PLAYER_INDEX_JSON]
    assert [p.layout for p in loaders[Endpoint.PLAYERS].fetch(span)] == layouts
    keys = [p.request_key for p in loaders[Endpoint.PLAYER_SEASONS].fetch(span)]
    assert keys[0] == "all"
    assert keys[1:] == [
        f"season={y}/list=playerindex"
        for y in ("2021-22", "2022-23", "2023-24", "2024-25", "2025-26")
    ]


def test_transactions_are_declared_not_scraped_and_arenas_need_no_request(site: Site) -> None:
    loaders = web_loaders(WebSettings(base_url=f"{site.url}/{{endpoint}}"))
    transactions = loaders[Endpoint.INJURY_TRANSACTIONS]
    assert isinstance(transactions, DailyLoader)
    assert "no interface" in str(transactions.not_offered_on(NEW))
    assert "no interface" in str(transactions.not_offered(game()))
    assert len(list(loaders[Endpoint.ARENAS].fetch(DateRange(NEW, NEW)))) == 1
    assert site.asked == []


def test_every_table_of_every_day_has_a_loader_that_speaks_of_days(site: Site) -> None:
    daily = [
        c.endpoint
        for c in contracts().values()
        if c.endpoint and not c.expectation.follows_schedule
    ]
    assert daily
    for endpoint in daily:
        assert isinstance(site.loaders()[endpoint], DailyLoader), endpoint
