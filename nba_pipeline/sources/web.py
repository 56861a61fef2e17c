"""Loaders of stats.nba.com, through nba_api's endpoints.

Belongs here: which request gives which payload, pacing, retries and limits. Does not belong here:
reading the answers; they are landed first and parsed as files are.
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
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from nba_pipeline.calendar import Game, SeasonType, season_label, season_year_on
from nba_pipeline.sources.base import DateRange, Endpoint, Layout, Loader, Payload, SourceError
from nba_pipeline.sources.web_plays import LivePlaysLoader

_SEASON_TYPES: Mapping[SeasonType, str] = {
    SeasonType.REGULAR: "Regular Season",
    SeasonType.PLAY_IN: "PlayIn",
    SeasonType.PLAYOFFS: "Playoffs",
    SeasonType.CUP_FINAL: "IST",
}
_TEMPORARY = frozenset((403, 408, 429, 500, 502, 503, 504))
"""Answers worth another try; 403 is how the league's edge says "too fast"."""


class WebSettings(BaseSettings):
    """How to ask, from ``NBA_WEB_*``.

    Attributes:
        base_url: address with ``{endpoint}``.
        live_url: the same of the live feed.
        timeout: seconds for one request.
        attempts: tries of one request.
        min_interval: seconds between two requests of this process.
        max_bytes: largest answer that is read.
    """

    model_config = SettingsConfigDict(env_prefix="NBA_WEB_", extra="ignore")

    base_url: str = "https://stats.nba.com/stats/{endpoint}"
    live_url: str = "https://cdn.nba.com/static/json/liveData/{endpoint}"
    timeout: float = Field(default=30, gt=0)
    attempts: int = Field(default=4, ge=1)
    min_interval: float = Field(default=0.6, ge=0)
    max_wait: float = Field(default=30, ge=0)
    max_bytes: int = Field(default=64 * 1024 * 1024, gt=0)


class _TemporaryError(SourceError):
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
            retry=retry_if_exception_type(_TemporaryError),
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
                raise _TemporaryError(f"{self.host}/{endpoint}: {error}") from error
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
            kind = _TemporaryError if response.status_code in _TEMPORARY else SourceError
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
        if self.endpoint is Endpoint.PLAYERS:
            asked = endpoints.CommonAllPlayers(is_only_current_season=0, get_request=False)
            yield "all", Layout.PLAYERS_JSON, asked.endpoint, asked.parameters
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
        if self.endpoint is Endpoint.POINTS_LINES:
            return "the league has no points lines"
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


def web_loaders(settings: WebSettings) -> Mapping[Endpoint, Loader]:
    """A loader per endpoint, sharing one paced client a host."""
    client = StatsClient(settings)
    live = StatsClient(settings.model_copy(update={"base_url": settings.live_url}), "cdn.nba.com")
    loaders: dict[Endpoint, Loader] = {e: WebLoader(client, e) for e in Endpoint}
    loaders[Endpoint.TEAMS] = TeamListLoader()
    loaders[Endpoint.LEAGUE_PLAYS] = LivePlaysLoader(client, live)
    return loaders
