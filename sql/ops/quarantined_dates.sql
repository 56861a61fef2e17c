-- dates between two that have cells kept aside; a table without dates has one of its own
SELECT DISTINCT game_date
FROM nba_orchestration.quarantined_rows
WHERE asset = @asset
  AND (game_date BETWEEN @first_date AND @last_date OR game_date = @whole_table)
