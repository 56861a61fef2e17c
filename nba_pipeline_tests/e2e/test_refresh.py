"""The platform left alone: what is due comes home once, what is not good is not tried for ever."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from click.testing import CliRunner, Result

from nba_pipeline.automation.refresh import bring_home, failure_text, refresh_job, waiting
from nba_pipeline.automation.sensors import planner_sensor
from nba_pipeline.cli.main import cli
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import Payload
from nba_pipeline.orchestration.run_storage import LAUNCHED_BY
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.budget import TRIES
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.support import (
    PLAYERS,
    SEASON,
    edited_log,
    platform_in,
    verdict,
)
from nba_pipeline_tests.templates import copy_of

LOG = "nbac_player_boxscores"
TODAY = dt.date(2025, 11, 2)
YESTERDAY = TODAY - dt.timedelta(1)
NIGHT = TODAY - dt.timedelta(3)
"""In the second week: contexts have a past by then."""


def left_alone(platform: Platform, today: dt.date = TODAY) -> Platform:
    """The platform as it stands on a date, with the season as all that it is to hold."""
    chosen = {"first_date": SEASON[0], "today": today}
    return replace(platform, settings=platform.settings.model_copy(update=chosen))


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as found:
        yield found


@pytest.fixture
def season(tmp_path: Path) -> Platform:
    """Every table of a season to the day before yesterday; a night has passed since."""
    home = tmp_path / "home"
    copy_of("season-before-yesterday", home, _build)
    return left_alone(platform_in(home, today=TODAY))


def _build(home: Path) -> None:
    platform = left_alone(platform_in(home, today=YESTERDAY), YESTERDAY)
    with dg.DagsterInstance.ephemeral() as instance:
        brought = bring_home(platform, instance)
    assert not brought.bad, failure_text(brought)
    with duckdb.connect(str(platform.settings.duckdb_path)) as con:
        con.execute(
            "UPDATE nba_orchestration.processor_run_history"
            " SET completed_at = completed_at - INTERVAL 1 DAY"
        )


def attempts(platform: Platform, table: str, date: dt.date) -> int:
    sql = (
        "SELECT COUNT(*) AS n FROM nba_orchestration.processor_run_history"
        " WHERE processor = @table AND target_date = @date"
    )
    found = platform.warehouse.query(sql, {"table": table, "date": date})
    return int(found["n"].to_pylist()[0])


def test_yesterday_comes_home_by_itself_and_once(
    season: Platform, instance: dg.DagsterInstance
) -> None:
    brought = bring_home(season, instance)
    assert not brought.bad, failure_text(brought)
    for name, contract in contracts().items():
        if contract.is_partitioned:
            assert verdict(season, name, YESTERDAY).is_settled, name
    assert verdict(season, PLAYERS, YESTERDAY).state is State.COMPLETE
    tried = attempts(season, LOG, YESTERDAY)
    assert bring_home(season, instance).done == 0
    assert attempts(season, LOG, YESTERDAY) == tried


def test_nothing_is_asked_for_before_it_is_due(
    season: Platform, instance: dg.DagsterInstance
) -> None:
    bring_home(season, instance)
    assert attempts(season, LOG, TODAY) == 0
    assert waiting(season).waiting[LOG]["due final whistle"] >= 1


def test_a_bad_source_is_tried_three_times_a_day_and_no_storm_follows(
    tmp_path: Path, instance: dg.DagsterInstance, season: Platform
) -> None:
    def half(payload: Payload) -> Payload:
        return edited_log(payload, lambda row: str(row["TEAM_ABBREVIATION"]) < "M")

    poisoned = left_alone(platform_in(tmp_path / "home", today=TODAY, player_gamelog=half))
    for _ in range(6):
        bring_home(poisoned, instance)
    assert attempts(poisoned, LOG, YESTERDAY) == TRIES
    assert verdict(poisoned, LOG, YESTERDAY).state is State.PARTIAL
    # what reads it was asked for once, beside it, and refused; after that nobody asks
    assert attempts(poisoned, PLAYERS, YESTERDAY) == 1
    assert "the gate refuses" in " ".join(waiting(poisoned).waiting[PLAYERS])


def test_a_correction_is_followed_by_exactly_what_read_it(
    season: Platform, instance: dg.DagsterInstance
) -> None:
    bring_home(season, instance)
    before = snapshot_of(season).rows(PLAYERS)
    with duckdb.connect(str(season.settings.duckdb_path)) as con:
        con.execute(
            "UPDATE nba_orchestration.partition_ledger SET code_version = 'old'"
            " WHERE asset = ? AND game_date = ?",
            [LOG, NIGHT],
        )
    planned = {s.table: set(s.dates) for s in waiting(season).steps if s.dates}
    assert planned[LOG] == {NIGHT}
    brought = bring_home(season, instance)
    tried = {o.step.table: set(o.step.dates) for o in brought.outcomes if o.step.dates}
    assert all(dates <= planned[table] for table, dates in tried.items())
    # the content is what it was: the wave ends where it began
    assert {d: r.version for d, r in before.items()} == {
        d: r.version for d, r in snapshot_of(season).rows(PLAYERS).items()
    }


def test_the_sensor_asks_for_one_run_and_for_none_while_it_runs(
    season: Platform, instance: dg.DagsterInstance
) -> None:
    job = refresh_job(lambda: season)
    sensor = planner_sensor(lambda: season, job)

    def tick() -> dg.RunRequest | dg.SkipReason:
        found = sensor(dg.build_sensor_context(instance=instance))
        assert isinstance(found, dg.RunRequest | dg.SkipReason)
        return found

    first, again = tick(), tick()
    assert isinstance(first, dg.RunRequest)
    assert isinstance(again, dg.RunRequest)
    assert first.run_key == again.run_key
    with_run = instance.create_run_for_job(job_def=job, status=dg.DagsterRunStatus.STARTED)
    assert isinstance(tick(), dg.SkipReason)
    instance.report_run_canceled(with_run)
    assert job.execute_in_process(instance=instance).success
    found = instance.get_runs(dg.RunsFilter(tags={"nba/table": PLAYERS}))
    assert [run.tags[LAUNCHED_BY] for run in found] == ["automation"] * len(found) != []
    done = tick()
    assert isinstance(done, dg.SkipReason)
    assert "nothing can be brought home" in (done.skip_message or "")


def test_a_run_that_leaves_something_bad_fails_and_says_what_next(
    season: Platform, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    def half(payload: Payload) -> Payload:
        return edited_log(payload, lambda row: str(row["TEAM_ABBREVIATION"]) < "M")

    poisoned = left_alone(platform_in(tmp_path / "home", today=TODAY, player_gamelog=half))
    result = refresh_job(lambda: poisoned).execute_in_process(
        instance=instance, raise_on_error=False
    )
    assert not result.success
    (failed,) = (e for e in result.all_events if e.is_step_failure)
    text = failed.step_failure_data.user_failure_data.description
    assert f"{LOG} {YESTERDAY}: partial" in text
    assert "next: nba backfill" in text


def test_the_timetable_tells_what_is_late_without_any_scheduler(
    season: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBA_HOME", str(season.settings.home))

    def due(today: dt.date) -> Result:
        monkeypatch.setenv("NBA_TODAY", str(today))
        return CliRunner().invoke(cli, ["due", "--date", str(YESTERDAY), "--table", LOG, "--json"])

    on_the_day, two_days_later = due(YESTERDAY), due(TODAY + dt.timedelta(1))
    assert json.loads(on_the_day.stdout)[0]["phase"] == "not_due"
    assert on_the_day.exit_code == 0
    assert json.loads(two_days_later.stdout)[0]["phase"] == "late"
    assert two_days_later.exit_code == 1
