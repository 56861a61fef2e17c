"""The web as a source: its clients, and how a loader of each kind is made of them.

Belongs here: one client a host, shared by whoever asks there, and what is said where a key is
wanted. Does not belong here: which endpoint has which loader (``sources.feeds``), requests
(``client``), addresses and keys (``settings``), or which request gives which payload (the loaders).
"""

from __future__ import annotations

from functools import cached_property

from nba_pipeline.landing.payload import Endpoint
from nba_pipeline.sources.loader import Loader
from nba_pipeline.sources.own.fixed import NothingLoader
from nba_pipeline.sources.web.bdl import BdlLoader
from nba_pipeline.sources.web.bettingpros import BettingProsLoader
from nba_pipeline.sources.web.client import WebClient
from nba_pipeline.sources.web.league import LeagueClient, SeasonLoader, TeamListLoader
from nba_pipeline.sources.web.odds import OddsLoader
from nba_pipeline.sources.web.people import EspnRosterLoader, InjuryReportLoader
from nba_pipeline.sources.web.plays import LivePlaysLoader
from nba_pipeline.sources.web.settings import WebSettings
from nba_pipeline.sources.web.sheets import SheetLoader


class Web:
    """The hosts that are asked; a client is made when the first loader wants it."""

    def __init__(self, settings: WebSettings) -> None:
        self.settings = settings

    @cached_property
    def stats(self) -> LeagueClient:
        """stats.nba.com."""
        return LeagueClient(self.settings, self.settings.base_url)

    @cached_property
    def live(self) -> LeagueClient:
        """The league's live feed."""
        return LeagueClient(self.settings, self.settings.live_url)

    @cached_property
    def odds(self) -> WebClient | None:
        """The Odds API, None without a key."""
        key = self.settings.odds_api_key
        return WebClient(self.settings, query={"apiKey": key}) if key else None


def season_loader(web: Web, endpoint: Endpoint) -> Loader:
    """Seasons and dates of stats.nba.com."""
    return SeasonLoader(web.stats, endpoint)


def team_list_loader(web: Web, endpoint: Endpoint) -> Loader:
    """The list of teams that comes with nba_api."""
    return TeamListLoader()


def sheet_loader(web: Web, endpoint: Endpoint) -> Loader:
    """Game sheets of the league."""
    return SheetLoader(web.stats, web.live)


def plays_loader(web: Web, endpoint: Endpoint) -> Loader:
    """Plays of the league's live feed."""
    return LivePlaysLoader(web.stats, web.live)


def injury_report_loader(web: Web, endpoint: Endpoint) -> Loader:
    """The league's injury reports."""
    return InjuryReportLoader(WebClient(web.settings), web.settings.injury_report_url)


def roster_loader(web: Web, endpoint: Endpoint) -> Loader:
    """Today's rosters of ESPN."""
    return EspnRosterLoader(WebClient(web.settings), web.settings.espn_team_url)


def odds_loader(web: Web, endpoint: Endpoint) -> Loader:
    """The Odds API, if its key is set."""
    if web.odds is None:
        return _wants_key("odds_api", endpoint, "The Odds API", "NBA_WEB_ODDS_API_KEY")
    return OddsLoader(web.odds, web.settings.odds_api_url, endpoint)


def bettingpros_loader(web: Web, endpoint: Endpoint) -> Loader:
    """BettingPros, if its key is set."""
    key = web.settings.bettingpros_key
    if not key:
        return _wants_key("bettingpros", endpoint, "BettingPros", "NBA_WEB_BETTINGPROS_KEY")
    client = WebClient(web.settings, headers={"x-api-key": key})
    return BettingProsLoader(client, web.settings.bettingpros_url)


def bdl_loader(web: Web, endpoint: Endpoint) -> Loader:
    """BallDontLie, if its key is set."""
    key = web.settings.bdl_key
    if not key:
        return _wants_key("bdl", endpoint, "BallDontLie", "NBA_WEB_BDL_KEY")
    return BdlLoader(WebClient(web.settings, headers={"Authorization": key}), web.settings.bdl_url)


def _wants_key(name: str, endpoint: Endpoint, who: str, variable: str) -> Loader:
    return NothingLoader(name, endpoint, f"{who} wants a key, set {variable}")
