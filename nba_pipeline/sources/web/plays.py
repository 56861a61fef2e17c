"""Loader of the league's live feed of plays: a request for the games of a date, then one a game.

Belongs here: which games are asked for. Does not belong here: requests (``client``), or reading
a feed (``parse.league_plays``). A final game whose feed is refused or missing is an error; it is
never taken for a game without plays.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload, SourceError
from nba_pipeline.league.calendar import Game, season_type_of
from nba_pipeline.sources.web.client import received
from nba_pipeline.sources.web.league import LeagueClient

_FINAL = 3


class LivePlaysLoader:
    """Plays of every final game of the dates.

    ``stats`` answers which games a date has, ``live`` holds the feeds.
    """

    name = "nbac"
    asks_by_date = True
    endpoint = Endpoint.LEAGUE_PLAYS

    def __init__(self, stats: LeagueClient, live: LeagueClient) -> None:
        self.stats = stats
        self.live = live

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """A payload per final game that counts.

        Raises:
            SourceError: a request failed for good, or the list of games cannot be read.
        """
        for date in dates.dates():
            for nba_game_id in self._final_games(date):
                content = self.live.get(f"playbyplay/playbyplay_{nba_game_id}.json")
                key = f"dates={date}..{date}/game={nba_game_id}"
                yield received(self, key, Layout.LEAGUE_PLAYS_JSON, content)

    def _final_games(self, date: dt.date) -> list[str]:
        from nba_api.stats.endpoints import ScoreboardV3

        asked = ScoreboardV3(game_date=date.isoformat(), league_id="00", get_request=False)
        content = self.stats.ask(asked)
        try:
            games = json.loads(content)["scoreboard"]["games"]
            final = [str(g["gameId"]) for g in games if g["gameStatus"] == _FINAL]
            return [g for g in final if season_type_of(g).counts]
        except (ValueError, KeyError, TypeError) as error:
            raise SourceError(
                f"{self.name}/{self.endpoint}: no scoreboard.games[] of {date}: {error!r}"
            ) from error

    def not_offered(self, game: Game) -> str | None:
        """The league has the feed of every game of the five seasons."""
        return None
