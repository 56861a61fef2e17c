"""Loaders of stats.nba.com, through nba_api's endpoints, and the settings of all web loaders.

Belongs here: which request gives which payload, pacing, retries and limits. Does not belong here:
reading the answers, which are landed first and parsed as files are; services with a key
(``web_bdl``).
Basketball-Reference has no interface for programs, so the independent source is declared as not
offered here, never scraped.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

import requests
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from nba_pipeline.calendar import (
    FIRST_GAME_DATE,
    Game,
    SeasonType,
    season_label,
    season_year_on,
)
from nba_pipeline.sources.base import DateRange, Endpoint, Layout, Loader, Payload, SourceError
from nba_pipeline.sources.fixed import ArenaLoader, NothingLoader
from nba_pipeline.sources.web_bdl import BdlLoader
from nba_pipeline.sources.web_http import HttpClient
from nba_pipeline.sources.web_markets import MarketSettings, market_loaders
from nba_pipeline.sources.web_plays import LivePlaysLoader
from nba_pipeline.sources.web_sheets import SheetLoader

_SEASON_TYPES: Mapping[SeasonType, str] = {
    SeasonType.REGULAR: "Regular Season",
    SeasonType.PLAY_IN: "PlayIn",
    SeasonType.PLAYOFFS: "Playoffs",
    SeasonType.CUP_FINAL: "IST",
}
TEMPORARY = frozenset((403, 408, 429, 500, 502, 503, 504))
"""Answers worth another try; 403 is how the league's edge says "too fast"."""


class WebSettings(BaseSettings):
    """How to ask, from ``NBA_WEB_*``.

    Attributes:
        base_url: address of stats.nba.com with ``{endpoint}``.
        injury_report_url: address of an injury report with ``{date}`` and ``{time}``.
        espn_team_url: address of ESPN's team page with ``{team_id}``.
        live_url: the same of the live feed.
        timeout: seconds for one request.
        attempts: tries of one request.
        min_interval: seconds between two requests of this process.
        max_bytes: largest answer that is read.
        bdl_key: key of BallDontLie; without one its box scores are not offered.
    """

    model_config = SettingsConfigDict(env_prefix="NBA_WEB_", extra="ignore")

    base_url: str = "https://stats.nba.com/stats/{endpoint}"
    injury_report_url: str = (
        "https://ak-static.cms.nba.com/referee/injury/Injury-Report_{date}_{time}.pdf"
    )
    espn_team_url: str = (
        "https://site.api.espn.com/apis/site/v2/sports/basketball/nba/teams/{team_id}?enable=roster"
    )
    live_url: str = "https://cdn.nba.com/static/json/liveData/{endpoint}"
    timeout: float = Field(default=30, gt=0)
    attempts: int = Field(default=4, ge=1)
    min_interval: float = Field(default=0.6, ge=0)
    max_wait: float = Field(default=30, ge=0)
    max_bytes: int = Field(default=64 * 1024 * 1024, gt=0)
    bdl_url: str = "https://api.balldontlie.io/v1/box_scores"
    bdl_key: SecretStr | None = None


class TemporaryError(SourceError):
    """A failure that another try may not have."""


class StatsClient:
    """Requests to one host of the league: one at a time, paced, retried, limited."""

    def __init__(self, settings: WebSettings, host: str = "stats.nba.com") -> None:
        self.settings = settings
        self.host = host
        self._lock = threading.Lock()
        self._last = 0.0

    def get(self, endpoint: str, parameters: Mapping[str, Any]) -> bytes:
        """Body of the answer.

        Raises:
            SourceError: no answer, an answer other than 200, or a larger one than allowed.
        """
        retrying = Retrying(
            retry=retry_if_exception_type(TemporaryError),
            stop=stop_after_attempt(self.settings.attempts),
            wait=wait_random_exponential(multiplier=1, max=self.settings.max_wait),
            reraise=True,
        )
        return retrying(self._get_once, endpoint, parameters)

    def _get_once(self, endpoint: str, parameters: Mapping[str, Any]) -> bytes:
        with self._lock, requests.Session() as session:
            http = _http_of(self.settings, session)
            time.sleep(max(0.0, self._last + self.settings.min_interval - time.monotonic()))
            try:
                answer = http.send_api_request(
                    endpoint, dict(parameters), timeout=self.settings.timeout
                )
            except requests.RequestException as error:
                raise TemporaryError(f"{self.host}/{endpoint}: {error}") from error
            finally:
                self._last = time.monotonic()
        return str(answer.get_response()).encode()


