-- current ledger rows of some tables between two dates; tables without dates have one of their own
SELECT asset, game_date, status, version, row_count, expected_rows, code_version, config_hash,
  attempt, is_degraded, COALESCE(failed_checks, '') AS failed_checks, COALESCE(note, '') AS note,
  run_id, published_at, completeness_pct, COALESCE(waiver_id, '') AS waiver_id,
  COALESCE(checksum, '') AS checksum
FROM nba_orchestration.partition_ledger
WHERE asset IN UNNEST(@assets)
  AND (game_date BETWEEN @first_date AND @last_date OR game_date = @whole_table)
