"""A new feed is its own files, its names, and one entry: done in a copy of the package.

Its table is a file of its own, too, and is built through the same door.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.files import REPO_ROOT
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
    "sources/simulated/crowds.py": '''
"""Loader of crowds of the simulated league."""

from nba_pipeline.landing.payload import Layout
from nba_pipeline.sources.simulated.loaders import SimulatedLoader


class CrowdLoader(SimulatedLoader):
    """Crowds of the games that were played."""

    def fetch(self, dates):
        """A payload a date."""
        for date in dates.dates():
            season = self.league.season(self.league.season_years[-1])
            games = [g for g in season.fixtures if g.date == date and g.nba_game_id in season.boxes]
            lines = [f"{date},{g.home},{g.home} Hall" for g in games]
            content = "\\n".join(["date,home,arena", *lines, ""]).encode()
            yield self.payload(f"dates={date}..{date}", Layout.CROWDS_CSV, content)
''',
    "contracts/tables/raw_crowds.py": '''
"""Contract of crowds."""

from nba_pipeline.contracts.parts import Audits, Expectation, Expects, Payloads
from nba_pipeline.contracts.columns import columns
from nba_pipeline.contracts.spec import Grain
from nba_pipeline.contracts.tables.shared import ON_SCHEDULE, PROVENANCE, raw_table
from nba_pipeline.landing.payload import Endpoint

CROWDS = raw_table(
    name="crowds",
    description="Where people were.",
    grain=Grain.GAME,
    key=("game_date", "game_id"),
    columns=columns("game_date game_id home_team arena_name", "", PROVENANCE),
    requirements=ON_SCHEDULE,
    expectation=Expectation(Expects.GAMES),
    landing=Payloads(Endpoint.CROWDS),
    audits=Audits(identities=("one_row_per_key",)),
)
''',
}
ENTRY = """    Feed(
        endpoint=Endpoint.CROWDS,
        layouts=named("parse.crowds", "CROWDS_CSV"),
        rows=Rows(Making.DATED, "rows.crowds:crowd_rows"),
        archives=Nothing("crowds", "no archive of crowds"),
        web=Nothing("crowds", "nobody counts crowds on the web"),
        simulated=Loaded("simulated.crowds:CrowdLoader"),
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
from nba_pipeline.build.door import build
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import Endpoint
from nba_pipeline.landing.zone import Landing, LocalStore
from nba_pipeline.platform import build_platform
from nba_pipeline.settings import Settings, SourceMode
from nba_pipeline.sources.lookup import code_version, loaders

home, night = Path(sys.argv[1]), dt.date(2026, 1, 3)
platform = build_platform(
    Settings(home=home, source="simulated", today="2026-01-06", simulated_first_season=2025)
)
for table in ("nbac_schedule", "crowds"):
    built = build(platform, table, [night], run_id="x")
    assert not built.bad, built.bad
(result,) = built.results.values()
rows = platform.warehouse.query("SELECT home_team, arena_name FROM nba_raw.crowds").to_pylist()
is_home = all(r["arena_name"] == r["home_team"] + " Hall" for r in rows)
print(result.state, result.row_count, is_home)
absent = loaders(SourceMode.ARCHIVES, home, Landing(LocalStore(home)))[Endpoint.CROWDS]
print(absent.not_offered_on(night))
table = contracts().pop("crowds")
print(code_version(table) != table.code_version)
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
    built, reason, has_code, others = run(package, tmp_path)
    assert built == "complete 8 True"
    assert reason == "no archive of crowds"
    assert has_code == "True"
    # no date of another table becomes stale by it
    assert others.split() == [lookup.code_version(c) for c in contracts().values()]
    added, edited = trace(package)
    print("a new feed adds", *sorted(added), "and edits", *sorted(edited))
    assert added == set(NEW)
    assert edited == {"sources/feeds.py", "landing/payload.py"}


@pytest.mark.parametrize(
    ("drop", "words"),
    [
        ('        archives=Nothing("crowds", "no archive of crowds"),\n', "argument: 'archives'"),
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
