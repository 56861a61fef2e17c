"""The platform's parts put together from settings.

Belongs here: choosing the warehouse, the landing zone and what loaders read from. Does not belong
here: what they do, or which loader an endpoint has (``sources.feeds``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from nba_pipeline.landing.payload import Endpoint
from nba_pipeline.landing.zone import Landing, LocalStore, ObjectStore
from nba_pipeline.settings import Settings, SourceMode, WarehouseKind
from nba_pipeline.sources.loader import Loader
from nba_pipeline.sources.lookup import loaders
from nba_pipeline.warehouse.base import Warehouse, WarehouseError
from nba_pipeline.warehouse.duckdb.warehouse import DuckDBWarehouse

if TYPE_CHECKING:
    from nba_pipeline.sources.simulated.league import SimulatedLeague


@dataclass(frozen=True)
class Platform:
    """Everything that a run needs."""

    settings: Settings
    warehouse: Warehouse
    landing: Landing
    loaders: Mapping[Endpoint, Loader]


def build_platform(settings: Settings) -> Platform:
    """The platform that the settings describe; nothing is opened or fetched yet."""
    landing = Landing(_store(settings), kept=settings.data_home / "parsed")
    return Platform(
        settings=settings,
        warehouse=_warehouse(settings),
        landing=landing,
        loaders=loaders(settings.mode, _source(settings), landing),
    )


@lru_cache(maxsize=1)
def default_platform() -> Platform:
    """The platform of the environment, once per process."""
    return build_platform(Settings())


def _warehouse(settings: Settings) -> Warehouse:
    if settings.warehouse is WarehouseKind.BIGQUERY:
        return bigquery_warehouse(settings)
    return DuckDBWarehouse(settings.duckdb_path, lock_seconds=settings.lock_seconds)


def bigquery_warehouse(settings: Settings) -> Warehouse:
    """BigQuery as the settings describe it; no request is made yet.

    Raises:
        WarehouseError: no project is set.
    """
    from nba_pipeline.warehouse.bigquery.client import BigQueryConnection
    from nba_pipeline.warehouse.bigquery.warehouse import BigQueryWarehouse

    if not settings.bigquery_project:
        raise WarehouseError("no BigQuery project; set NBA_BIGQUERY_PROJECT")
    return BigQueryWarehouse(
        BigQueryConnection(
            project=settings.bigquery_project,
            location=settings.bigquery_location,
            endpoint=settings.bigquery_endpoint,
        ),
        max_bytes_billed=settings.bigquery_max_bytes_billed,
        source=settings.mode,
    )


def _store(settings: Settings) -> ObjectStore:
    if settings.landing is None:
        return LocalStore(settings.landing_root)
    from nba_pipeline.landing.gcs import GcsStore

    return GcsStore(settings.landing)


def _source(settings: Settings) -> object:
    """What the loaders of the source mode read from."""
    if settings.mode is SourceMode.ARCHIVES:
        if settings.archives is None:
            raise ValueError("NBA_ARCHIVES is not set")
        return settings.archives
    if settings.mode is SourceMode.WEB:
        from nba_pipeline.sources.web.loaders import Web
        from nba_pipeline.sources.web.settings import web_settings

        return Web(web_settings())
    return _league(
        settings.simulated_seed,
        settings.simulated_first_season,
        settings.simulated_as_of or settings.league_today(),
    )


@lru_cache(maxsize=2)
def _league(seed: int, first_season: int, as_of: dt.date) -> SimulatedLeague:
    """A league, which is played once per process."""
    from nba_pipeline.sources.simulated.league import SimulatedLeague

    return SimulatedLeague(seed, first_season, as_of)
