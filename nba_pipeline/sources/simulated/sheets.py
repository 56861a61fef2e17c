"""Game sheets and BallDontLie's box scores of the simulated league.

Belongs here: the roster of each game, with why a player did not play. Does not belong here: the
numbers of who did (``boxscores``).
"""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import numpy as np

from nba_pipeline.league.calendar import TEAM_IDS, season_label
from nba_pipeline.sources.simulated.boxscores import BoxScore, Line
from nba_pipeline.sources.simulated.fixtures import Fixture
from nba_pipeline.sources.simulated.league import Season
from nba_pipeline.sources.simulated.people import Player

_IDS = {team: number for number, team in TEAM_IDS.items()}
_POSITIONS = ("G", "G", "F", "F", "C")
_REASONS = (
    "DNP - Coach's Decision",
    "DND - Injury/Illness",
    "DND - Rest",
    "NWT - Personal",
    "NWT - League Suspension",
)
_SHARES = (0.72, 0.18, 0.06, 0.03, 0.01)
_GAME = ["season_year", "game_date", "gameId", "teamId", "teamTricode", "personId", "personName",
         "position", "comment", "minutes"]  # fmt: skip
_SHEET = {
    "fieldGoalsMade": "field_goals_made", "fieldGoalsAttempted": "field_goals_attempted",
    "threePointersMade": "three_pointers_made",
    "threePointersAttempted": "three_pointers_attempted",
    "freeThrowsMade": "free_throws_made", "freeThrowsAttempted": "free_throws_attempted",
    "reboundsOffensive": "offensive_rebounds", "reboundsDefensive": "defensive_rebounds",
    "reboundsTotal": "rebounds", "assists": "assists", "steals": "steals", "blocks": "blocks",
    "turnovers": "turnovers", "foulsPersonal": "personal_fouls", "points": "points",
    "plusMinusPoints": "plus_minus",
}  # fmt: skip
_BDL = {
    "fgm": "field_goals_made", "fga": "field_goals_attempted", "fg3m": "three_pointers_made",
    "fg3a": "three_pointers_attempted", "ftm": "free_throws_made", "fta": "free_throws_attempted",
    "oreb": "offensive_rebounds", "dreb": "defensive_rebounds", "reb": "rebounds",
    "ast": "assists", "stl": "steals", "blk": "blocks", "turnover": "turnovers",
    "pf": "personal_fouls", "pts": "points",
}  # fmt: skip


def sheets(seed: int, season: Season) -> bytes:
    """Sheets of a season's finished games, one row per player of a roster, as CSV."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*_GAME, *_SHEET])
    for game in season.fixtures:
        box = season.boxes.get(game.nba_game_id)
        if box is None:
            continue
        rng = np.random.default_rng([seed, 7, int(game.nba_game_id)])
        for team in (game.home, game.away):
            lines = [line for line in box.lines if line.team == team]
            for n, line in enumerate(lines):
                position = _POSITIONS[n] if line.is_starter else ""
                row = [position, "", _clock(line.minutes)]
                numbers = [line.counts[ours] for ours in _SHEET.values()]
                writer.writerow([*_row(season, game, team, line.player), *row, *numbers])
            for player in box.bench[team]:
                reason = str(rng.choice(_REASONS, p=_SHARES))
                row = ["", reason, ""]
                writer.writerow([*_row(season, game, team, player), *row, *([0] * len(_SHEET))])
    return text.getvalue().encode()


def _row(season: Season, game: Fixture, team: str, player: Player) -> list[object]:
    return [season_label(season.season_year), game.date, game.nba_game_id, _IDS[team], team,
            player.player_id, player.name]  # fmt: skip


def _clock(minutes: float) -> str:
    seconds = round(60 * minutes)
    return f"{seconds // 60}:{seconds % 60:02d}"


def bdl_box_scores(season: Season) -> bytes:
    """BallDontLie's answer for all finished games of a season; absent players have no minutes."""
    games = []
    for game in season.fixtures:
        box = season.boxes.get(game.nba_game_id)
        if box is not None:
            games.append(
                {
                    "date": game.date.isoformat(),
                    "season": season.season_year,
                    "status": "Final",
                    "home_team_score": box.total(game.home, "points"),
                    "visitor_team_score": box.total(game.away, "points"),
                    "home_team": _bdl_team(game.home, box),
                    "visitor_team": _bdl_team(game.away, box),
                }
            )
    return json.dumps({"data": games}).encode()


def _bdl_team(team: str, box: BoxScore) -> dict[str, Any]:
    played = [_bdl_line(line) for line in box.lines if line.team == team]
    absent = [
        {"min": "00", **dict.fromkeys(_BDL, 0), "player": _bdl_player(p)} for p in box.bench[team]
    ]
    return {"abbreviation": team, "players": [*played, *absent]}


def _bdl_line(line: Line) -> dict[str, Any]:
    numbers = {theirs: line.counts[ours] for theirs, ours in _BDL.items()}
    return {"min": str(line.whole_minutes), **numbers, "player": _bdl_player(line.player)}


def _bdl_player(player: Player) -> dict[str, str]:
    first, _, last = player.name.partition(" ")
    return {"first_name": first, "last_name": last}
