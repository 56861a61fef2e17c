-- What is known before tip-off of both teams of every game between @start_date and @end_date. Every
-- look back is bounded by days and ends the day before, so that a date gives the same rows alone,
-- in a range, before its games and after them.
WITH games AS (
  SELECT game_date, game_id, nba_game_id, season_year, season_type, home_team, away_team,
    COALESCE(is_neutral, FALSE) AS is_neutral, tipoff_utc,
    REGEXP_EXTRACT(arena_city, r'^[^,]+') AS city
  FROM nba_raw.nbac_schedule
  WHERE game_date BETWEEN DATE_SUB(@start_date, INTERVAL @nbac_schedule_days DAY) AND @end_date
    AND home_team IS NOT NULL AND away_team IS NOT NULL
    AND game_status NOT IN ('postponed', 'cancelled')
),
-- the arena by its city where a place of the home team or of nobody is there, else the home arena
venues AS (
  SELECT g.game_id, v.arena_latitude, v.arena_longitude, v.arena_time_zone
  FROM games AS g
  INNER JOIN nba_reference.arenas AS v
    ON g.season_year >= v.first_season_year
      AND g.season_year <= COALESCE(v.last_season_year, g.season_year)
      AND ((v.venue_team IS NULL AND v.arena_city = g.city)
        OR (v.venue_team = g.home_team AND v.arena_city = g.city)
        OR (v.venue_team = g.home_team AND v.is_home_arena AND NOT g.is_neutral))
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY g.game_id
    ORDER BY IF(v.arena_city = g.city, 0, 1), IF(v.venue_team IS NULL, 1, 0), v.venue_key) = 1
),
sides AS (
  SELECT game_date, game_id, nba_game_id, season_year, season_type, home_team AS team,
    away_team AS opponent, TRUE AS is_home, is_neutral, tipoff_utc
  FROM games
  UNION ALL
  SELECT game_date, game_id, nba_game_id, season_year, season_type, away_team AS team,
    home_team AS opponent, FALSE AS is_home, is_neutral, tipoff_utc
  FROM games
),
trips AS (
  SELECT s.game_date, s.game_id, s.nba_game_id, s.season_year, s.season_type, s.team, s.opponent,
    s.is_home, s.is_neutral, s.tipoff_utc, v.arena_latitude, v.arena_longitude,
    LAG(s.game_date) OVER own AS last_date,
    LAG(s.season_year) OVER own AS last_season_year,
    LAG(v.arena_latitude) OVER own AS last_latitude,
    LAG(v.arena_longitude) OVER own AS last_longitude,
    COUNT(*) OVER (
      PARTITION BY s.team ORDER BY UNIX_DATE(s.game_date) RANGE BETWEEN 7 PRECEDING AND 1 PRECEDING
    ) AS games_last_7_days,
    COUNT(*) OVER (
      PARTITION BY s.team ORDER BY UNIX_DATE(s.game_date) RANGE BETWEEN 14 PRECEDING AND 1 PRECEDING
    ) AS games_last_14_days
  FROM sides AS s
  LEFT JOIN venues AS v ON v.game_id = s.game_id
  WINDOW own AS (PARTITION BY s.team ORDER BY s.game_date)
),
rested AS (
  SELECT game_date, game_id, nba_game_id, season_year, season_type, team, opponent, is_home,
    is_neutral, tipoff_utc, games_last_7_days, games_last_14_days,
    IF(DATE_DIFF(game_date, last_date, DAY) <= @nbac_schedule_days
        AND last_season_year = season_year,
      DATE_DIFF(game_date, last_date, DAY), NULL) AS days_rest,
    IF(DATE_DIFF(game_date, last_date, DAY) <= @nbac_schedule_days
        AND last_season_year = season_year,
      great_circle_miles(last_latitude, last_longitude, arena_latitude, arena_longitude), NULL)
      AS travel_miles
  FROM trips
  WHERE game_date BETWEEN @start_date AND @end_date
),
played AS (
  SELECT o.game_date, o.season_year, o.team, o.margin, o.is_win, o.pace, o.offensive_rating,
    d.defensive_rating
  FROM nba_analytics.team_offense_game_summary AS o
  INNER JOIN nba_analytics.team_defense_game_summary AS d
    ON d.game_date = o.game_date AND d.team = o.team
  WHERE o.game_date
      BETWEEN DATE_SUB(@start_date, INTERVAL @team_offense_game_summary_days DAY) AND @end_date
    AND d.game_date
      BETWEEN DATE_SUB(@start_date, INTERVAL @team_defense_game_summary_days DAY) AND @end_date
),
past AS (
  SELECT r.game_date, r.team, p.season_year = r.season_year AS is_this_season, p.margin, p.is_win,
    p.pace, p.offensive_rating, p.defensive_rating,
    ROW_NUMBER() OVER (PARTITION BY r.game_date, r.team ORDER BY p.game_date DESC) AS games_ago
  FROM rested AS r
  INNER JOIN played AS p ON p.team = r.team AND p.game_date < r.game_date
    AND p.game_date >= DATE_SUB(r.game_date, INTERVAL @team_offense_game_summary_days DAY)
),
results AS (
  SELECT game_date, team, is_win, is_this_season, games_ago,
    FIRST_VALUE(is_win) OVER (PARTITION BY game_date, team ORDER BY games_ago) AS last_is_win
  FROM past
  WHERE is_this_season
),
streaks AS (
  SELECT game_date, team,
    IF(LOGICAL_AND(last_is_win), 1, -1)
      * COALESCE(MIN(IF(is_win <> last_is_win, games_ago, NULL)) - 1, COUNT(*)) AS result_streak
  FROM results
  GROUP BY game_date, team
),
form AS (
  SELECT game_date, team,
    COUNTIF(is_this_season) AS season_games_played,
    COUNTIF(games_ago <= 10) AS team_games_used_last_10,
    AVG(IF(games_ago <= 10, pace, NULL)) AS pace_last_10,
    AVG(IF(games_ago <= 10, offensive_rating, NULL)) AS offensive_rating_last_10,
    AVG(IF(games_ago <= 10, defensive_rating, NULL)) AS defensive_rating_last_10,
    MAX(IF(games_ago = 1 AND is_this_season, margin, NULL)) AS last_game_margin
  FROM past
  GROUP BY game_date, team
),
-- each book's last lines before tip-off, and its first where it was seen twice
moments AS (
  SELECT game_date, game_id, bookmaker, home_spread, game_total, snapshot_at,
    ROW_NUMBER() OVER (PARTITION BY game_date, game_id, bookmaker
      ORDER BY IF(snapshot_at IS NULL, 0, 1), snapshot_at DESC) AS from_last,
    ROW_NUMBER() OVER (PARTITION BY game_date, game_id, bookmaker
      ORDER BY IF(snapshot_at IS NULL, 1, 0), snapshot_at) AS from_first
  FROM nba_raw.odds_game_lines
  WHERE game_date BETWEEN @start_date AND @end_date
    AND (minutes_before_tipoff >= 0 OR snapshot_at IS NULL)
),
quotes AS (
  SELECT game_date, game_id, 'current' AS moment, home_spread, game_total
  FROM moments
  WHERE from_last = 1
  UNION ALL
  SELECT game_date, game_id, 'opening' AS moment, home_spread, game_total
  FROM moments
  WHERE from_first = 1 AND from_last > 1
),
ranked AS (
  SELECT game_date, game_id, moment, home_spread, game_total,
    ROW_NUMBER() OVER (PARTITION BY game_date, game_id, moment
      ORDER BY IF(home_spread IS NULL, 1, 0), home_spread) AS by_spread,
    COUNT(home_spread) OVER (PARTITION BY game_date, game_id, moment) AS spreads,
    ROW_NUMBER() OVER (PARTITION BY game_date, game_id, moment
      ORDER BY IF(game_total IS NULL, 1, 0), game_total) AS by_total,
    COUNT(game_total) OVER (PARTITION BY game_date, game_id, moment) AS totals
  FROM quotes
),
-- the median book: the middle one, or the mean of the two in the middle
game_lines AS (
  SELECT game_date, game_id, MAX(IF(moment = 'current', spreads, NULL)) AS bookmakers,
    AVG(IF(moment = 'current' AND 2 * by_spread BETWEEN spreads AND spreads + 2,
      home_spread, NULL)) AS home_spread,
    AVG(IF(moment = 'current' AND 2 * by_total BETWEEN totals AND totals + 2,
      game_total, NULL)) AS game_total,
    AVG(IF(moment = 'opening' AND 2 * by_spread BETWEEN spreads AND spreads + 2,
      home_spread, NULL)) AS opening_home_spread,
    AVG(IF(moment = 'opening' AND 2 * by_total BETWEEN totals AND totals + 2,
      game_total, NULL)) AS opening_game_total
  FROM ranked
  GROUP BY game_date, game_id
),
absences AS (
  SELECT game_date, team, COUNTIF(injury_status IN ('out', 'doubtful')) AS players_out,
    COUNTIF(injury_status = 'questionable') AS players_questionable,
    MIN(injury_source) AS injury_source
  FROM nba_analytics.game_player_pool
  WHERE game_date BETWEEN @start_date AND @end_date
  GROUP BY game_date, team
)
SELECT r.game_date, r.game_id, r.nba_game_id, r.season_year, r.season_type, r.team, r.opponent,
  r.is_home, r.is_neutral, r.tipoff_utc,
  r.days_rest, r.days_rest = 1 AS is_back_to_back, o.days_rest AS opponent_days_rest,
  r.games_last_7_days, r.games_last_14_days, r.travel_miles,
  CASE
    WHEN r.days_rest IS NULL THEN 'no_game_of_the_season_in_30_days'
    WHEN r.travel_miles IS NULL THEN 'unknown_venue'
  END AS travel_null_reason,
  COALESCE(f.season_games_played, 0) AS season_games_played,
  COALESCE(k.result_streak, 0) AS result_streak, f.last_game_margin,
  COALESCE(f.team_games_used_last_10, 0) AS team_games_used_last_10,
  f.pace_last_10, f.offensive_rating_last_10, f.defensive_rating_last_10,
  IF(r.is_home, l.home_spread, -l.home_spread) AS team_spread,
  IF(r.is_home, l.opening_home_spread, -l.opening_home_spread) AS opening_team_spread,
  l.game_total, l.opening_game_total,
  IF(l.game_id IS NULL, 'no_line_source', NULL) AS line_null_reason,
  IF(a.injury_source IS NULL, NULL, a.players_out) AS players_out,
  IF(a.injury_source IS NULL, NULL, a.players_questionable) AS players_questionable,
  a.injury_source
FROM rested AS r
INNER JOIN rested AS o ON o.game_date = r.game_date AND o.team = r.opponent
LEFT JOIN form AS f ON f.game_date = r.game_date AND f.team = r.team
LEFT JOIN streaks AS k ON k.game_date = r.game_date AND k.team = r.team
LEFT JOIN game_lines AS l ON l.game_date = r.game_date AND l.game_id = r.game_id
LEFT JOIN absences AS a ON a.game_date = r.game_date AND a.team = r.team
