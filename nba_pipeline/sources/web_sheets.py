"""Loader of game sheets of stats.nba.com: one request per game.

Belongs here: which games to ask for. Does not belong here: reading the answers (``parse_sheets``).
The ids of a date's games come from the league's schedule, a request per season.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal

from nba_pipeline.calendar import Game, GameStatus, season_type_of, season_year_on
from nba_pipeline.sources.base import DateRange, Endpoint, Layout, Payload
from nba_pipeline.sources.parse import parse
from nba_pipeline.sources.web_client import received
from nba_pipeline.sources.web_league import LeagueClient, schedule_request


class SheetLoader:
    """Sheets of the finished games of a range."""

    name = "nbac"
    asks_by_date: Literal[True] = True
    endpoint = Endpoint.GAME_SHEETS

    def __init__(self, client: LeagueClient) -> None:
        self.client = client

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """A payload per game.

        Raises:
            SourceError: a request failed for good.
            PayloadError: the schedule cannot be read.
        """
        from nba_api.stats.endpoints import BoxScoreTraditionalV3

        for date, nba_game_id in self._games(dates):
            asked = BoxScoreTraditionalV3(game_id=nba_game_id, get_request=False)
            key = f"dates={date}..{date}/game={nba_game_id}"
            yield received(self, key, Layout.SHEET_JSON, self.client.ask(asked))

    def _games(self, dates: DateRange) -> list[tuple[dt.date, str]]:
        found: list[tuple[dt.date, str]] = []
        for year in range(season_year_on(dates.first), season_year_on(dates.last) + 1):
            key, layout, asked = schedule_request(year)
            listed = parse(received(self, key, layout, self.client.ask(asked)))
            final = listed[listed["game_status"] == GameStatus.FINAL]
            for date, nba_game_id in zip(final["game_date"], final["nba_game_id"], strict=True):
                if date in dates and season_type_of(nba_game_id).counts:
                    found.append((date, nba_game_id))
        return sorted(found)

    def not_offered(self, game: Game) -> str | None:
        """The league has a sheet of every game."""
        return None
