"""Points lines of the simulated league, as a sportsbook would post them.

Belongs here: quotes for players of the rotation. Does not belong here: what they scored; a line
knows only what is known before tip-off.
"""

from __future__ import annotations

import csv
import io

from nba_pipeline.calendar import SeasonType
from nba_pipeline.sources.simulated.league import Season
from nba_pipeline.sources.values import TEAM_NAMES

_LEAST_SHARE = 14
_BOOKS = (("draftkings", 0.0), ("fanduel", 0.5))
_NAMES = {team: name for name, team in TEAM_NAMES.items()}


def points_lines(season: Season) -> bytes:
    """Lines of all finished games, one row per player and book."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["event_id", "player", "market", "line", "bookmaker", "game", "game_time",
                     "over_odds", "under_odds"])  # fmt: skip
    for game in season.fixtures:
        box = season.boxes.get(game.nba_game_id)
        if box is None or game.season_type is SeasonType.PRESEASON:
            continue
        title = f"{_NAMES[game.away]} @ {_NAMES[game.home]}"
        for line in box.lines:
            if line.player.share >= _LEAST_SHARE:
                expected = round(line.player.share * line.player.skill * 0.45) + 0.5
                for book, shift in _BOOKS:
                    writer.writerow(
                        [game.nba_game_id, line.player.name, "player_points", expected + shift,
                         book, title, f"{game.date}T23:30:00Z", -112, -108]
                    )  # fmt: skip
    return text.getvalue().encode()
