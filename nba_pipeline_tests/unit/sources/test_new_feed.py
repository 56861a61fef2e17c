"""A new feed is its own files, its names, and one entry: done in a copy of the package."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration.instance import REPO_ROOT
from nba_pipeline.sources import lookup
from nba_pipeline.sources.feeds import FEEDS

NEW = {
    "sources/parse/crowds.py": '''
"""Parser of crowds: how many people were at a game."""

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload
from nba_pipeline.sources.reading.layouts import layout
from nba_pipeline.sources.reading.unpack import csv_of
from nba_pipeline.sources.reading.values import iso_dates, teams_of


def crowds(payload: Payload) -> pd.DataFrame:
    """game_date, home_team, arena_name."""
    raw = csv_of(payload, ["date", "home", "arena"])
    frame = pd.DataFrame({"game_date": iso_dates(payload, raw["date"])})
    frame["home_team"] = teams_of(payload, raw["home"])
    frame["arena_name"] = raw["arena"]
    return frame


CROWDS_CSV = layout(Layout.CROWDS_CSV, parser=crowds, fields="date home arena")
''',
    "sources/rows/crowds.py": '''
"""From frames of crowds to rows."""

from nba_pipeline.sources.rows.frames import collected, to_arrow
from nba_pipeline.sources.rows.schedule_join import games


def crowd_rows(contract, fetched, days, scheduled):
    """Rows of the dates, at the games of the schedule."""
    listed = games(days)[["game_date", "game_id", "home_team"]]
    found = collected(fetched, days).merge(listed, on=["game_date", "home_team"])
    return to_arrow(contract, found), {}
''',
    "sources/web/crowds.py": '''
"""Loader of crowds from the web."""

from nba_pipeline.landing.payload import Layout
from nba_pipeline.sources.web.client import received


class CrowdLoader:
    """Crowds of a range."""

    name = "crowds"

    def __init__(self, web, endpoint):
        self.web, self.endpoint = web, endpoint

    def fetch(self, dates):
        """One answer."""
        content = b"date,home,arena\\n2026-01-03,BOS,Garden\\n"
        yield received(self, f"dates={dates.first}..{dates.last}", Layout.CROWDS_CSV, content)

    def not_offered(self, game):
        """Nothing is missing."""
        return None
''',
}
ENTRY = """    Feed(
        endpoint=Endpoint.CROWDS,
        layouts=named("parse.crowds", "CROWDS_CSV"),
        rows=Rows(Making.DATED, "rows.crowds:crowd_rows"),
        archives=Nothing("crowds", "no archive of crowds"),
        web=Loaded("web.crowds:CrowdLoader"),
        simulated=Nothing("simulated", "the simulated league has no crowds"),
    ),
    Feed(
        endpoint=Endpoint.ARENAS,
"""
EDITS = {
    "sources/feeds.py": [("    Feed(\n        endpoint=Endpoint.ARENAS,\n", ENTRY)],
    "landing/payload.py": [
        ('    ARENAS = "arenas"\n', '    ARENAS = "arenas"\n    CROWDS = "crowds"\n'),
        (
            '    ARENAS_CSV = "arenas_csv"',
            '    CROWDS_CSV = "crowds_csv"\n    ARENAS_CSV = "arenas_csv"',
        ),
    ],
}
USED = """
import datetime as dt, sys
from pathlib import Path
from nba_pipeline.contracts.parts import Landing as Lands
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import Grain, TableContract, columns
from nba_pipeline.landing.payload import DateRange, Endpoint
from nba_pipeline.landing.zone import Landing, LocalStore
from nba_pipeline.league.calendar import Game, GameStatus, SeasonType, day_of
from nba_pipeline.settings import SourceMode
from nba_pipeline.sources.fetch import fetch
from nba_pipeline.sources.lookup import code_version, loaders, shape
from nba_pipeline.sources.web.loaders import Web
from nba_pipeline.sources.web.settings import WebSettings

night = dt.date(2026, 1, 3)
table = TableContract(
    dataset="nba_raw", name="crowds", description="x", grain=Grain.GAME,
    key=("game_date", "game_id"),
    columns=columns("game_date game_id home_team", "arena_name", "fetched_at payload_sha256"),
    landing=Lands(Endpoint.CROWDS),
)
landing = Landing(LocalStore(Path(sys.argv[1])))
loader = loaders(SourceMode.WEB, Web(WebSettings()), landing)[Endpoint.CROWDS]
fetched = fetch(landing, loader, DateRange(night, night))
assert fetched.failed == [], fetched.failed
game = Game("20260103_NYK_BOS", night, 2025, SeasonType.REGULAR, "BOS", "NYK", GameStatus.FINAL)
days = {night: day_of(night, [game], covered=True)}
rows, strangers = shape(table, fetched, days, days)
(row,) = rows.to_pylist()
print(row["game_id"], row["home_team"], row["arena_name"], strangers)
nothing = loaders(SourceMode.ARCHIVES, Path("x"), landing)[Endpoint.CROWDS]
print(nothing.not_offered(game))
print(len(code_version(table)), code_version(table) != table.code_version)
print(*(code_version(c) for c in contracts().values()))
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    target = tmp_path / "copy" / "nba_pipeline"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPO_ROOT / "nba_pipeline", target, ignore=ignored)
    shutil.copytree(REPO_ROOT / "sql", tmp_path / "copy" / "sql")
    for name, text in NEW.items():
        (target / name).write_text(text)
    for name, edits in EDITS.items():
        text = (target / name).read_text()
        for old, new in edits:
            assert text.count(old) == 1, (name, old)
            text = text.replace(old, new)
        (target / name).write_text(text)
    return target


