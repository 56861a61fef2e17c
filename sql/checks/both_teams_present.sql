-- Rows of a team that the schedule does not expect, or that name another opponent or game.
SELECT s.game_date, s.team AS entity,
  CONCAT('row of ', s.game_id, ' is not on the schedule') AS detail
FROM (SELECT DISTINCT game_date, game_id, team, opponent, is_home FROM staged) AS s
LEFT JOIN scheduled_sides AS e
  ON e.game_date = s.game_date AND e.team = s.team AND e.opponent = s.opponent
  AND e.game_id = s.game_id AND e.is_home = s.is_home
WHERE e.team IS NULL
