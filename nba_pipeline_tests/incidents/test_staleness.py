"""A date is stale when what it read has changed, and only then."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from nba_pipeline.contracts.parts import CoverageFloor
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.files import REPO_ROOT
from nba_pipeline.landing.payload import Payload
from nba_pipeline.platform import Platform
from nba_pipeline.sources import lookup
from nba_pipeline.sources.fingerprint import Code
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.support import (
    DEFENSE,
    NIGHT,
    OFFENSE,
    PLAYERS,
    built_night,
    edited_log,
    platform_in,
    rows,
    run,
    run_all,
    verdict,
)


def versions(platform: Platform) -> dict[str, str]:
    """Versions of the night, by table."""
    snapshot = snapshot_of(platform)
    return {
        n: snapshot.version(n, NIGHT, NIGHT) for n, c in contracts().items() if c.is_partitioned
    }


def corrected(payload: Payload) -> Payload:
    """The league corrects a scorer's assists."""

    def edit(row: dict[str, object]) -> bool:
        if row["GAME_DATE"] == NIGHT.isoformat() and int(str(row["PTS"])) > 25:
            row["AST"] = int(str(row["AST"])) + 1
        return True

    return edited_log(payload, edit)


def test_an_upstream_rebuilt_without_change_makes_nothing_stale(built: Platform) -> None:
    before = versions(built)
    attempts = snapshot_of(built).rows(PLAYERS)[NIGHT].attempt
    run_all(built, NIGHT)
    assert versions(built) == before
    assert verdict(built, PLAYERS, NIGHT).state is State.COMPLETE
    assert snapshot_of(built).rows(PLAYERS)[NIGHT].attempt == attempts


def test_an_upstream_rebuilt_with_change_makes_its_readers_stale(tmp_path: Path) -> None:
    built_night(tmp_path)
    platform = platform_in(tmp_path, player_gamelog=corrected)
    run(platform, "nbac_player_boxscores", NIGHT)
    found = verdict(platform, PLAYERS, NIGHT)
    assert found.state is State.STALE
    assert found.reasons == (f"nbac_player_boxscores {NIGHT} changed since it was read",)
    assert verdict(platform, OFFENSE, NIGHT).state is State.COMPLETE  # it never read the players
    assert not run(platform, PLAYERS, NIGHT).bad
    assert verdict(platform, PLAYERS, NIGHT).state is State.COMPLETE


def test_staleness_travels_and_the_gate_refuses_it(tmp_path: Path) -> None:
    built_night(tmp_path)
    platform = platform_in(tmp_path, team_gamelog=corrected_team)
    run(platform, "nbac_team_boxscore", NIGHT)
    assert verdict(platform, OFFENSE, NIGHT).state is State.STALE
    for table in (DEFENSE, PLAYERS):
        found = verdict(platform, table, NIGHT)
        assert found.state is State.STALE
        assert f"{OFFENSE} {NIGHT} is stale itself" in found.reasons
        before = rows(platform, table)
        assert "STALE" in run(platform, table, NIGHT).bad[NIGHT]
        assert rows(platform, table) == before


def corrected_team(payload: Payload) -> Payload:
    """The league corrects one team's steals."""

    def edit(row: dict[str, object]) -> bool:
        if row["GAME_DATE"] == NIGHT.isoformat():
            row["STL"] = int(str(row["STL"])) + 1
        return True

    return edited_log(payload, edit)


def test_a_change_of_code_makes_the_table_and_its_readers_stale(
    built: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = contracts()[OFFENSE]
    other = replace(contract.statement, text=f"{contract.statement.text} LIMIT 1")
    monkeypatch.setitem(contracts(), OFFENSE, replace(contract, statement=other))
    found = verdict(built, OFFENSE, NIGHT)
    assert found.state is State.STALE
    assert "built by code" in found.reasons[0]
    assert verdict(built, PLAYERS, NIGHT).state is State.STALE
    assert "STALE" in run(built, PLAYERS, NIGHT).bad[NIGHT]
    assert not run(built, OFFENSE, NIGHT).bad
    # the rows came out the same: what read them is good again without a rebuild
    assert verdict(built, PLAYERS, NIGHT).state is State.COMPLETE


def test_a_parser_that_changes_makes_its_tables_stale_and_the_gate_refuses_their_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Steals and blocks are swapped: before, no date of any table would have been built again."""
    built = built_night(tmp_path / "home")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPO_ROOT / "nba_pipeline", tmp_path / "nba_pipeline", ignore=ignored)
    parser = tmp_path / "nba_pipeline" / "sources" / "parse" / "boxscores.py"
    text = parser.read_text()
    swapped = text.replace('"STL": "steals", "BLK": "blocks"', '"STL": "blocks", "BLK": "steals"')
    assert swapped != text
    parser.write_text(swapped)
    changed = Code(tmp_path, "nba_pipeline")
    monkeypatch.setattr(lookup, "installed_code", lambda: changed)

    made_by_it = ("nbac_schedule", "nbac_player_boxscores", "nbac_team_boxscore")
    for table in made_by_it:
        found = verdict(built, table, NIGHT)
        assert found.state is State.STALE, table
        assert any("built by code" in reason for reason in found.reasons), table
    for table in (OFFENSE, PLAYERS):
        before = rows(built, table)
        refused = run(built, table, NIGHT).bad[NIGHT]
        assert "STALE" in refused
        assert any(upstream in refused for upstream in made_by_it)
        assert rows(built, table) == before
    for table in made_by_it:
        assert not run(built, table, NIGHT).bad
        assert verdict(built, table, NIGHT).state is State.COMPLETE
    # the parser that runs is the old one, so the rows came out the same
    assert verdict(built, PLAYERS, NIGHT).state is State.COMPLETE


def test_a_change_of_a_threshold_makes_dates_stale(
    built: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract, floor = contracts()[PLAYERS], CoverageFloor("usage_rate", 0.999)
    stricter = replace(contract, audits=replace(contract.audits, floors=(floor,)))
    monkeypatch.setitem(contracts(), PLAYERS, stricter)
    found = verdict(built, PLAYERS, NIGHT)
    assert found.state is State.STALE
    assert "thresholds changed" in found.reasons[0]


def test_a_moved_game_makes_both_dates_stale(tmp_path: Path) -> None:
    """The schedule is an input like any other."""
    built_night(tmp_path)

    def another_arena(payload: Payload) -> Payload:
        return replace(payload, content=payload.content.replace(b" Arena", b" Center"))

    platform = platform_in(tmp_path, schedule=another_arena)
    run(platform, "nbac_schedule", NIGHT)
    for table in ("nbac_player_boxscores", OFFENSE, PLAYERS):
        assert verdict(platform, table, NIGHT).state is State.STALE
