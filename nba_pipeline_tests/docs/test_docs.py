"""The documents tell the truth: every command runs, every verb is told of, all is current."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from dagster._core.instance.config import dagster_instance_config

from nba_pipeline.cli.main import cli
from nba_pipeline.contracts.page import PAGE, table_list, text, with_tables
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.files import REPO_ROOT
from nba_pipeline.settings import Settings, SourceMode
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.templates import parsed_once

README = REPO_ROOT / "README.md"
OPERATING = REPO_ROOT / "docs" / "operating.md"
DOCUMENTS = [README, *sorted((REPO_ROOT / "docs").rglob("*.md"))]
_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def commands(path: Path) -> list[list[str]]:
    """Commands of the document's shell blocks, in order."""
    lines = [line for block in _BLOCK.findall(path.read_text()) for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if line.strip()]


def test_every_nba_command_of_the_documents_runs_in_order(tmp_path: Path) -> None:
    env = {
        "NBA_HOME": str(tmp_path / "home"),
        "NBA_SOURCE": "simulated",
        "NBA_TODAY": "2025-11-01",
        "NBA_FIRST_DATE": "2025-10-15",
        "NBA_SIMULATED_FIRST_SEASON": "2025",
    }
    parsed_once(Settings(home=tmp_path / "home", source=SourceMode.SIMULATED))
    asked = [c for path in (README, OPERATING) for c in commands(path) if c[0] == "nba"]
    assert len(asked) > 12
    for command in asked:
        if command[1] == "demo":
            continue  # test_cli: test_the_demo_replays_the_incident_and_its_repair
        found = CliRunner(env=env).invoke(cli, command[1:])
        assert found.exit_code == 0, f"{command}: {found.output}"


def test_every_make_command_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (REPO_ROOT / "Makefile").read_text(), re.MULTILINE))
    words = "\n".join(path.read_text() for path in DOCUMENTS)
    named = {c[1] for path in DOCUMENTS for c in commands(path) if c[0] == "make"}
    named |= set(re.findall(r"`make ([a-z-]+)`", words))
    assert {"demo", "test", "bench", "ui", "help"} <= named
    assert named <= targets


def test_every_verb_and_option_is_told_of() -> None:
    words = "\n".join(path.read_text() for path in DOCUMENTS)
    for name, command in cli.commands.items():
        assert f"nba {name}" in words, name
        assert command.help
        for option in command.params:
            if option.param_type_name == "option":
                assert getattr(option, "help", None), f"{name} {option.name}"


def test_the_deployment_files_are_valid_as_far_as_that_can_be_told_here() -> None:
    folder = REPO_ROOT / "docs" / "deployment"
    config, _ = dagster_instance_config(str(folder))
    assert config["telemetry"]["enabled"] is False
    documents = list(yaml.safe_load_all((folder / "kubernetes.yaml").read_text()))
    kinds = [d["kind"] for d in documents]
    assert kinds == ["ServiceAccount", "ConfigMap", "Deployment", "Service"]
    settings = next(d["data"] for d in documents if d["kind"] == "ConfigMap")
    fields = {f"NBA_{name.upper()}" for name in Settings.model_fields}
    assert set(settings) <= fields
    words = (REPO_ROOT / "docs" / "deployment.md").read_text()
    assert all(name in words for name in settings if name != "NBA_SOURCE")
    assert "password:" not in (folder / "kubernetes.yaml").read_text()


def test_every_state_is_explained() -> None:
    words = OPERATING.read_text()
    for state in State:
        assert str(state) in words


def test_the_list_of_tables_is_what_the_contracts_say() -> None:
    words = README.read_text(encoding="utf-8")
    assert words == with_tables(words), "run make docs"
    listed = table_list()
    assert all(f"`{name}`" in listed for name in contracts())
    # an entry by hand, a lost one and a lost mark are all noticed
    assert with_tables(words.replace("`nbac_shots`", "`nbac_throws`")) == words
    assert with_tables(words.replace(listed, "")) == words
    with pytest.raises(ValueError, match="no place for the tables"):
        with_tables(words.replace("<!-- end of tables -->", ""))


def test_the_reference_is_what_the_contracts_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == text(), "run make docs"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text()):
        assert (path.parent / target).exists(), target


def test_the_first_screen_has_refusals_two_commands_and_one_picture() -> None:
    screen = "\n".join(README.read_text().splitlines()[:25])
    assert "refuses" in screen
    assert commands(README)[:2] == [["make", "demo"], ["make", "test"]]
    assert screen.count("![") == 1
