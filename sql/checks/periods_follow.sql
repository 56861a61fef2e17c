-- Games whose periods do not begin with 1, leave one out or are fewer than four, or whose clock
-- runs back by more than a minute inside a period: the start of a period was not seen.
WITH clock AS (
  SELECT game_date, game_id, period,
    seconds_remaining - LAG(seconds_remaining) OVER (
      PARTITION BY game_date, game_id, period ORDER BY event_number
    ) AS gained,
    period - LAG(period) OVER (
      PARTITION BY game_date, game_id ORDER BY event_number
    ) AS step
  FROM staged
)
SELECT game_date, game_id AS entity,
  CONCAT('periods ', CAST(MIN(period) AS STRING), ' to ', CAST(MAX(period) AS STRING), ', ',
    CAST(COUNT(DISTINCT period) AS STRING), ' of them, clock gains up to ',
    CAST(COALESCE(MAX(gained), 0) AS STRING), ' seconds') AS detail
FROM clock
GROUP BY game_date, game_id
HAVING MIN(period) <> 1 OR COUNT(DISTINCT period) <> MAX(period) OR MAX(period) < 4
  OR MAX(gained) > 60 OR MIN(step) < 0
