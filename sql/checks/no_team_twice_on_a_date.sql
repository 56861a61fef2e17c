-- A team that the schedule lists in two games of one date.
WITH sides AS (
  SELECT game_date, home_team AS team FROM staged WHERE game_status NOT IN ('postponed', 'cancelled')
  UNION ALL
  SELECT game_date, away_team AS team FROM staged WHERE game_status NOT IN ('postponed', 'cancelled')
)
SELECT game_date, team AS entity, CONCAT('plays ', CAST(COUNT(*) AS STRING), ' games') AS detail
FROM sides
WHERE team IS NOT NULL
GROUP BY game_date, team
HAVING COUNT(*) > 1
