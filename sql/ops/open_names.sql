-- Printed names that have no player, over all their dates.
WITH names AS (
  SELECT game_date, source_table, printed_lookup, player_name, name_status, match_method,
    occurrences, example_game_id, player_id
  FROM nba_reference.player_name_matches
  WHERE game_date >= DATE '1900-01-01'
  UNION ALL
  SELECT game_date, source_table, printed_lookup, player_name, name_status, match_method,
    occurrences, example_game_id, player_id
  FROM nba_reference.roster_name_matches
  WHERE game_date >= DATE '1900-01-01'
)
SELECT MIN(player_name) AS player_name, printed_lookup, MIN(name_status) AS name_status,
  MIN(match_method) AS match_method,
  STRING_AGG(DISTINCT source_table, ',' ORDER BY source_table) AS source_tables,
  COUNT(DISTINCT game_date) AS dates, CAST(SUM(occurrences) AS INT64) AS occurrences,
  MIN(game_date) AS first_seen, MAX(game_date) AS last_seen,
  MIN(example_game_id) AS example_game_id
FROM names
WHERE player_id IS NULL
GROUP BY printed_lookup
ORDER BY occurrences DESC, printed_lookup
