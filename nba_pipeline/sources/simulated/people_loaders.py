"""Loaders of people of the simulated league: injury reports, rosters, lists of players.

Belongs here: which payload answers which request. Does not belong here: what is in it
(``people_payloads``).
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterator

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload
from nba_pipeline.league.calendar import TEAMS, season_label, season_year_on
from nba_pipeline.sources.simulated import payloads, people_payloads
from nba_pipeline.sources.simulated.league import Season
from nba_pipeline.sources.simulated.loaders import SimulatedLoader


class PlayerListLoader(SimulatedLoader):
    """Lists of players: all of them with profiles, and for seasons the index of each."""

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """The lists, whatever the dates."""
        people = self.league.people
        yield self.payload("all", Layout.PLAYERS_JSON, payloads.players(self.league))
        content = people_payloads.profiles(people.players)
        yield self.payload("all/list=profiles", Layout.PLAYER_PROFILES_CSV, content)
        if self.endpoint is Endpoint.PLAYER_SEASONS:
            content = people_payloads.player_index(people.opening_rosters())
            for year in self.league.season_years:
                key = f"season={season_label(year)}/list=playerindex"
                yield self.payload(key, Layout.PLAYER_INDEX_JSON, content)


class _DatedLoader(SimulatedLoader, ABC):
    """What is known of people on a date of a season."""

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """Payloads of the dates that lie in a season."""
        for date in dates.dates():
            season = self.season_on(date)
            if season is not None:
                yield from self.of_date(season, date)

    def season_on(self, date: dt.date) -> Season | None:
        """The season of a date, None where no schedule of it is out."""
        year = season_year_on(date)
        return self.league.season(year) if year in self.league.season_years else None

    @abstractmethod
    def of_date(self, season: Season, date: dt.date) -> Iterator[Payload]:
        """Payloads of a date."""


class InjuryReportLoader(_DatedLoader):
    """One injury report a date: the afternoon's of the past, the morning's of today."""

    def of_date(self, season: Season, date: dt.date) -> Iterator[Payload]:
        """The report, where there are games."""
        content = people_payloads.injury_report(season, date, self.league.as_of)
        if content is not None:
            time = "05PM" if date < self.league.as_of else "04AM"
            key = f"dates={date}..{date}/report={time}"
            yield self.payload(key, Layout.INJURY_REPORT_JSON, content)


class RosterLoader(_DatedLoader):
    """Rosters of the days of a season up to the league's date."""

    def of_date(self, season: Season, date: dt.date) -> Iterator[Payload]:
        """A page per team."""
        rosters = people_payloads.rosters_on(season, date)
        if rosters is None or date > self.league.as_of:
            return
        for team in TEAMS:
            content = people_payloads.roster(team, rosters[team], season.season_year)
            key = f"dates={date}..{date}/team={team}"
            yield self.payload(key, Layout.ESPN_ROSTER_JSON, content)

    def not_offered_on(self, date: dt.date) -> str | None:
        """Rosters are those of a season's days."""
        season = self.season_on(date)
        if date > self.league.as_of or (season and people_payloads.rosters_on(season, date)):
            return None
        return f"{self.name}: no rosters outside a season ({date:%Y-%m})"
