"""Loader of game sheets: stats.nba.com, one request per game, else the live feed's.

Belongs here: which games to ask for, and where. Does not belong here: reading the answers
(``parse.sheets``). The ids of a date's games come from the league's schedule, a request per season.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload, SourceError
from nba_pipeline.league.calendar import Game, GameStatus, season_type_of, season_year_on
from nba_pipeline.sources.parse.schedule import SCHEDULE_LEAGUE_V2
from nba_pipeline.sources.web.client import received
from nba_pipeline.sources.web.league import LeagueClient, schedule_request

_LOG = logging.getLogger(__name__)


class SheetLoader:
    """Sheets of the finished games of a range."""

    name = "nbac"
    asks_by_date = True
    endpoint = Endpoint.GAME_SHEETS

    def __init__(self, client: LeagueClient, live: LeagueClient) -> None:
        self.client = client
        self.live = live

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """A payload per game.

        Raises:
            SourceError: a game's sheet was refused by both hosts.
            PayloadError: the schedule cannot be read.
        """
        for date, nba_game_id in self._games(dates):
            layout, content = self._sheet(nba_game_id)
            yield received(self, f"dates={date}..{date}/game={nba_game_id}", layout, content)

    def _sheet(self, nba_game_id: str) -> tuple[Layout, bytes]:
        """The sheet as the first host has it that gives one; never of both."""
        from nba_api.stats.endpoints import BoxScoreTraditionalV3

        asked = BoxScoreTraditionalV3(game_id=nba_game_id, get_request=False)
        try:
            return Layout.SHEET_JSON, self.client.ask(asked)
        except SourceError as refused:
            try:
                content = self.live.get(f"boxscore/boxscore_{nba_game_id}.json")
            except SourceError as error:
                raise SourceError(f"{refused}; {error}") from error
            _LOG.warning("%s; took the live feed's sheet", refused)
            return Layout.SHEET_LIVE_JSON, content

    def _games(self, dates: DateRange) -> list[tuple[dt.date, str]]:
        found: list[tuple[dt.date, str]] = []
        for year in range(season_year_on(dates.first), season_year_on(dates.last) + 1):
            key, layout, asked = schedule_request(year)
            answer = received(self, key, layout, self.client.ask(asked))
            listed = SCHEDULE_LEAGUE_V2.read(answer)
            final = listed[listed["game_status"] == GameStatus.FINAL]
            for date, nba_game_id in zip(final["game_date"], final["nba_game_id"], strict=True):
                if date in dates and season_type_of(nba_game_id).counts:
                    found.append((date, nba_game_id))
        return sorted(found)

    def not_offered(self, game: Game) -> str | None:
        """The league has a sheet of every game."""
        return None
