"""The real archives: watched columns at their worst month, and why values are NULL."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration.recheck import FLOORS, results
from nba_pipeline.platform import Platform
from nba_pipeline.reports.coverage import Period
from nba_pipeline.reports.watched import NO_REASON, Judgement, WatchedColumn, watched_columns
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline_tests.real import query
from nba_pipeline_tests.support import OFFENSE, PLAYERS

SEASONS = ["2021-22", "2022-23", "2023-24", "2024-25", "2025-26"]


def column(real: Platform, name: str, period: Period, table: str = PLAYERS) -> WatchedColumn:
    (found,) = watched_columns(real.warehouse, contracts()[table], period, column=name)
    return found


@pytest.mark.parametrize("period", Period)
def test_no_period_of_any_table_is_under_a_floor(real: Platform, period: Period) -> None:
    found = [c for t in contracts().values() for c in watched_columns(real.warehouse, t, period)]
    assert [(c.table, c.floor.column, p.label) for c in found for p in c.bad] == []
    assert len(found) > 15


def test_minutes_and_usage_are_whole_in_the_worst_month_of_every_season(real: Platform) -> None:
    """Nothing is missing but what no source has: the floors of 99 and 95 percent are far below."""
    minutes = column(real, "minutes_played", Period.MONTH)
    usage = column(real, "usage_rate", Period.MONTH)
    assert len(minutes.periods) == len(usage.periods) == 39
    # on court for less than any source prints
    assert minutes.whole.nulls == {"rounded_to_zero": 160}
    assert {p.share for p in (*minutes.periods, *usage.periods) if p.counted} == {1.0}
    assert sum(p.rows for p in minutes.periods) == 122_987
    by_season = {p.label: p.counted for p in column(real, "usage_rate", Period.SEASON).periods}
    assert by_season == dict(zip(SEASONS, (28027, 27718, 28209, 26203, 10852), strict=True))


def test_usage_is_null_for_three_reasons_each_where_it_is_known_to_be(real: Platform) -> None:
    usage = column(real, "usage_rate", Period.MONTH)
    nulls = {"no_minutes": 160, "no_attempts_in_source": 1793, "small_sample": 25}
    assert usage.whole.nulls == nulls
    # the play-offs of 2025 are compact: nobody's attempts are in any archive
    attempts = {p.label: n for p in usage.periods if (n := p.nulls["no_attempts_in_source"])}
    assert attempts == {"2025-04": 800, "2025-05": 835, "2025-06": 158}
    without = [p.label for p in usage.periods if p.judged(usage.floor) is Judgement.NOTHING]
    assert without == ["2025-05", "2025-06"]


def test_zones_are_whole_where_there_is_a_shot_source(real: Platform) -> None:
    players = column(real, "paint_attempted", Period.SEASON)
    teams = column(real, "paint_attempted", Period.SEASON, OFFENSE)
    assert [p.counted for p in players.periods] == [12433, 25895, 26401, 26306, 0]
    assert [p.counted for p in teams.periods] == [1160, 2460, 2460, 2460, 0]
    for found in (players, teams):
        assert all(p.present == p.counted for p in found.periods)
        assert set(found.whole.nulls) == {"no_shot_source"}
        assert [p.judged(found.floor) for p in found.periods][-1] is Judgement.NOTHING


def test_every_null_of_a_column_with_reasons_has_one(real: Platform) -> None:
    for contract in contracts().values():
        for found in watched_columns(real.warehouse, contract, Period.TEAM):
            if found.floor.reason_column:
                assert NO_REASON not in found.whole.nulls, (found.table, found.floor.column)
                assert len(found.periods) == 30


@pytest.mark.parametrize(
    ("table", "month", "matched", "printed", "of_all"),
    [
        ("player_name_matches", "2024-03", 6_940, 6_957, (109_341, 109_371)),
        ("roster_name_matches", "2021-10", 150, 160, (10_427, 10_751)),
    ],
)
def test_names_reach_their_floor_in_the_worst_month(
    real: Platform, table: str, month: str, matched: int, printed: int, of_all: tuple[int, int]
) -> None:
    found = column(real, "player_id", Period.MONTH, table)
    assert found.worst is not None
    assert (found.worst.label, found.worst.present, found.worst.counted) == (
        month,
        matched,
        printed,
    )
    assert (found.whole.present, found.whole.counted) == of_all
    assert matched / printed > found.floor.floor == 0.9


def test_the_check_names_the_worst_month_of_each_column(real: Platform) -> None:
    (check,) = (r for r in results(contracts()[PLAYERS], real, "t") if r.check_name == FLOORS)
    assert check.passed
    assert check.metadata["months_checked"].value == 39
    shown = str(check.metadata["columns"].value)
    assert "| minutes_played | 2021-10 | 100.00% | 99% | good |" in shown
    assert "| usage_rate | 2021-10 | 100.00% | 95% | good |" in shown


def test_a_season_is_the_same_in_sql_and_in_the_calendar(real: Platform, seen: Snapshot) -> None:
    found = column(real, "minutes_played", Period.DATE)
    for period in (Period.SEASON, Period.MONTH):
        by_calendar: Counter[str] = Counter()
        for p in found.periods:
            by_calendar[period.of(dt.date.fromisoformat(p.label))] += p.rows
        shown = column(real, "minutes_played", period).periods
        assert by_calendar == {p.label: p.rows for p in shown}
    rows = query(real, f"SELECT COUNT(DISTINCT game_date) AS n FROM nba_analytics.{PLAYERS}")
    assert rows == [{"n": len(found.periods)}]
    assert len([d for d, r in seen.rows(PLAYERS).items() if r.row_count]) == len(found.periods)
