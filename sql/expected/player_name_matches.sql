-- Names per date that player_name_matches must hold, matched or not.
SELECT game_date, COUNT(*) AS n
FROM (
  SELECT DISTINCT game_date, 'bref_player_boxscores' AS source_table, player_lookup
  FROM nba_raw.bref_player_boxscores
  WHERE game_date BETWEEN @start_date AND @end_date
  UNION ALL
  SELECT DISTINCT game_date, 'odds_points_lines' AS source_table, player_lookup
  FROM nba_raw.odds_points_lines
  WHERE game_date BETWEEN @start_date AND @end_date
) AS printed
GROUP BY game_date
