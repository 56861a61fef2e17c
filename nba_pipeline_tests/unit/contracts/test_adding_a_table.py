"""A new table is its contract, its SELECT and its test: in a copy of the tree, nothing else edited.

Only ``make docs`` and ``make snapshots`` write into files that were there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nba_pipeline.files import REPO_ROOT

CONTRACT = '''"""A table of results."""

from __future__ import annotations

from nba_pipeline.contracts.parts import Audits
from nba_pipeline.contracts.columns import columns
from nba_pipeline.contracts.spec import Dataset, Grain, TableContract
from nba_pipeline.contracts.tables.shared import GAME, ON_SCHEDULE

RESULTS = TableContract(
    dataset=Dataset.ANALYTICS,
    name="team_results",
    description="Who won, and whether it was ever close.",
    grain=Grain.TEAM_GAME,
    key=("game_date", "team"),
    columns=columns(f"{GAME} points points_allowed margin is_win is_blowout"),
    requirements=ON_SCHEDULE,
    audits=Audits(identities=("one_row_per_key", "both_teams_present", "margins_mirror")),
)
'''
FIELD = '''"""A field of results."""

from __future__ import annotations

from nba_pipeline.contracts.field import flag

BLOWOUT = flag("is_blowout", "Whether 20 points or more lay between the teams")
'''
SELECT = """-- Results of both teams of every final game between @start_date and @end_date.
WITH sides AS (
  SELECT game_date, game_id, season_year, season_type, home_team AS team, away_team AS opponent,
    TRUE AS is_home, home_score AS points, away_score AS points_allowed
  FROM nba_raw.nbac_schedule
  WHERE game_date BETWEEN @start_date AND @end_date AND game_status = 'final'
  UNION ALL
  SELECT game_date, game_id, season_year, season_type, away_team AS team, home_team AS opponent,
    FALSE AS is_home, away_score AS points, home_score AS points_allowed
  FROM nba_raw.nbac_schedule
  WHERE game_date BETWEEN @start_date AND @end_date AND game_status = 'final'
)
SELECT game_date, game_id, season_year, season_type, team, opponent, is_home, points,
  points_allowed, points - points_allowed AS margin, points > points_allowed AS is_win,
  ABS(points - points_allowed) >= 20 AS is_blowout
FROM sides
"""
TEST = """from __future__ import annotations

from pathlib import Path

from nba_pipeline.definitions import defs
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.support import NIGHT, platform_in, rows, run, verdict


def test_a_night_of_results(tmp_path: Path) -> None:
    platform = platform_in(tmp_path)
    refused = run(platform, "team_results", NIGHT)
    assert "nbac_schedule" in str(refused.refused[NIGHT])
    run(platform, "nbac_schedule", NIGHT)
    run(platform, "team_results", NIGHT)
    assert verdict(platform, "team_results", NIGHT).state is State.COMPLETE
    assert sum(r["is_win"] for r in rows(platform, "team_results", NIGHT)) == 8


def test_the_table_is_an_asset() -> None:
    keys = {k.to_user_string() for k in defs.resolve_all_asset_keys()}
    assert "nba_analytics/team_results" in keys
"""
FILES = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=REPO_ROOT, capture_output=True, text=True, check=True,
).stdout.splitlines()  # fmt: skip
NEW = {
    "nba_pipeline/contracts/tables/results.py": CONTRACT,
    "nba_pipeline/contracts/fields/results.py": FIELD,
    "sql/nba_analytics/team_results.sql": SELECT,
    "nba_pipeline_tests/unit/test_team_results.py": TEST,
}
WRITTEN_BY_MAKE = {
    "README.md",
    "docs/reference.md",
    "nba_pipeline_tests/e2e/__snapshots__/test_definitions.ambr",
    "nba_pipeline_tests/unit/contracts/__snapshots__/test_contracts.ambr",
}
SNAPSHOTS = (
    "nba_pipeline_tests/unit/contracts/test_contracts.py",
    "nba_pipeline_tests/e2e/test_definitions.py",
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with the table in it."""
    root = tmp_path_factory.mktemp("tree")
    for name in FILES:
        if (REPO_ROOT / name).exists():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPO_ROOT / name, root / name)
    for name, text in NEW.items():
        assert not (root / name).exists()
        (root / name).write_text(text)
    return root


def python(tree: Path, *args: str) -> str:
    """Output of a module that runs on the copy alone."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("NBA_", "PYTEST_"))}
    done = subprocess.run(
        [sys.executable, "-m", *args],
        cwd=tree,
        env={**env, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout


def digests(tree: Path) -> dict[str, str]:
    names = (name for name in FILES if (REPO_ROOT / name).exists())
    return {n: hashlib.sha256((tree / n).read_bytes()).hexdigest() for n in names}


def pytest_on(tree: Path, *args: str) -> None:
    assert " passed" in python(tree, "pytest", "-q", "-p", "no:cacheprovider", *args)


def test_a_new_table_edits_no_file(tree: Path) -> None:
    before = digests(tree)
    python(tree, "nba_pipeline.contracts.page")
    pytest_on(tree, "--snapshot-update", *SNAPSHOTS)
    pytest_on(
        tree,
        *SNAPSHOTS,
        *("nba_pipeline_tests/unit/test_team_results.py", "nba_pipeline_tests/unit/warehouse"),
        *("nba_pipeline_tests/docs/test_docs.py", "-k", "not every_nba_command"),
    )
    edited = {n for n, digest in digests(tree).items() if digest != before[n]}
    print(f"new files: {', '.join(NEW)}")
    print(f"edited: {len(edited - WRITTEN_BY_MAKE)}; by make docs and make snapshots:")
    print("\n".join(sorted(edited & WRITTEN_BY_MAKE)))
    assert edited == WRITTEN_BY_MAKE
    assert "`team_results`" in (tree / "README.md").read_text()


def test_without_its_select_the_table_is_refused_by_name(tree: Path) -> None:
    select = tree / "sql/nba_analytics/team_results.sql"
    text = select.read_text()
    select.unlink()
    try:
        with pytest.raises(AssertionError, match="no SQL file nba_analytics/team_results"):
            python(tree, "nba_pipeline.contracts.page")
    finally:
        select.write_text(text)
