"""Rooms without basketball: no table, team or player is named in their code, only in contracts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.files import REPO_ROOT

ROOMS = ("audit", "build", "orchestration", "verdicts", "warehouse")
FILES = sorted(p for room in ROOMS for p in (REPO_ROOT / "nba_pipeline" / room).rglob("*.py"))
_PEOPLE = re.compile(r"(?<![a-z])(teams?|players?)(?![a-z])", re.IGNORECASE)
_TABLES = re.compile(rf"\b({'|'.join(contracts())})\b")


def named(source: str) -> Iterator[str]:
    """Identifiers and texts of a module in which a table, a team or a player is named."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    said = {id(n) for node in ast.walk(tree) for n in _docstrings(node, documented)}
    for node in ast.walk(tree):
        for word in _words(node):
            if id(node) not in said and (_PEOPLE.search(word) or _TABLES.search(word)):
                yield word


def _docstrings(node: ast.AST, documented: tuple[type, ...]) -> Iterator[ast.AST]:
    """Texts that stand alone: docstrings of modules, classes, functions and constants."""
    for statement in getattr(node, "body", ()) if isinstance(node, documented) else ():
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            yield statement.value


def _words(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for name in ("id", "attr", "arg", "name", "module", "asname"):
        value = getattr(node, name, None)
        if isinstance(value, str):
            yield value


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(REPO_ROOT)))
def test_a_room_names_no_table_and_nobody(path: Path) -> None:
    assert list(named(path.read_text(encoding="utf-8"))) == []


def test_every_room_is_looked_at() -> None:
    assert {p.relative_to(REPO_ROOT / "nba_pipeline").parts[0] for p in FILES} == set(ROOMS)


@pytest.mark.parametrize(
    "source",
    [
        'if table == "nbac_schedule":\n    pass',
        'query("SELECT game_date FROM nba_raw.nbac_shots")',
        "day.teams",
        "home_team = None",
        "def lost_players() -> None: ...",
        "from nba_pipeline.sources.rows.player_index import x",
        'f"missing teams: {n}"',
        "f(team=1)",
        "from a import b as players",
        '"""Doc."""\nx = 1\nprint("two teams")',
    ],
)
def test_whoever_is_named_is_found(source: str) -> None:
    assert list(named(source))


@pytest.mark.parametrize(
    "source",
    [
        '"""Of teams and players: nbac_schedule."""',
        'def f() -> None:\n    """A team."""',
        'X = 1\n"""Players of a team."""',
        "steam = 'teammate'  # the team",
    ],
)
def test_words_for_readers_may_name_everybody(source: str) -> None:
    assert not list(named(source))
