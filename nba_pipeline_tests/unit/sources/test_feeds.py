"""Every endpoint is declared once, whole, and only what is needed of it is imported."""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.files import REPO_ROOT
from nba_pipeline.landing.payload import Endpoint, Layout, Payload, PayloadError
from nba_pipeline.landing.zone import Landing, LocalStore
from nba_pipeline.settings import SourceMode
from nba_pipeline.sources import parse as parsers
from nba_pipeline.sources.feed import Feed, Loaded, Making, Nothing, Rows, declared, found
from nba_pipeline.sources.feeds import FEEDS
from nba_pipeline.sources.loader import DailyLoader
from nba_pipeline.sources.lookup import feed_of, loaders, parse, shape, shape_whole
from nba_pipeline.sources.own.fixed import NothingLoader
from nba_pipeline.sources.reading.layouts import KnownLayout, being_read
from nba_pipeline.sources.rows.frames import Fetched
from nba_pipeline.sources.simulated.league import SimulatedLeague
from nba_pipeline.sources.web.loaders import Web
from nba_pipeline.sources.web.settings import WebSettings

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
WHOLE: dict[str, Any] = {
    "endpoint": Endpoint.TEAMS,
    "layouts": ("parse.reference:TEAMS_CSV",),
    "rows": Rows(Making.WHOLE, "rows.reference:list_rows"),
    "archives": Loaded("archive.loader:archive_loader"),
    "web": Nothing("x", "reasons"),
    "simulated": Nothing("x", "reasons"),
}


def sources(tmp_path: Path) -> dict[SourceMode, object]:
    return {
        SourceMode.ARCHIVES: tmp_path,
        SourceMode.WEB: Web(WebSettings()),
        SourceMode.SIMULATED: SimulatedLeague(7, 2025, dt.date(2026, 1, 6)),
    }


def test_each_layout_is_declared_once_beside_its_parser_and_belongs_to_a_feed() -> None:
    standing = [
        (module.name, name, value.name)
        for module in pkgutil.iter_modules(parsers.__path__)
        for name, value in vars(
            importlib.import_module(f"{parsers.__name__}.{module.name}")
        ).items()
        if isinstance(value, KnownLayout)
    ]
    assert sorted(layout for *_, layout in standing) == sorted(Layout)
    assert all(name == layout.name for _, name, layout in standing)
    fed = {reference for feed in FEEDS.values() for reference in feed.layouts}
    assert fed == {f"parse.{module}:{name}" for module, name, _ in standing}


@pytest.mark.parametrize("endpoint", Endpoint)
def test_what_a_feed_names_is_there(endpoint: Endpoint, tmp_path: Path) -> None:
    feed = FEEDS[endpoint]
    assert callable(found(feed.rows.function))
    assert {type(found(name)) for name in feed.layouts} == {KnownLayout}
    for mode, source in sources(tmp_path).items():
        loader = feed.loader(mode, source, Landing(LocalStore(tmp_path)))
        assert loader.endpoint is endpoint
        assert loader.name
        is_nothing = isinstance(getattr(feed, mode.value), Nothing)
        if is_nothing:
            assert isinstance(loader, NothingLoader)
            assert len(loader.reason.split()) > 3


def test_a_mode_has_a_loader_for_every_endpoint(tmp_path: Path) -> None:
    for mode, source in sources(tmp_path).items():
        made = loaders(mode, source, Landing(LocalStore(tmp_path)))
        assert list(made) == list(FEEDS)
        assert set(made) == set(Endpoint)
        for contract in contracts().values():
            if contract.endpoint and not contract.expectation.follows_schedule:
                assert isinstance(made[contract.endpoint], DailyLoader), (mode, contract.name)


@pytest.mark.parametrize("mode", [m.value for m in SourceMode])
def test_a_feed_that_is_silent_about_a_mode_is_refused(mode: str) -> None:
    Feed(**WHOLE)
    with pytest.raises(TypeError, match=f"'{mode}'"):
        Feed(**{k: v for k, v in WHOLE.items() if k != mode})
    with pytest.raises(ValueError, match=f"teams: nothing is said of the source mode {mode}"):
        Feed(**(WHOLE | {mode: None}))


