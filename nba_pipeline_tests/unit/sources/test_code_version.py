"""The version of a table's code: what makes its rows, found in a copy of the package."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.remembered import Remembered
from nba_pipeline.files import REPO_ROOT
from nba_pipeline.sources import fingerprint, lookup
from nba_pipeline.sources.feeds import FEEDS
from nba_pipeline.sources.fingerprint import Code
from nba_pipeline.sources.syntax import Module, read_module

FED = {name: c for name, c in contracts().items() if c.endpoint is not None}
Changed = Callable[[str, str, str], set[str]]


def versions(code: Code) -> dict[str, str]:
    return {
        name: code.fingerprint(lookup.rests_on(FEEDS[c.endpoint], code))
        for name, c in FED.items()
        if c.endpoint
    }


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("copy")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPO_ROOT / "nba_pipeline", root / "nba_pipeline", ignore=ignored)
    return root


@pytest.fixture
def changed(package: Path) -> Changed:
    """Tables whose version another text in one file changes."""

    def tables(file: str, old: str, new: str) -> set[str]:
        path = package / "nba_pipeline" / file
        text = path.read_text()
        assert text.count(old) == 1, f"{text.count(old)} times in {file}"
        before = versions(Code(package, "nba_pipeline"))
        path.write_text(text.replace(old, new))
        try:
            after = versions(Code(package, "nba_pipeline"))
        finally:
            path.write_text(text)
        return {name for name in FED if before[name] != after[name]}

    return tables


LOGS = {"nbac_player_boxscores", "nbac_team_boxscore"}
PLAYS = {"nbac_play_by_play", "bref_play_by_play"}
INJURIES = {"nbac_injury_report", "nbac_injury_report_teams"}
LINES = {"odds_points_lines", "prizepicks_points_lines", "bettingpros_points_lines"}


@pytest.mark.parametrize(
    ("file", "old", "new", "tables"),
    [
        # the schedule reads box scores as witnesses of what was played
        ("sources/parse/boxscores.py", '"STL": "steals", "BLK": "blocks"',
         '"STL": "blocks", "BLK": "steals"', LOGS | {"nbac_schedule"}),
        ("sources/parse/boxscores.py", '"stl": "steals", "blk": "blocks"',
         '"stl": "blocks", "blk": "steals"', {"bref_player_boxscores", "nbac_schedule"}),
        ("sources/parse/bdl.py", '"stl": "steals", "blk": "blocks"',
         '"stl": "blocks", "blk": "steals"', {"bdl_player_boxscores"}),
        # a function of what two sources share, two imports away from the rows
        ("sources/reading/values.py", '60 * int(found["m"])', '61 * int(found["m"])',
         PLAYS | {"nbac_game_sheets"}),
        ("sources/rows/lines.py", "0 if pd.isna(m) else 1", "1 if pd.isna(m) else 0", LINES),
        ("sources/rows/plays.py", '[known], ["game_id"])', '[known], ["pair"])', PLAYS),
        ("sources/reading/injury_frame.py", '("rest", "rest"),', '("rest", "injury"),', INJURIES),
        ("league/not_playing.py", 'r"\\bcoach"', 'r"\\bcoaches"', {"nbac_game_sheets"}),
        ("sources/parse/transactions.py", "dt.date(2021, 10, 1)", "dt.date(2022, 10, 1)",
         {"pst_transactions"}),
        ("sources/rows/reference.py", '["player_id", "season_year"]', '["player_id"]',
         {"player_seasons"}),
    ],
)  # fmt: skip
def test_another_function_changes_exactly_the_tables_that_are_made_by_it(
    changed: Changed, file: str, old: str, new: str, tables: set[str]
) -> None:
    assert changed(file, old, new) == tables


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("sources/parse/boxscores.py", '"""Opponent, and whether', '"""Whether, and opponent'),
        ("sources/parse/shots.py", "# feet; where", "# half a foot; where"),
        ("sources/parse/sheets.py", "names = {\"personId\": \"player_id\", ",
         "names = {\n        'personId': 'player_id',\n        "),
        # a known field says what is new, not what a row is
        ("sources/parse/rosters.py", "contract eventLog draft", "contract eventLog draft height2"),
        ("landing/payload.py", 'TEAMS_CSV = "teams_csv"', 'TEAMS_CSV = "teams_csv"\n    X = "x"'),
        ("sources/fetch.py", "_DOWN_AFTER = 3", "_DOWN_AFTER = 4"),
        ("sources/web/bdl.py", "_MOST_PAGES = 20", "_MOST_PAGES = 21"),
        ("contracts/spec.py", "large = (", "large = (Grain.GAME, "),
    ],
)  # fmt: skip
def test_what_makes_no_row_changes_no_table(
    changed: Changed, file: str, old: str, new: str
) -> None:
    assert changed(file, old, new) == set()


def test_the_spelling_of_names_is_part_of_every_table_that_has_names(changed: Changed) -> None:
    found = changed("league/names.py", r'r"\bjunior\b"', r'r"\bjunior\b|\bjnr\b"')
    named = {n for n, c in FED.items() if "player_lookup" in c.column_names}
    # made of frames of players too: one parser reads both game logs, the schedule reads those, a
    # team's row counts the players of its report, and an alias is found by its spelling
    assert found == named | {
        "nbac_team_boxscore", "nbac_schedule", "nbac_injury_report_teams", "player_aliases",
    }  # fmt: skip


def test_what_was_worked_out_is_found_by_another_process_until_a_file_changes(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Remembered(tmp_path)
    monkeypatch.setattr(lookup, "remembered", lambda: kept)
    monkeypatch.setattr(lookup, "installed_code", lambda: Code(package, "nba_pipeline"))
    first = [lookup.code_version(c) for c in FED.values()]
    kept.save()
    again = Remembered(tmp_path)
    monkeypatch.setattr(lookup, "remembered", lambda: again)
    read: list[str] = []

    def reading(name: str, path: Path) -> Module:
        read.append(name)
        return read_module(name, path)

    monkeypatch.setattr(fingerprint, "read_module", reading)
    assert [lookup.code_version(c) for c in FED.values()] == first
    assert read == []
    comment = package / "nba_pipeline" / "sources" / "parse" / "shots.py"
    text = comment.read_text()
    comment.write_text(f"{text}# beside\n")
    assert [lookup.code_version(c) for c in FED.values()] == first
    assert len(read) > 30
    comment.write_text(text)


def test_a_computed_table_has_the_version_of_its_contract() -> None:
    for name, contract in contracts().items():
        is_computed = contract.endpoint is None
        assert (lookup.code_version(contract) == contract.code_version) is is_computed, name


def test_every_fed_table_has_a_version_of_its_own_code() -> None:
    found = versions(lookup.installed_code())
    assert all(len(version) == 12 for version in found.values())
    assert found["nbac_shots"] != found["nbac_game_sheets"] != found["teams"]
