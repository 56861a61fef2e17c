"""A day without games is proven by the schedule, not by an empty result."""

from __future__ import annotations

import datetime as dt

import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import Endpoint
from nba_pipeline.platform import Platform
from nba_pipeline.sources.simulated.fixtures import all_star_sunday, thanksgiving
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.support import (
    OFFENSE,
    SPINE_TABLES,
    platform_in,
    rows,
    run,
    run_all,
    start_from,
    verdict,
)

DERIVED_AND_RAW = [n for n, c in contracts().items() if c.is_partitioned]
ON_SCHEDULE = [n for n in DERIVED_AND_RAW if contracts()[n].expectation.follows_schedule]


WITHOUT_COUNTING_GAMES = (
    (thanksgiving(2025), "no games scheduled"),
    (dt.date(2025, 10, 9), "5 preseason games, not counted"),
    (all_star_sunday(2025), "1 all-star game, not counted"),
)


@pytest.mark.parametrize(("date", "words"), WITHOUT_COUNTING_GAMES)
def test_a_date_without_counting_games_is_settled_with_its_reason(
    tmp_path, date: dt.date, words: str
) -> None:
    platform = platform_in(tmp_path, today=dt.date(2026, 2, 20))
    dates = sorted(d for d, _ in WITHOUT_COUNTING_GAMES)
    start_from(platform, *dates, upto="", tables=contracts())
    for table in ON_SCHEDULE:
        found = verdict(platform, table, date)
        assert found.state is State.NO_GAMES
        assert words in found.reasons[0]
        assert rows(platform, table) == []


def test_a_date_that_no_schedule_covers_is_unknown_not_empty(tmp_path) -> None:
    platform = platform_in(tmp_path, today=dt.date(2027, 3, 1))
    date = dt.date(2027, 1, 5)
    assert run(platform_without_2026(tmp_path), "nbac_schedule", date).failed
    run_all(platform_without_2026(tmp_path), date, upto="", tables=contracts())
    for table in DERIVED_AND_RAW:
        assert verdict(platform, table, date).state is State.MISSING


def platform_without_2026(home) -> Platform:
    return platform_in(home, today=dt.date(2026, 1, 6))


def test_a_date_whose_games_are_not_final_is_not_due(tmp_path) -> None:
    today = dt.date(2026, 1, 6)
    platform = platform_in(tmp_path, today=today)
    run_all(platform, today)
    found = verdict(platform, OFFENSE, today)
    assert found.state is State.NOT_DUE
    assert "not final" in found.reasons[0]
    assert rows(platform, OFFENSE) == []


def test_a_postponed_game_is_expected_on_its_new_date_only(tmp_path) -> None:
    late = platform_in(tmp_path / "late", today=dt.date(2026, 4, 20))
    league = late.loaders[Endpoint.SCHEDULE].league
    game = next(g for g in league.season(2025).fixtures if g.was)
    early = platform_in(tmp_path / "early", today=game.was + dt.timedelta(2))
    run_all(early, game.was, upto=OFFENSE, tables=SPINE_TABLES)
    assert verdict(early, OFFENSE, game.was).state in (State.COMPLETE, State.NO_GAMES)
    teams = {r["team"] for r in rows(early, OFFENSE, game.was)}
    assert not {game.home, game.away} & teams
    run_all(late, game.was, game.date, upto=OFFENSE, tables=SPINE_TABLES)
    for date, is_there in ((game.was, False), (game.date, True)):
        assert verdict(late, OFFENSE, date).is_usable
        teams = {r["team"] for r in rows(late, OFFENSE, date)}
        assert ({game.home, game.away} <= teams) is is_there
