-- Teams with a sheet on which nobody is active: it was taken before the game.
SELECT game_date, team AS entity,
  CONCAT(CAST(COUNT(*) AS STRING), ' players listed and none active: taken too early') AS detail
FROM good
GROUP BY game_date, team
HAVING COUNTIF(player_status = 'active') = 0
