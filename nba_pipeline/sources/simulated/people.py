"""Invented players of the simulated league: names, rosters and trades.

Belongs here: who plays for whom on a date. Does not belong here: what they do in a game
(``boxscores``). Names carry what breaks joins in reality: accents, apostrophes and suffixes.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nba_pipeline.league.calendar import TEAMS

ROSTER_SIZE = 13
TRADES_A_SEASON = 8

_FIRST = (
    "Aaron", "Bogdan", "Cédric", "Dante", "Élie", "Filip", "Gary", "Håkon", "Isaiah", "Jalen",
    "Kristaps", "Luka", "Marko", "Nikola", "Ömer", "Pascal", "Quentin", "Rudy", "Sékou", "Théo",
    "Usman", "Vít", "Wendell", "Xavier", "Zach",
)  # fmt: skip
_LAST = (
    "Abrines", "Brown", "Čančar", "D'Antoni", "Ennis", "Fernández", "Grant-Hill", "Hernangómez",
    "Ingram", "Jović", "Kuzma", "Lévêque", "Miller", "Nurkić", "O'Neale", "Pokuševski", "Reid",
    "Şengün", "Thompson", "Vučević",
)  # fmt: skip
_SUFFIXES = {17: " Jr.", 41: " III", 83: " II"}


@dataclass(frozen=True, slots=True)
class Player:
    """An invented player; ``skill`` scales attempts, ``share`` scales minutes."""

    player_id: int
    name: str
    skill: float
    share: float


class People:
    """All players of a league, and their teams on every date."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    @cached_property
    def players(self) -> tuple[Player, ...]:
        """Every player once; the first of a team's thirteen are its best."""
        rng = np.random.default_rng([self.seed, 1])
        names = [f"{first} {last}" for first, last in itertools.product(_FIRST, _LAST)]
        order = rng.permutation(len(names))[: ROSTER_SIZE * len(TEAMS)]
        return tuple(
            Player(
                player_id=9_000_001 + n,
                name=names[index] + _SUFFIXES.get(n % 97, ""),
                skill=float(rng.normal(1.0, 0.1) * (1.1 - 0.02 * (n % ROSTER_SIZE))),
                share=float(34 - 2.3 * (n % ROSTER_SIZE)),
            )
            for n, index in enumerate(order)
        )

    def opening_rosters(self) -> dict[str, list[Player]]:
        """Rosters before any trade."""
        return {
            team: list(self.players[i * ROSTER_SIZE : (i + 1) * ROSTER_SIZE])
            for i, team in enumerate(TEAMS)
        }

    def rosters_by_date(
        self, season_year: int, dates: list[dt.date]
    ) -> Mapping[dt.date, Mapping[str, tuple[Player, ...]]]:
        """Rosters on every date; trades happen in the middle third of the season."""
        rng = np.random.default_rng([self.seed, 2, season_year])
        rosters = self.opening_rosters()
        third = max(len(dates) // 3, 1)
        when = {int(d) for d in rng.integers(third, 2 * third, TRADES_A_SEASON)}
        found: dict[dt.date, Mapping[str, tuple[Player, ...]]] = {}
        current = {t: tuple(p) for t, p in rosters.items()}
        for n, date in enumerate(dates):
            if n in when:
                one, other = (TEAMS[int(i)] for i in rng.choice(len(TEAMS), 2, replace=False))
                i, j = (int(k) for k in rng.integers(0, ROSTER_SIZE, 2))
                rosters[one][i], rosters[other][j] = rosters[other][j], rosters[one][i]
                current = {t: tuple(p) for t, p in rosters.items()}
            found[date] = current
        return found