def _http_of(settings: WebSettings, session: requests.Session) -> Any:
    """nba_api's client with this address, over a session that refuses bad answers."""
    from nba_api.stats.library.http import STATS_HEADERS, NBAStatsHTTP

    def check(response: requests.Response, *_: Any, **__: Any) -> None:
        where = response.url.partition("?")[0]
        size = int(response.headers.get("Content-Length") or 0)
        if response.status_code != requests.codes.ok:
            response.close()
            kind = TemporaryError if response.status_code in TEMPORARY else SourceError
            raise kind(f"{where} answered {response.status_code} {response.reason}")
        if size > settings.max_bytes:
            response.close()
            raise SourceError(f"{where} sends {size:,} bytes, more than {settings.max_bytes:,}")

    session.hooks["response"].append(check)
    is_official = "stats.nba.com" in settings.base_url
    kept = {k: v for k, v in STATS_HEADERS.items() if is_official or k != "Host"}
    members = {"base_url": settings.base_url, "headers": kept, "_session": session}
    return type("_StatsHTTP", (NBAStatsHTTP,), members)()


class WebLoader:
    """One endpoint of stats.nba.com; every request is for a whole season."""

    def __init__(self, client: StatsClient, endpoint: Endpoint) -> None:
        self.client = client
        self.endpoint = endpoint
        self.name = "nbac"

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """Payloads of the seasons that the range touches.

        Raises:
            SourceError: a request failed for good.
        """
        for key, layout, endpoint, parameters in self._requests(dates):
            content = self.client.get(endpoint, parameters)
            at = dt.datetime.now(dt.UTC).replace(microsecond=0)
            yield Payload(self.name, self.endpoint, key, layout, at, content)

    def _requests(self, dates: DateRange) -> Iterator[tuple[str, Layout, str, Mapping[str, Any]]]:
        from nba_api.stats import endpoints

        seasons = range(season_year_on(dates.first), season_year_on(dates.last) + 1)
        if self.endpoint in (Endpoint.PLAYERS, Endpoint.PLAYER_SEASONS):
            yield from self._people(season_year_on(dates.last))
        elif self.endpoint is Endpoint.SCHEDULE:
            for year in seasons:
                asked = endpoints.ScheduleLeagueV2(season=season_label(year), get_request=False)
                key = f"season={season_label(year)}"
                yield key, Layout.SCHEDULE_LEAGUE_V2, asked.endpoint, asked.parameters
        elif self.endpoint is Endpoint.SHOTS:
            for date in dates.dates():
                yield from self._shots(date)
        elif self.endpoint in (Endpoint.PLAYER_GAMELOG, Endpoint.TEAM_GAMELOG):
            letter = "P" if self.endpoint is Endpoint.PLAYER_GAMELOG else "T"
            for year in seasons:
                for kind, name in _SEASON_TYPES.items():
                    asked = endpoints.LeagueGameLog(
                        season=season_label(year),
                        season_type_all_star=name,
                        player_or_team_abbreviation=letter,
                        get_request=False,
                    )
                    key = f"season={season_label(year)}/type={kind}"
                    yield key, Layout.GAMELOG_JSON, asked.endpoint, asked.parameters

    def _people(self, newest: int) -> Iterator[tuple[str, Layout, str, Mapping[str, Any]]]:
        """Lists with position and size; the league has no list of dates of birth."""
        from nba_api.stats import endpoints

        listed = endpoints.CommonAllPlayers(is_only_current_season=0, get_request=False)
        yield "all", Layout.PLAYERS_JSON, listed.endpoint, listed.parameters
        first = newest if self.endpoint is Endpoint.PLAYERS else FIRST_GAME_DATE.year
        for year in range(first, newest + 1):
            asked = endpoints.PlayerIndex(season=season_label(year), get_request=False)
            key = f"season={season_label(year)}/list=playerindex"
            yield key, Layout.PLAYER_INDEX_JSON, asked.endpoint, asked.parameters

    def _shots(self, date: dt.date) -> Iterator[tuple[str, Layout, str, Mapping[str, Any]]]:
        """A request a date: an answer is cut at 102,400 rows, half a season."""
        from nba_api.stats import endpoints

        year = season_label(season_year_on(date))
        for kind, name in _SEASON_TYPES.items():
            asked = endpoints.ShotChartDetail(
                team_id=0,
                player_id=0,
                context_measure_simple="FGA",
                season_nullable=year,
                season_type_all_star=name,
                date_from_nullable=date.isoformat(),
                date_to_nullable=date.isoformat(),
                get_request=False,
            )
            key = f"dates={date}..{date}/type={kind}"
            yield key, Layout.SHOTS_JSON, asked.endpoint, asked.parameters

    def not_offered(self, game: Game) -> str | None:
        """The league has everything but the independent source."""
        if self.endpoint in (Endpoint.BREF_BOXSCORES, Endpoint.BREF_PLAYS):
            return "Basketball-Reference has no interface for programs"
        if self.endpoint is Endpoint.PRIZEPICKS_LINES:
            return f"PrizePicks has no interface for programs: no lines of {game.game_date}"
        return None


