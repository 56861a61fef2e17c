"""The wheel has all it needs at run time, in its own namespace, and runs without a checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from nba_pipeline.contracts.sql_files import SQL_ROOT
from nba_pipeline.files import REPO_ROOT, folder_of

ALONE = """
import sys
from pathlib import Path

wheel = Path(sys.argv.pop(1))
sys.path[:] = [p for p in sys.path if not (Path(p) / "pyproject.toml").exists()]
import nba_pipeline.cli.main as main

ours = [m for name, m in sys.modules.items() if name.partition(".")[0] == "nba_pipeline"]
elsewhere = [m for m in ours if not Path(m.__file__).is_relative_to(wheel)]
assert not elsewhere, elsewhere
"""
"""Imports the installed wheel, with every checkout taken from the path."""

CONTRACTS = """
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.sql_files import load_sql

for contract in contracts().values():
    assert contract.landing or contract.statement.text, contract.name
    for name in contract.audits.identities:
        assert name == "one_row_per_key" or load_sql(f"checks/{name}")
print(len(contracts()), "contracts")
"""


def done(*args: str | Path, cwd: Path, **env: str) -> str:
    """Output of a command that must succeed, in no surroundings but these."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("NBA_", "DAGSTER", "PYTHON"))}
    found = subprocess.run(
        [sys.executable, *args],
        cwd=cwd,
        env={**kept, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not found.returncode, found.stdout + found.stderr
    return found.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    done("-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=REPO_ROOT)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    options = ("--no-deps", "--no-index", "--quiet", "--disable-pip-version-check")
    done("-m", "pip", "install", *options, "--target", str(folder), str(wheel), cwd=folder)
    return folder


def test_the_wheel_installs_one_package_with_every_sql_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {n.partition("/")[0] for n in names}
    assert {t for t in tops if not t.endswith(".dist-info")} == {"nba_pipeline"}
    sql = {str(p.relative_to(SQL_ROOT)) for p in SQL_ROOT.rglob("*.sql")}
    assert sql == {n.removeprefix("nba_pipeline/sql/") for n in names if n.endswith(".sql")}
    assert not [n for n in names if "test" in n.partition("/")[2].partition("/")[0]]


def test_the_wheel_runs_without_a_checkout(installed: Path, tmp_path: Path) -> None:
    env = {"PYTHONPATH": str(installed), "NBA_TODAY": "2025-10-25", "NBA_SOURCE": "simulated"}
    env |= {"NBA_SIMULATED_FIRST_SEASON": "2025", "NBA_HOME": str(tmp_path / "home")}
    at = str(installed)
    said = done("-c", ALONE + CONTRACTS, at, cwd=tmp_path, **env)
    assert int(said.split()[0]) > 30
    nba = ALONE + "main.cli()"
    assert "0.1.0" in done("-c", nba, at, "--version", cwd=tmp_path, **env)
    dates = ("--from", "2025-10-21", "--to", "2025-10-22")
    # a run of Dagster: its instance is configured from the wheel as well
    done("-c", nba, at, "backfill", *dates, "--table", "nbac_schedule", cwd=tmp_path, **env)
    assert (tmp_path / "home" / "dagster" / "history").is_dir()
    asked = ("explain", "nbac_schedule", "2025-10-21")
    assert "complete" in done("-c", nba, at, *asked, cwd=tmp_path, **env)


def test_a_file_that_is_nowhere_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="nowhere.yaml is neither in .*nba_pipeline nor"):
        folder_of("nowhere.yaml")
