-- whole ledger rows of some dates of a table, to be written again
SELECT asset, game_date, status, version, row_count, expected_rows, distinct_keys,
  completeness_pct, code_version, config_hash, attempt, run_id, started_at, published_at,
  is_degraded, coverage, schedule_version, inputs_hash, sources, failed_checks, note, waiver_id,
  checksum
FROM nba_orchestration.partition_ledger
WHERE asset = @asset AND game_date IN UNNEST(@dates)
