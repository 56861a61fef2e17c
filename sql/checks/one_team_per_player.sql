-- Players on the sheets of two teams on one date.
SELECT game_date, CAST(player_id AS STRING) AS entity,
  CONCAT('on the sheets of ', MIN(team), ' and ', MAX(team)) AS detail
FROM staged
WHERE player_id IS NOT NULL
GROUP BY game_date, player_id
HAVING COUNT(DISTINCT team) > 1
