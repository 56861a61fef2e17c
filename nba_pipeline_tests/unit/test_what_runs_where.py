"""No test is in no target: what ``make test`` leaves out, ``make test-real`` and ``soak`` run."""

from __future__ import annotations

import re

import pytest

from nba_pipeline.files import REPO_ROOT
from nba_pipeline_tests.conftest import pytest_collection_modifyitems

MAKEFILE = (REPO_ROOT / "Makefile").read_text(encoding="utf-8")


def recipe(target: str) -> str:
    found = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert found is not None, target
    return found[1]


def test_what_is_left_out_by_its_marker_has_a_target(pytestconfig: pytest.Config) -> None:
    (left_out,) = re.findall(r"-m '(.*?)'", (REPO_ROOT / "pyproject.toml").read_text("utf-8"))
    markers = set(re.findall(r"not (\w+)", left_out))
    assert markers == {m.partition(":")[0] for m in pytestconfig.getini("markers")} & markers
    assert markers == {"real", "soak"}
    assert "pytest -m real " in recipe("test-real")
    assert "pytest -m soak " in recipe("soak")
    assert " -m " not in recipe("test").replace("-m pytest", "")


def test_every_run_of_everything_looks_at_the_real_seasons_that_it_built() -> None:
    steps = (REPO_ROOT / ".ci" / "run").read_text(encoding="utf-8")
    order = [steps.index(s) for s in ("make test\n", "nba backfill", "make test-real\n")]
    assert order == sorted(order)
    assert 'NBA_REAL_HOME="$home" make test-real' in steps


def test_whoever_asks_for_five_seasons_is_marked(request: pytest.FixtureRequest) -> None:
    """By the hook that marks all others, on an item of its own."""
    item = pytest.Function.from_parent(request.node.parent, name="asks", callobj=_asks)
    pytest_collection_modifyitems([item])
    assert item.get_closest_marker("real") is not None


def _asks(real: object) -> None:
    """Never called."""
