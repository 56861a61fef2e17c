"""One new date through all tables: one run, in the order of the layers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration import runner
from nba_pipeline.orchestration.instance import dagster_instance
from nba_pipeline.orchestration.runner import Backfill, run_backfill
from nba_pipeline.platform import Platform
from nba_pipeline.sources.simulated.fixtures import thanksgiving
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.e2e.test_ranged_run import DATES, silent, steps
from nba_pipeline_tests.incidents.test_ledger_truth import by_hand
from nba_pipeline_tests.support import (
    OFFENSE,
    SPINE_TABLES,
    fault,
    platform_in,
    run_all,
    verdict,
)


def test_a_new_date_is_one_run_of_all_layers_in_their_order(tmp_path: Path) -> None:
    platform = platform_in(tmp_path)
    run_all(platform, *DATES[:-1])
    tables = [t for t in SPINE_TABLES if contracts()[t].is_partitioned]
    with dagster_instance(tmp_path) as instance:
        work = Backfill(tables, DATES[-1:])
        found = run_backfill(platform, instance, work, progress=silent, planned=silent)
        (run,) = instance.get_runs()
        assert run.tags["nba/table"].split(",") == tables
        assert steps(instance) == dict.fromkeys(tables, 1)
    assert [(o.done, o.bad, o.failed_runs) for o in found] == [(1, {}, [])] * len(tables)
    assert {verdict(platform, t, DATES[-1]).state for t in tables} == {State.COMPLETE}


def test_what_a_new_date_lacks_in_one_table_costs_only_those_that_read_it(tmp_path: Path) -> None:
    platform = platform_in(tmp_path)
    run_all(platform, *DATES[:-1])
    tables = [t for t in SPINE_TABLES if contracts()[t].is_partitioned]
    with dagster_instance(tmp_path) as instance:
        with fault("staged:bref_player_boxscores=keep:2"):
            work = Backfill(tables, DATES[-1:])
            found = run_backfill(platform, instance, work, progress=silent, planned=silent)
        tried = steps(instance)
    bad = {o.step.table for o in found if o.bad}
    assert "bref_player_boxscores" in bad
    assert tried["bref_player_boxscores"] == 3
    good = set(tables) - bad
    assert "nbac_schedule" in good
    assert {tried[t] for t in good} == {1}
    for table in bad - {"bref_player_boxscores"}:
        assert "bref_player_boxscores" in contracts()[table].upstreams or bad & set(
            contracts()[table].upstreams
        )
        assert verdict(platform, table, DATES[-1]).state is State.MISSING


def test_days_without_games_join_runs_only_where_they_were_asked_for(tmp_path: Path) -> None:
    idle = thanksgiving(2025)
    games = [idle - dt.timedelta(1), idle + dt.timedelta(1)]
    platform = platform_in(tmp_path)
    run_all(platform, *games, idle, upto=OFFENSE)
    lost = f"DELETE FROM nba_orchestration.partition_ledger WHERE asset = '{OFFENSE}' AND game_date"
    days = ", ".join(f"DATE '{d}'" for d in games)
    with dagster_instance(tmp_path) as instance:
        for asked, runs in (([games[0], idle, games[1]], 1), (games, 3)):
            by_hand(platform, f"{lost} IN ({days})")
            before = attempts(platform, idle)
            work = Backfill([OFFENSE], asked)
            found = run_backfill(platform, instance, work, progress=silent, planned=silent)
            assert [(o.done, o.bad) for o in found] == [(2, {})]
            assert steps(instance)[OFFENSE] == runs
            assert (attempts(platform, idle) > before) is (idle in asked)


def attempts(platform: Platform, date: dt.date) -> int:
    text = (
        "SELECT COUNT(*) AS n FROM nba_orchestration.processor_run_history "
        "WHERE processor = @table AND target_date = @date"
    )
    found = platform.warehouse.query(text, {"table": OFFENSE, "date": date}).to_pylist()
    return int(found[0]["n"])


def test_a_long_span_goes_layer_by_layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "_SHORT", 1)
    platform = platform_in(tmp_path)
    tables = ["nbac_schedule", "nbac_player_boxscores"]
    with dagster_instance(tmp_path) as instance:
        work = Backfill(tables, DATES[:2])
        run_backfill(platform, instance, work, progress=silent, planned=silent)
        assert {run.tags["nba/table"] for run in instance.get_runs()} == set(tables)
