"""Rules of the repository that a reader relies on."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from nba_pipeline.history import REPO_ROOT

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


def test_no_machine_and_no_registry_is_named() -> None:
    bad = re.compile(r"/(work|root|home)/[a-z]|https?://[^ \"')]*(pypi|simple/)|index-url")
    found = {
        str(p.relative_to(REPO_ROOT)): match.group()
        for p in TEXTS
        if p.name not in ("test_tree.py", "Makefile")
        and (match := bad.search(p.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_no_error_is_swallowed() -> None:
    for path in PACKAGE:
        if "tests" in str(path):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, path
                assert not all(isinstance(n, ast.Pass) for n in node.body), path


def test_data_never_enters_the_repository() -> None:
    assert not [p for p in TRACKED if p.suffix in (".gz", ".parquet", ".duckdb", ".db")]
    assert all(p.stat().st_size < 300 * 1024 for p in TRACKED if p.exists())
