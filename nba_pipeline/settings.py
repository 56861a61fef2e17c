"""Settings, typed, from ``NBA_*`` environment variables.

Belongs here: what a deployment chooses. Does not belong here: thresholds of tables; those are in
their contracts, where a change is visible and makes dates stale.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from nba_pipeline.league.calendar import EASTERN, FIRST_GAME_DATE, NIGHT_ENDS


class SettingsError(ValueError):
    """A setting cannot be used; the message is one line and names it."""


LAST_TODAY = dt.date(2100, 1, 1)
"""No replay of the past has a later date; near the end of the calendar there is no tomorrow."""


class SourceMode(StrEnum):
    """Where payloads come from."""

    SIMULATED = "simulated"
    ARCHIVES = "archives"
    WEB = "web"


class WarehouseKind(StrEnum):
    """Which engine holds the tables."""

    DUCKDB = "duckdb"
    BIGQUERY = "bigquery"


class Settings(BaseSettings):
    """Choices of a deployment.

    Attributes:
        home: folder of everything the platform writes.
        source: simulated league, local archives or the web; archives when ``archives`` is set.
        archives: root of the archive folders.
        lock_seconds: how long to wait for another process that holds the DuckDB file.
        today: the league's date, for replaying the past; the clock when not set.
        first_date: first game date that this home is to hold; every date from it to the league's
            yesterday counts, looked at or not.
        warehouse: DuckDB (embedded) or BigQuery (production).
        landing: bucket of landed payloads (``gs://bucket/prefix``); a folder under ``home`` if not
            set.
        automation: whether sensors and schedules run as soon as they are loaded.
        bigquery_project: project of the datasets; needed for BigQuery.
        bigquery_endpoint: address of an emulator.
        bigquery_max_bytes_billed: limit of every query job.
    """

    model_config = SettingsConfigDict(env_prefix="NBA_", extra="ignore")

    home: Path = Path(".nba")
    source: SourceMode | None = None
    archives: Path | None = None
    lock_seconds: float = Field(default=60.0, ge=0)
    today: dt.date | None = Field(default=None, ge=FIRST_GAME_DATE, le=LAST_TODAY)
    first_date: dt.date = Field(default=FIRST_GAME_DATE, ge=FIRST_GAME_DATE, le=LAST_TODAY)
    warehouse: WarehouseKind = WarehouseKind.DUCKDB
    landing: str | None = None
    automation: bool = False
    bigquery_project: str | None = None
    bigquery_location: str = "US"
    bigquery_endpoint: str | None = None
    bigquery_max_bytes_billed: int = Field(default=100 * 1024**3, gt=0)
    simulated_seed: int = 7
    simulated_first_season: int = 2021
    simulated_as_of: dt.date | None = None

    @model_validator(mode="after")
    def _choose_source(self) -> Settings:
        if self.source is None:
            self.source = SourceMode.ARCHIVES if self.archives else SourceMode.SIMULATED
        if self.source is SourceMode.ARCHIVES and self.archives is None:
            raise ValueError("NBA_SOURCE=archives needs NBA_ARCHIVES, the folder of the archives")
        if self.warehouse is WarehouseKind.BIGQUERY and not self.bigquery_project:
            raise ValueError("NBA_WAREHOUSE=bigquery needs NBA_BIGQUERY_PROJECT")
        return self

    @property
    def mode(self) -> SourceMode:
        """The source in force."""
        return self.source or SourceMode.SIMULATED

    @property
    def sources_are_files(self) -> bool:
        """Whether no payload is asked for or landed over a network."""
        return self.mode is not SourceMode.WEB and self.landing is None

    @property
    def data_home(self) -> Path:
        """Folder of this source's data: a simulated league never mixes with the real one."""
        return self.home.resolve() / self.mode

    @property
    def duckdb_path(self) -> Path:
        """The warehouse file."""
        return self.data_home / "nba.duckdb"

    @property
    def landing_root(self) -> Path:
        """Folder of landed payloads."""
        return self.data_home / "landing"

    def now(self) -> dt.datetime:
        """The moment, UTC; noon Eastern of the date that is replayed."""
        if self.today is None:
            return dt.datetime.now(dt.UTC)
        return dt.datetime.combine(self.today, dt.time(12), EASTERN).astimezone(dt.UTC)

    def league_today(self) -> dt.date:
        """The league's date; the night's last games belong to the day before."""
        return self.today or (dt.datetime.now(EASTERN) - NIGHT_ENDS).date()
