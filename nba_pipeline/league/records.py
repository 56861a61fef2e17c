"""How much of anything one game has ever seen, and what follows for numbers that judge others.

Belongs here: the league's all-time records of a game, of a player and of a team, and the bounds
that are drawn from them. Does not belong here: which columns are held against them (``contracts``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

_MARGIN = 1.25
"""A record is passed by one or two, a tenth of it at most: Detroit's 186 points of 1983 had 173
before them. A slipped digit or another column's number is further off than a quarter."""

_OF_A_PLAYER: Mapping[str, int] = {
    "points": 100,  # Chamberlain 1962
    "field_goals_made": 36,  # Chamberlain 1962
    "field_goals_attempted": 63,  # Chamberlain 1962
    "three_pointers_made": 14,  # Thompson 2018
    "three_pointers_attempted": 24,  # Thompson 2018
    "free_throws_made": 28,  # Chamberlain 1962, Dantley 1984
    "free_throws_attempted": 39,  # Howard 2012 and 2013
    "rebounds": 55,  # Chamberlain 1960; of the defensive ones nobody counted then
    "offensive_rebounds": 21,  # Malone 1982
    "assists": 30,  # Skiles 1990
    "steals": 11,  # Kenon 1976, Gill 1999
    "blocks": 17,  # Smith 1973
    "turnovers": 14,  # Drew 1978, Kidd 2000
}

_OF_A_TEAM: Mapping[str, int] = {
    "points": 186,  # Detroit 1983
    "field_goals_made": 74,  # Detroit 1983
    "field_goals_attempted": 153,  # Philadelphia 1962
    "three_pointers_made": 29,  # Milwaukee 2020, Boston 2024
    "three_pointers_attempted": 70,  # Houston 2019
    "free_throws_made": 61,  # Phoenix 1990
    "free_throws_attempted": 86,  # Syracuse 1953
    "rebounds": 109,  # Boston 1960, which bounds the defensive ones too
    "offensive_rebounds": 39,  # Boston 1983
    "assists": 53,  # Milwaukee 1978
    "steals": 27,  # Seattle 1997
    "blocks": 23,  # Toronto 2001
    "turnovers": 45,  # San Francisco 1971
    "personal_fouls": 66,  # Anderson 1949
}

FOULS_OF_A_PLAYER = 6
"""Official Rules of the NBA, rule 12 B: with the sixth a player is out. One who goes on because
nobody else is left (rule 3, section I) is so rare that a person shall look."""


def most_of_a_player() -> dict[str, int]:
    """The most of each count that a player can have in a game, by column."""
    bounds = {name: math.ceil(record * _MARGIN) for name, record in _OF_A_PLAYER.items()}
    return {**bounds, "personal_fouls": FOULS_OF_A_PLAYER}


def most_of_a_team(name: str) -> int:
    """The most of a count that a team can have in a game.

    Raises:
        KeyError: a count without a record.
    """
    return math.ceil(_OF_A_TEAM[name] * _MARGIN)
