from __future__ import annotations

import datetime as dt

import pytest

from nba_pipeline.league.calendar import (
    DayKind,
    Game,
    GameStatus,
    SeasonType,
    canonical_team,
    day_of,
    game_key,
    is_bootstrap,
    season_label,
    season_type_of,
    season_year_of,
    season_year_on,
)

DATE = dt.date(2026, 1, 3)


def game(home: str = "BOS", away: str = "NYK", **changes: object) -> Game:
    base: dict[str, object] = {
        "game_id": game_key(DATE, away, home),
        "game_date": DATE,
        "season_year": 2025,
        "season_type": SeasonType.REGULAR,
        "home_team": home,
        "away_team": away,
        "status": GameStatus.FINAL,
        "home_score": 101,
        "away_score": 99,
    }
    return Game(**{**base, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("game_id", "kind", "counts"),
    [
        ("0012400001", SeasonType.PRESEASON, False),
        ("0022400061", SeasonType.REGULAR, True),
        ("0032400001", SeasonType.ALL_STAR, False),
        ("0042400101", SeasonType.PLAYOFFS, True),
        ("0052400101", SeasonType.PLAY_IN, True),
        ("0062400001", SeasonType.CUP_FINAL, True),
    ],
)
def test_the_prefix_of_a_game_id_is_its_kind(game_id: str, kind: SeasonType, counts: bool) -> None:
    assert season_type_of(game_id) is kind
    assert kind.counts is counts
    assert season_year_of(game_id) == 2024


@pytest.mark.parametrize("broken", ["22400061", "0072400001", "00224000x1", ""])
def test_another_id_is_refused_by_name(broken: str) -> None:
    with pytest.raises(ValueError, match="id"):
        season_type_of(broken)


def test_a_season_is_named_by_its_first_year() -> None:
    assert season_label(2023) == "2023-24"
    assert season_label(1999) == "1999-00"
    assert season_year_on(dt.date(2024, 6, 17)) == 2023
    assert season_year_on(dt.date(2024, 10, 22)) == 2024


def test_vendors_codes_become_the_leagues() -> None:
    assert [canonical_team(t) for t in ("BRK", "CHO", "PHO", "NOP")] == ["BKN", "CHA", "PHX", "NOP"]
    with pytest.raises(ValueError, match="SEA"):
        canonical_team("SEA")


def test_a_day_expects_the_teams_of_its_counting_games() -> None:
    exhibition = game("LAL", "GSW", season_type=SeasonType.PRESEASON)
    day = day_of(DATE, [game(), exhibition], covered=True)
    assert day.kind is DayKind.GAMES
    assert day.teams == ("BOS", "NYK")
    assert day.is_final


@pytest.mark.parametrize("status", [GameStatus.POSTPONED, GameStatus.CANCELLED])
def test_a_game_that_was_called_off_is_not_expected(status: GameStatus) -> None:
    day = day_of(DATE, [game(status=status, home_score=None, away_score=None)], covered=True)
    assert day.kind is DayKind.NO_GAMES


def test_silence_of_a_schedule_that_does_not_reach_the_date_proves_nothing() -> None:
    assert day_of(DATE, [], covered=True).kind is DayKind.NO_GAMES
    unknown = day_of(DATE, [], covered=False)
    assert unknown.kind is DayKind.UNKNOWN
    assert not unknown.is_final


@pytest.mark.parametrize(
    "change",
    [
        {"status": GameStatus.LIVE},
        {"status": GameStatus.SCHEDULED},
        {"home_score": None},
        {"away_team": None},
    ],
)
def test_a_game_without_result_keeps_its_day_open(change: dict[str, object]) -> None:
    assert not day_of(DATE, [game("LAL", "GSW"), game(**change)], covered=True).is_final


def test_bootstrap_is_the_first_days_of_a_season() -> None:
    start = dt.date(2025, 10, 21)
    assert is_bootstrap(start, start)
    assert is_bootstrap(start + dt.timedelta(13), start)
    assert not is_bootstrap(start + dt.timedelta(14), start)
    assert not is_bootstrap(start - dt.timedelta(1), start)
