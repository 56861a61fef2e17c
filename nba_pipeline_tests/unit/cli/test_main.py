"""The group of verbs: what it lists is what the verbs say, and listing loads nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click import Context
from click.testing import CliRunner

from nba_pipeline.cli.main import VERBS, cli

HEAVY = ("dagster", "pandas", "pandera", "google.cloud.bigquery", "sqlglot", "duckdb")


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_is_listed_with_the_first_sentence_of_its_own_help(name: str) -> None:
    command = cli.get_command(Context(cli), name)
    assert command is not None
    first = (command.help or "").split("\n\n")[0].replace("\n", " ")
    assert VERBS[name] == first
    assert VERBS[name] in " ".join(CliRunner().invoke(cli, ["--help"]).output.split())


def loaded_by(*words: str) -> set[str]:
    """Heavy modules in memory after a call."""
    code = (
        "import sys\nfrom nba_pipeline.cli.main import cli\n"
        f"try:\n    cli({list(words)!r})\nexcept SystemExit:\n    pass\n"
        f"print('loaded', *(m for m in {HEAVY!r} if m in sys.modules))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.splitlines()[-1]
    return set(found.split()[1:])


def test_help_loads_nothing_heavy() -> None:
    assert loaded_by("--help") == set()


def test_an_unknown_verb_is_a_usage_error() -> None:
    result = CliRunner().invoke(cli, ["bakcfill"])
    assert result.exit_code == 2
    assert "bakcfill" in result.output
