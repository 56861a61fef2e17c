"""Shots of the simulated league: as many, of the same kind and outcome, as the box scores say.

Belongs here: zones, places and times of attempts. Does not belong here: how many there are.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pandas as pd

from nba_pipeline.league.calendar import TEAM_IDS
from nba_pipeline.sources.simulated.boxscores import BoxScore
from nba_pipeline.sources.simulated.fixtures import Fixture
from nba_pipeline.sources.simulated.league import Season

_TWOS = ("Restricted Area", "In The Paint (Non-RA)", "Mid-Range")
_THREES = ("Above the Break 3", "Left Corner 3", "Right Corner 3")
_ZONES = (*_TWOS, *_THREES)
_FEET = (2, 9, 17, 26, 23, 23)
_TENTHS_ACROSS = (0, 0, 0, 0, -220, 220)
_TENTHS_ALONG = (20, 90, 170, 260, 40, 40)
_IDS = {team: number for number, team in TEAM_IDS.items()}
_REGULATION = 2880
_Values = np.ndarray[Any, np.dtype[Any]]


def shots(seed: int, season: Season) -> bytes:
    """The league's shot chart of a season's finished games, as Parquet."""
    games = [
        _of_game(np.random.default_rng([seed, 6, int(game.nba_game_id)]), game, box)
        for game in season.fixtures
        if (box := season.boxes.get(game.nba_game_id)) is not None
    ]
    columns = {name: np.concatenate([g[name] for g in games]) for name in games[0]}
    zones = columns.pop("zone")
    is_three = zones >= len(_TWOS)
    frame = pd.DataFrame(columns).assign(
        SHOT_ZONE_BASIC=np.array(_ZONES)[zones],
        SHOT_TYPE=np.where(is_three, "3PT Field Goal", "2PT Field Goal"),
        SHOT_DISTANCE=np.array(_FEET)[zones],
        LOC_X=np.array(_TENTHS_ACROSS)[zones],
        LOC_Y=np.array(_TENTHS_ALONG)[zones],
        ACTION_TYPE="Jump Shot",
        SHOT_ZONE_AREA="Center(C)",
        SHOT_ZONE_RANGE="",
    )
    content = io.BytesIO()
    frame.to_parquet(content, index=False)
    return content.getvalue()


def _of_game(rng: np.random.Generator, game: Fixture, box: BoxScore) -> dict[str, _Values]:
    """Attempts of a game in a random order, with ascending times."""
    counts = [line.counts for line in box.lines]
    threes = np.array([c["three_pointers_attempted"] for c in counts])
    twos = np.array([c["field_goals_attempted"] for c in counts]) - threes
    threes_made = np.array([c["three_pointers_made"] for c in counts])
    twos_made = np.array([c["field_goals_made"] for c in counts]) - threes_made
    who = np.repeat(np.arange(len(counts)), twos + threes)
    nth = np.concatenate([np.arange(n) for n in twos + threes])  # of the player's own attempts
    is_three = nth >= twos[who]
    made = np.where(is_three, nth - twos[who] < threes_made[who], nth < twos_made[who])
    zone = np.where(
        is_three,
        rng.choice((3, 4, 5), len(who), p=(0.74, 0.13, 0.13)),
        rng.choice((0, 1, 2), len(who), p=(0.5, 0.33, 0.17)),
    )
    order = rng.permutation(len(who))
    time = np.sort(rng.integers(0, _REGULATION + 300 * box.overtimes, len(who)))
    is_late = time >= _REGULATION
    left = np.where(is_late, 300 - (time - _REGULATION) % 300 - 1, 720 - time % 720 - 1)
    lines = [box.lines[int(n)] for n in who[order]]
    return {
        "zone": zone[order],
        "SHOT_MADE_FLAG": made[order].astype(int),
        "TEAM_ID": np.array([_IDS[line.team] for line in lines]),
        "PLAYER_ID": np.array([line.player.player_id for line in lines]),
        "PLAYER_NAME": np.array([line.player.name for line in lines], dtype=object),
        "GAME_ID": np.full(len(who), game.nba_game_id, dtype=object),
        "GAME_DATE": np.full(len(who), f"{game.date:%Y%m%d}", dtype=object),
        "HTM": np.full(len(who), game.home, dtype=object),
        "VTM": np.full(len(who), game.away, dtype=object),
        "PERIOD": np.where(is_late, 5 + (time - _REGULATION) // 300, 1 + time // 720),
        "MINUTES_REMAINING": left // 60,
        "SECONDS_REMAINING": left % 60,
    }
