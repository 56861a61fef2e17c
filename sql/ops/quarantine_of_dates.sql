-- cells kept aside on some dates of a table
SELECT asset, game_date, row_key, rule, column_name, run_id, quarantined_at, row_json, bad_value
FROM nba_orchestration.quarantined_rows
WHERE asset = @asset AND game_date IN UNNEST(@dates)
