"""Rules of the repository that a reader relies on."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from nba_pipeline.files import REPO_ROOT

TRACKED = [
    REPO_ROOT / name
    for name in subprocess.run(
        ["git", "ls-files"], cwd=REPO_ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
]
TEXTS = [p for p in TRACKED if p.exists() and p.suffix not in (".png", ".ambr")]
PACKAGE = [p for p in TEXTS if p.suffix == ".py" and "nba_pipeline" in p.parts]


def test_something_is_tracked() -> None:
    assert len(PACKAGE) > 50


@pytest.mark.parametrize("path", PACKAGE, ids=lambda p: str(p.relative_to(REPO_ROOT)))
def test_a_file_is_short_and_says_what_belongs_in_it(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 300
    if "tests" not in str(path) and source:
        assert ast.get_docstring(ast.parse(source))


_HOSTS = {
    "127.0.0.1",
    "stats.nba.com",
    "cdn.nba.com",
    "ak-static.cms.nba.com",
    "site.api.espn.com",
    "api.balldontlie.io",
    "api.the-odds-api.com",
    "api.bettingpros.com",
}
"""The only addresses of the tree: loopback, and those of the sources."""


def test_no_machine_and_no_other_host_is_named() -> None:
    path = re.compile(r"/(work|root|home)/[a-z]")
    address = re.compile(r"https?://([A-Za-z0-9._-]+)")
    for file in TEXTS:
        if file.name == "test_tree.py":
            continue
        words = file.read_text(encoding="utf-8")
        assert not path.search(words), file
        assert set(address.findall(words)) <= _HOSTS, file


def test_the_lock_names_versions_only() -> None:
    lines = (REPO_ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 100
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[^ /]+( ; .+)?", line) for line in lines)


def test_no_error_is_swallowed() -> None:
    for path in PACKAGE:
        if "tests" in str(path):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, path
                assert not all(isinstance(n, ast.Pass) for n in node.body), path


def test_files_of_tests_and_sql_are_short_too() -> None:
    files = [p for p in TRACKED if p.suffix in (".py", ".sql") and p.exists()]
    assert len(files) > 250
    long = {p.name: n for p in files if (n := len(p.read_text("utf-8").splitlines())) > 300}
    assert long == {}


def test_data_never_enters_the_repository() -> None:
    assert not [p for p in TRACKED if p.suffix in (".gz", ".parquet", ".duckdb", ".db")]
    assert all(p.stat().st_size < 300 * 1024 for p in TRACKED if p.exists())
