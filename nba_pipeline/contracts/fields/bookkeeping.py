"""Fields of the ledger, its history and quarantine, and of where a row comes from.

Belongs here: what is said of rows and dates, not of the game. Does not belong here: drift of
payloads (``drift``).
"""

from __future__ import annotations

from nba_pipeline.contracts.field import Field, Kind, count, flag, number, text, time

FIELDS: tuple[Field, ...] = (
    # provenance of a row
    text("source", "Where the row comes from: provider, reconstructed_from_<provider>, or the raw "
         "table of a line"),
    flag("is_degraded", "Built from a source that lacks columns or precision; travels downstream"),
    time("fetched_at", "When the payload was fetched"),
    text("payload_sha256", "Digest of the landed payload"),
    # operations: the ledger and its history
    text("asset", "Table that the row is about"),
    text("status", "State recorded with the date, or how an attempt ended (refused, sourcefailed); "
         "the verdict of now may differ (stale)"),
    text("version", "Content hash of the date's rows, or of a window's dates in order; equal "
         "content is an equal version"),
    count("row_count", "Rows counted in the table after publishing", 10_000_000),
    count("expected_rows", "Rows or entities that the date must hold", 10_000_000),
    count("distinct_keys", "Distinct keys counted after publishing", 10_000_000),
    number("completeness_pct", "Share of the expected entities or rows that are there", "percent",
           0, 100),
    text("coverage", "JSON: share of values present of each watched column"),
    text("checksum", "Sum over the date's rows by the engine that holds them, named with it, read "
         "back after publishing. Rows with another one are not those that were published"),
    text("code_version", "Digest of what defined the rows: SQL and its parameters, columns, rules, "
         "code"),
    text("config_hash", "Digest of the thresholds in force"),
    text("schedule_version", "Version of nbac_schedule on the date"),
    text("inputs_hash", "Digest of all versions read"),
    text("sources", "JSON: rows by source"),
    text("failed_checks", "Audits that did not hold, each with the first entities that it names, "
         "in words"),
    text("note", "What is to be remembered with the date, in words: why it has no games or no "
         "source, what was left out or kept aside"),
    text("waiver_id", "Id of a waiver; NULL where none was needed"),
    count("attempt", "Attempts recorded for the date", 1_000_000),
    text("run_id", "Run that did it"),
    time("started_at", "When the attempt began"),
    time("published_at", "When the rows were swapped in"),
    text("upstream", "Table that was read"),
    Field("window_start", Kind.DATE, "First date read"),
    Field("window_end", Kind.DATE, "Last date read"),
    text("processor", "Table that was attempted"),
    Field("target_date", Kind.DATE, "Date that was attempted"),
    text("error_class", "Kind of failure"),
    text("error_message", "Failure in words"),
    time("completed_at", "When the attempt ended"),
    count("rows_staged", "Rows computed before audit", 10_000_000),
    count("rows_written", "Rows swapped in", 10_000_000),
    count("rows_quarantined", "Rows kept aside", 10_000_000),
    text("row_key", "Key of the row but for its date: values with blanks between them"),
    text("column_name", "Column that broke a rule"),
    text("bad_value", "Value that broke it"),
    text("rule", "Rule that was broken"),
    text("row_json", "JSON: the whole row"),
    time("quarantined_at", "When the row was kept aside"),
    text("scope", "What the waiver allows"),
    text("reason", "Why it was decided"),
    text("owner", "Who decided and answers for it"),
    time("granted_at", "When it was granted"),
    time("expires_at", "When it ends"),
)  # fmt: skip
