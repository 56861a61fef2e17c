-- Printed names that have no player, over all their dates.
SELECT MIN(player_name) AS player_name, printed_lookup, MIN(name_status) AS name_status,
  MIN(match_method) AS match_method,
  STRING_AGG(DISTINCT source_table, ',' ORDER BY source_table) AS source_tables,
  COUNT(DISTINCT game_date) AS dates, CAST(SUM(occurrences) AS INT64) AS occurrences,
  MIN(game_date) AS first_seen, MAX(game_date) AS last_seen,
  MIN(example_game_id) AS example_game_id
FROM nba_reference.player_name_matches
WHERE game_date >= DATE '1900-01-01' AND player_id IS NULL
GROUP BY printed_lookup
ORDER BY occurrences DESC, printed_lookup