class TeamListLoader:
    """The team list that comes with nba_api."""

    name = "nba_api"
    endpoint = Endpoint.TEAMS

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """The list as CSV."""
        import pandas as pd
        from nba_api.stats.static import teams

        names = {"id": "ID", "abbreviation": "Abbreviation", "full_name": "Full Name",
                 "nickname": "NICKNAME", "city": "City", "state": "State"}  # fmt: skip
        frame = pd.DataFrame(teams.get_teams()).rename(columns=names)[list(names.values())]
        at = dt.datetime.now(dt.UTC).replace(microsecond=0)
        content = frame.to_csv(index=False).encode()
        yield Payload(self.name, self.endpoint, "all", Layout.TEAMS_CSV, at, content)

    def not_offered(self, game: Game) -> str | None:
        """Nothing is missing."""
        return None


def _http_client(name: str, settings: WebSettings) -> HttpClient:
    return HttpClient(
        name,
        timeout=settings.timeout,
        attempts=settings.attempts,
        min_interval=settings.min_interval,
        max_wait=settings.max_wait,
        max_bytes=settings.max_bytes,
    )


def web_loaders(settings: WebSettings) -> Mapping[Endpoint, Loader]:
    """A loader per endpoint, sharing one paced client a host."""
    from nba_pipeline.sources.web_people import EspnRosterLoader, FileClient, InjuryReportLoader

    client, files = StatsClient(settings), FileClient(settings)
    loaders: dict[Endpoint, Loader] = {e: WebLoader(client, e) for e in Endpoint}
    loaders[Endpoint.TEAMS] = TeamListLoader()
    loaders[Endpoint.ARENAS] = ArenaLoader()
    loaders[Endpoint.INJURY_REPORT] = InjuryReportLoader(files)
    loaders[Endpoint.ROSTERS] = EspnRosterLoader(files)
    loaders[Endpoint.INJURY_TRANSACTIONS] = NothingLoader(
        "pst",
        Endpoint.INJURY_TRANSACTIONS,
        "Pro Sports Transactions has no interface for programs",
    )
    loaders |= market_loaders(settings, MarketSettings())
    loaders[Endpoint.GAME_SHEETS] = SheetLoader(client.get)
    loaders[Endpoint.BDL_BOXSCORES] = BdlLoader(
        _http_client("BallDontLie", settings), settings.bdl_url, settings.bdl_key
    )
    live = StatsClient(settings.model_copy(update={"base_url": settings.live_url}), "cdn.nba.com")
    loaders[Endpoint.LEAGUE_PLAYS] = LivePlaysLoader(client, live)
    return loaders
