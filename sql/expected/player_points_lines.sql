-- Players per date with a quote that may be used: known by name, before tip-off.
SELECT q.game_date, COUNT(DISTINCT m.player_lookup) AS n
FROM (
  SELECT game_date, 'odds_points_lines' AS source_table, player_lookup
  FROM nba_raw.odds_points_lines
  WHERE game_date BETWEEN @start_date AND @end_date AND minutes_before_tipoff >= 0
    AND over_price IS NOT NULL AND under_price IS NOT NULL
  UNION ALL
  SELECT game_date, 'bettingpros_points_lines' AS source_table, player_lookup
  FROM nba_raw.bettingpros_points_lines
  WHERE game_date BETWEEN @start_date AND @end_date AND minutes_before_tipoff >= 0
    AND COALESCE(is_line_active, TRUE)
  UNION ALL
  SELECT game_date, 'prizepicks_points_lines' AS source_table, player_lookup
  FROM nba_raw.prizepicks_points_lines
  WHERE game_date BETWEEN @start_date AND @end_date AND minutes_before_tipoff >= 0
    AND line_kind = 'standard'
) AS q
INNER JOIN nba_reference.player_name_matches AS m
  ON m.game_date = q.game_date AND m.source_table = q.source_table
    AND m.printed_lookup = q.player_lookup AND m.player_id IS NOT NULL
WHERE m.game_date BETWEEN @start_date AND @end_date
GROUP BY q.game_date
