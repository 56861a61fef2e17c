-- dates that read some dates of some tables
SELECT DISTINCT asset, game_date
FROM nba_orchestration.partition_inputs
WHERE upstream IN UNNEST(@upstreams)
  AND window_start <= @last_date AND window_end >= @first_date
