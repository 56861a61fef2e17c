"""A fingerprint changes with what a function rests on, and with nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from nba_pipeline.sources.fingerprint import Code

ENTRY = '''
"""Words about the module."""
from package.helpers import counted, LIMIT as MOST
from package import shapes
from package.kinds import Kind, Row

_NAMES = {"STL": "steals", "BLK": "blocks"}
_OTHER = {"AST": "assists"}


def rows(row: Row, *, step=1) -> "list":
    """What it does."""
    found = [_NAMES[n] for n in row.names() if n in _NAMES]  # in order
    if row.kind is Kind.FULL:
        found = counted(found, MOST)
    return shapes.turned(found)


def unrelated(games):
    return [_OTHER[g] for g in games]
'''
FILES = {
    "__init__.py": "",
    "entry.py": ENTRY,
    "helpers.py": """
from package.deeper import rounded

LIMIT = 3
SPARE = 4


def counted(values, most):
    return [rounded(v) for v in values][:most]


def spare():
    return SPARE
""",
    "deeper.py": """
import math


def rounded(value):
    return math.floor(value)


def other(value):
    return value
""",
    "shapes.py": """
def turned(values):
    return values[::-1]


def untouched(values):
    return values
""",
    "kinds.py": """
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    FULL = "full"
    SHORT = "short"


@dataclass
class Base:
    def shared(self):
        return 1


@dataclass
class Row(Base):
    kind: Kind
    width: int

    def names(self):
        return [self.shared()]

    def __contains__(self, name):
        return True

    def never(self):
        return 2
""",
}
ROWS = ("package.entry:rows",)


def code(root: Path, **changes: tuple[str, str]) -> Code:
    """The package with one text replaced by another, in files named without ``.py``."""
    (root / "package").mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        old, new = changes.get(name.removesuffix(".py"), ("", ""))
        assert old in text
        (root / "package" / name).write_text(text.replace(old, new) if old else text)
    return Code(root, "package")


@pytest.fixture
def before(tmp_path: Path) -> str:
    return code(tmp_path / "before").fingerprint(ROWS)


@pytest.mark.parametrize(
    "changes",
    [
        {"entry": ('{"STL": "steals", "BLK": "blocks"}', '{"STL": "blocks", "BLK": "steals"}')},
        {"entry": ("step=1", "step=2")},
        {"entry": ("if n in _NAMES", "if n not in _NAMES")},
        {"entry": ("LIMIT as MOST", "SPARE as MOST")},
        {"entry": ("Kind.FULL", "Kind.SHORT")},
        {"helpers": ("LIMIT = 3", "LIMIT = 2")},
        {"helpers": ("[:most]", "[1:most]")},
        {"helpers": ("import rounded", "import other as rounded")},
        {"helpers": ("LIMIT = 3", "LIMIT = 3\nif LIMIT:\n    LIMIT += 1")},
        {"deeper": ("math.floor", "math.ceil")},
        {"deeper": ("import math", "import cmath as math")},
        {"shapes": ("[::-1]", "[::-2]")},
        {"kinds": ('FULL = "full"', 'FULL = "whole"')},
        {"kinds": ("[self.shared()]", "[self.shared(), 0]")},
        {"kinds": ("return 1", "return 3")},
        {"kinds": ("return True", "return False")},
    ],
    ids=str,
)
def test_what_a_function_rests_on_changes_it(
    tmp_path: Path, before: str, changes: dict[str, tuple[str, str]]
) -> None:
    assert code(tmp_path / "after", **changes).fingerprint(ROWS) != before


@pytest.mark.parametrize(
    "changes",
    [
        {"entry": ("# in order", "# out of order")},
        {"entry": ('"""What it does."""', '"""Says\n    more.\n    """\n    # and more')},
        {"entry": ('"""Words about the module."""', "")},
        {"entry": ("if row.kind is Kind.FULL:", "if (\n        row.kind is Kind.FULL\n    ):")},
        {
            "entry": (
                '{"STL": "steals", "BLK": "blocks"}',
                "{\n'STL': 'ste' 'als',\n'BLK': 'blocks',}",
            )
        },
        {"entry": ('-> "list"', "-> list[str]")},
        {"entry": ("return [_OTHER[g] for g in games]", "return None")},
        {"entry": ('"AST": "assists"', '"AST": "helpers"')},
        {"helpers": ("SPARE = 4", "SPARE = 5")},
        {"helpers": ("return SPARE", "return 0")},
        {"deeper": ("return value\n", "return 2 * value\n")},
        {"shapes": ("def untouched(values):\n    return values", "def renamed(x):\n    return x")},
        {"kinds": ('SHORT = "short"', 'SHORT = "brief"\n    THIRD = "third"')},
        {"kinds": ("return 2", "return 4")},
        {"kinds": ("    width: int\n", "    width: int\n    height: int = 0\n")},
    ],
    ids=str,
)
def test_nothing_else_changes_it(
    tmp_path: Path, before: str, changes: dict[str, tuple[str, str]]
) -> None:
    assert code(tmp_path / "after", **changes).fingerprint(ROWS) == before


def test_a_function_may_move_to_another_module(tmp_path: Path, before: str) -> None:
    code(
        tmp_path / "after",
        entry=("package.helpers import counted, LIMIT", "package.moved import counted, LIMIT"),
    )
    folder = tmp_path / "after" / "package"
    (folder / "helpers.py").rename(folder / "moved.py")
    assert Code(tmp_path / "after", "package").fingerprint(ROWS) == before


def test_a_name_of_its_own_is_not_that_of_the_module(tmp_path: Path) -> None:
    """A loop variable or an argument may be called as a function that is not meant."""
    text = (
        "def games():\n    return 1\n\n\n"
        "def of(games):\n    return [games for games in games]\n\n\n"
        "def over(x):\n    return [games for games in games()]\n"
    )
    (tmp_path / "package").mkdir()
    found = {}
    for number in (1, 2):
        file = tmp_path / "package" / "loops.py"
        file.write_text(text.replace("return 1", f"return {number}"))
        whole = Code(tmp_path, "package")
        found[number] = [whole.fingerprint((f"package.loops:{n}",)) for n in ("of", "over")]
    assert found[1][0] == found[2][0]
    assert found[1][1] != found[2][1]


def test_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    whole = code(tmp_path)
    with pytest.raises(ValueError, match="package.entry:columns is not defined"):
        whole.fingerprint(("package.entry:columns",))
    with pytest.raises(ValueError, match="declares no parser"):
        whole.argument("package.entry:_NAMES", "parser")
    assert whole.reached(ROWS) >= {"package.entry:_NAMES", "package.deeper:rounded"}
    assert "package.entry:unrelated" not in whole.reached(ROWS)
