"""The command line as people use it: what it prints, and the exit code it proves."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nba_pipeline.cli.main import cli
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.settings import Settings, SourceMode
from nba_pipeline_tests.incidents.test_ledger_truth import by_hand
from nba_pipeline_tests.incidents.test_names import quoted, renamed
from nba_pipeline_tests.support import (
    DEFENSE,
    NIGHT,
    OFFENSE,
    PLAYERS,
    SPINE_TABLES,
    built_night,
    built_season,
    fault,
    platform_in,
    run_all,
)
from nba_pipeline_tests.templates import parsed_once

SIMULATED = {
    "NBA_SOURCE": "simulated",
    "NBA_TODAY": "2026-01-06",
    "NBA_SIMULATED_FIRST_SEASON": "2025",
    "NBA_FIRST_DATE": "2025-10-15",
}


SPINE = [a for t in SPINE_TABLES for a in ("--table", t)]


def nba(*args: str | Path | dt.date, home: Path | None = None) -> Result:
    env = {**SIMULATED, **({"NBA_HOME": str(home)} if home else {})}
    if home:
        parsed_once(Settings(home=home, source=SourceMode.SIMULATED))
    return CliRunner(env=env).invoke(cli, [str(a) for a in args], catch_exceptions=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    built_night(tmp_path / "home").warehouse.share()
    return tmp_path / "home"


@pytest.fixture
def season(tmp_path: Path) -> Path:
    built_season(tmp_path / "home").warehouse.share()
    return tmp_path / "home"


def test_a_good_season_is_proven_by_exit_zero(season: Path) -> None:
    home = season
    found = nba("status", home=home)
    assert found.exit_code == 0, found.output
    assert "every date of every table is settled" in found.output
    assert nba("gaps", "--from", NIGHT, "--to", NIGHT, home=home).exit_code == 0
    assert nba("verify", home=home).exit_code == 0
    assert nba("coverage", home=home).exit_code == 0


def test_a_row_deleted_by_hand_is_found_named_and_repaired(season: Path) -> None:
    home = season
    of_night = f"nba_analytics.{OFFENSE} WHERE game_date = DATE '{NIGHT}'"
    by_hand(platform_in(home),
            f"DELETE FROM {of_night} AND team = (SELECT min(team) FROM {of_night})")  # fmt: skip
    found = nba("verify", home=home)
    assert found.exit_code == 1
    assert f"{OFFENSE} {NIGHT}: ledger says 16 rows, table has 15; missing: " in found.output
    (command,) = re.findall(r"^next: nba (.*--downstream)$", found.output, re.MULTILINE)
    assert nba("status", home=home).exit_code == 1
    repaired = nba(*command.split(), home=home)
    assert repaired.exit_code == 0, repaired.output
    assert nba("verify", home=home).exit_code == 0


def test_status_says_what_can_be_trusted_what_not_and_what_to_type(home: Path) -> None:
    platform = platform_in(home)
    by_hand(platform, f"DELETE FROM nba_analytics.{OFFENSE}")
    platform.warehouse.share()
    found = nba("status", "--from", NIGHT, "--to", NIGHT, home=home)
    assert found.exit_code == 1
    bad = [n for n in contracts() if f"  {n} {NIGHT} " in found.output]
    assert bad[0] == OFFENSE  # the cause, before who reads it
    tables = len(contracts())
    assert f"{tables - len(bad)} of {tables} tables can be trusted on every date" in found.output
    last = found.output.strip().splitlines()[-1]
    assert last.startswith("next: nba backfill") and last.endswith(f"--date {NIGHT}")
    nba(*last.removeprefix("next: nba ").split(), home=home)
    assert f"  {OFFENSE} {NIGHT} " not in nba("status", home=home).output


def test_a_partial_backfill_never_exits_zero(tmp_path: Path) -> None:
    with fault(f"staged:{OFFENSE}=keep:2"):
        found = nba("backfill", *SPINE, "--date", NIGHT, home=tmp_path)
    assert found.exit_code == 1
    assert f"{OFFENSE} {NIGHT} partial: 0 rows published, 16 expected; missing: " in found.output
    assert f"next: nba backfill --table {OFFENSE} --date {NIGHT} --downstream" in found.output
    tables = [a for t in (OFFENSE, DEFENSE, PLAYERS) for a in ("--table", t)]
    done = nba("backfill", *tables, "--date", NIGHT, home=tmp_path)
    assert done.exit_code == 0
    explained = nba("explain", PLAYERS, NIGHT, home=tmp_path)
    assert explained.exit_code == 0
    assert "complete" in explained.output


def test_explain_goes_down_to_the_first_cause(tmp_path: Path) -> None:
    with fault(f"staged:{OFFENSE}=keep:2"):
        nba("backfill", *SPINE, "--date", NIGHT, home=tmp_path)
    found = nba("explain", PLAYERS, NIGHT, home=tmp_path)
    assert found.exit_code == 1
    assert "REFUSED nba_analytics.player_game_summary 2026-01-03" in found.output
    assert "missing: " in found.output
    assert f"next: nba backfill --table {OFFENSE} --date {NIGHT} --downstream" in found.output


def test_the_plan_comes_first_and_a_dry_run_does_nothing(tmp_path: Path) -> None:
    found = nba("backfill", "--date", NIGHT, "--dry-run", home=tmp_path)
    assert found.exit_code == 0
    assert "plan: 1 dates" in found.output
    assert "1 missing" in found.output
    assert nba("gaps", "--from", NIGHT, "--to", NIGHT, home=tmp_path).exit_code == 3  # no file


def test_what_is_complete_is_skipped(season: Path) -> None:
    home = season
    found = nba("backfill", "--date", NIGHT, home=home)
    assert found.exit_code == 0
    assert f"0 dates of {len(contracts())} tables" in found.output
    again = nba("backfill", *SPINE, "--date", NIGHT, "--again", home=home)
    assert f"{len(SPINE_TABLES)} dates of {len(SPINE_TABLES)} tables" in again.output


def test_an_attempt_that_failed_is_told_also_where_the_old_rows_are_good(home: Path) -> None:
    with fault(f"staged:{OFFENSE}=keep:7"):
        found = nba("backfill", "--table", OFFENSE, "--date", NIGHT, "--again", home=home)
    assert found.exit_code == 1
    assert f"failed: {OFFENSE}: 1 of 1 dates not published: {NIGHT}" in found.output
    assert "published rows stay as they were" in found.output
    assert f"{len(contracts())} tables are as recorded" in nba("verify", home=home).output


def test_a_run_that_broke_says_what_broke_it(tmp_path: Path) -> None:
    with fault(f"before_swap:{OFFENSE}=raise"):
        found = nba("backfill", *SPINE, "--date", NIGHT, home=tmp_path)
    assert found.exit_code == 1
    assert f"InjectedFaultError: injected at before_swap of {OFFENSE}" in found.output


def test_gaps_lists_dates_that_nobody_looked_at(home: Path) -> None:
    found = nba("gaps", "--from", "2026-01-02", "--to", NIGHT, "--table", OFFENSE, home=home)
    assert found.exit_code == 1
    assert f"{OFFENSE} 2026-01-02 missing" in found.output
    matrix = nba("gaps", "--from", "2026-01-02", "--to", NIGHT, "--table", OFFENSE, "--matrix",
                 home=home)  # fmt: skip
    assert matrix.exit_code == 1
    lines = {n: rest for n, *rest in map(str.split, matrix.output.splitlines()) if rest}
    assert lines["table"] == ["01-02", "01-03", "+", "M"]
    assert lines[OFFENSE] == ["M", "16", "1", "1"]
    assert "+ complete  M missing" in matrix.output


def test_a_table_without_dates_is_shown_without_one(tmp_path: Path) -> None:
    platform_in(tmp_path).warehouse.ensure_tables()
    args = ("gaps", "--from", NIGHT, "--to", NIGHT, "--table", "teams")
    found = nba(*args, home=tmp_path)
    assert found.exit_code == 1
    assert found.stdout.startswith("teams missing: ")
    assert json.loads(nba(*args, "--json", home=tmp_path).stdout)[0]["date"] is None
    assert nba("explain", "teams", home=tmp_path).stdout.startswith("teams missing: ")


@pytest.mark.parametrize(
    "args",
    [
        ("status", "--json"),
        ("gaps", "--from", "2026-01-03", "--to", "2026-01-03", "--json"),
        ("gaps", "--from", "2026-01-03", "--to", "2026-01-03", "--matrix", "--json"),
        ("explain", PLAYERS, "2026-01-03", "--json"),
        ("verify", "--json"),
        ("coverage", "--json"),
        ("coverage", "--column", "usage_rate", "--json"),
        ("sources", "--json"),
    ],
)
def test_every_reading_verb_speaks_json(home: Path, args: tuple[str, ...]) -> None:
    found = nba(*args, home=home)
    assert json.loads(found.stdout) is not None


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("backfill", "--date", "2026-02-30"), "2026-02-30"),
        (("backfill", "--date", "TODAY"), "write it as 2026-01-03"),
        (("backfill", "--from", "2026-01-05", "--to", "2026-01-03"), "ends before it starts"),
        (("backfill", "--date", "2026-01-03", "--to", "2026-01-04"), "not both"),
        (("backfill", "--date", "2031-01-03"), "too far in the future"),
        (("backfill", "--date", "2019-01-03"), "before the first game date"),
        (("backfill", "--table", "team_offence_game_summary"), "did you mean"),
        (("explain", "player_game_sumary", "2026-01-03"), "did you mean"),
        (("coverage", "--column", "vibes"), "watched: "),
        (("status", "--source", "archives"), "NBA_ARCHIVES"),
    ],
)
def test_a_usage_error_is_exit_two_and_names_the_input(
    home: Path, args: tuple[str, ...], words: str
) -> None:
    found = nba(*args, home=home)
    assert found.exit_code == 2
    assert words in found.output


def test_no_warehouse_is_could_not_tell(tmp_path: Path) -> None:
    for verb in ("status", "verify", "coverage", "sources"):
        found = nba(verb, home=tmp_path / "nowhere")
        assert found.exit_code == 3, verb
        assert "no warehouse at" in found.output


def test_coverage_has_one_denominator(home: Path) -> None:
    words = ("coverage", "--by", "month", "--json", "--from", NIGHT, "--to", NIGHT)
    found = json.loads(nba(*words, home=home).stdout)
    assert found[OFFENSE] == {
        "2026-01": {
            "due": 1, "complete": 1, "unrecoverable": 0, "other": 0, "first_bad": None, "pct": 100.0
        }
    }  # fmt: skip
    columns = json.loads(nba("coverage", "--column", "usage_rate", "--json", home=home).stdout)
    assert columns[PLAYERS]["usage_rate"]["periods"]["2025-26"]["lowest_date"] == str(NIGHT)


def test_the_demo_replays_the_incident_and_its_repair(tmp_path: Path) -> None:
    found = nba("demo", "--home", tmp_path / "demo")
    assert found.exit_code == 0, found.output
    assert f"{OFFENSE} {NIGHT} partial: 0 rows published, 16 expected; missing: " in found.output
    assert f"REFUSED nba_analytics.{PLAYERS} {NIGHT}" in found.output
    assert f"{OFFENSE} {NIGHT} complete: 16 rows" in found.output
    again = nba("demo", "--home", tmp_path / "demo")
    assert again.exit_code == 0


def test_the_demo_leaves_other_peoples_folders_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    found = nba("demo", "--home", tmp_path)
    assert found.exit_code == 2
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_name_is_listed_decided_and_brought_in_by_the_printed_command(tmp_path: Path) -> None:
    name = quoted()
    home = tmp_path / "home"
    odd = platform_in(home, points_lines=renamed({name: "Zaphod Beeblebrox"}))
    run_all(odd, NIGHT)
    odd.warehouse.share()
    who = odd.warehouse.query(
        "SELECT player_id FROM nba_reference.players WHERE player_name = @name", {"name": name}
    ).to_pylist()[0]["player_id"]
    listed = nba("names", "list", home=home)
    assert listed.exit_code == 1
    assert 'nba names resolve "Zaphod Beeblebrox" --player ID' in listed.output
    assert nba("names", "rates", home=home).exit_code == 0
    unknown = nba("names", "resolve", "Zaphod Beeblebrox", "--player", 1, "--reason", "x",
                  home=home)  # fmt: skip
    assert unknown.exit_code == 2
    assert "no player 1 in nba_reference.players" in unknown.output
    nowhere = nba("names", "dismiss", "Nobody Known", "--reason", "x", home=home)
    assert nowhere.exit_code == 2
    assert "no source prints 'Nobody Known'" in nowhere.output
    decided = nba("names", "resolve", "Zaphod Beeblebrox", "--player", who, "--reason", "his",
                  home=home)  # fmt: skip
    assert decided.exit_code == 0, decided.output
    last = decided.output.strip().splitlines()[-1]
    assert last == (
        "next: nba backfill --table player_name_matches --table roster_name_matches "
        f"--date {NIGHT} --downstream"
    )
    rebuilt = nba(*last.removeprefix("next: nba ").split(), home=home)
    # one night is no past to look back on, so that contexts stay refused
    assert f"failed: {PLAYERS}" not in rebuilt.output
    assert nba("names", "list", home=home).stdout == "no name is pending\n"
