"""Loader of the archived live feeds of the league: single games, a file each.

Belongs here: which games there are. Does not belong here: reading them (``parse_league_plays``).
A whole season of this feed is not in the archives; play-by-play of 2025-26 is in another source.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload
from nba_pipeline.league.calendar import Game, season_label
from nba_pipeline.sources.archive.file import archived

_FOLDER = "raw_api_samples/nbac_play_by_play"
_GAMES = {
    "0022400500": (dt.date(2025, 1, 6), "raw_14ecf360.json.gz"),
    "0022400561": (dt.date(2025, 1, 15), "raw_416e8d5c.json.gz"),
}


class PlayArchive:
    """Games of the league's live feed under ``root``."""

    name = "nbac_archive"
    endpoint = Endpoint.LEAGUE_PLAYS

    def __init__(self, root: Path) -> None:
        self.root = root / _FOLDER

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """Files of the games of the dates.

        Raises:
            SourceError: a file that belongs to the archives is not there or cannot be read.
        """
        for nba_game_id, (date, name) in _GAMES.items():
            if date in dates:
                key = f"dates={date}..{date}/game={nba_game_id}"
                yield archived(self, self.root / name, key, Layout.LEAGUE_PLAYS_JSON)

    def not_offered(self, game: Game) -> str | None:
        """Why the game's feed is not there: all but two games of 2024-25."""
        if game.nba_game_id in _GAMES:
            return None
        season = season_label(game.season_year)
        return f"{self.name}: no {self.endpoint} of {season}, but of 2 games of 2024-25"
