-- Teams with too few or too many players on court (five years of games: 6 to 15).
SELECT game_date, team AS entity,
  CONCAT(CAST(COUNTIF(minutes_played > 0) AS STRING), ' players with minutes') AS detail
FROM good
GROUP BY game_date, team
HAVING COUNTIF(minutes_played > 0) < @least_rows OR COUNTIF(minutes_played > 0) > @most_rows
