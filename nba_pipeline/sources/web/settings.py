"""Settings of the web sources.

Belongs here: addresses, limits and keys, from ``NBA_WEB_*``. Does not belong here: how a request is
made (``client``) or which one (the loaders).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from nba_pipeline.settings import SettingsError

_PREFIX = "NBA_WEB_"


def _sendable(key: SecretStr | None) -> SecretStr | None:
    """A key goes into a header: printable Latin-1 without blanks, or no request can be made.

    Raises:
        ValueError: it is not; the message does not show it. An empty one is none.
    """
    text = "" if key is None else key.get_secret_value()
    if any(ord(c) > 0xFF or not c.isprintable() or c.isspace() for c in text):
        raise ValueError("a key has only printable Latin-1 characters, and no blanks")
    return key if text else None


_Key = Annotated[SecretStr | None, AfterValidator(_sendable)]


class WebSettings(BaseSettings):
    """Where to ask, how, and with which keys.

    Attributes:
        base_url: address of stats.nba.com with ``{endpoint}``.
        live_url: the same of the league's live feed.
        injury_report_url: address of an injury report with ``{date}`` and ``{time}``.
        espn_team_url: address of ESPN's team page with ``{team_id}``.
        bdl_url: address of BallDontLie's box scores.
        odds_api_url: root of The Odds API.
        bettingpros_url: root of BettingPros.
        bdl_key: key of BallDontLie; without one nothing is asked there.
        odds_api_key: key of The Odds API, likewise.
        bettingpros_key: key of BettingPros, likewise.
        timeout: seconds for one request.
        attempts: tries of one request.
        min_interval: seconds between two requests of this process to one host.
        max_wait: longest pause in seconds before another try.
        max_bytes: largest answer that is read.
    """

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="ignore", hide_input_in_errors=True)

    base_url: str = "https://stats.nba.com/stats/{endpoint}"
    live_url: str = "https://cdn.nba.com/static/json/liveData/{endpoint}"
    injury_report_url: str = (
        "https://ak-static.cms.nba.com/referee/injury/Injury-Report_{date}_{time}.pdf"
    )
    espn_team_url: str = (
        "https://site.api.espn.com/apis/site/v2/sports/basketball/nba/teams/{team_id}?enable=roster"
    )
    bdl_url: str = "https://api.balldontlie.io/v1/box_scores"
    odds_api_url: str = "https://api.the-odds-api.com/v4"
    bettingpros_url: str = "https://api.bettingpros.com/v3"
    bdl_key: _Key = None
    odds_api_key: _Key = None
    bettingpros_key: _Key = None
    timeout: float = Field(default=30, gt=0)
    attempts: int = Field(default=4, ge=1)
    min_interval: float = Field(default=0.6, ge=0)
    max_wait: float = Field(default=30, ge=0)
    max_bytes: int = Field(default=64 * 1024 * 1024, gt=0)


def web_settings() -> WebSettings:
    """The settings of the environment.

    Raises:
        SettingsError: one cannot be used; the message names its variable and never its value.
    """
    try:
        return WebSettings()
    except ValidationError as error:
        found = [f"{_PREFIX}{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}"
                 for e in error.errors(include_input=False)]  # fmt: skip
        text = "; ".join(found)
    raise SettingsError(text)  # outside: the error that it came from holds the value
