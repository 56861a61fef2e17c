"""Tables of ``nba_orchestration``: the ledger, what was read, attempts, quarantine, waivers, drift.

Belongs here: their columns and keys. They are written only by ``publish``; nothing is derived from
them but verdicts, so they need no checks and no requirements of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from nba_pipeline.contracts.columns import Column, columns

DATASET = "nba_orchestration"


@dataclass(frozen=True, slots=True)
class OpsTable:
    """A bookkeeping table: name, columns and the columns that identify a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    description: str
    dataset: str = DATASET

    @property
    def path(self) -> str:
        """``dataset.table``."""
        return f"{self.dataset}.{self.name}"

    @property
    def column_names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(c.field.name for c in self.columns)


LEDGER = OpsTable(
    "partition_ledger",
    columns(
        "asset game_date status version row_count expected_rows distinct_keys completeness_pct "
        "code_version config_hash attempt run_id started_at published_at is_degraded",
        "coverage schedule_version inputs_hash sources failed_checks note waiver_id checksum",
    ),
    ("asset", "game_date"),
    "One current row per table and game date; written in the transaction that swaps the rows.",
)
INPUTS = OpsTable(
    "partition_inputs",
    columns("asset game_date upstream window_start window_end version"),
    ("asset", "game_date", "upstream"),
    "What each published date read, as one version per upstream window.",
)
HISTORY = OpsTable(
    "processor_run_history",
    columns(
        "processor target_date status started_at completed_at rows_staged rows_written "
        "rows_quarantined run_id code_version",
        "error_class error_message expected_rows",
    ),
    (),
    "Every attempt, successful or not; append-only.",
)
QUARANTINE = OpsTable(
    "quarantined_rows",
    columns("asset game_date row_key rule column_name run_id quarantined_at row_json", "bad_value"),
    ("asset", "game_date", "row_key", "rule"),
    "Rows kept aside by an audit, as they were; current rows of the last attempt per date.",
)
WAIVERS = OpsTable(
    "waivers",
    columns("waiver_id asset game_date scope reason owner granted_at expires_at"),
    ("waiver_id",),
    "Named, reasoned, expiring permissions.",
)

DRIFT = OpsTable(
    "payload_drift",
    columns(
        "source endpoint layout field_name drift_kind drift_event seen_at",
        "detail request_key reason run_id",
    ),
    (),
    "Every sighting of a field that is not as the layout's parser knows it, and every "
    "acknowledgement of one; append-only. When it was first and last seen is counted by readers.",
)

TABLES = (LEDGER, INPUTS, HISTORY, QUARANTINE, WAIVERS, DRIFT)
