"""The web as a source: a loader per endpoint, and what the web does not offer.

Belongs here: putting clients and loaders together, and the reasons why an endpoint is not offered.
Does not belong here: requests (``web_client``), addresses and keys (``web_settings``), or which
request gives which payload (``web_*``).
"""

from __future__ import annotations

from collections.abc import Mapping

from nba_pipeline.landing.payload import Endpoint
from nba_pipeline.sources.loader import Loader
from nba_pipeline.sources.own.fixed import ArenaLoader, NothingLoader
from nba_pipeline.sources.web.bdl import BdlLoader
from nba_pipeline.sources.web.bettingpros import BettingProsLoader
from nba_pipeline.sources.web.client import WebClient
from nba_pipeline.sources.web.league import (
    SEASON_ENDPOINTS,
    LeagueClient,
    SeasonLoader,
    TeamListLoader,
)
from nba_pipeline.sources.web.odds import OddsLoader
from nba_pipeline.sources.web.people import EspnRosterLoader, InjuryReportLoader
from nba_pipeline.sources.web.plays import LivePlaysLoader
from nba_pipeline.sources.web.settings import WebSettings
from nba_pipeline.sources.web.sheets import SheetLoader

_NO_INTERFACE: Mapping[Endpoint, tuple[str, str]] = {
    Endpoint.BREF_BOXSCORES: ("bref", "Basketball-Reference"),
    Endpoint.BREF_PLAYS: ("bref", "Basketball-Reference"),
    Endpoint.PRIZEPICKS_LINES: ("prizepicks", "PrizePicks"),
    Endpoint.INJURY_TRANSACTIONS: ("pst", "Pro Sports Transactions"),
}
"""Sources that are meant for readers only; they are declared as not offered, never scraped."""

_KEYED: Mapping[Endpoint, tuple[str, str, str]] = {
    Endpoint.POINTS_LINES: ("odds_api", "The Odds API", "NBA_WEB_ODDS_API_KEY"),
    Endpoint.GAME_LINES: ("odds_api", "The Odds API", "NBA_WEB_ODDS_API_KEY"),
    Endpoint.BETTINGPROS_LINES: ("bettingpros", "BettingPros", "NBA_WEB_BETTINGPROS_KEY"),
    Endpoint.BDL_BOXSCORES: ("bdl", "BallDontLie", "NBA_WEB_BDL_KEY"),
}
"""Sources that want a key; without it they are declared as not offered."""


def web_loaders(settings: WebSettings) -> Mapping[Endpoint, Loader]:
    """A loader per endpoint, sharing one client a host."""
    stats = LeagueClient(settings, settings.base_url)
    live = LeagueClient(settings, settings.live_url)
    loaders: dict[Endpoint, Loader] = {
        e: NothingLoader(name, e, f"{who} has no interface for programs")
        for e, (name, who) in _NO_INTERFACE.items()
    }
    loaders |= {
        e: NothingLoader(name, e, f"{who} wants a key, set {variable}")
        for e, (name, who, variable) in _KEYED.items()
    }
    loaders |= {e: SeasonLoader(stats, e) for e in SEASON_ENDPOINTS}
    loaders |= {
        Endpoint.TEAMS: TeamListLoader(),
        Endpoint.ARENAS: ArenaLoader(),
        Endpoint.GAME_SHEETS: SheetLoader(stats, live),
        Endpoint.LEAGUE_PLAYS: LivePlaysLoader(stats, live),
        Endpoint.INJURY_REPORT: InjuryReportLoader(WebClient(settings), settings.injury_report_url),
        Endpoint.ROSTERS: EspnRosterLoader(WebClient(settings), settings.espn_team_url),
    }
    return loaders | _with_key(settings)


def _with_key(settings: WebSettings) -> dict[Endpoint, Loader]:
    """Loaders of the sources whose key is set."""
    found: dict[Endpoint, Loader] = {}
    if settings.odds_api_key:
        odds = WebClient(settings, query={"apiKey": settings.odds_api_key})
        for endpoint in (Endpoint.POINTS_LINES, Endpoint.GAME_LINES):
            found[endpoint] = OddsLoader(odds, settings.odds_api_url, endpoint)
    if settings.bettingpros_key:
        pros = WebClient(settings, headers={"x-api-key": settings.bettingpros_key})
        found[Endpoint.BETTINGPROS_LINES] = BettingProsLoader(pros, settings.bettingpros_url)
    if settings.bdl_key:
        bdl = WebClient(settings, headers={"Authorization": settings.bdl_key})
        found[Endpoint.BDL_BOXSCORES] = BdlLoader(bdl, settings.bdl_url)
    return found
