"""A range asked from the web: a refused date costs itself, a source that is down the rest."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from nba_pipeline.landing.payload import DateRange, Endpoint
from nba_pipeline.landing.zone import Landing, LocalStore
from nba_pipeline.sources.fetch import fetch
from nba_pipeline.sources.loader import ByDateLoader
from nba_pipeline_tests.support import web_loaders
from nba_pipeline_tests.unit.sources.test_parse_gamebook import bdl, bdl_player
from nba_pipeline_tests.unit.sources.test_web import Server, server
from nba_pipeline_tests.unit.sources.test_web_sheets import bdl_settings

__all__ = ["server"]
DATES = [dt.date(2024, 1, 15) + dt.timedelta(n) for n in range(6)]
GOOD = (200, bdl(bdl_player("38", pts=25)).content)
REFUSED = (403, b"")


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(LocalStore(tmp_path))


def test_a_refused_date_costs_itself(server: Server, landing: Landing) -> None:
    loader = web_loaders(bdl_settings(server))[Endpoint.BDL_BOXSCORES]
    server.answers = [GOOD, REFUSED, GOOD, REFUSED, REFUSED, GOOD]
    found = fetch(landing, loader, DateRange(DATES[0], DATES[-1]))
    failures = found.failures(DATES)
    assert list(failures) == [DATES[1], DATES[3], DATES[4]]
    assert all("/v1/box_scores answered 403" in reason for reason in failures.values())
    assert len(found.frames) == 3
    assert [q["date"] for _, q in server.asked] == [[str(d)] for d in DATES]


def test_a_source_that_is_down_is_not_asked_for_every_date(
    server: Server, landing: Landing
) -> None:
    loader = web_loaders(bdl_settings(server))[Endpoint.BDL_BOXSCORES]
    server.answers = [GOOD, REFUSED]
    found = fetch(landing, loader, DateRange(DATES[0], DATES[-1]))
    assert list(found.failures(DATES)) == DATES[1:]
    assert len(found.frames) == 1
    assert len(server.asked) == 4


def test_every_loader_that_asks_date_by_date_says_so(server: Server) -> None:
    keys = {"bdl_key": "a", "odds_api_key": "b", "bettingpros_key": "c"}
    loaders = web_loaders(server.settings(**keys))
    by_date = {e for e, x in loaders.items() if isinstance(x, ByDateLoader) and x.asks_by_date}
    assert by_date == {
        Endpoint.SHOTS,
        Endpoint.GAME_SHEETS,
        Endpoint.LEAGUE_PLAYS,
        Endpoint.BDL_BOXSCORES,
        Endpoint.POINTS_LINES,
        Endpoint.GAME_LINES,
        Endpoint.BETTINGPROS_LINES,
    }
