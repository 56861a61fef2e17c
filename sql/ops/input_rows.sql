-- what published dates of some tables read
SELECT asset, game_date, upstream, window_start, window_end, version
FROM nba_orchestration.partition_inputs
WHERE asset IN UNNEST(@assets)
  AND (game_date BETWEEN @first_date AND @last_date OR game_date = @whole_table)
