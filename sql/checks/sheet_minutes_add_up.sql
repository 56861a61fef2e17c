-- Teams whose decimal minutes are more than half a minute from 240 and 25 per overtime.
WITH sums AS (
  SELECT game_date, team, SUM(minutes_played) AS minutes FROM staged GROUP BY game_date, team
)
SELECT game_date, team AS entity,
  CONCAT('players have ', CAST(ROUND(minutes, 2) AS STRING), ' minutes') AS detail
FROM sums
WHERE minutes IS NULL
  OR ABS(minutes - minutes_of_game(minutes)) > 0.5
