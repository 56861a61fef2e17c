"""Simulated box scores: random numbers that obey the laws of the game.

Belongs here: the numbers of one game. Does not belong here: fixtures and payload shapes.
Held by construction: points are made of shots, rebounds of their two kinds, minutes add up to 240
and 25 more per overtime, plus-minus adds up to five times the margin, nobody ties.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nba_pipeline.sources.simulated.people import Player

OVERTIME_SHARE = 0.055
_LEAST_ACTIVE, _MOST_ACTIVE = 9, 11
_REGULATION = 240.0
_Minutes = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

COUNTS = (
    "field_goals_made", "field_goals_attempted", "three_pointers_made", "three_pointers_attempted",
    "free_throws_made", "free_throws_attempted", "offensive_rebounds", "defensive_rebounds",
    "rebounds", "assists", "steals", "blocks", "turnovers", "personal_fouls", "points",
    "plus_minus",
)  # fmt: skip


@dataclass
class Line:
    """One player's box score; ``minutes`` has one decimal, as Basketball-Reference prints it."""

    player: Player
    team: str
    is_starter: bool
    minutes: float
    counts: dict[str, int]

    @property
    def whole_minutes(self) -> int:
        """Minutes as the league's game log rounds them."""
        return int(self.minutes + 0.5)


@dataclass
class BoxScore:
    """Both teams of one game; ``team_turnovers`` belong to no player.

    ``bench`` has those of a team's roster who did not play.
    """

    lines: list[Line]
    team_turnovers: dict[str, int]
    overtimes: int
    bench: dict[str, list[Player]]

    def total(self, team: str, name: str) -> int:
        """Sum of a count over a team's players."""
        return sum(line.counts[name] for line in self.lines if line.team == team)


def play(
    rng: np.random.Generator,
    home: tuple[str, Sequence[Player]],
    away: tuple[str, Sequence[Player]],
) -> BoxScore:
    """One game of two rosters."""
    overtimes = 0
    while overtimes < 2 and rng.random() < OVERTIME_SHARE:
        overtimes += 1
    lines = [*_team_lines(rng, *home, overtimes), *_team_lines(rng, *away, overtimes)]
    turnovers = {t: int(rng.integers(0, 4)) for t in (home[0], away[0])}
    played = {line.player.player_id for line in lines}
    bench = {t: [p for p in roster if p.player_id not in played] for t, roster in (home, away)}
    box = BoxScore(lines, turnovers, overtimes, bench)
    if box.total(home[0], "points") == box.total(away[0], "points"):
        _one_more_free_throw(next(line for line in lines if line.team == home[0]))
    margin = box.total(home[0], "points") - box.total(away[0], "points")
    for team, sign in ((home[0], 1), (away[0], -1)):
        _share_margin(rng, [line for line in lines if line.team == team], sign * margin, overtimes)
    return box


def _team_lines(
    rng: np.random.Generator, team: str, roster: Sequence[Player], overtimes: int
) -> list[Line]:
    active = int(rng.integers(_LEAST_ACTIVE, _MOST_ACTIVE + 1))
    absent = {int(i) for i in rng.choice(len(roster), 2, replace=False)}
    players = [p for n, p in enumerate(roster) if n not in absent][:active]
    minutes = _minutes(rng, players, overtimes)
    tempo = rng.normal(1.0, 0.04)
    skill = np.array([p.skill for p in players])
    attempts = rng.poisson(np.maximum(minutes, 2) * skill * 0.365 * tempo)
    attempts[0] = max(int(attempts[0]), 12)  # somebody always shoots: no rate divides by zero
    threes = rng.binomial(attempts, 0.39)
    threes_made = rng.binomial(threes, 0.36)
    twos_made = rng.binomial(attempts - threes, 0.54)
    free = rng.poisson(minutes * skill * 0.09)
    counts = {
        "field_goals_made": twos_made + threes_made,
        "field_goals_attempted": attempts,
        "three_pointers_made": threes_made,
        "three_pointers_attempted": threes,
        "free_throws_made": rng.binomial(free, 0.78),
        "free_throws_attempted": free,
        "offensive_rebounds": rng.poisson(minutes * 0.043),
        "defensive_rebounds": rng.poisson(minutes * 0.137),
        "assists": rng.poisson(minutes * 0.108),
        "steals": rng.poisson(minutes * 0.031),
        "blocks": rng.poisson(minutes * 0.02),
        "turnovers": rng.poisson(minutes * 0.054),
        "personal_fouls": np.minimum(rng.poisson(minutes * 0.08), 6),
    }
    counts["rebounds"] = counts["offensive_rebounds"] + counts["defensive_rebounds"]
    counts["points"] = 2 * twos_made + 3 * threes_made + counts["free_throws_made"]
    return [
        Line(p, team, n < 5, round(float(minutes[n]), 1), {k: int(v[n]) for k, v in counts.items()})
        for n, p in enumerate(players)
    ]


def _minutes(rng: np.random.Generator, players: Sequence[Player], overtimes: int) -> _Minutes:
    total = _REGULATION + 25 * overtimes
    share = np.array([max(p.share, 4.0) for p in players]) * rng.uniform(0.75, 1.25, len(players))
    minutes: _Minutes = np.round(share / share.sum() * total, 1)
    minutes[int(np.argmax(minutes))] += round(total - float(minutes.sum()), 1)
    return minutes


def _one_more_free_throw(line: Line) -> None:
    for name in ("free_throws_made", "free_throws_attempted", "points"):
        line.counts[name] += 1


def _share_margin(
    rng: np.random.Generator, lines: Sequence[Line], margin: int, overtimes: int
) -> None:
    game = 48.0 + 5 * overtimes
    for line in lines:
        line.counts["plus_minus"] = round(margin * line.minutes / game + float(rng.normal(0, 4)))
    rest = 5 * margin - sum(line.counts["plus_minus"] for line in lines)
    step, extra = divmod(rest, len(lines))
    for n, line in enumerate(lines):
        line.counts["plus_minus"] += step + (n < extra)
