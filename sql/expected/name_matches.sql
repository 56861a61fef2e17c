-- Names per date that player_name_matches must hold, matched or not.
SELECT game_date, COUNT(*) AS n
FROM (
  SELECT DISTINCT game_date, 'bref_player_boxscores' AS source_table, player_lookup
  FROM nba_raw.bref_player_boxscores
  WHERE game_date BETWEEN @start_date AND @end_date AND NOT @is_daily
  UNION ALL
  SELECT DISTINCT game_date, 'bdl_player_boxscores' AS source_table, player_lookup
  FROM nba_raw.bdl_player_boxscores
  WHERE game_date BETWEEN @start_date AND @end_date AND NOT @is_daily
  UNION ALL
  SELECT DISTINCT game_date, 'odds_points_lines' AS source_table, player_lookup
  FROM nba_raw.odds_points_lines
  WHERE game_date BETWEEN @start_date AND @end_date AND NOT @is_daily
  UNION ALL
  SELECT DISTINCT game_date, 'bettingpros_points_lines' AS source_table, player_lookup
  FROM nba_raw.bettingpros_points_lines
  WHERE game_date BETWEEN @start_date AND @end_date AND NOT @is_daily
  UNION ALL
  SELECT DISTINCT game_date, 'prizepicks_points_lines' AS source_table, player_lookup
  FROM nba_raw.prizepicks_points_lines
  WHERE game_date BETWEEN @start_date AND @end_date AND NOT @is_daily
  UNION ALL
  SELECT DISTINCT game_date, 'nbac_injury_report' AS source_table, player_lookup
  FROM nba_raw.nbac_injury_report
  WHERE game_date BETWEEN @start_date AND @end_date AND NOT @is_daily
  UNION ALL
  SELECT DISTINCT game_date, 'espn_rosters' AS source_table, player_lookup
  FROM nba_raw.espn_rosters
  WHERE game_date BETWEEN @start_date AND @end_date AND @is_daily
  UNION ALL
  SELECT DISTINCT game_date, 'pst_transactions' AS source_table, player_lookup
  FROM (
    SELECT game_date, player_lookup FROM nba_raw.pst_transactions
    WHERE game_date BETWEEN @start_date AND @end_date AND @is_daily
    UNION ALL
    SELECT game_date, player_lookup_alternative AS player_lookup FROM nba_raw.pst_transactions
    WHERE game_date BETWEEN @start_date AND @end_date AND @is_daily
  ) AS spellings
  WHERE player_lookup IS NOT NULL
) AS printed
GROUP BY game_date