def run(package: Path, home: Path) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", USED, str(home)],
        cwd=package.parent,  # found before any installed package
        env={"PYTHONPATH": str(package.parent)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


def trace(package: Path) -> tuple[set[str], set[str]]:
    """Files added to the package, and files edited in it."""
    here = REPO_ROOT / "nba_pipeline"
    files = {p.relative_to(package) for p in package.rglob("*.py")}
    added = {f for f in files if not (here / f).exists()}
    edited = {f for f in files - added if (package / f).read_bytes() != (here / f).read_bytes()}
    return {str(f) for f in added}, {str(f) for f in edited}


def test_a_new_feed_edits_its_entry_and_the_names_and_no_list(
    package: Path, tmp_path: Path
) -> None:
    row, reason, version, others = run(package, tmp_path)
    assert row == "20260103_NYK_BOS BOS Garden {}"
    assert reason == "no archive of crowds"
    assert version == "12 True"
    # no date of another table becomes stale by it
    assert others.split() == [lookup.code_version(c) for c in contracts().values()]
    added, edited = trace(package)
    print("a new feed adds", *sorted(added), "and edits", *sorted(edited))
    assert added == set(NEW)
    assert edited == {"sources/feeds.py", "landing/payload.py"}


@pytest.mark.parametrize(
    ("drop", "words"),
    [
        ('        web=Loaded("web.crowds:CrowdLoader"),\n', "keyword-only argument: 'web'"),
        (ENTRY.removesuffix("    Feed(\n        endpoint=Endpoint.ARENAS,\n"), "crowds has 0"),
    ],
    ids=["a mode", "the entry"],
)
def test_a_feed_that_is_not_whole_stops_the_program(
    package: Path, tmp_path: Path, drop: str, words: str
) -> None:
    path = package / "sources" / "feeds.py"
    text = path.read_text()
    assert text.count(drop) == 1
    path.write_text(text.replace(drop, ""))
    with pytest.raises(AssertionError, match=words):
        run(package, tmp_path)


def test_the_new_feed_is_not_in_the_package() -> None:
    assert "crowds" not in {str(e) for e in FEEDS}
