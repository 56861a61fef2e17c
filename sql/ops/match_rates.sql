-- Share of printed names that have their player, by raw table, and the worst date of each.
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
),
by_date AS (
  SELECT source_table, game_date, COUNT(*) AS names, COUNT(player_id) AS matched,
    SUM(occurrences) AS n, SUM(IF(player_id IS NULL, 0, occurrences)) AS matched_n
  FROM names
  GROUP BY source_table, game_date
),
worst AS (
  SELECT source_table, game_date, 100 * SAFE_DIVIDE(matched, names) AS pct
  FROM by_date
  QUALIFY ROW_NUMBER() OVER (PARTITION BY source_table ORDER BY SAFE_DIVIDE(matched, names), game_date) = 1
)
SELECT b.source_table, CAST(SUM(b.names) AS INT64) AS names,
  CAST(SUM(b.matched) AS INT64) AS matched, CAST(SUM(b.n) AS INT64) AS `rows`,
  CAST(SUM(b.matched_n) AS INT64) AS matched_rows, MIN(w.game_date) AS worst_date, MIN(w.pct) AS worst_pct
FROM by_date AS b
INNER JOIN worst AS w ON w.source_table = b.source_table
GROUP BY b.source_table
ORDER BY b.source_table
