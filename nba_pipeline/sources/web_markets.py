"""Keys and addresses of the markets' web sources, and their loaders.

Belongs here: settings of these sources. Does not belong here: the loaders (``web_odds``,
``web_bettingpros``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from nba_pipeline.sources.base import Endpoint, Loader
from nba_pipeline.sources.web_bettingpros import BettingProsLoader
from nba_pipeline.sources.web_json import JsonClient
from nba_pipeline.sources.web_odds import OddsLoader

if TYPE_CHECKING:
    from nba_pipeline.sources.web import WebSettings


class MarketSettings(BaseSettings):
    """Where markets are asked, and with which keys, from ``NBA_WEB_*``.

    Attributes:
        odds_api_key: key of The Odds API; without it nothing is asked there.
        bettingpros_key: key of BettingPros, likewise.
    """

    model_config = SettingsConfigDict(env_prefix="NBA_WEB_", extra="ignore")

    odds_api_url: str = "https://api.the-odds-api.com/v4"
    odds_api_key: SecretStr | None = None
    bettingpros_url: str = "https://api.bettingpros.com/v3"
    bettingpros_key: SecretStr | None = None


def market_loaders(settings: WebSettings, markets: MarketSettings) -> Mapping[Endpoint, Loader]:
    """Loaders of points lines and game lines, sharing a client per source."""
    odds = bettingpros = None
    if markets.odds_api_key:
        odds = JsonClient(settings, query={"apiKey": markets.odds_api_key})
    if markets.bettingpros_key:
        bettingpros = JsonClient(settings, headers={"x-api-key": markets.bettingpros_key})
    return {
        Endpoint.POINTS_LINES: OddsLoader(odds, markets.odds_api_url, Endpoint.POINTS_LINES),
        Endpoint.GAME_LINES: OddsLoader(odds, markets.odds_api_url, Endpoint.GAME_LINES),
        Endpoint.BETTINGPROS_LINES: BettingProsLoader(bettingpros, markets.bettingpros_url),
    }
