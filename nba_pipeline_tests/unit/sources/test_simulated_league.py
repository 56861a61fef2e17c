from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter

import pytest

from nba_pipeline.landing.payload import DateRange, Endpoint
from nba_pipeline.league.calendar import TEAMS, SeasonType
from nba_pipeline.league.names import name_key
from nba_pipeline.sources.own.fixed import NothingLoader
from nba_pipeline.sources.simulated.fixtures import (
    all_star_sunday,
    idle_dates,
    opening_night,
    regular_season,
    thanksgiving,
)
from nba_pipeline.sources.simulated.league import INCIDENT_DATE, Season, SimulatedLeague
from nba_pipeline_tests.support import simulated_loaders

OVER = dt.date(2026, 6, 28)


@pytest.fixture(scope="module")
def season() -> Season:
    return SimulatedLeague(7, 2025, OVER).season(2025)


def test_every_team_plays_82_games_and_never_twice_on_a_date(season: Season) -> None:
    regular = [g for g in season.fixtures if g.season_type is SeasonType.REGULAR]
    games = Counter(t for g in regular for t in (g.home, g.away))
    assert games == dict.fromkeys(TEAMS, 82)
    counting = [g for g in season.fixtures if g.season_type.counts]
    slots = Counter((g.date, t) for g in counting for t in (g.home, g.away))
    assert max(slots.values()) == 1
    assert len({g.nba_game_id for g in season.fixtures}) == len(season.fixtures)


def test_the_incident_has_its_eight_games(season: Season) -> None:
    assert sum(g.date == INCIDENT_DATE for g in season.fixtures) == 8


def test_the_calendar_has_what_breaks_pipelines(season: Season) -> None:
    regular = {g.date for g in season.fixtures if g.season_type is SeasonType.REGULAR}
    assert opening_night(2025) == dt.date(2025, 10, 21)
    assert thanksgiving(2025) == dt.date(2025, 11, 27)
    assert all_star_sunday(2025) == dt.date(2026, 2, 15)
    assert not regular & idle_dates(2025)
    assert sum(g.was is not None for g in season.fixtures) == 1
    assert sum(g.is_neutral and g.season_type is SeasonType.REGULAR for g in season.fixtures) == 2
    slates = Counter(g.date for g in season.fixtures if g.season_type is SeasonType.REGULAR)
    assert min(slates.values()) <= 2 and max(slates.values()) >= 13


def test_the_post_season_follows_from_results(season: Season) -> None:
    kinds = Counter(g.season_type for g in season.fixtures)
    assert kinds[SeasonType.PLAY_IN] == 6
    assert kinds[SeasonType.CUP_FINAL] == 1
    assert 60 <= kinds[SeasonType.PLAYOFFS] <= 105
    last = max(season.fixtures, key=lambda g: g.date)
    assert last.season_type is SeasonType.PLAYOFFS
    assert last.date >= dt.date(2026, 6, 1)


def test_every_box_score_obeys_the_laws_of_the_game(season: Season) -> None:
    overtimes = 0
    for game in season.fixtures:
        if game.nba_game_id not in season.boxes:
            continue
        box = season.boxes[game.nba_game_id]
        overtimes += bool(box.overtimes)
        home, away = (box.total(t, "points") for t in (game.home, game.away))
        assert home != away
        for team, margin in ((game.home, home - away), (game.away, away - home)):
            lines = [line for line in box.lines if line.team == team]
            assert 8 <= len(lines) <= 13
            minutes = sum(line.minutes for line in lines)
            assert minutes == pytest.approx(240 + 25 * box.overtimes)
            assert box.total(team, "plus_minus") == 5 * margin
            for line in lines:
                c = line.counts
                made = c["field_goals_made"] - c["three_pointers_made"]
                points = 2 * made + 3 * c["three_pointers_made"] + c["free_throws_made"]
                assert c["points"] == points
                assert c["rebounds"] == c["offensive_rebounds"] + c["defensive_rebounds"]
                assert c["field_goals_made"] <= c["field_goals_attempted"]
    assert 0.03 < overtimes / len(season.boxes) < 0.09


def test_players_are_traded_and_names_are_awkward() -> None:
    league = SimulatedLeague(7, 2025, OVER)
    people = league.people
    names = [p.name for p in people.players]
    assert len({name_key(n) for n in names}) == len(names)
    assert any(not n.isascii() for n in names)
    assert any(n.endswith((" Jr.", " III")) for n in names)
    season = league.season(2025)
    teams: dict[int, set[str]] = {}
    for box in season.boxes.values():
        for line in box.lines:
            teams.setdefault(line.player.player_id, set()).add(line.team)
    assert any(len(t) > 1 for t in teams.values())


def digest(seed: int, as_of: dt.date) -> str:
    found = hashlib.sha256()
    loaders = simulated_loaders(SimulatedLeague(seed, 2025, as_of)).values()
    for loader in (found for found in loaders if not isinstance(found, NothingLoader)):
        for payload in loader.fetch(DateRange(as_of, as_of)):
            found.update(payload.content)
    return found.hexdigest()


def test_the_seed_is_everything() -> None:
    early = dt.date(2025, 11, 10)
    assert digest(7, early) == digest(7, early)
    assert digest(7, early) != digest(8, early)


def test_a_later_date_adds_results_and_changes_none() -> None:
    early = SimulatedLeague(7, 2025, dt.date(2025, 12, 1)).season(2025)
    late = SimulatedLeague(7, 2025, dt.date(2026, 1, 1)).season(2025)
    assert set(early.boxes) < set(late.boxes)
    for game_id, box in early.boxes.items():
        assert [line.counts for line in box.lines] == [
            line.counts for line in late.boxes[game_id].lines
        ]


def test_many_seasons_differ() -> None:
    one, two = (regular_season(7, year, {}) for year in (2023, 2024))
    assert [(g.home, g.away) for g in one] != [(g.home, g.away) for g in two]


def test_nothing_is_offered_before_the_season() -> None:
    loaders = simulated_loaders(SimulatedLeague(7, 2025, dt.date(2025, 9, 1)))
    span = DateRange(dt.date(2025, 9, 1), dt.date(2025, 9, 1))
    assert len(list(loaders[Endpoint.SCHEDULE].fetch(span))) == 1
    assert list(loaders[Endpoint.BREF_BOXSCORES].fetch(span)) == []
