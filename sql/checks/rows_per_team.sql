-- Teams with too few or too many players who may play.
SELECT game_date, team AS entity, CONCAT(CAST(COUNT(*) AS STRING), ' players') AS detail
FROM good
GROUP BY game_date, team
HAVING COUNT(*) < @least_rows OR COUNT(*) > @most_rows
