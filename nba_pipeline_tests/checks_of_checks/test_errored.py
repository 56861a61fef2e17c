"""A check that breaks is a failed check: an evaluation says so, and what broke."""

from __future__ import annotations

import dagster as dg
import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration import recheck
from nba_pipeline.platform import Platform
from nba_pipeline.warehouse.base import WarehouseError
from nba_pipeline_tests.support import OFFENSE

CONTRACT = contracts()[OFFENSE]
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def test_a_check_that_errors_is_a_failed_evaluation_with_what_broke(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> dg.AssetCheckResult:
        raise WarehouseError("the disk is gone")

    platform.warehouse.ensure_tables()
    monkeypatch.setattr(recheck, "_history", broken)
    checks = recheck.table_checks(CONTRACT, lambda: platform)
    job = dg.Definitions(
        asset_checks=[checks],
        jobs=[dg.define_asset_job("all", dg.AssetSelection.checks(checks))],
    ).resolve_job_def("all")
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(run_config=QUIET, instance=instance, raise_on_error=False)
        assert not result.success
        told = {e.check_name: e for e in result.get_asset_check_evaluations()}
    assert set(told) == {k.name for k in checks.check_keys}
    assert not any(e.passed for e in told.values())
    assert all("the disk is gone" in str(e.description) for e in told.values())
