"""Loaders of the simulated league: the same interface as archives and web.

Belongs here: which payload answers which request. Does not belong here: what is in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from nba_pipeline.calendar import Game, SeasonType, season_label, season_year_on
from nba_pipeline.sources.base import DateRange, Endpoint, Layout, Loader, Payload
from nba_pipeline.sources.simulated import payloads
from nba_pipeline.sources.simulated.league import SimulatedLeague
from nba_pipeline.sources.simulated.lines import points_lines
from nba_pipeline.sources.simulated.shots import shots

_NO_PLAYS = (Endpoint.BREF_PLAYS, Endpoint.LEAGUE_PLAYS)
"""Endpoints that are not simulated."""

_LOG_KINDS = tuple(t for t in SeasonType if t.counts)


class SimulatedLoader:
    """One endpoint of a simulated league."""

    def __init__(self, league: SimulatedLeague, endpoint: Endpoint) -> None:
        self.league = league
        self.endpoint = endpoint
        self.name = "simulated"
        self._rendered: dict[int, list[Payload]] = {}

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """Payloads of the seasons that the range touches."""
        if self.endpoint in _NO_PLAYS:
            return
        if self.endpoint is Endpoint.PLAYERS:
            yield self._payload("all", Layout.PLAYERS_JSON, payloads.players(self.league))
        elif self.endpoint is Endpoint.TEAMS:
            yield self._payload("all", Layout.TEAMS_CSV, payloads.teams())
        else:
            asked = range(season_year_on(dates.first), season_year_on(dates.last) + 1)
            for year in self.league.season_years:
                if year in asked:
                    if year not in self._rendered:
                        self._rendered[year] = list(self._of_season(year))
                    yield from self._rendered[year]

    def _of_season(self, year: int) -> Iterator[Payload]:
        season, key = self.league.season(year), f"season={season_label(year)}"
        if self.endpoint is Endpoint.SCHEDULE:
            content = payloads.schedule(self.league, season)
            yield self._payload(key, Layout.SCHEDULE_LEAGUE_V2, content)
        elif self.endpoint is Endpoint.SHOTS:
            if season.boxes:
                content = shots(self.league.seed, season)
                yield self._payload(key, Layout.SHOTS_PARQUET, content)
        elif self.endpoint is Endpoint.POINTS_LINES:
            if season.boxes:
                taken = f"{key}/file=raw_{year}1001_120000"
                yield self._payload(taken, Layout.PROPS_LINES_CSV, points_lines(season))
        elif self.endpoint is Endpoint.BREF_BOXSCORES:
            if season.boxes:
                yield self._payload(key, Layout.BREF_JSONL, payloads.bref(season))
        else:
            is_players = self.endpoint is Endpoint.PLAYER_GAMELOG
            render = payloads.player_log if is_players else payloads.team_log
            for kind in _LOG_KINDS:
                yield self._payload(f"{key}/type={kind}", Layout.GAMELOG_JSON, render(season, kind))

    def _payload(self, key: str, layout: Layout, content: bytes) -> Payload:
        at = dt.datetime.combine(self.league.as_of, dt.time(10), dt.UTC)
        return Payload(self.name, self.endpoint, key, layout, at, content)

    def not_offered(self, game: Game) -> str | None:
        """Nothing is missing in a simulated league but plays: their only use is their detail."""
        if self.endpoint in _NO_PLAYS:
            return f"no play-by-play in any season of the simulated league ({self.endpoint})"
        return None


def simulated_loaders(league: SimulatedLeague) -> Mapping[Endpoint, Loader]:
    """A loader per endpoint."""
    return {e: SimulatedLoader(league, e) for e in Endpoint if e is not Endpoint.ALIASES}
