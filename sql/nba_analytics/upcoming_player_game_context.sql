-- What is known before tip-off of every player who may play between @start_date and @end_date.
-- Every look back is bounded by days and ends the day before. Where fewer than nine in ten of those
-- who then played were in the pool, the pool is taken as absent: the game's rows are those of who
-- played, marked as synthetic, because that is known only afterwards.
WITH pool AS (
  SELECT game_date, game_id, season_year, season_type, team, opponent, is_home, player_lookup,
    player_id, player_name, injury_status, injury_category, injury_source
  FROM nba_analytics.game_player_pool
  WHERE game_date BETWEEN @start_date AND @end_date
),
appearances AS (
  SELECT game_date, game_id, season_year, season_type, team, opponent, is_home, player_lookup,
    player_id, player_name, minutes_played, points, usage_rate
  FROM nba_analytics.player_game_summary
  WHERE game_date
      BETWEEN DATE_SUB(@start_date, INTERVAL @player_game_summary_days DAY) AND @end_date
    AND minutes_played > 0
),
covered AS (
  SELECT a.game_date, a.game_id,
    SAFE_DIVIDE(COUNT(p.player_lookup), COUNT(*)) AS pool_share
  FROM appearances AS a
  LEFT JOIN pool AS p ON p.game_date = a.game_date AND p.team = a.team
    AND p.player_lookup = a.player_lookup
  WHERE a.game_date BETWEEN @start_date AND @end_date
  GROUP BY a.game_date, a.game_id
),
either AS (
  SELECT p.game_date, p.game_id, p.season_year, p.season_type, p.team, p.opponent, p.is_home,
    p.player_lookup, p.player_id, p.player_name, p.injury_status, p.injury_category,
    p.injury_source, 'pregame' AS context_source
  FROM pool AS p
  LEFT JOIN covered AS c ON c.game_date = p.game_date AND c.game_id = p.game_id
  WHERE COALESCE(c.pool_share, 1.0) >= 0.9
  UNION ALL
  SELECT a.game_date, a.game_id, a.season_year, a.season_type, a.team, a.opponent, a.is_home,
    a.player_lookup, a.player_id, a.player_name, p.injury_status, p.injury_category,
    p.injury_source, 'synthetic' AS context_source
  FROM appearances AS a
  INNER JOIN covered AS c
    ON c.game_date = a.game_date AND c.game_id = a.game_id AND c.pool_share < 0.9
  LEFT JOIN pool AS p ON p.game_date = a.game_date AND p.team = a.team
    AND p.player_lookup = a.player_lookup
  WHERE a.game_date BETWEEN @start_date AND @end_date
),
-- who moved and plays in a game with synthetic rows is not expected by his old team as well
expected AS (
  SELECT game_date, game_id, season_year, season_type, team, opponent, is_home, player_lookup,
    player_id, player_name, injury_status, injury_category, injury_source, context_source
  FROM either
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY game_date, player_lookup
    ORDER BY IF(context_source = 'synthetic', 0, 1), team) = 1
),
people AS (
  SELECT game_date, season_year, player_lookup FROM expected
  UNION DISTINCT
  SELECT game_date, season_year, player_lookup FROM pool
),
past AS (
  SELECT e.game_date, e.player_lookup, a.minutes_played, a.points, a.usage_rate,
    a.season_year = e.season_year AS is_this_season,
    DATE_DIFF(e.game_date, a.game_date, DAY) AS days_ago,
    DATE_DIFF(a.game_date, LAG(a.game_date) OVER own, DAY) AS rest_before,
    ROW_NUMBER() OVER (
      PARTITION BY e.game_date, e.player_lookup ORDER BY a.game_date DESC) AS games_ago
  FROM people AS e
  INNER JOIN appearances AS a ON a.player_lookup = e.player_lookup AND a.game_date < e.game_date
    AND a.game_date >= DATE_SUB(e.game_date, INTERVAL @player_game_summary_days DAY)
  WINDOW own AS (PARTITION BY e.game_date, e.player_lookup ORDER BY a.game_date)
),
form AS (
  SELECT game_date, player_lookup,
    MAX(IF(games_ago = 1 AND is_this_season, days_ago, NULL)) AS days_rest,
    MAX(IF(games_ago = 1 AND is_this_season, rest_before, NULL)) AS days_rest_before_last_game,
    COUNTIF(days_ago <= 7) AS games_last_7_days,
    COUNTIF(days_ago <= 14) AS games_last_14_days,
    COALESCE(SUM(IF(days_ago <= 7, minutes_played, NULL)), 0) AS minutes_last_7_days,
    COALESCE(SUM(IF(days_ago <= 14, minutes_played, NULL)), 0) AS minutes_last_14_days,
    AVG(IF(days_ago <= 7, minutes_played, NULL)) AS minutes_avg_last_7_days,
    AVG(IF(days_ago <= 7, usage_rate, NULL)) AS usage_rate_avg_last_7_days,
    COUNTIF(days_ago <= 14 AND rest_before = 1) AS back_to_backs_last_14_days,
    COUNTIF(games_ago <= 5) AS games_used_last_5,
    COUNTIF(games_ago <= 10) AS games_used_last_10,
    AVG(IF(games_ago <= 5, points, NULL)) AS points_avg_last_5,
    AVG(IF(games_ago <= 10, points, NULL)) AS points_avg_last_10,
    STDDEV_SAMP(IF(games_ago <= 10, points, NULL)) AS points_std_last_10,
    AVG(IF(games_ago <= 10, minutes_played, NULL)) AS minutes_avg_last_10,
    AVG(IF(games_ago <= 10, usage_rate, NULL)) AS usage_rate_avg_last_10,
    COUNTIF(is_this_season) AS season_games_played,
    AVG(IF(is_this_season, points, NULL)) AS points_avg_season
  FROM past
  GROUP BY game_date, player_lookup
),
-- a star averages 18 points, or 28 minutes and 12 points, over his last ten games
stars AS (
  SELECT p.game_date, p.team, p.player_lookup,
    CASE WHEN f.points_avg_last_10 >= 25 THEN 3 WHEN f.points_avg_last_10 >= 18 THEN 2 ELSE 1 END
      AS tier
  FROM pool AS p
  INNER JOIN form AS f ON f.game_date = p.game_date AND f.player_lookup = p.player_lookup
  WHERE p.injury_status IN ('out', 'doubtful')
    AND (f.points_avg_last_10 >= 18
      OR (f.minutes_avg_last_10 >= 28 AND f.points_avg_last_10 >= 12))
),
absent AS (
  SELECT e.game_date, e.player_lookup, COUNT(s.player_lookup) AS star_teammates_out,
    MAX(s.tier) AS star_tier_out
  FROM expected AS e
  LEFT JOIN stars AS s ON s.game_date = e.game_date AND s.team = e.team
    AND s.player_lookup <> e.player_lookup
  GROUP BY e.game_date, e.player_lookup
),
lines AS (
  SELECT game_date, game_id, player_lookup, source, bookmaker, points_line, opening_points_line,
    line_movement
  FROM nba_analytics.player_points_lines
  WHERE game_date BETWEEN @start_date AND @end_date
),
games_with_lines AS (
  SELECT DISTINCT game_date, game_id FROM lines
),
-- past games in a row over, or under, the line of today
streaks AS (
  SELECT l.game_date, l.player_lookup,
    COALESCE(MIN(IF(p.points <= l.points_line, p.games_ago, NULL)) - 1, COUNT(*)) AS over_streak,
    COALESCE(MIN(IF(p.points >= l.points_line, p.games_ago, NULL)) - 1, COUNT(*)) AS under_streak
  FROM lines AS l
  INNER JOIN past AS p ON p.game_date = l.game_date AND p.player_lookup = l.player_lookup
  GROUP BY l.game_date, l.player_lookup
)
SELECT e.game_date, e.game_id, e.season_year, e.season_type, e.team, e.opponent, e.is_home,
  e.player_lookup, e.player_id, e.player_name,
  e.context_source, e.context_source = 'synthetic' AS is_degraded,
  e.context_source = 'pregame' AS is_training_eligible,
  e.injury_status, e.injury_category, e.injury_source,
  f.days_rest, f.days_rest = 1 AS is_back_to_back, f.days_rest_before_last_game,
  COALESCE(f.games_last_7_days, 0) AS games_last_7_days,
  COALESCE(f.games_last_14_days, 0) AS games_last_14_days,
  COALESCE(f.minutes_last_7_days, 0) AS minutes_last_7_days,
  COALESCE(f.minutes_last_14_days, 0) AS minutes_last_14_days,
  f.minutes_avg_last_7_days, f.usage_rate_avg_last_7_days,
  COALESCE(f.back_to_backs_last_14_days, 0) AS back_to_backs_last_14_days,
  COALESCE(f.games_used_last_5, 0) AS games_used_last_5,
  COALESCE(f.games_used_last_10, 0) AS games_used_last_10,
  f.points_avg_last_5, f.points_avg_last_10, f.points_std_last_10, f.minutes_avg_last_10,
  f.usage_rate_avg_last_10,
  COALESCE(f.season_games_played, 0) AS season_games_played, f.points_avg_season,
  CASE
    WHEN f.games_used_last_10 >= 10 THEN 'gold'
    WHEN f.games_used_last_10 >= 5 THEN 'silver'
    ELSE 'bronze'
  END AS context_quality,
  l.points_line, l.opening_points_line, l.line_movement, l.bookmaker, l.source AS line_source,
  CASE
    WHEN l.points_line IS NOT NULL THEN NULL
    WHEN g.game_id IS NOT NULL THEN 'no_line'
    ELSE 'no_line_source'
  END AS line_null_reason,
  k.over_streak, k.under_streak,
  own.days_rest AS team_days_rest, own.opponent_days_rest, own.travel_miles,
  own.team_spread, own.game_total,
  own.pace_last_10 - other.pace_last_10 AS pace_differential,
  other.pace_last_10 AS opponent_pace_last_10,
  other.offensive_rating_last_10 AS opponent_offensive_rating_last_10,
  other.defensive_rating_last_10 AS opponent_defensive_rating_last_10,
  IF(e.injury_source IS NULL, NULL, s.star_teammates_out) AS star_teammates_out,
  IF(e.injury_source IS NULL, NULL, COALESCE(s.star_tier_out, 0)) AS star_tier_out,
  DATE_DIFF(e.game_date, b.birth_date, YEAR)
    - IF(FORMAT_DATE('%m%d', e.game_date) < FORMAT_DATE('%m%d', b.birth_date), 1, 0) AS player_age
FROM expected AS e
INNER JOIN nba_analytics.upcoming_team_game_context AS own
  ON own.game_date = e.game_date AND own.team = e.team
INNER JOIN nba_analytics.upcoming_team_game_context AS other
  ON other.game_date = e.game_date AND other.team = e.opponent
LEFT JOIN form AS f ON f.game_date = e.game_date AND f.player_lookup = e.player_lookup
LEFT JOIN absent AS s ON s.game_date = e.game_date AND s.player_lookup = e.player_lookup
LEFT JOIN lines AS l ON l.game_date = e.game_date AND l.game_id = e.game_id
  AND l.player_lookup = e.player_lookup
LEFT JOIN games_with_lines AS g ON g.game_date = e.game_date AND g.game_id = e.game_id
LEFT JOIN streaks AS k ON k.game_date = l.game_date AND k.player_lookup = l.player_lookup
LEFT JOIN nba_reference.players AS b ON b.player_id = e.player_id
WHERE own.game_date BETWEEN @start_date AND @end_date
  AND other.game_date BETWEEN @start_date AND @end_date
