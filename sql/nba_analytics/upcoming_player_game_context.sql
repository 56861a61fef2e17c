-- What is known before tip-off of every player who may play between @start_date and @end_date.
-- Every look back is bounded by days and ends the day before. Where fewer than nine in ten of those
-- who then played were in the pool, the others of them have rows of their own, marked as synthetic,
-- because they are known only afterwards; what was known before stays as it was.
-- Of a game without a box score nobody can say who played in it: a count or a rest that it could
-- change is NULL for who may have, and means are of the games that have one.
WITH pool AS (
  SELECT game_date, game_id, season_year, season_type, team, opponent, is_home, player_lookup,
    player_id, player_name, injury_status, injury_category, injury_source
  FROM nba_analytics.game_player_pool
  WHERE game_date BETWEEN @start_date AND @end_date
),
games AS (
  SELECT game_date, game_id, season_year, home_team, away_team,
    has_result(game_status, home_score, away_score) AS is_played
  FROM nba_raw.nbac_schedule
  WHERE game_date BETWEEN DATE_SUB(@start_date, INTERVAL @nbac_schedule_days DAY) AND @end_date
    AND home_team IS NOT NULL AND away_team IS NOT NULL
    AND game_status NOT IN ('postponed', 'cancelled')
),
appearances AS (
  SELECT game_date, game_id, season_year, season_type, team, opponent, is_home, player_lookup,
    player_id, player_name, minutes_played, points, usage_rate, is_degraded,
    ROW_NUMBER() OVER own AS appearance,
    DATE_DIFF(game_date, LAG(game_date) OVER own, DAY) AS rest_before,
    LEAD(game_date) OVER own AS next_date,
    LEAD(team) OVER own AS next_team,
    LEAD(season_year) OVER own AS next_season_year
  FROM nba_analytics.player_game_summary
  WHERE game_date
      BETWEEN DATE_SUB(@start_date, INTERVAL @player_game_summary_days DAY) AND @end_date
    -- who was on court too briefly to be given minutes has played
    AND COALESCE(minutes_played > 0, TRUE)
  WINDOW own AS (PARTITION BY player_lookup ORDER BY game_date)
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
expected AS (
  SELECT game_date, game_id, season_year, season_type, team, opponent, is_home, player_lookup,
    player_id, player_name, injury_status, injury_category, injury_source,
    'pregame' AS context_source
  FROM pool
  UNION ALL
  SELECT a.game_date, a.game_id, a.season_year, a.season_type, a.team, a.opponent, a.is_home,
    a.player_lookup, a.player_id, a.player_name, CAST(NULL AS STRING) AS injury_status,
    CAST(NULL AS STRING) AS injury_category, CAST(NULL AS STRING) AS injury_source,
    'synthetic' AS context_source
  FROM appearances AS a
  INNER JOIN covered AS c
    ON c.game_date = a.game_date AND c.game_id = a.game_id AND c.pool_share < 0.9
  -- who moved and was expected by his old team that night keeps the row that was known
  LEFT JOIN pool AS p ON p.game_date = a.game_date AND p.player_lookup = a.player_lookup
  WHERE a.game_date BETWEEN @start_date AND @end_date AND p.player_lookup IS NULL
),
timeline AS (
  SELECT game_date, season_year, player_lookup, CAST(NULL AS INT64) AS points
  FROM expected
  UNION ALL
  SELECT game_date, season_year, player_lookup, points
  FROM appearances
),
-- what came before, by dates: the date's own game is never in it
counted AS (
  SELECT game_date, player_lookup, points,
    COUNT(points) OVER (
      PARTITION BY player_lookup ORDER BY UNIX_DATE(game_date)
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS appearances_before,
    COUNT(points) OVER season AS season_games_played,
    SUM(points) OVER season AS season_points
  FROM timeline
  WINDOW season AS (
    PARTITION BY player_lookup, season_year ORDER BY UNIX_DATE(game_date)
    RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
people AS (
  SELECT e.game_date, e.game_id, e.season_year, e.season_type, e.team, e.opponent, e.is_home,
    e.player_lookup, e.player_id, e.player_name, e.injury_status, e.injury_category,
    e.injury_source, e.context_source, c.appearances_before, c.season_games_played,
    SAFE_DIVIDE(c.season_points, c.season_games_played) AS points_avg_season
  FROM expected AS e
  INNER JOIN counted AS c
    ON c.game_date = e.game_date AND c.player_lookup = e.player_lookup AND c.points IS NULL
),
past AS (
  SELECT e.game_date, e.player_lookup, a.minutes_played, a.points, a.usage_rate,
    a.season_year = e.season_year AS is_this_season,
    IF(a.is_degraded, CONCAT('no_attempts:', a.game_id), NULL) AS flaw,
    DATE_DIFF(e.game_date, a.game_date, DAY) AS days_ago,
    IF(DATE_DIFF(e.game_date, a.game_date, DAY) + a.rest_before <= @player_game_summary_days,
      a.rest_before, NULL) AS rest_before,
    e.appearances_before - a.appearance + 1 AS games_ago
  FROM people AS e
  -- the last ten, and all of two weeks: one a day at most
  INNER JOIN appearances AS a ON a.player_lookup = e.player_lookup
    AND a.appearance BETWEEN e.appearances_before - 13 AND e.appearances_before
    AND a.game_date >= DATE_SUB(e.game_date, INTERVAL @player_game_summary_days DAY)
),
form AS (
  SELECT game_date, player_lookup,
    MAX(IF(games_ago = 1 AND is_this_season, days_ago, NULL)) AS days_rest,
    MAX(IF(games_ago = 1 AND is_this_season, rest_before, NULL)) AS days_rest_before_last_game,
    MAX(IF(games_ago = 1, days_ago, NULL)) AS last_days_ago,
    MAX(IF(games_ago = 1, days_ago + rest_before, NULL)) AS second_last_days_ago,
    MAX(IF(games_ago = 10, days_ago, NULL)) AS tenth_days_ago,
    COUNTIF(days_ago <= 7) AS games_last_7_days,
    COUNTIF(days_ago <= 14) AS games_last_14_days,
    COALESCE(total(IF(days_ago <= 7, minutes_played, NULL)), 0) AS minutes_last_7_days,
    COALESCE(total(IF(days_ago <= 14, minutes_played, NULL)), 0) AS minutes_last_14_days,
    average(IF(days_ago <= 7, minutes_played, NULL)) AS minutes_avg_last_7_days,
    average(IF(days_ago <= 7, usage_rate, NULL)) AS usage_rate_avg_last_7_days,
    COUNTIF(days_ago <= 14 AND rest_before = 1) AS back_to_backs_last_14_days,
    COUNTIF(games_ago <= 5) AS games_used_last_5,
    COUNTIF(games_ago <= 10) AS games_used_last_10,
    average(IF(games_ago <= 5, points, NULL)) AS points_avg_last_5,
    average(IF(games_ago <= 10, points, NULL)) AS points_avg_last_10,
    sample_deviation(IF(games_ago <= 10, points, NULL)) AS points_std_last_10,
    average(IF(games_ago <= 10, minutes_played, NULL)) AS minutes_avg_last_10,
    average(IF(games_ago <= 10, usage_rate, NULL)) AS usage_rate_avg_last_10,
    STRING_AGG(IF(games_ago <= 10 OR days_ago <= 7, flaw, NULL), ' ' ORDER BY flaw) AS flaws
  FROM past
  GROUP BY game_date, player_lookup
),
-- what is not proven of an opponent is NULL: it makes no row of the other team a degraded one
teams AS (
  SELECT own.game_date, own.team, own.degraded_reason, own.opponent_degraded_reason, own.days_rest,
    own.opponent_days_rest, own.travel_miles, own.team_spread, own.game_total, own.pace_last_10,
    IF(other.is_degraded, NULL, other.pace_last_10) AS opponent_pace_last_10,
    IF(other.is_degraded, NULL, other.offensive_rating_last_10)
      AS opponent_offensive_rating_last_10,
    IF(other.is_degraded, NULL, other.defensive_rating_last_10)
      AS opponent_defensive_rating_last_10
  FROM nba_analytics.upcoming_team_game_context AS own
  INNER JOIN nba_analytics.upcoming_team_game_context AS other
    ON other.game_date = own.game_date AND other.team = own.opponent
  WHERE own.game_date BETWEEN @start_date AND @end_date
    AND other.game_date BETWEEN @start_date AND @end_date
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
  FROM people AS e
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
-- past games in a row over, or under, the line of today, and the last that was not
streaks AS (
  SELECT e.game_date, e.player_lookup,
    COALESCE(MIN(IF(a.points <= l.points_line, e.appearances_before - a.appearance, NULL)),
      COUNT(*)) AS over_streak,
    COALESCE(MIN(IF(a.points >= l.points_line, e.appearances_before - a.appearance, NULL)),
      COUNT(*)) AS under_streak,
    COALESCE(MIN(IF(a.points <= l.points_line, DATE_DIFF(e.game_date, a.game_date, DAY), NULL)),
      1 + @player_game_summary_days) AS not_over_days_ago,
    COALESCE(MIN(IF(a.points >= l.points_line, DATE_DIFF(e.game_date, a.game_date, DAY), NULL)),
      1 + @player_game_summary_days) AS not_under_days_ago
  FROM lines AS l
  INNER JOIN people AS e ON e.game_date = l.game_date AND e.player_lookup = l.player_lookup
  INNER JOIN appearances AS a ON a.player_lookup = e.player_lookup AND a.game_date < e.game_date
    AND a.game_date >= DATE_SUB(e.game_date, INTERVAL @player_game_summary_days DAY)
  GROUP BY e.game_date, e.player_lookup
),
-- games that no box score is of, with or without a result, and for whom a player played last before
-- one and next after it
lost_games AS (
  SELECT g.game_date, g.game_id, g.season_year, g.home_team, g.away_team,
    CONCAT(IF(g.is_played, 'no_box_score:', 'no_result:'), g.game_id) AS flaw
  FROM games AS g
  LEFT JOIN (SELECT DISTINCT game_date, game_id FROM appearances) AS a
    ON a.game_date = g.game_date AND a.game_id = g.game_id
  WHERE a.game_id IS NULL
),
around AS (
  SELECT g.game_id, a.player_lookup, a.game_date AS last_date, a.team AS last_team, a.next_date,
    IF(a.next_season_year = g.season_year, a.next_team, NULL) AS next_team
  FROM lost_games AS g
  INNER JOIN appearances AS a
    ON a.game_date <= g.game_date AND COALESCE(a.next_date > g.game_date, TRUE)
  UNION ALL
  SELECT g.game_id, a.player_lookup, CAST(NULL AS DATE) AS last_date,
    CAST(NULL AS STRING) AS last_team, a.game_date AS next_date,
    IF(a.season_year = g.season_year, a.team, NULL) AS next_team
  FROM lost_games AS g
  INNER JOIN appearances AS a ON a.game_date > g.game_date AND a.appearance = 1
),
-- who may have played in one: not who played elsewhere that day, or before and after for others
doubts AS (
  SELECT e.game_date, e.player_lookup, g.flaw, g.season_year = e.season_year AS is_this_season,
    DATE_DIFF(e.game_date, g.game_date, DAY) AS days_ago
  FROM lost_games AS g
  INNER JOIN people AS e ON e.game_date > g.game_date
    AND g.game_date >= DATE_SUB(e.game_date, INTERVAL @nbac_schedule_days DAY)
  LEFT JOIN around AS n ON n.game_id = g.game_id AND n.player_lookup = e.player_lookup
  WHERE COALESCE(n.last_date < g.game_date, TRUE)
    AND ((n.last_team IN (g.home_team, g.away_team)
        AND n.last_date >= DATE_SUB(e.game_date, INTERVAL @player_game_summary_days DAY))
      OR CASE
        WHEN n.next_date < e.game_date THEN n.next_team
        WHEN g.season_year = e.season_year THEN e.team
      END IN (g.home_team, g.away_team))
),
-- what they change: the season, two weeks, the last ten games, a streak
doubted AS (
  SELECT d.game_date, d.player_lookup, MIN(d.days_ago) AS days_ago,
    LOGICAL_OR(d.is_this_season) AS is_this_season,
    STRING_AGG(IF(d.is_this_season OR d.days_ago <= 15
      OR d.days_ago < COALESCE(f.tenth_days_ago, 1 + @nbac_schedule_days)
      OR d.days_ago < GREATEST(COALESCE(k.not_over_days_ago, 0), COALESCE(k.not_under_days_ago, 0)),
      d.flaw, NULL), ' ' ORDER BY d.flaw) AS degraded_reason
  FROM doubts AS d
  LEFT JOIN form AS f ON f.game_date = d.game_date AND f.player_lookup = d.player_lookup
  LEFT JOIN streaks AS k ON k.game_date = d.game_date AND k.player_lookup = d.player_lookup
  GROUP BY d.game_date, d.player_lookup
)
SELECT e.game_date, e.game_id, e.season_year, e.season_type, e.team, e.opponent, e.is_home,
  e.player_lookup, e.player_id, e.player_name, e.context_source,
  e.context_source = 'synthetic'
    OR COALESCE(f.flaws, d.degraded_reason, t.degraded_reason) IS NOT NULL AS is_degraded,
  e.context_source = 'pregame'
    AND COALESCE(f.flaws, d.degraded_reason, t.degraded_reason) IS NULL AS is_training_eligible,
  NULLIF(TRIM(CONCAT(COALESCE(f.flaws, ''), ' ', COALESCE(d.degraded_reason, ''))), '')
    AS degraded_reason,
  t.degraded_reason AS team_degraded_reason,
  t.opponent_degraded_reason,
  e.injury_status, e.injury_category, e.injury_source,
  IF(d.days_ago < f.last_days_ago, NULL, f.days_rest) AS days_rest,
  IF(d.days_ago < f.last_days_ago, NULL, f.days_rest = 1) AS is_back_to_back,
  IF(d.days_ago < f.second_last_days_ago, NULL, f.days_rest_before_last_game)
    AS days_rest_before_last_game,
  IF(d.days_ago <= 7, NULL, COALESCE(f.games_last_7_days, 0)) AS games_last_7_days,
  IF(d.days_ago <= 14, NULL, COALESCE(f.games_last_14_days, 0)) AS games_last_14_days,
  IF(d.days_ago <= 7, NULL, COALESCE(f.minutes_last_7_days, 0)) AS minutes_last_7_days,
  IF(d.days_ago <= 14, NULL, COALESCE(f.minutes_last_14_days, 0)) AS minutes_last_14_days,
  f.minutes_avg_last_7_days, f.usage_rate_avg_last_7_days,
  -- the first of two weeks may be the day after it
  IF(d.days_ago <= 15, NULL, COALESCE(f.back_to_backs_last_14_days, 0))
    AS back_to_backs_last_14_days,
  COALESCE(f.games_used_last_5, 0) AS games_used_last_5,
  COALESCE(f.games_used_last_10, 0) AS games_used_last_10,
  f.points_avg_last_5, f.points_avg_last_10, f.points_std_last_10, f.minutes_avg_last_10,
  f.usage_rate_avg_last_10,
  IF(d.is_this_season, NULL, e.season_games_played) AS season_games_played, e.points_avg_season,
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
  IF(d.days_ago < k.not_over_days_ago, NULL, k.over_streak) AS over_streak,
  IF(d.days_ago < k.not_under_days_ago, NULL, k.under_streak) AS under_streak,
  t.days_rest AS team_days_rest, t.opponent_days_rest, t.travel_miles, t.team_spread, t.game_total,
  t.pace_last_10 - t.opponent_pace_last_10 AS pace_differential, t.opponent_pace_last_10,
  t.opponent_offensive_rating_last_10, t.opponent_defensive_rating_last_10,
  IF(e.injury_source IS NULL, NULL, s.star_teammates_out) AS star_teammates_out,
  IF(e.injury_source IS NULL, NULL, COALESCE(s.star_tier_out, 0)) AS star_tier_out,
  DATE_DIFF(e.game_date, b.birth_date, YEAR)
    - IF(FORMAT_DATE('%m%d', e.game_date) < FORMAT_DATE('%m%d', b.birth_date), 1, 0) AS player_age
FROM people AS e
INNER JOIN teams AS t ON t.game_date = e.game_date AND t.team = e.team
LEFT JOIN form AS f ON f.game_date = e.game_date AND f.player_lookup = e.player_lookup
LEFT JOIN doubted AS d ON d.game_date = e.game_date AND d.player_lookup = e.player_lookup
LEFT JOIN absent AS s ON s.game_date = e.game_date AND s.player_lookup = e.player_lookup
LEFT JOIN lines AS l ON l.game_date = e.game_date AND l.game_id = e.game_id
  AND l.player_lookup = e.player_lookup
LEFT JOIN games_with_lines AS g ON g.game_date = e.game_date AND g.game_id = e.game_id
LEFT JOIN streaks AS k ON k.game_date = l.game_date AND k.player_lookup = l.player_lookup
LEFT JOIN nba_reference.players AS b ON b.player_id = e.player_id
