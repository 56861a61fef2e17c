-- what some dates of a table read
SELECT asset, game_date, upstream, window_start, window_end, version
FROM nba_orchestration.partition_inputs
WHERE asset = @asset AND game_date IN UNNEST(@dates)
