-- regular-season games of every team that were played or are to come, and whether later ones of its
-- season are known
WITH sides AS (
  SELECT season_year, season_type, game_status, game_id, home_team AS team
  FROM nba_raw.nbac_schedule
  UNION ALL
  SELECT season_year, season_type, game_status, game_id, away_team AS team
  FROM nba_raw.nbac_schedule
)
SELECT season_year, team,
  COUNT(DISTINCT CASE WHEN season_type = 'regular' AND game_status NOT IN ('postponed', 'cancelled')
    THEN game_id END) AS games,
  COUNT(CASE WHEN season_type IN ('play_in', 'playoffs') THEN game_id END) AS later_games
FROM sides
GROUP BY season_year, team
ORDER BY season_year, team
