"""The Dagster code location: ``build_defs`` and ``defs``, nothing else."""

from __future__ import annotations

from collections.abc import Callable

import dagster as dg

from nba_pipeline.automation.jobs import jobs
from nba_pipeline.automation.refresh import refresh_job
from nba_pipeline.automation.sensors import planner_sensor
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration.factory import POOL, table_asset
from nba_pipeline.orchestration.recheck import table_checks
from nba_pipeline.platform import Platform, default_platform
from nba_pipeline.settings import Settings, WarehouseKind


def build_defs(
    *, platform: Callable[[], Platform] = default_platform, warehouse: WarehouseKind | None = None
) -> dg.Definitions:
    """All definitions, over the platform of the environment or another one.

    DuckDB has one writer: steps run in one process, one pool serves all tables. BigQuery serves
    many: steps run in processes of their own, each table is a pool.
    """
    refresh = refresh_job(platform)
    is_local = (warehouse or Settings().warehouse) is WarehouseKind.DUCKDB
    return dg.Definitions(
        assets=[
            table_asset(c, platform, pool=POOL if is_local else f"{POOL}_{c.name}")
            for c in contracts().values()
        ],
        asset_checks=[table_checks(c, platform) for c in contracts().values()],
        jobs=[*jobs(), refresh],
        sensors=[planner_sensor(platform, refresh)],
        executor=dg.in_process_executor if is_local else dg.multiprocess_executor,
    )


defs = build_defs()
