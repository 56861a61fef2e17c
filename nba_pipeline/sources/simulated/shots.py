"""Shots of the simulated league: as many, of the same kind and outcome, as the box scores say.

Belongs here: zones, places and times of attempts. Does not belong here: how many there are.
"""

from __future__ import annotations

import io

import numpy as np
import pandas as pd

from nba_pipeline.calendar import TEAM_IDS
from nba_pipeline.sources.simulated.boxscores import BoxScore
from nba_pipeline.sources.simulated.fixtures import Fixture
from nba_pipeline.sources.simulated.league import Season

_TWOS = ("Restricted Area", "In The Paint (Non-RA)", "Mid-Range")
_THREES = ("Above the Break 3", "Left Corner 3", "Right Corner 3")
_FEET = {"Restricted Area": 2, "In The Paint (Non-RA)": 9, "Mid-Range": 17, "Above the Break 3": 26,
         "Left Corner 3": 23, "Right Corner 3": 23}  # fmt: skip
_IDS = {team: number for number, team in TEAM_IDS.items()}
_REGULATION = 2880


def shots(seed: int, season: Season) -> bytes:
    """The league's shot chart of a season's finished games, as Parquet."""
    frames = [
        _of_game(np.random.default_rng([seed, 6, int(game.nba_game_id)]), game, box)
        for game in season.fixtures
        if (box := season.boxes.get(game.nba_game_id)) is not None
    ]
    content = io.BytesIO()
    pd.concat(frames, ignore_index=True).to_parquet(content, index=False)
    return content.getvalue()


def _of_game(rng: np.random.Generator, game: Fixture, box: BoxScore) -> pd.DataFrame:
    parts = []
    for line in box.lines:
        c = line.counts
        threes = c["three_pointers_attempted"]
        twos = c["field_goals_attempted"] - threes
        made = np.zeros(twos + threes, dtype=int)
        made[: c["field_goals_made"] - c["three_pointers_made"]] = 1
        made[twos : twos + c["three_pointers_made"]] = 1
        zones = [*rng.choice(_TWOS, twos, p=(0.5, 0.33, 0.17)),
                 *rng.choice(_THREES, threes, p=(0.74, 0.13, 0.13))]  # fmt: skip
        parts.append(
            pd.DataFrame(
                {
                    "TEAM_ID": _IDS[line.team],
                    "PLAYER_ID": line.player.player_id,
                    "PLAYER_NAME": line.player.name,
                    "SHOT_ZONE_BASIC": zones,
                    "SHOT_TYPE": ["2PT Field Goal"] * twos + ["3PT Field Goal"] * threes,
                    "SHOT_MADE_FLAG": made,
                }
            )
        )
    frame = pd.concat(parts, ignore_index=True)
    time = np.sort(rng.integers(0, _REGULATION + 300 * box.overtimes, len(frame)))
    frame = frame.iloc[rng.permutation(len(frame))].reset_index(drop=True)
    is_late = time >= _REGULATION
    left = np.where(is_late, 300 - (time - _REGULATION) % 300 - 1, 720 - time % 720 - 1)
    feet = frame["SHOT_ZONE_BASIC"].map(_FEET)
    side = frame["SHOT_ZONE_BASIC"].map({"Left Corner 3": -220, "Right Corner 3": 220}).fillna(0)
    return frame.assign(
        GAME_ID=game.nba_game_id,
        GAME_DATE=f"{game.date:%Y%m%d}",
        PERIOD=np.where(is_late, 5 + (time - _REGULATION) // 300, 1 + time // 720),
        MINUTES_REMAINING=left // 60,
        SECONDS_REMAINING=left % 60,
        ACTION_TYPE="Jump Shot",
        SHOT_ZONE_AREA="Center(C)",
        SHOT_ZONE_RANGE="",
        SHOT_DISTANCE=feet,
        LOC_X=side.astype(int),
        LOC_Y=np.where(side == 0, feet * 10, 40),
        HTM=game.home,
        VTM=game.away,
    )
