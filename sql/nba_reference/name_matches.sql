-- Names printed between @start_date and @end_date by sources without player ids, and whose they are:
-- on rosters and transactions where @is_daily, else by sources of games.
-- The first rule with any candidate decides, and only when there is exactly one: never guessed.
WITH printed AS (
  SELECT game_date, 'bref_player_boxscores' AS source_table, player_lookup AS printed_lookup, name_key,
    player_name, game_id
  FROM nba_raw.bref_player_boxscores
  WHERE game_date BETWEEN @start_date AND @end_date AND NOT @is_daily
  UNION ALL
  SELECT game_date, 'bdl_player_boxscores' AS source_table, player_lookup AS printed_lookup,
    name_key, player_name, game_id
  FROM nba_raw.bdl_player_boxscores
  WHERE game_date BETWEEN @start_date AND @end_date AND NOT @is_daily
  UNION ALL
  SELECT game_date, 'odds_points_lines' AS source_table, player_lookup AS printed_lookup, name_key,
    player_name, game_id
  FROM nba_raw.odds_points_lines
  WHERE game_date BETWEEN @start_date AND @end_date AND NOT @is_daily
  UNION ALL
  SELECT game_date, 'bettingpros_points_lines' AS source_table, player_lookup AS printed_lookup, name_key,
    player_name, game_id
  FROM nba_raw.bettingpros_points_lines
  WHERE game_date BETWEEN @start_date AND @end_date AND NOT @is_daily
  UNION ALL
  SELECT game_date, 'prizepicks_points_lines' AS source_table, player_lookup AS printed_lookup, name_key,
    player_name, game_id
  FROM nba_raw.prizepicks_points_lines
  WHERE game_date BETWEEN @start_date AND @end_date AND NOT @is_daily
  UNION ALL
  SELECT game_date, 'nbac_injury_report' AS source_table, player_lookup AS printed_lookup, name_key,
    player_name, game_id
  FROM nba_raw.nbac_injury_report
  WHERE game_date BETWEEN @start_date AND @end_date AND NOT @is_daily
  UNION ALL
  SELECT game_date, 'espn_rosters' AS source_table, player_lookup AS printed_lookup, name_key,
    player_name, CAST(NULL AS STRING) AS game_id
  FROM nba_raw.espn_rosters
  WHERE game_date BETWEEN @start_date AND @end_date AND @is_daily
  UNION ALL
  SELECT game_date, 'pst_transactions' AS source_table, player_lookup AS printed_lookup, name_key,
    player_name, CAST(NULL AS STRING) AS game_id
  FROM nba_raw.pst_transactions
  WHERE game_date BETWEEN @start_date AND @end_date AND @is_daily AND player_lookup IS NOT NULL
  UNION ALL
  -- the second spelling of a transaction is a name of its own
  SELECT game_date, 'pst_transactions' AS source_table, player_lookup_alternative AS printed_lookup,
    player_lookup_alternative AS name_key, player_name_alternative AS player_name,
    CAST(NULL AS STRING) AS game_id
  FROM nba_raw.pst_transactions
  WHERE game_date BETWEEN @start_date AND @end_date AND @is_daily AND player_lookup_alternative IS NOT NULL
),
names AS (
  SELECT game_date, source_table, printed_lookup, MIN(name_key) AS name_key,
    MIN(player_name) AS player_name, MIN(game_id) AS example_game_id, COUNT(*) AS occurrences,
    -- a season year begins in September
    EXTRACT(YEAR FROM DATE_SUB(game_date, INTERVAL 8 MONTH)) AS season_year
  FROM printed
  GROUP BY game_date, source_table, printed_lookup
),
candidates AS (
  SELECT n.game_date, n.source_table, n.printed_lookup, 1 AS rule, p.player_id, p.player_lookup
  FROM names AS n
  INNER JOIN nba_reference.player_aliases AS a ON a.printed_lookup = n.printed_lookup
  INNER JOIN nba_reference.players AS p ON p.player_id = a.player_id
  UNION ALL
  SELECT n.game_date, n.source_table, n.printed_lookup, 2 AS rule, p.player_id, p.player_lookup
  FROM names AS n
  INNER JOIN nba_reference.players AS p
    ON p.player_lookup = n.printed_lookup AND n.season_year BETWEEN p.from_year AND p.to_year
  UNION ALL
  SELECT n.game_date, n.source_table, n.printed_lookup, 3 AS rule, p.player_id, p.player_lookup
  FROM names AS n
  INNER JOIN nba_reference.players AS p
    ON p.name_key = n.name_key AND n.season_year BETWEEN p.from_year AND p.to_year
  -- before his first game of a season the league's list ends a player a season early
  UNION ALL
  SELECT n.game_date, n.source_table, n.printed_lookup, 4 AS rule, p.player_id, p.player_lookup
  FROM names AS n
  INNER JOIN nba_reference.players AS p
    ON p.player_lookup = n.printed_lookup AND n.season_year = p.to_year + 1
),
best AS (
  SELECT game_date, source_table, printed_lookup, rule, COUNT(DISTINCT player_id) AS players,
    MIN(player_id) AS player_id, MIN(player_lookup) AS player_lookup
  FROM candidates
  GROUP BY game_date, source_table, printed_lookup, rule
  QUALIFY ROW_NUMBER() OVER (PARTITION BY game_date, source_table, printed_lookup ORDER BY rule) = 1
)
SELECT
  n.game_date, n.source_table, n.printed_lookup, n.name_key, n.player_name, n.occurrences,
  n.example_game_id,
  IF(b.players = 1, b.player_id, NULL) AS player_id,
  IF(b.players = 1, b.player_lookup, NULL) AS player_lookup,
  CASE
    WHEN b.players IS NULL THEN 'unknown'
    WHEN b.players > 1 THEN 'ambiguous'
    WHEN b.rule = 1 THEN 'alias'
    WHEN b.rule = 3 THEN 'without_suffix'
    ELSE 'exact'
  END AS match_method,
  CASE
    WHEN b.players = 1 THEN 'resolved'
    WHEN a.name_status = 'invalid' THEN 'invalid'
    WHEN a.name_status = 'snoozed' AND n.game_date < a.snoozed_until THEN 'snoozed'
    ELSE 'pending'
  END AS name_status
FROM names AS n
LEFT JOIN best AS b
  ON b.game_date = n.game_date AND b.source_table = n.source_table
    AND b.printed_lookup = n.printed_lookup
LEFT JOIN nba_reference.player_aliases AS a ON a.printed_lookup = n.printed_lookup
