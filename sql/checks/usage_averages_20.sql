-- Minutes-weighted usage of a team is 20 percent: five share the ball. Over five seasons it was
-- 19.44 to 20.00; one player's row lost from the team's totals makes it 22.1 on average.
WITH weighted AS (
  SELECT game_date, team,
    SAFE_DIVIDE(SUM(minutes_played * usage_rate_raw), SUM(team_minutes_of_row)) AS usage
  FROM (
    SELECT game_date, team, minutes_played, usage_rate_raw,
      IF(usage_rate_raw IS NULL, NULL, minutes_played) AS team_minutes_of_row
    FROM staged
  ) AS played
  GROUP BY game_date, team
)
SELECT game_date, team AS entity,
  CONCAT('usage averages ', CAST(ROUND(usage, 2) AS STRING)) AS detail
FROM weighted
WHERE ABS(usage - 20) > 0.6
