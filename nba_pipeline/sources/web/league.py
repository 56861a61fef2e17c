"""Loaders of stats.nba.com that ask for seasons and dates, and the league's own client.

Belongs here: which request gives which payload; addresses, parameters and headers are nba_api's.
Does not belong here: pacing, retries and limits (``client``), loaders that ask game by game
(``sheets``, ``plays``), or reading the answers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload
from nba_pipeline.league.calendar import (
    FIRST_GAME_DATE,
    Game,
    SeasonType,
    season_label,
    season_year_on,
)
from nba_pipeline.sources.web.client import WebClient, received
from nba_pipeline.sources.web.settings import WebSettings

_TOO_FAST = frozenset((403,))
"""How the league's edge says it."""

_SEASON_TYPES: Mapping[SeasonType, str] = {
    SeasonType.REGULAR: "Regular Season",
    SeasonType.PLAY_IN: "PlayIn",
    SeasonType.PLAYOFFS: "Playoffs",
    SeasonType.CUP_FINAL: "IST",
}
_Request = tuple[str, Layout, Any]


class LeagueClient:
    """One host of the league, asked as nba_api asks it.

    Args:
        settings: pace, tries and limits.
        address: the host's address with ``{endpoint}``.
    """

    def __init__(self, settings: WebSettings, address: str) -> None:
        from nba_api.stats.library.http import STATS_HEADERS

        # the library sets these two itself: the host asked, and what it can unpack
        kept = {k: v for k, v in STATS_HEADERS.items() if k not in ("Host", "Accept-Encoding")}
        self._client = WebClient(settings, headers=kept, too_fast=_TOO_FAST)
        self._address = address

    def ask(self, request: Any) -> bytes:
        """Body of the answer to an nba_api endpoint that was made with ``get_request=False``.

        Raises:
            SourceError: as ``WebClient.get``.
        """
        return self.get(request.endpoint, request.parameters)

    def get(self, endpoint: str, parameters: Mapping[str, Any] | None = None) -> bytes:
        """Body of the answer.

        Raises:
            SourceError: as ``WebClient.get``.
        """
        ordered = dict(sorted((parameters or {}).items()))  # as nba_api sends them
        return self._client.get(self._address.format(endpoint=endpoint), ordered).content


class SeasonLoader:
    """Schedule, game logs, shots or players."""

    name = "nbac"

    def __init__(self, client: LeagueClient, endpoint: Endpoint) -> None:
        self.client = client
        self.endpoint = endpoint

    @property
    def asks_by_date(self) -> bool:
        """Shots are asked for by date, all else by season."""
        return self.endpoint is Endpoint.SHOTS

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """Payloads of the seasons that the range touches; shots by date.

        Raises:
            SourceError: a request failed for good.
        """
        for key, layout, request in self._requests(dates):
            yield received(self, key, layout, self.client.ask(request))

    def _requests(self, dates: DateRange) -> Iterator[_Request]:
        seasons = range(season_year_on(dates.first), season_year_on(dates.last) + 1)
        if self.endpoint in (Endpoint.PLAYERS, Endpoint.PLAYER_SEASONS):
            yield from self._people(season_year_on(dates.last))
        elif self.endpoint is Endpoint.SHOTS:
            for date in dates.dates():
                yield from self._shots(date)
        elif self.endpoint is Endpoint.SCHEDULE:
            for year in seasons:
                yield schedule_request(year)
        elif self.endpoint in (Endpoint.PLAYER_GAMELOG, Endpoint.TEAM_GAMELOG):
            for year in seasons:
                yield from self._game_logs(year)
        else:
            raise ValueError(f"{self.endpoint} is not asked for by season")

    def _game_logs(self, year: int) -> Iterator[_Request]:
        from nba_api.stats.endpoints import LeagueGameLog

        letter = "P" if self.endpoint is Endpoint.PLAYER_GAMELOG else "T"
        for kind, name in _SEASON_TYPES.items():
            request = LeagueGameLog(
                season=season_label(year),
                season_type_all_star=name,
                player_or_team_abbreviation=letter,
                get_request=False,
            )
            yield f"season={season_label(year)}/type={kind}", Layout.GAMELOG_JSON, request

    def _people(self, newest: int) -> Iterator[_Request]:
        """Lists with position and size; the league has no list of dates of birth."""
        from nba_api.stats.endpoints import CommonAllPlayers, PlayerIndex

        everybody = CommonAllPlayers(is_only_current_season=0, get_request=False)
        yield "all", Layout.PLAYERS_JSON, everybody
        first = newest if self.endpoint is Endpoint.PLAYERS else FIRST_GAME_DATE.year
        for year in range(first, newest + 1):
            request = PlayerIndex(season=season_label(year), get_request=False)
            yield f"season={season_label(year)}/list=playerindex", Layout.PLAYER_INDEX_JSON, request

    def _shots(self, date: dt.date) -> Iterator[_Request]:
        """A request a date: an answer is cut at 102,400 rows, half a season."""
        from nba_api.stats.endpoints import ShotChartDetail

        for kind, name in _SEASON_TYPES.items():
            request = ShotChartDetail(
                team_id=0,
                player_id=0,
                context_measure_simple="FGA",
                season_nullable=season_label(season_year_on(date)),
                season_type_all_star=name,
                date_from_nullable=date.isoformat(),
                date_to_nullable=date.isoformat(),
                get_request=False,
            )
            yield f"dates={date}..{date}/type={kind}", Layout.SHOTS_JSON, request

    def not_offered(self, game: Game) -> str | None:
        """The league has all of it."""
        return None


def schedule_request(year: int) -> _Request:
    """Request key, layout and request of a season's schedule."""
    from nba_api.stats.endpoints import ScheduleLeagueV2

    request = ScheduleLeagueV2(season=season_label(year), get_request=False)
    return f"season={season_label(year)}", Layout.SCHEDULE_LEAGUE_V2, request


class TeamListLoader:
    """The team list that comes with nba_api; nothing is asked."""

    name = "nba_api"
    endpoint = Endpoint.TEAMS

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """The list as CSV."""
        import pandas as pd
        from nba_api.stats.static import teams

        names = {"id": "ID", "abbreviation": "Abbreviation", "full_name": "Full Name",
                 "nickname": "NICKNAME", "city": "City", "state": "State"}  # fmt: skip
        frame = pd.DataFrame(teams.get_teams()).rename(columns=names)[list(names.values())]
        yield received(self, "all", Layout.TEAMS_CSV, frame.to_csv(index=False).encode())

    def not_offered(self, game: Game) -> str | None:
        """Nothing is missing."""
        return None
