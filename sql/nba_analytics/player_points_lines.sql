-- One points line per player and game between @start_date and @end_date: the first source that has
-- one, its preferred book, the book's last quote before tip-off, and of alternate lines the even
-- one. The opening line is what the same book quoted first, NULL when it was seen only once.
WITH names AS (
  SELECT game_date, source_table, printed_lookup, player_id, player_lookup
  FROM nba_reference.player_name_matches
  WHERE game_date BETWEEN @start_date AND @end_date AND player_id IS NOT NULL
),
quotes AS (
  SELECT game_date, game_id, 'odds_points_lines' AS source, 1 AS source_rank, bookmaker,
    player_lookup AS printed_lookup, points_line, snapshot_at, first_snapshot_at,
    ABS(implied_probability(over_price) - implied_probability(under_price)) AS imbalance
  FROM nba_raw.odds_points_lines
  WHERE game_date BETWEEN @start_date AND @end_date AND minutes_before_tipoff >= 0
    AND over_price IS NOT NULL AND under_price IS NOT NULL
  UNION ALL
  SELECT game_date, game_id, 'bettingpros_points_lines' AS source, 2 AS source_rank, bookmaker,
    player_lookup AS printed_lookup, points_line, snapshot_at, first_snapshot_at,
    ABS(implied_probability(over_price) - implied_probability(under_price)) AS imbalance
  FROM nba_raw.bettingpros_points_lines
  WHERE game_date BETWEEN @start_date AND @end_date AND minutes_before_tipoff >= 0
    AND COALESCE(is_line_active, TRUE)
  UNION ALL
  -- a fantasy site's standard line is even by design; the other kinds are alternate lines
  SELECT game_date, game_id, 'prizepicks_points_lines' AS source, 3 AS source_rank, bookmaker,
    player_lookup AS printed_lookup, points_line, snapshot_at, first_snapshot_at,
    0.0 AS imbalance
  FROM nba_raw.prizepicks_points_lines
  WHERE game_date BETWEEN @start_date AND @end_date AND minutes_before_tipoff >= 0
    AND line_kind = 'standard'
),
named AS (
  SELECT q.game_date, q.game_id, q.source, q.source_rank, q.bookmaker, q.points_line,
    q.snapshot_at, q.first_snapshot_at,
    COALESCE(q.imbalance, 1.0) AS imbalance, n.player_id, n.player_lookup,
    CASE q.bookmaker WHEN 'draftkings' THEN 1 WHEN 'fanduel' THEN 2 WHEN 'consensus' THEN 4 ELSE 3
      END AS book_rank
  FROM quotes AS q
  INNER JOIN names AS n
    ON n.game_date = q.game_date AND n.source_table = q.source
      AND n.printed_lookup = q.printed_lookup
),
current_lines AS (
  SELECT game_date, game_id, player_id, player_lookup, source, bookmaker, points_line, snapshot_at
  FROM named
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY game_date, game_id, player_lookup
    ORDER BY source_rank, book_rank, bookmaker, snapshot_at DESC, imbalance, points_line) = 1
),
first_lines AS (
  SELECT game_date, game_id, player_lookup, source, bookmaker, points_line, first_snapshot_at
  FROM named
  WHERE first_snapshot_at IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY game_date, game_id, player_lookup, source, bookmaker
    ORDER BY first_snapshot_at, imbalance, points_line) = 1
),
opened AS (
  SELECT c.game_date, c.game_id, c.player_id, c.player_lookup, c.source, c.bookmaker,
    c.points_line, c.snapshot_at,
    IF(f.first_snapshot_at < c.snapshot_at, f.points_line, NULL) AS opening_points_line
  FROM current_lines AS c
  LEFT JOIN first_lines AS f
    ON f.game_date = c.game_date AND f.game_id = c.game_id AND f.player_lookup = c.player_lookup
      AND f.source = c.source AND f.bookmaker = c.bookmaker
),
counted AS (
  SELECT game_date, game_id, player_lookup, COUNT(DISTINCT bookmaker) AS bookmakers
  FROM named
  GROUP BY game_date, game_id, player_lookup
)
SELECT o.game_date, o.game_id, o.player_id, o.player_lookup, o.source, o.bookmaker, o.points_line,
  o.snapshot_at, o.opening_points_line, o.points_line - o.opening_points_line AS line_movement,
  n.bookmakers
FROM opened AS o
INNER JOIN counted AS n
  ON n.game_date = o.game_date AND n.game_id = o.game_id AND n.player_lookup = o.player_lookup
