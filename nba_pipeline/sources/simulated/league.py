"""The simulated league: seasons of games with results, up to a date.

Belongs here: putting fixtures, rosters and box scores together, and the post-season that follows
from results. Does not belong here: the shape of payloads (``payloads``).
Everything follows from the seed: the same league gives the same bytes in every process.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from nba_pipeline.league.calendar import TEAMS, SeasonType
from nba_pipeline.sources.simulated.boxscores import BoxScore, play
from nba_pipeline.sources.simulated.fixtures import (
    Fixture,
    cup_final_date,
    exhibitions,
    regular_season,
)
from nba_pipeline.sources.simulated.people import People, Player

INCIDENT_DATE = dt.date(2026, 1, 3)
"""Eight games, as on the night of which the predecessor saved 2 of 16 teams."""

EAST = frozenset(
    ("ATL", "BKN", "BOS", "CHA", "CHI", "CLE", "DET", "IND", "MIA", "MIL", "NYK", "ORL", "PHI",
     "TOR", "WAS")
)  # fmt: skip

_KNOWN_LATE = dt.timedelta(10)
_ROUND_DAYS = 16


@dataclass
class Season:
    """One season: every fixture, the box score of those that were played, who could play."""

    season_year: int
    fixtures: list[Fixture]
    boxes: dict[str, BoxScore] = field(default_factory=dict)
    rosters: dict[str, Mapping[str, tuple[Player, ...]]] = field(default_factory=dict)

    def winner(self, game: Fixture) -> str:
        """The team with more points."""
        box = self.boxes[game.nba_game_id]
        home_won = box.total(game.home, "points") > box.total(game.away, "points")
        return game.home if home_won else game.away


@dataclass(eq=False)
class SimulatedLeague:
    """A league from ``first_season`` to the season of ``as_of``; it is itself and no other.

    Attributes:
        as_of: the league's date; games before it are final.
        slates: number of games on single dates.
    """

    seed: int
    first_season: int
    as_of: dt.date
    slates: Mapping[dt.date, int] = field(default_factory=lambda: {INCIDENT_DATE: 8})
    _seasons: dict[int, Season] = field(default_factory=dict, repr=False)

    @cached_property
    def people(self) -> People:
        """Players and rosters."""
        return People(self.seed)

    @property
    def season_years(self) -> range:
        """Seasons of which a schedule is out: it comes in August."""
        last = self.as_of.year if self.as_of.month >= 8 else self.as_of.year - 1
        return range(self.first_season, last + 1)

    def season(self, season_year: int) -> Season:
        """A season with all results before ``as_of``."""
        if season_year not in self._seasons:
            self._seasons[season_year] = self._played(season_year)
        return self._seasons[season_year]

    def _played(self, season_year: int) -> Season:
        fixtures = regular_season(self.seed, season_year, self.slates)
        season = Season(season_year, [*fixtures, self._cup_final(season_year)])
        self._play(season, season.fixtures)
        self._post_season(season)
        season.fixtures += exhibitions(season_year)
        return season

    def _play(self, season: Season, games: list[Fixture]) -> None:
        dates = sorted({g.date for g in games})
        rosters = self.people.rosters_by_date(season.season_year, dates)
        for game in games:
            season.rosters[game.nba_game_id] = rosters[game.date]
            if game.date < self.as_of:
                rng = np.random.default_rng([self.seed, 4, int(game.nba_game_id)])
                both = rosters[game.date]
                season.boxes[game.nba_game_id] = play(
                    rng, (game.home, both[game.home]), (game.away, both[game.away])
                )

    def _cup_final(self, season_year: int) -> Fixture:
        rng = np.random.default_rng([self.seed, 5, season_year])
        home, away = (TEAMS[int(i)] for i in rng.choice(len(TEAMS), 2, replace=False))
        return Fixture(
            f"006{season_year % 100:02d}00001", cup_final_date(season_year),
            SeasonType.CUP_FINAL, home, away, is_neutral=True,
        )  # fmt: skip

    def _post_season(self, season: Season) -> None:
        """Play-in and four rounds; a pairing exists once the games before it are final."""
        regular = [g for g in season.fixtures if g.season_type is SeasonType.REGULAR]
        if any(g.nba_game_id not in season.boxes for g in regular):
            return
        wins = dict.fromkeys(TEAMS, 0)
        for game in regular:
            wins[season.winner(game)] += 1
        start = max(g.date for g in regular) + dt.timedelta(2)
        field_of_eight = []
        for number, teams in enumerate((EAST, frozenset(TEAMS) - EAST)):
            seeds = sorted(teams, key=lambda t: (-wins[t], t))
            field_of_eight.append(self._play_in(season, seeds, start, 3 * number))
        if all(len(seeds) == 8 for seeds in field_of_eight):
            self._playoffs(season, field_of_eight, start + dt.timedelta(5))

    def _play_in(self, season: Season, seeds: list[str], start: dt.date, offset: int) -> list[str]:
        """Seventh against eighth, ninth against tenth, then loser against winner."""
        game_ids = [f"005{season.season_year % 100:02d}{offset + n:05d}" for n in (1, 2, 3)]
        first = self._series_game(season, game_ids[0], SeasonType.PLAY_IN, start, *seeds[6:8])
        second = self._series_game(season, game_ids[1], SeasonType.PLAY_IN, start, *seeds[8:10])
        if first is None or second is None:
            return []
        loser = next(t for t in seeds[6:8] if t != first)
        date = start + dt.timedelta(2)
        third = self._series_game(season, game_ids[2], SeasonType.PLAY_IN, date, loser, second)
        return [*seeds[:6], first, third] if third else []

    def _playoffs(self, season: Season, seeds: list[list[str]], start: dt.date) -> None:
        pairs = [(s[i], s[7 - i]) for s in seeds for i in (0, 3, 2, 1)]
        for number in range(1, 5):
            begin = start + dt.timedelta(_ROUND_DAYS * (number - 1))
            winners = [
                self._series(season, number, index, pair, begin + dt.timedelta(index % 2))
                for index, pair in enumerate(pairs)
            ]
            if len(winners) == 1 or None in winners:
                return
            known = [w for w in winners if w]
            pairs = list(zip(known[::2], known[1::2], strict=True))

    def _series(
        self, season: Season, number: int, index: int, pair: tuple[str, str], begin: dt.date
    ) -> str | None:
        """Best of seven; games after the next one are not on the schedule yet."""
        wins = dict.fromkeys(pair, 0)
        for n in range(7):
            game_id = f"004{season.season_year % 100:02d}00{number}{index}{n + 1}"
            sides = pair if n in (0, 1, 4, 6) else pair[::-1]
            winner = self._series_game(
                season, game_id, SeasonType.PLAYOFFS, begin + dt.timedelta(2 * n), *sides
            )
            if winner is None:
                return None
            wins[winner] += 1
            if wins[winner] == 4:
                return winner
        raise AssertionError("seven games without a winner of four")

    def _series_game(
        self, season: Season, game_id: str, kind: SeasonType, date: dt.date, home: str, away: str
    ) -> str | None:
        game = Fixture(game_id, date, kind, home, away)
        season.fixtures.append(game)
        self._play(season, [game])
        return season.winner(game) if game_id in season.boxes else None

    def listed(self, game: Fixture) -> tuple[dt.date, bool]:
        """Date on which the schedule of ``as_of`` lists a game, and whether as postponed.

        A postponement is known on the day; the new date ten days later.
        """
        if game.was is None or self.as_of >= game.was + _KNOWN_LATE:
            return game.date, False
        return game.was, self.as_of >= game.was
