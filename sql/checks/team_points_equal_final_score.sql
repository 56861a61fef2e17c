-- Team rows that contradict the final score.
SELECT s.game_date, s.team AS entity,
  CONCAT('row has ', CAST(s.points AS STRING), ' points, final score is ',
    CAST(e.score AS STRING)) AS detail
FROM staged AS s
INNER JOIN scheduled_sides AS e ON e.game_date = s.game_date AND e.team = s.team
WHERE s.points <> e.score
