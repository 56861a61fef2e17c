-- What is known before tip-off of both teams of every game between @start_date and @end_date. Every
-- look back is bounded by days and ends the day before, so that a date gives the same rows alone,
-- in a range, before its games and after them. That a team played, when, and the score is taken
-- from the schedule; a game before the date that has no result there may have been played or not,
-- and what it could change is NULL. Means are of the games that have a box score.
WITH games AS (
  SELECT game_date, game_id, nba_game_id, season_year, season_type, home_team, away_team,
    is_neutral, tipoff_utc, REGEXP_EXTRACT(arena_city, r'^[^,]+') AS city,
    has_result(game_status, home_score, away_score) AS is_played,
    home_score - away_score AS home_margin
  FROM nba_raw.nbac_schedule
  WHERE game_date BETWEEN DATE_SUB(@start_date, INTERVAL @nbac_schedule_days DAY) AND @end_date
    AND home_team IS NOT NULL AND away_team IS NOT NULL
    AND game_status NOT IN ('postponed', 'cancelled')
),
-- the arena by its city where a place of the home team or of nobody is there, else the home arena
venues AS (
  SELECT g.game_id, v.arena_latitude, v.arena_longitude,
    -- at nobody's place or at the home team's; by the home team alone nothing is known
    IF(v.arena_city = g.city, v.venue_team IS NULL, NULL) AS is_nobodys
  FROM games AS g
  INNER JOIN nba_reference.arenas AS v
    ON g.season_year >= v.first_season_year
      AND g.season_year <= COALESCE(v.last_season_year, g.season_year)
      AND ((v.venue_team IS NULL AND v.arena_city = g.city)
        OR (v.venue_team = g.home_team AND v.arena_city = g.city)
        OR (v.venue_team = g.home_team AND v.is_home_arena AND NOT COALESCE(g.is_neutral, FALSE)))
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY g.game_id
    ORDER BY IF(v.arena_city = g.city, 0, 1), IF(v.venue_team IS NULL, 1, 0), v.venue_key) = 1
),
sides AS (
  SELECT game_date, game_id, nba_game_id, season_year, season_type, home_team AS team,
    away_team AS opponent, TRUE AS is_home, is_neutral, tipoff_utc, is_played,
    home_margin AS margin
  FROM games
  UNION ALL
  SELECT game_date, game_id, nba_game_id, season_year, season_type, away_team AS team,
    home_team AS opponent, FALSE AS is_home, is_neutral, tipoff_utc, is_played,
    -home_margin AS margin
  FROM games
),
counted AS (
  SELECT s.game_date, s.game_id, s.nba_game_id, s.season_year, s.season_type, s.team, s.opponent,
    s.is_home, COALESCE(s.is_neutral, v.is_nobodys) AS is_neutral, s.tipoff_utc, s.is_played,
    s.margin, v.arena_latitude, v.arena_longitude,
    COUNT(IF(s.is_played, 1, NULL)) OVER (
      PARTITION BY s.team ORDER BY UNIX_DATE(s.game_date)
      RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS games_before,
    COUNT(IF(s.is_played, 1, NULL)) OVER season AS season_games,
    MAX(IF(s.is_played, NULL, s.game_date)) OVER season AS open_date,
    COUNT(IF(s.is_played, 1, NULL)) OVER (
      PARTITION BY s.team ORDER BY UNIX_DATE(s.game_date) RANGE BETWEEN 7 PRECEDING AND 1 PRECEDING
    ) AS games_last_7_days,
    COUNT(IF(s.is_played, 1, NULL)) OVER (
      PARTITION BY s.team ORDER BY UNIX_DATE(s.game_date) RANGE BETWEEN 14 PRECEDING AND 1 PRECEDING
    ) AS games_last_14_days
  FROM sides AS s
  LEFT JOIN venues AS v ON v.game_id = s.game_id
  WINDOW season AS (
    PARTITION BY s.team, s.season_year ORDER BY UNIX_DATE(s.game_date)
    RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
-- numbers of the season's last win and last loss before each game: a run began after the other
runs AS (
  SELECT game_date, game_id, nba_game_id, season_year, season_type, team, opponent, is_home,
    is_neutral, tipoff_utc, arena_latitude, arena_longitude, games_before, season_games, open_date,
    games_last_7_days, games_last_14_days,
    MAX(IF(is_played AND margin > 0, season_games + 1, 0)) OVER season AS last_win,
    MAX(IF(is_played AND margin < 0, season_games + 1, 0)) OVER season AS last_loss
  FROM counted
  WINDOW season AS (
    PARTITION BY team, season_year ORDER BY UNIX_DATE(game_date)
    RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
rested AS (
  SELECT r.game_date, r.game_id, r.nba_game_id, r.season_year, r.season_type, r.team, r.opponent,
    r.is_home, r.is_neutral, r.tipoff_utc, r.games_before, r.open_date,
    IF(r.open_date >= DATE_SUB(r.game_date, INTERVAL 7 DAY), NULL, r.games_last_7_days)
      AS games_last_7_days,
    IF(r.open_date >= DATE_SUB(r.game_date, INTERVAL 14 DAY), NULL, r.games_last_14_days)
      AS games_last_14_days,
    IF(r.open_date IS NULL, r.season_games, NULL) AS season_games_played,
    CASE
      WHEN r.open_date IS NOT NULL THEN NULL
      WHEN r.last_win > r.last_loss THEN r.season_games - r.last_loss
      ELSE COALESCE(r.last_win - r.season_games, 0)
    END AS result_streak,
    DATE_DIFF(r.game_date, l.game_date, DAY) AS days_rest,
    l.margin AS last_game_margin,
    great_circle_miles(l.arena_latitude, l.arena_longitude, r.arena_latitude, r.arena_longitude)
      AS travel_miles
  FROM runs AS r
  -- the season's last game, unless one after it has no result
  LEFT JOIN counted AS l
    ON l.team = r.team AND l.season_year = r.season_year AND l.is_played
      AND l.season_games = r.season_games - 1 AND COALESCE(r.open_date < l.game_date, TRUE)
  WHERE r.game_date BETWEEN @start_date AND @end_date
),
box_scores AS (
  SELECT o.game_date, o.team, o.pace, o.offensive_rating, d.defensive_rating
  FROM nba_analytics.team_offense_game_summary AS o
  INNER JOIN nba_analytics.team_defense_game_summary AS d
    ON d.game_date = o.game_date AND d.team = o.team
  WHERE o.game_date
      BETWEEN DATE_SUB(@start_date, INTERVAL @team_offense_game_summary_days DAY) AND @end_date
    AND d.game_date
      BETWEEN DATE_SUB(@start_date, INTERVAL @team_defense_game_summary_days DAY) AND @end_date
),
-- the last ten games, of any season; of some nobody has a box score, of some not what pace needs
past AS (
  SELECT r.game_date, r.team, p.game_date AS past_date, b.pace, b.offensive_rating,
    b.defensive_rating,
    CASE
      WHEN b.team IS NULL THEN CONCAT('no_box_score:', p.game_id)
      WHEN b.pace IS NULL THEN CONCAT('no_possessions:', p.game_id)
    END AS flaw
  FROM rested AS r
  INNER JOIN counted AS p
    ON p.team = r.team AND p.is_played
      AND p.games_before BETWEEN r.games_before - 10 AND r.games_before - 1
      AND p.game_date >= DATE_SUB(r.game_date, INTERVAL @team_offense_game_summary_days DAY)
  LEFT JOIN box_scores AS b ON b.game_date = p.game_date AND b.team = p.team
),
form AS (
  SELECT game_date, team,
    COUNT(pace) AS team_games_used_last_10,
    average(pace) AS pace_last_10,
    average(offensive_rating) AS offensive_rating_last_10,
    average(defensive_rating) AS defensive_rating_last_10,
    IF(COUNT(*) = 10, MIN(past_date), NULL) AS first_of_last_10
  FROM past
  GROUP BY game_date, team
),
flaws AS (
  SELECT game_date, team, flaw
  FROM past
  WHERE flaw IS NOT NULL
  UNION ALL
  SELECT r.game_date, r.team, CONCAT('no_result:', s.game_id) AS flaw
  FROM rested AS r
  INNER JOIN sides AS s ON s.team = r.team AND NOT s.is_played AND s.game_date < r.game_date
    AND s.game_date >= DATE_SUB(r.game_date, INTERVAL @nbac_schedule_days DAY)
  LEFT JOIN form AS f ON f.game_date = r.game_date AND f.team = r.team
  WHERE s.season_year = r.season_year OR COALESCE(s.game_date > f.first_of_last_10, TRUE)
),
reasons AS (
  SELECT game_date, team, STRING_AGG(flaw, ' ' ORDER BY flaw) AS degraded_reason
  FROM flaws
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
  WHERE game_date BETWEEN @start_date AND @end_date AND line_fault IS NULL
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
medians AS (
  SELECT game_date, game_id, moment,
    average(IF(2 * by_spread BETWEEN spreads AND spreads + 2, home_spread, NULL)) AS home_spread,
    average(IF(2 * by_total BETWEEN totals AND totals + 2, game_total, NULL)) AS game_total
  FROM ranked
  GROUP BY game_date, game_id, moment
),
-- Most books are near the median, or it is nobody's line. Of 624 games of two seasons that two
-- sources closed, 98 in 100 spreads are within 5 points of each other and 97 in 100 totals within 8,
-- so each within half of that of their mean; of the others nothing says which of the two is wrong.
agreed AS (
  SELECT m.game_date, m.game_id, m.moment,
    COUNT(r.home_spread) AS spreads, COUNT(r.game_total) AS totals,
    IF(2 * COUNTIF(ABS(r.home_spread - m.home_spread) <= 2.5) > COUNT(r.home_spread),
      MAX(m.home_spread), NULL) AS home_spread,
    IF(2 * COUNTIF(ABS(r.game_total - m.game_total) <= 4) > COUNT(r.game_total),
      MAX(m.game_total), NULL) AS game_total
  FROM medians AS m
  INNER JOIN ranked AS r
    ON r.game_date = m.game_date AND r.game_id = m.game_id AND r.moment = m.moment
  GROUP BY m.game_date, m.game_id, m.moment
),
game_lines AS (
  SELECT game_date, game_id,
    MAX(IF(moment = 'current', spreads, NULL)) AS spreads,
    MAX(IF(moment = 'current', totals, NULL)) AS totals,
    MAX(IF(moment = 'current', home_spread, NULL)) AS home_spread,
    MAX(IF(moment = 'current', game_total, NULL)) AS game_total,
    MAX(IF(moment = 'opening', home_spread, NULL)) AS opening_home_spread,
    MAX(IF(moment = 'opening', game_total, NULL)) AS opening_game_total
  FROM agreed
  GROUP BY game_date, game_id
),
-- what was quoted and is no line, and the dates of which anything was quoted
left_out AS (
  SELECT game_date, game_id, MIN(line_fault) AS line_fault
  FROM nba_raw.odds_game_lines
  WHERE game_date BETWEEN @start_date AND @end_date AND line_fault IS NOT NULL
  GROUP BY game_date, game_id
),
quoted_dates AS (
  SELECT DISTINCT game_date
  FROM nba_raw.odds_game_lines
  WHERE game_date BETWEEN @start_date AND @end_date
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
  w.degraded_reason IS NOT NULL AS is_degraded, w.degraded_reason IS NULL AS is_training_eligible,
  w.degraded_reason, x.degraded_reason AS opponent_degraded_reason,
  r.days_rest, r.days_rest = 1 AS is_back_to_back, o.days_rest AS opponent_days_rest,
  r.games_last_7_days, r.games_last_14_days, r.travel_miles,
  CASE
    WHEN r.travel_miles IS NOT NULL THEN NULL
    WHEN r.days_rest IS NOT NULL THEN 'unknown_venue'
    WHEN r.open_date IS NOT NULL THEN 'last_game_without_result'
    ELSE 'first_game_of_the_season'
  END AS travel_null_reason,
  r.season_games_played, r.result_streak, r.last_game_margin,
  COALESCE(f.team_games_used_last_10, 0) AS team_games_used_last_10,
  f.pace_last_10, f.offensive_rating_last_10, f.defensive_rating_last_10,
  IF(r.is_home, l.home_spread, -l.home_spread) AS team_spread,
  IF(r.is_home, l.opening_home_spread, -l.opening_home_spread) AS opening_team_spread,
  l.game_total, l.opening_game_total,
  CASE
    WHEN l.home_spread IS NOT NULL AND l.game_total IS NOT NULL THEN NULL
    WHEN l.spreads > 0 AND l.home_spread IS NULL THEN 'sources_disagree'
    WHEN l.totals > 0 AND l.game_total IS NULL THEN 'sources_disagree'
    WHEN q.line_fault IS NOT NULL THEN q.line_fault
    WHEN d.game_date IS NOT NULL THEN 'no_line'
    ELSE 'no_line_source'
  END AS line_null_reason,
  IF(a.injury_source IS NULL, NULL, a.players_out) AS players_out,
  IF(a.injury_source IS NULL, NULL, a.players_questionable) AS players_questionable,
  a.injury_source
FROM rested AS r
INNER JOIN rested AS o ON o.game_date = r.game_date AND o.team = r.opponent
LEFT JOIN form AS f ON f.game_date = r.game_date AND f.team = r.team
LEFT JOIN reasons AS w ON w.game_date = r.game_date AND w.team = r.team
LEFT JOIN reasons AS x ON x.game_date = r.game_date AND x.team = r.opponent
LEFT JOIN game_lines AS l ON l.game_date = r.game_date AND l.game_id = r.game_id
LEFT JOIN left_out AS q ON q.game_date = r.game_date AND q.game_id = r.game_id
LEFT JOIN quoted_dates AS d ON d.game_date = r.game_date
LEFT JOIN absences AS a ON a.game_date = r.game_date AND a.team = r.team
