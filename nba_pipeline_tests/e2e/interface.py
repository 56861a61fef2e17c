"""The interface without its web server: its GraphQL, its launches and its daemon in this process.

Belongs here: what a click sends, and the daemon's part of it. Does not belong here: what is asked
of the answers.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import dagster as dg
import pytest
from dagster._core.execution.backfill import BulkActionStatus
from dagster._core.launcher import LaunchRunContext
from dagster._core.launcher.sync_in_memory_run_launcher import SyncInMemoryRunLauncher
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.test_utils import InProcessTestWorkspaceLoadTarget
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._daemon.backfill import execute_backfill_iteration
from dagster._serdes import ConfigurableClassData
from dagster_graphql.test.utils import execute_dagster_graphql

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration.events import asset_key
from nba_pipeline.orchestration.instance import dagster_instance
from nba_pipeline.platform import Platform, default_platform

_LOCATION = "nba_pipeline"
_LAUNCH_BACKFILL = """
mutation($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) {
    __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }"""
_LAUNCH_RUN = """
mutation($params: ExecutionParams!) {
  launchPipelineExecution(executionParams: $params) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
_CHECKS = """
query($key: AssetKeyInput!) {
  assetNodeOrError(assetKey: $key) { ... on AssetNode { assetChecksOrError {
    ... on AssetChecks { checks { name canExecuteIndividually } } } } } }"""


class Later(SyncInMemoryRunLauncher):
    """Runs wait until they are asked for: GraphQL's own loop must not be in the middle of one."""

    def __init__(self, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(inst_data)
        self.waiting: list[LaunchRunContext] = []

    def launch_run(self, context: LaunchRunContext) -> None:
        self.waiting.append(context)

    def run_all(self) -> None:
        while self.waiting:
            super().launch_run(self.waiting.pop(0))


@dataclass(frozen=True)
class Interface:
    """What somebody does on the screen."""

    instance: dg.DagsterInstance
    workspace: WorkspaceProcessContext

    def ask(self, query: str, **variables: Any) -> Any:
        """An answer of GraphQL."""
        context = self.workspace.create_request_context()
        answer = execute_dagster_graphql(context, query, variables=variables)
        assert answer.errors is None, answer.errors
        return answer.data

    def run_all(self) -> None:
        """Run what was launched."""
        launcher = self.instance.run_launcher
        assert isinstance(launcher, Later)
        launcher.run_all()

    def execute_all(self, table: str) -> dg.DagsterRun:
        """*Execute all* on the page of a table: every check that has a button, no partition."""
        key = {"path": asset_key(contracts()[table]).path}
        found = self.ask(_CHECKS, key=key)["assetNodeOrError"]["assetChecksOrError"]["checks"]
        checks = [{"assetKey": key, "name": c["name"]} for c in found
                  if c["canExecuteIndividually"] == "CAN_EXECUTE"]  # fmt: skip
        selector = {"repositoryLocationName": _LOCATION, "repositoryName": "__repository__",
                    "pipelineName": "__ASSET_JOB", "assetSelection": [],
                    "assetCheckSelection": checks}  # fmt: skip
        params = {"selector": selector, "runConfigData": {}, "mode": "default"}
        launched = self.ask(_LAUNCH_RUN, params=params)["launchPipelineExecution"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        self.run_all()
        run = self.instance.get_run_by_id(launched["run"]["runId"])
        assert run is not None
        return run

    def launch_backfill(self, tables: Sequence[str], dates: Sequence[str]) -> str:
        """The dialog of several tables; id of the backfill."""
        selection = [{"path": asset_key(contracts()[t]).path} for t in tables]
        params = {"assetSelection": selection, "partitionNames": list(dates)}
        launched = self.ask(_LAUNCH_BACKFILL, params=params)["launchPartitionBackfill"]
        assert launched["__typename"] == "LaunchBackfillSuccess", launched
        return str(launched["backfillId"])

    def targeted(self, backfill_id: str) -> dict[str, set[str]]:
        """Partitions that a backfill is to build, by table."""
        backfill = self.instance.get_backfill(backfill_id)
        assert backfill is not None
        graph = self.workspace.create_request_context().asset_graph
        subset = backfill.get_asset_backfill_data(graph).target_subset  # type: ignore[union-attr]
        return {
            key.path[-1]: set(found.get_partition_keys())
            for key, found in subset.partitions_subsets_by_asset_key.items()
        }

    def daemon(self, backfill_id: str) -> None:
        """What the daemon does until the backfill has ended; its runs run at once."""
        for _ in range(40):
            list(execute_backfill_iteration(self.workspace, logging.getLogger("daemon")))
            self.run_all()
            backfill = self.instance.get_backfill(backfill_id)
            assert backfill is not None
            if backfill.status not in (BulkActionStatus.REQUESTED, BulkActionStatus.CANCELING):
                return
        raise AssertionError(f"the backfill did not end: {backfill.status}")


@contextmanager
def interface_on(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Iterator[Interface]:
    """The interface over the home of a platform on the plain simulated league."""
    settings = platform.settings
    for name, value in {
        "NBA_HOME": settings.home, "NBA_SOURCE": settings.mode, "NBA_TODAY": settings.today,
        "NBA_SIMULATED_FIRST_SEASON": 2025,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, str(value))
    launcher = {"module": __name__, "class": Later.__name__}
    stock = {"module": "dagster._core.run_coordinator", "class": "DefaultRunCoordinator"}
    default_platform.cache_clear()
    with dagster_instance(settings.home, run_launcher=launcher, run_coordinator=stock) as instance:
        origin = InProcessCodeLocationOrigin(
            LoadableTargetOrigin(module_name="nba_pipeline.definitions"), location_name=_LOCATION
        )
        target = InProcessTestWorkspaceLoadTarget(origin)
        with WorkspaceProcessContext(instance, target) as workspace:
            yield Interface(instance, workspace)
    default_platform.cache_clear()
