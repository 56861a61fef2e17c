"""What verbs say beside their answer: of which source and home it is, in few lines, in one each."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from click.testing import CliRunner, Result

from nba_pipeline.cli import ui
from nba_pipeline.cli.main import cli
from nba_pipeline.cli.sources import _lost_lines
from nba_pipeline.orchestration.instance import dagster_instance
from nba_pipeline.reports.sources import Lost
from nba_pipeline.settings import Settings
from nba_pipeline.verdicts.gate import Problem, Refusal
from nba_pipeline.verdicts.messages import refusal_text
from nba_pipeline.verdicts.verdict import State, Verdict
from nba_pipeline_tests.four_dates import built_inputs
from nba_pipeline_tests.support import (
    NIGHT,
    OFFENSE,
    PLAYERS,
    TODAY,
    built_night,
    platform_in,
    start_from,
)


def typed(home: Path, *words: str, **env: str) -> Result:
    """A verb as a person types it."""
    settings = {"NBA_HOME": str(home), "NBA_TODAY": str(TODAY), "NBA_LOCK_SECONDS": "1", **env}
    return CliRunner(env=settings).invoke(cli, list(words))


def files(home: Path) -> dict[Path, int]:
    """Every file below a folder with the time at which it was last written."""
    return {p: p.stat().st_mtime_ns for p in home.rglob("*") if p.is_file()}


def test_every_verb_says_source_and_home_on_stderr_and_json_stays_alone(tmp_path: Path) -> None:
    platform = platform_in(tmp_path)
    start_from(platform, NIGHT, upto="nbac_schedule")
    for words in (
        ["status"],
        ["gaps"],
        ["sources"],
        ["coverage"],
        ["explain", OFFENSE, str(NIGHT)],
    ):
        assert f"nba: simulated, home {tmp_path}\n" in typed(tmp_path, *words).stderr, words
    found = typed(tmp_path, "gaps", "--json", NBA_SOURCE="simulated")
    assert found.stdout.startswith("[")
    assert found.stderr == ""


def test_archives_that_were_used_before_and_are_forgotten_now_are_told(tmp_path: Path) -> None:
    start_from(platform_in(tmp_path), NIGHT, upto="nbac_schedule")
    assert "archives were used" not in typed(tmp_path, "status").stderr
    (tmp_path / "archives").mkdir()
    assert "archives were used here" in typed(tmp_path, "status").stderr
    assert "archives were used" not in typed(tmp_path, "status", "--source", "simulated").stderr


@pytest.mark.parametrize("is_new", [True, False])
def test_a_dry_run_writes_nothing_and_says_what_the_gate_would_refuse(
    tmp_path: Path, is_new: bool
) -> None:
    home = tmp_path / "home"
    if not is_new:
        built_inputs(home)
    before = files(home)
    found = typed(home, "backfill", "--dry-run", "--table", PLAYERS, "--date", str(NIGHT))
    assert files(home) == before
    assert home.exists() is not is_new
    assert found.exit_code == 1, found.output
    assert f"would be REFUSED nba_analytics.{PLAYERS} {NIGHT}" in found.output
    missing = "nbac_schedule" if is_new else OFFENSE
    assert f"{missing} {NIGHT} is MISSING" in found.output
    with_offense = typed(
        home, "backfill", "--dry-run", "--table", OFFENSE, "--table", PLAYERS, "--date", str(NIGHT)
    )
    # what the same plan brings is no reason to refuse
    assert (with_offense.exit_code, "REFUSED" in with_offense.output) == (
        (1, True) if is_new else (0, False)
    )


def test_a_home_that_cannot_be_written_and_a_bad_date_are_one_line_each(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = typed(tmp_path / "file" / "home", "backfill", "--date", str(NIGHT))
    assert found.exit_code == 3
    *_, line = found.stderr.splitlines()
    assert line.startswith("nba: Not a directory: ")
    found = typed(tmp_path, "status", NBA_TODAY="garbage")
    assert found.exit_code == 2
    *usage, line = found.stderr.splitlines()
    assert line.startswith("Error: NBA_TODAY: ")
    assert "Traceback" not in found.output


def test_lost_dates_of_a_table_are_one_line_unless_all_are_asked_for() -> None:
    spans = [
        Lost("t", NIGHT + dt.timedelta(n), NIGHT + dt.timedelta(n), 1, f"no {n % 3 and 'file'}")
        for n in range(30)
    ]
    (line,) = _lost_lines(spans, every=False)
    assert line == (
        f"unrecoverable: t 30 dates in {NIGHT} .. {NIGHT + dt.timedelta(29)}: 20 no file; "
        "1 more reasons: nba sources --all"
    )
    assert len(list(_lost_lines(spans, every=True))) == 30


def test_one_cause_on_many_dates_of_a_window_is_told_once_with_its_number() -> None:
    verdict = Verdict(State.MISSING, ("never built",))
    days = [NIGHT - dt.timedelta(n) for n in range(117, 0, -1)]
    problems = tuple(Problem(PLAYERS, d, verdict, None, "100% of a year") for d in days)
    other = Problem(OFFENSE, days[-1], verdict, None, "100% of a year")
    text = refusal_text(Refusal("game_player_pool", NIGHT, (*problems, other))).splitlines()
    assert text[1] == (
        f"  {PLAYERS} is MISSING on 117 dates, {days[0]} .. {days[-1]} (100% of a year)"
    )
    assert len(text) == 6


def test_each_table_that_a_date_reads_is_explained_once(tmp_path: Path) -> None:
    found = typed(tmp_path, "explain", "upcoming_player_game_context", str(NIGHT))
    assert found.exit_code == 3  # nothing was ever built here
    built_inputs(tmp_path)
    found = typed(tmp_path, "explain", "upcoming_player_game_context", str(NIGHT))
    reads = [line.split()[1] for line in found.stdout.splitlines() if "  reads " in line]
    assert len(reads) > 8
    assert sorted(set(reads)) == sorted(reads)


def test_the_next_command_of_status_brings_what_reads_the_bad_dates(tmp_path: Path) -> None:
    platform = built_night(tmp_path)
    bounds = ["--from", str(NIGHT), "--to", str(NIGHT)]
    with duckdb.connect(str(platform.settings.duckdb_path)) as connection:
        connection.execute(
            "UPDATE nba_orchestration.partition_ledger SET code_version = 'older' "
            f"WHERE asset = 'game_player_pool' AND game_date = DATE '{NIGHT}'"
        )
    (line,) = [s for s in typed(tmp_path, "status", *bounds).stdout.splitlines() if "next:" in s]
    assert line.startswith("next: nba backfill --table ")
    assert "--table game_player_pool" in line
    assert line.endswith(f"--date {NIGHT} --downstream")


@pytest.mark.parametrize(
    ("words", "typed_so_far", "expected"),
    [
        ("nba ", "ba", {"backfill"}),
        ("nba backfill ", "--st", {"--stop-on-failure"}),
        ("nba backfill --table ", "player_g", {PLAYERS}),
        ("nba explain ", "team_o", {OFFENSE}),
    ],
)
def test_the_shell_completes_verbs_options_and_tables(
    words: str, typed_so_far: str, expected: set[str]
) -> None:
    env = {
        "_NBA_COMPLETE": "bash_complete",
        "COMP_WORDS": words + typed_so_far,
        "COMP_CWORD": str(len(words.split())),
    }
    found = CliRunner(env=env).invoke(cli, prog_name="nba")
    assert {line.partition(",")[2] for line in found.output.splitlines()} == expected


def test_the_interface_starts_on_the_history_of_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Instance of the interface and of a verb: one run storage, wherever home is."""
    called = []
    monkeypatch.setattr(ui, "os", SimpleNamespace(environ={}, execve=lambda *a: called.append(a)))
    home = tmp_path / "else where"
    assert typed(home, "ui", "--port", "3199").exit_code == 0
    ((_, words, env),) = called
    assert words[words.index("--port") + 1] == "3199"
    assert Path(words[words.index("-w") + 1]).name == "workspace.yaml"
    assert env["NBA_HOME"] == str(home)
    with dagster_instance(home) as of_verbs:
        here = of_verbs.run_storage._conn_string  # type: ignore[attr-defined]
    monkeypatch.setenv("DAGSTER_HOME", env["DAGSTER_HOME"])
    with dagster_instance(tmp_path / "not used") as of_interface:
        assert of_interface.run_storage._conn_string == here  # type: ignore[attr-defined]
    assert str(home) in here
    assert "DAGSTER_HOME" not in _environment_with_own(home, monkeypatch)


def _environment_with_own(home: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(ui, "os", SimpleNamespace(environ={"DAGSTER_HOME": "/own"}))
    return ui.environment(Settings(home=home))
