-- Team minutes are 240 and 25 per overtime, the same for both teams of a game.
SELECT game_date, team AS entity,
  CONCAT(CAST(team_minutes AS STRING), ' minutes with ', CAST(overtime_periods AS STRING),
    ' overtimes') AS detail
FROM staged
WHERE team_minutes <> 240 + 25 * overtime_periods
UNION ALL
SELECT game_date, game_id AS entity, 'teams have different minutes' AS detail
FROM staged
GROUP BY game_date, game_id
HAVING MIN(team_minutes) <> MAX(team_minutes)
