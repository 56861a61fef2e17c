-- who published what last: looked at again before a swap
SELECT asset, game_date, attempt, version, run_id
FROM nba_orchestration.partition_ledger
WHERE asset IN UNNEST(@assets)
  AND (game_date BETWEEN @first_date AND @last_date OR game_date = @whole_table)
