"""The Dagster code location: ``build_defs`` and ``defs``, nothing else."""

from __future__ import annotations

from collections.abc import Callable

import dagster as dg

from nba_pipeline.assets.factory import table_asset
from nba_pipeline.automation.jobs import jobs
from nba_pipeline.checks.recheck import table_checks
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.platform import Platform, default_platform


def build_defs(*, platform: Callable[[], Platform] = default_platform) -> dg.Definitions:
    """All definitions, over the platform of the environment or another one."""
    return dg.Definitions(
        assets=[table_asset(c, platform) for c in contracts().values()],
        asset_checks=[table_checks(c, platform) for c in contracts().values()],
        jobs=jobs(),
        executor=dg.in_process_executor,
    )


defs = build_defs()
