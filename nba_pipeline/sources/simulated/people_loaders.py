"""Loaders of people of the simulated league: injury reports, rosters, seasons of players.

Belongs here: which payload answers which request. Does not belong here: what is in it (``feeds``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload
from nba_pipeline.league.calendar import TEAMS, Game, season_label, season_year_on
from nba_pipeline.sources.loader import Loader
from nba_pipeline.sources.own.fixed import ArenaLoader
from nba_pipeline.sources.simulated import feeds, payloads
from nba_pipeline.sources.simulated.league import Season, SimulatedLeague

_NAME = "simulated"


class PeopleLoader:
    """One endpoint about people of a simulated league."""

    name = _NAME

    def __init__(self, league: SimulatedLeague, endpoint: Endpoint) -> None:
        self.league = league
        self.endpoint = endpoint

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """Payloads of the dates, or of all seasons where there are no dates."""
        if self.endpoint in (Endpoint.PLAYERS, Endpoint.PLAYER_SEASONS):
            yield from self._lists()
        else:
            for date in dates.dates():
                season = self._season(date)
                if season is not None:
                    yield from self._of_date(season, date)

    def _of_date(self, season: Season, date: dt.date) -> Iterator[Payload]:
        key = f"dates={date}..{date}"
        if self.endpoint is Endpoint.INJURY_REPORT:
            content = feeds.injury_report(season, date, self.league.as_of)
            if content is not None:
                time = "05PM" if date < self.league.as_of else "04AM"
                yield self._payload(f"{key}/report={time}", Layout.INJURY_REPORT_JSON, content)
            return
        rosters = feeds.rosters_on(season, date) if date <= self.league.as_of else None
        for team in TEAMS if rosters else ():
            content = feeds.roster(team, rosters[team], season.season_year) if rosters else b""
            yield self._payload(f"{key}/team={team}", Layout.ESPN_ROSTER_JSON, content)

    def _lists(self) -> Iterator[Payload]:
        people = self.league.people
        yield self._payload("all", Layout.PLAYERS_JSON, payloads.players(self.league))
        content = feeds.profiles(people.players)
        yield self._payload("all/list=profiles", Layout.PLAYER_PROFILES_CSV, content)
        if self.endpoint is Endpoint.PLAYER_SEASONS:
            content = feeds.player_index(people.opening_rosters())
            for year in self.league.season_years:
                key = f"season={season_label(year)}/list=playerindex"
                yield self._payload(key, Layout.PLAYER_INDEX_JSON, content)

    def _season(self, date: dt.date) -> Season | None:
        year = season_year_on(date)
        return self.league.season(year) if year in self.league.season_years else None

    def _payload(self, key: str, layout: Layout, content: bytes) -> Payload:
        at = dt.datetime.combine(self.league.as_of, dt.time(10), dt.UTC)
        return Payload(self.name, self.endpoint, key, layout, at, content)

    def not_offered(self, game: Game) -> str | None:
        """Nothing is missing of a game."""
        return None

    def not_offered_on(self, date: dt.date) -> str | None:
        """Rosters are those of a season's days."""
        season = self._season(date)
        if date > self.league.as_of or (season and feeds.rosters_on(season, date)):
            return None
        return f"{self.name}: no rosters outside a season ({date:%Y-%m})"


def people_loaders(league: SimulatedLeague) -> Mapping[Endpoint, Loader]:
    """A loader per endpoint about people."""
    held = (Endpoint.PLAYERS, Endpoint.PLAYER_SEASONS, Endpoint.INJURY_REPORT, Endpoint.ROSTERS)
    loaders: dict[Endpoint, Loader] = {e: PeopleLoader(league, e) for e in held}
    loaders[Endpoint.ARENAS] = ArenaLoader()
    return loaders
