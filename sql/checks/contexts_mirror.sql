-- Games whose two contexts contradict each other: one spread turned round, one total, each other's rest
-- and flaws.
SELECT own.game_date, own.game_id AS entity,
  CONCAT(own.team, ' and ', own.opponent, ' contradict each other') AS detail
FROM staged AS own
INNER JOIN staged AS other
  ON other.game_date = own.game_date AND other.team = own.opponent
WHERE own.team < own.opponent
  AND (COALESCE(own.team_spread + other.team_spread, 0) <> 0
    OR COALESCE(own.game_total, -1) <> COALESCE(other.game_total, -1)
    OR COALESCE(own.opponent_degraded_reason, '') <> COALESCE(other.degraded_reason, '')
    OR COALESCE(other.opponent_degraded_reason, '') <> COALESCE(own.degraded_reason, '')
    OR COALESCE(own.opponent_days_rest, -1) <> COALESCE(other.days_rest, -1)
    OR COALESCE(other.opponent_days_rest, -1) <> COALESCE(own.days_rest, -1)
    OR own.is_home = other.is_home)