def test_a_feed_without_layouts_is_refused() -> None:
    with pytest.raises(ValueError, match="teams: a feed without layouts"):
        Feed(**(WHOLE | {"layouts": ()}))


def test_an_endpoint_has_one_feed() -> None:
    feeds = list(FEEDS.values())
    with pytest.raises(ValueError, match="every endpoint has one feed: shots has 0"):
        declared(*(f for f in feeds if f.endpoint is not Endpoint.SHOTS))
    with pytest.raises(ValueError, match="shots has 2"):
        declared(*feeds, FEEDS[Endpoint.SHOTS])


def test_every_table_that_is_fed_has_a_feed_of_its_kind() -> None:
    for contract in contracts().values():
        if contract.dataset == "nba_raw" or contract.endpoint:
            assert feed_of(contract).endpoint is contract.endpoint
    with pytest.raises(ValueError, match="player_game_summary is not fed"):
        feed_of(contracts()["player_game_summary"])
    shots = contracts()["nbac_shots"]
    assert shots.landing is not None
    teams = replace(shots, landing=replace(shots.landing, endpoint=Endpoint.TEAMS))
    with pytest.raises(ValueError, match="nbac_shots: teams gives whole rows"):
        feed_of(teams)
    with pytest.raises(ValueError, match="teams is made of whole rows, not of dated ones"):
        shape(contracts()["teams"], Fetched(), {}, {})
    with pytest.raises(ValueError, match="nbac_schedule is made of schedule rows"):
        shape(contracts()["nbac_schedule"], Fetched(), {}, {})
    with pytest.raises(ValueError, match="nbac_shots is made of dated rows"):
        shape_whole(shots, Fetched())


def test_a_payload_of_another_feeds_layout_is_refused() -> None:
    payload = Payload("test", Endpoint.SHOTS, "x", Layout.TEAMS_CSV, AT, b"ID\n1\n")
    with pytest.raises(PayloadError, match="test/shots/x: teams_csv is no layout of shots"):
        parse(payload)


def test_a_layout_reads_its_own_payloads_only_and_a_parser_nothing_by_itself() -> None:
    teams: KnownLayout = found("parse.reference:TEAMS_CSV")
    payload = Payload("test", Endpoint.SHOTS, "x", Layout.SHOTS_JSON, AT, b"{}")
    with pytest.raises(ValueError, match="test/shots/x is shots_json, read as teams_csv"):
        teams.read(payload)
    with pytest.raises(LookupError):
        being_read()
    with pytest.raises(LookupError):
        teams.parser(Payload("test", Endpoint.TEAMS, "x", Layout.TEAMS_CSV, AT, b"ID\n1\n"))


RUN = """
import sys
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.platform import build_platform
from nba_pipeline.settings import Settings
from nba_pipeline.sources.lookup import code_version

versions = [code_version(c) for c in contracts().values()]
rooms = ("parse", "rows", "reading")
read = [m for m in sys.modules if m.startswith(tuple(f"nba_pipeline.sources.{r}" for r in rooms))]
platform = build_platform(Settings())
print(len(versions), len(platform.loaders), len(read))
print(*sorted(m for m in sys.modules if m.startswith("nba_pipeline.sources.")))
"""


@pytest.mark.parametrize("mode", SourceMode)
def test_a_mode_imports_its_own_room_only_and_a_version_no_parser(
    mode: SourceMode, tmp_path: Path
) -> None:
    env = {
        "PYTHONPATH": str(REPO_ROOT), "NBA_SOURCE": mode.value, "NBA_HOME": str(tmp_path),
        "NBA_ARCHIVES": str(tmp_path), "NBA_TODAY": "2026-01-06",
    }  # fmt: skip
    ran = subprocess.run([sys.executable, "-c", RUN], env=env, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    first, second = ran.stdout.splitlines()
    assert first == f"{len(contracts())} {len(Endpoint)} 0"
    imported = {m.split(".")[2] for m in second.split()}
    room = {"archives": "archive"}.get(mode.value, mode.value)
    assert imported & {"archive", "web", "simulated"} == {room}
    assert bool(re.search(r"\.web\.client\b", second)) is (mode is SourceMode.WEB)
