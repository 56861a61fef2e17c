"""How many games a regular season has, of every team and in all.

Belongs here: the rule over counted games. Does not belong here: counting them (``reports``), or
when seasons begin (``calendar``). The final of the in-season cup is no game of the regular season,
nor are play-in and play-offs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from nba_pipeline.league.calendar import TEAMS, season_label

GAMES_A_TEAM = 82
"""Every team's, in every season since 2021-22; the two before it were cut short by the pandemic."""
GAMES = GAMES_A_TEAM * len(TEAMS) // 2
RULE = (
    f"Every team has {GAMES_A_TEAM} games in a season that is over, {GAMES:,} in all; never more."
)


@dataclass(frozen=True)
class SeasonGames:
    """A regular season as a schedule has it.

    Attributes:
        year: first year of the season.
        by_team: games of each team, played or to come; postponed and cancelled ones are none.
        is_over: whether all of it was played: later games of the season or of the next are known.
    """

    year: int
    by_team: Mapping[str, int]
    is_over: bool

    @property
    def games(self) -> int:
        """How many the schedule has."""
        return sum(self.by_team.values()) // 2

    @cached_property
    def wrong(self) -> list[tuple[str, int]]:
        """Teams with too many games and, in a season that is over, with too few."""
        counted = [(team, self.by_team.get(team, 0)) for team in TEAMS]
        return [
            (t, n) for t, n in counted if n > GAMES_A_TEAM or (self.is_over and n < GAMES_A_TEAM)
        ]

    @property
    def known(self) -> float:
        """Share of the season's games that the schedule has; 1 while the season goes on."""
        return min(1.0, self.games / GAMES) if self.is_over else 1.0

    @property
    def text(self) -> str:
        """What is wrong, in words."""
        teams = ", ".join(f"{team} {n}" for team, n in self.wrong)
        counted = f"{self.games:,} of {GAMES:,} games on the schedule"
        return f"{season_label(self.year)}: {counted}; not {GAMES_A_TEAM}: {teams}"
