"""The simulated season's fixtures: which teams meet when, without results.

Belongs here: dates, pairings and official ids of the regular season and the exhibitions. Does not
belong here: the post-season, which depends on results (``league``).
82 rounds of 15 games: every team plays every round once, a round takes two dates. Thanksgiving,
Christmas Eve, the All-Star break and the Cup final's date have no regular games.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from nba_pipeline.league.calendar import TEAMS, SeasonType

ROUNDS = 82
_GAMES_A_ROUND = len(TEAMS) // 2


@dataclass(frozen=True, slots=True)
class Fixture:
    """A planned game; ``was`` is the date before a postponement."""

    nba_game_id: str
    date: dt.date
    season_type: SeasonType
    home: str
    away: str
    is_neutral: bool = False
    was: dt.date | None = None


def opening_night(season_year: int) -> dt.date:
    """Third Tuesday of October, as the league does."""
    first = dt.date(season_year, 10, 1)
    return first + dt.timedelta((1 - first.weekday()) % 7 + 14)


def thanksgiving(season_year: int) -> dt.date:
    """Fourth Thursday of November."""
    first = dt.date(season_year, 11, 1)
    return first + dt.timedelta((3 - first.weekday()) % 7 + 21)


def all_star_sunday(season_year: int) -> dt.date:
    """Third Sunday of February."""
    first = dt.date(season_year + 1, 2, 1)
    return first + dt.timedelta((6 - first.weekday()) % 7 + 14)


def cup_final_date(season_year: int) -> dt.date:
    """Third Tuesday of December."""
    first = dt.date(season_year, 12, 1)
    return first + dt.timedelta((1 - first.weekday()) % 7 + 14)


def idle_dates(season_year: int) -> set[dt.date]:
    """Dates without regular games."""
    sunday = all_star_sunday(season_year)
    return {
        thanksgiving(season_year),
        dt.date(season_year, 12, 24),
        cup_final_date(season_year),
        *(sunday + dt.timedelta(n) for n in range(-3, 3)),
    }


def game_dates(season_year: int) -> list[dt.date]:
    """The 164 dates of the regular season, two a round."""
    idle, date = idle_dates(season_year), opening_night(season_year)
    found: list[dt.date] = []
    while len(found) < 2 * ROUNDS:
        if date not in idle:
            found.append(date)
        date += dt.timedelta(1)
    return found


def regular_season(seed: int, season_year: int, slates: Mapping[dt.date, int]) -> list[Fixture]:
    """1,230 games; ``slates`` fixes the number of games of single dates."""
    rng = np.random.default_rng([seed, 3, season_year])
    dates = game_dates(season_year)
    found: list[Fixture] = []
    for number, pairs in enumerate(_rounds(rng)):
        first, second = dates[2 * number], dates[2 * number + 1]
        cut = int(rng.integers(1, _GAMES_A_ROUND))
        cut = slates.get(first, _GAMES_A_ROUND - slates.get(second, _GAMES_A_ROUND - cut))
        for n, (home, away) in enumerate(pairs):
            game_id = f"002{season_year % 100:02d}{len(found) + 1:05d}"
            date = first if n < cut else second
            found.append(Fixture(game_id, date, SeasonType.REGULAR, home, away))
    for n in rng.choice(len(found), 2, replace=False):
        found[int(n)] = replace(found[int(n)], is_neutral=True)
    _postpone(found, dates, frozenset(slates))
    return found


def _rounds(rng: np.random.Generator) -> Iterator[list[tuple[str, str]]]:
    """Round-robin by the circle method, again and again, with sides alternating."""
    order = [TEAMS[int(i)] for i in rng.permutation(len(TEAMS))]
    fixed, ring = order[0], order[1:]
    for number in range(ROUNDS):
        turn = ring[number % len(ring) :] + ring[: number % len(ring)]
        teams = [fixed, *turn]
        pairs = [(teams[i], teams[-1 - i]) for i in range(_GAMES_A_ROUND)]
        if number % 2:
            pairs = [(away, home) for home, away in pairs]
        yield [pairs[int(i)] for i in rng.permutation(len(pairs))]


def _postpone(found: list[Fixture], dates: list[dt.date], keep: frozenset[dt.date]) -> None:
    """Move one January game to the first later date on which both teams are idle."""
    busy = {(g.date, t) for g in found for t in (g.home, g.away)}
    for n, game in enumerate(found):
        if game.date.month == 1 and game.date not in keep:
            for date in dates:
                teams_idle = not {(date, game.home), (date, game.away)} & busy
                if date > game.date + dt.timedelta(25) and date not in keep and teams_idle:
                    found[n] = replace(game, date=date, was=game.date)
                    return


def exhibitions(season_year: int) -> list[Fixture]:
    """Preseason games before opening night and the All-Star game: listed, never counted."""
    start = opening_night(season_year) - dt.timedelta(12)
    year = f"{season_year % 100:02d}"
    preseason = [
        Fixture(f"001{year}{n + 1:05d}", start + dt.timedelta(n // 5), SeasonType.PRESEASON,
                TEAMS[2 * n], TEAMS[2 * n + 1])
        for n in range(len(TEAMS) // 2)
    ]  # fmt: skip
    star = Fixture(
        f"003{year}00001", all_star_sunday(season_year), SeasonType.ALL_STAR, "WST", "EST", True
    )
    return [*preseason, star]
