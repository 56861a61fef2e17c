"""Values that went missing after a date was published: who sees it, and what they are told."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest

from nba_pipeline.contracts.parts import Audits, CoverageFloor
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration.recheck import FLOORS, results
from nba_pipeline.platform import Platform
from nba_pipeline.reports.coverage import Period
from nba_pipeline.reports.watched import (
    NO_REASON,
    Judgement,
    PeriodShare,
    WatchedColumn,
    watched_columns,
)
from nba_pipeline_tests.e2e.test_cli import nba
from nba_pipeline_tests.incidents.test_ledger_truth import by_hand
from nba_pipeline_tests.support import NIGHT, OFFENSE, PLAYERS, rows

MONTH = f"{NIGHT:%Y-%m}"


def without_usage(platform: Platform, share: float, reason: str | None) -> str:
    """Take usage from some players who played; returns the team that has lost most of them."""
    names = sorted(
        (str(r["team"]), str(r["player_lookup"]))
        for r in rows(platform, PLAYERS)
        if r["usage_rate"] is not None
    )
    lost = names[: round(len(names) * share)]
    listed = ", ".join(f"'{name}'" for _, name in lost)
    why = f"'{reason}'" if reason else "NULL"
    by_hand(platform, f"UPDATE nba_analytics.{PLAYERS} SET usage_rate = NULL, "
            f"usage_null_reason = {why} WHERE player_lookup IN ({listed})")  # fmt: skip
    return lost[0][0]


def usage(platform: Platform, period: Period = Period.MONTH) -> WatchedColumn:
    (found,) = watched_columns(
        platform.warehouse, contracts()[PLAYERS], period, column="usage_rate"
    )
    return found


def floors_check(platform: Platform, table: str = PLAYERS) -> dg.AssetCheckResult:
    (found,) = (r for r in results(contracts()[table], platform, "test") if r.check_name == FLOORS)
    return found


def test_a_good_night_reaches_every_floor(built: Platform) -> None:
    for name, contract in contracts().items():
        if contract.audits.floors:
            found = floors_check(built, name)
            assert found.passed, name
            assert found.metadata["bad_months"].value == []
    assert usage(built).judgement is Judgement.GOOD
    assert NO_REASON not in usage(built).whole.nulls


@pytest.mark.parametrize(
    ("share", "reason", "judgement"),
    [
        (0.04, "no_minutes", Judgement.GOOD),
        (0.1, "no_minutes", Judgement.UNDER_FLOOR),
        (0.1, "small_sample", Judgement.GOOD),  # excused: no source has it
        (0.01, None, Judgement.UNEXPLAINED),
    ],
)
def test_the_month_is_judged_by_its_floor_and_by_the_reasons(
    built: Platform, share: float, reason: str | None, judgement: Judgement
) -> None:
    without_usage(built, share, reason)
    assert usage(built).judgement is judgement
    found = floors_check(built)
    assert found.passed is not judgement.is_bad
    assert found.severity is dg.AssetCheckSeverity.ERROR
    if judgement.is_bad:
        shown = str(found.metadata["worst"].value)
        assert [r["month"] for r in found.metadata["bad_months"].value] == [MONTH]
        assert f"usage_rate | {MONTH}" in shown
        assert "| 95% |" in shown
        assert str(judgement) in shown


def test_the_team_and_the_date_that_lost_it_are_named(built: Platform) -> None:
    team = without_usage(built, 0.1, "no_minutes")
    by_team = usage(built, Period.TEAM)
    assert by_team.worst is not None
    assert by_team.worst.label == team
    assert [p.label for p in by_team.bad][0] == team
    assert len(by_team.periods) == 16
    by_date = usage(built, Period.DATE)
    assert [p.label for p in by_date.bad] == [str(NIGHT)]
    assert by_date.periods[0].lowest_date == NIGHT


def test_the_command_line_shows_floor_verdict_and_reasons(built: Platform) -> None:
    without_usage(built, 0.1, "no_minutes")
    built.warehouse.share()
    home = built.settings.home
    args = ("coverage", "--table", PLAYERS, "--column", "usage_rate")
    found = nba(*args, "--by", "month", home=home)
    assert found.exit_code == 1
    assert "floor 95% of rows where minutes_played > 0" in " ".join(found.output.split())
    assert "under floor" in found.output
    assert "no_minutes" in found.output
    assert "--column usage_rate --by date" in found.output.splitlines()[-1]
    last = nba(*args, "--by", "date", home=home).output.splitlines()[-1]
    assert last == f"next: nba explain {PLAYERS} {NIGHT}"
    every = nba("coverage", "--columns", home=home)
    assert every.exit_code == 1
    assert "points_line" in every.output
    read = json.loads(nba(*args, "--by", "team", "--json", home=home).stdout)
    column = read[PLAYERS]["usage_rate"]
    assert (column["floor"], column["verdict"]) == (0.95, "under floor")
    assert column["periods"][column["worst"]]["verdict"] == "under floor"
    assert set(column["nulls"]) == {"no_minutes"}
    before = nba(*args, "--to", NIGHT - dt.timedelta(1), home=home)
    assert before.exit_code == 0, before.output


def test_rows_without_a_team_have_no_share_by_team(built: Platform) -> None:
    built.warehouse.share()
    home = built.settings.home
    found = nba("coverage", "--by", "team", "--table", "player_name_matches", home=home)
    assert found.exit_code == 2
    assert "have no team" in found.output
    every = nba("coverage", "--by", "team", home=home)
    assert every.exit_code == 0
    assert "player_name_matches" not in every.output
    none = nba("coverage", "--columns", "--table", "nbac_schedule", home=home)
    assert none.exit_code == 2
    assert "no table has a watched column" in none.output


def test_whole_dates_are_counted_by_date_too(built: Platform, tmp_path: Path) -> None:
    built.warehouse.share()
    span = ("--from", str(NIGHT - dt.timedelta(1)), "--to", str(NIGHT))
    found = nba("coverage", "--by", "date", "--table", OFFENSE, "--json", *span,
                home=built.settings.home)  # fmt: skip
    # the day before was never looked at, and counts all the same
    assert list(json.loads(found.stdout)[OFFENSE]) == [str(NIGHT - dt.timedelta(1)), str(NIGHT)]
    with pytest.raises(ValueError, match="dates have none"):
        Period.TEAM.of(NIGHT)


def test_a_share_of_nothing_or_of_few_rows_says_nothing() -> None:
    floor = CoverageFloor("usage_rate", 0.9, least_rows=40)
    few, none = PeriodShare("a", 39, 39, 0), PeriodShare("b", 5, 0, 0)
    assert few.judged(floor) is Judgement.TOO_FEW
    assert none.judged(floor) is Judgement.NOTHING
    assert WatchedColumn("t", floor, (few, none)).worst is None
    assert WatchedColumn("t", floor, (few, none)).judgement is Judgement.TOO_FEW
    assert WatchedColumn("t", floor, ()).judgement is Judgement.NOTHING


def test_a_floor_that_cannot_be_judged_is_refused() -> None:
    for floor in (
        CoverageFloor("usage_rate", 0),
        CoverageFloor("usage_rate", 0.9, excused=("small_sample",)),
    ):
        with pytest.raises(ValueError, match="the floor of usage_rate cannot be judged"):
            replace(contracts()[PLAYERS], audits=Audits(floors=(floor,)))
