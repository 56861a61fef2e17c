"""What the interface asks of a table and of runs, and answers of two instances made comparable."""

from __future__ import annotations

from typing import Any

import dagster as dg
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecord

from nba_pipeline.orchestration.recheck import READ_AGAIN

ASSET = """
query($key: AssetKeyInput!, $dates: [String!]) {
  assetNodeOrError(assetKey: $key) { ... on AssetNode {
    partitionStats { numPartitions numMaterialized numFailed numMaterializing }
    assetPartitionStatuses { ... on TimePartitionStatuses { ranges { startKey endKey status } } }
    latestMaterializationByPartition(partitions: $dates) {
      runId partition stepKey label description assetKey { path }
      metadataEntries { label ... on IntMetadataEntry { intValue }
        ... on FloatMetadataEntry { floatValue } ... on TextMetadataEntry { text } } }
    assetMaterializations(limit: 20) { runId partition }
    assetChecksOrError { ... on AssetChecks { checks { name
      executionForLatestMaterialization { runId status partition stepKey
        evaluation { success severity metadataEntries { label }
          targetMaterialization { storageId runId } } }
      partitionStatuses { ... on AssetCheckTimePartitionStatuses {
        ranges { startKey endKey status } } } } } }
  } }
}"""
LATEST = """
query($key: AssetKeyInput!, $date: String!) {
  assetNodeOrError(assetKey: $key) { ... on AssetNode {
    latestRunForPartition(partition: $date) { id status } } }
  assetsLatestInfo(assetKeys: [$key]) {
    latestRun { id status } inProgressRunIds unstartedRunIds latestMaterialization { runId } }
}"""
RUNS = """
query { runsOrError { ... on Runs { results {
  id status jobName assets { key { path } } assetChecks { name assetKey { path } }
  assetMaterializations { partition runId }
  stats { ... on RunStatsSnapshot { stepsSucceeded stepsFailed materializations } }
  stepStats { stepKey status materializations { label description } }
} } } }"""


def named(instance: dg.DagsterInstance, value: Any) -> Any:
    """A value with the instance's runs by number; without moments."""
    numbers = {r.run_id: f"run {n}" for n, r in enumerate(reversed(instance.get_runs()))}

    def of(found: Any) -> Any:
        if isinstance(found, dict):
            return {of(k): of(v) for k, v in found.items() if k != READ_AGAIN}
        if isinstance(found, list | tuple | set | frozenset):
            return [of(v) for v in (sorted(found) if isinstance(found, set) else found)]
        return numbers.get(found, found) if isinstance(found, str) else found

    return of(value)


def by_label(value: Any) -> Any:
    """An answer with metadata by label: ours keeps them in the order in which they are told."""
    if isinstance(value, dict):
        return {k: by_label(v) for k, v in value.items()}
    if isinstance(value, list):
        found = [by_label(v) for v in value]
        is_metadata = all(isinstance(v, dict) and "label" in v for v in found)
        return sorted(found, key=lambda v: v["label"] or "") if is_metadata else found
    return value


def told_by(record: AssetCheckExecutionRecord) -> Any:
    """Outcome, target and numbers of an evaluation, None of a plan."""
    told = record.evaluation
    if not isinstance(told, dg.AssetCheckEvaluation):
        return None
    target = told.target_materialization_data
    return {
        "passed": told.passed,
        "target": target and [target.storage_id, target.run_id],
        "metadata": {k: v.value for k, v in sorted(told.metadata.items())},
    }
