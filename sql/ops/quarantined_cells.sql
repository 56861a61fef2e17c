-- newest cells of a table that were kept aside; an attempt that is refused again repeats its own
SELECT DISTINCT game_date, row_key, column_name, bad_value, rule
FROM nba_orchestration.quarantined_rows
WHERE asset = @asset
ORDER BY game_date DESC, row_key, rule
LIMIT 50
