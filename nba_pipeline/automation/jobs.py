"""Jobs: the re-audit of everything that is published.

Backfills are launched on assets, never through a job: job backfills ignore the backfill policy.
"""

from __future__ import annotations

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration.events import COMPLETE_CHECK, asset_key


def jobs() -> list[UnresolvedAssetJobDefinition]:
    """One job that runs every re-runnable check."""
    checks: dg.AssetSelection = dg.AssetSelection.all_asset_checks()
    for contract in contracts().values():
        checks = checks - dg.AssetSelection.checks(
            dg.AssetCheckKey(asset_key(contract), COMPLETE_CHECK)
        )
    return [
        dg.define_asset_job(
            "recheck_published_tables",
            selection=checks,
            description="Audit every published row again and compare the run history with the "
            "tables; what does not hold closes the gate for its dates.",
        )
    ]
