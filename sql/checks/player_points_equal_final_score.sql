-- Teams whose players do not add up to the final score: somebody is missing or twice.
SELECT s.game_date, s.team AS entity,
  CONCAT('players have ', CAST(SUM(s.points) AS STRING), ' points, final score is ',
    CAST(MIN(e.score) AS STRING)) AS detail
FROM staged AS s
INNER JOIN scheduled_sides AS e ON e.game_date = s.game_date AND e.team = s.team
GROUP BY s.game_date, s.team
HAVING SUM(s.points) <> MIN(e.score)
