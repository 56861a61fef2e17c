"""Points lines of the simulated league, as a sportsbook would post them.

Belongs here: quotes for players of the rotation. Does not belong here: what they scored; a line
knows only what is known before tip-off.
"""

from __future__ import annotations

import csv
import io

from nba_pipeline.sources.reading.values import TEAM_NAMES
from nba_pipeline.sources.simulated.league import Season, SimulatedLeague
from nba_pipeline.sources.simulated.markets import on_sale, rosters_of

_LEAST_SHARE = 14
_BOOKS = (("draftkings", 0.0), ("fanduel", 0.5))
_NAMES = {team: name for name, team in TEAM_NAMES.items()}


def points_lines(league: SimulatedLeague, season: Season) -> bytes:
    """Lines of all games up to tomorrow, one row per player of the rotation and book."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["event_id", "player", "market", "line", "bookmaker", "game", "game_time",
                     "over_odds", "under_odds"])  # fmt: skip
    for date in sorted({league.listed(g)[0] for g in season.fixtures}):
        games = on_sale(league, season, date)
        rosters = rosters_of(league, season, date) if games else {}
        for game in games:
            title = f"{_NAMES[game.away]} @ {_NAMES[game.home]}"
            for player in (*rosters[game.home], *rosters[game.away]):
                if player.share >= _LEAST_SHARE:
                    expected = round(player.share * player.skill * 0.45) + 0.5
                    for book, shift in _BOOKS:
                        writer.writerow(
                            [game.nba_game_id, player.name, "player_points", expected + shift,
                             book, title, f"{date}T23:30:00Z", -112, -108]
                        )  # fmt: skip
    return text.getvalue().encode()
