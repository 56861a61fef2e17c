-- Players of every final game between @start_date and @end_date, from one source per game.
-- A source is good for a game when both teams' players add up to the final score with at least
-- five on court; among good ones, one with shot attempts beats one without.
-- The line of the other source is held against every row, and what differs is told, not mended: the
-- chosen source stays. Starters, and minutes to a tenth, are by the independent source wherever its
-- counts of the player are those of the chosen one; minutes only where they are the same, rounded.
WITH sides AS (
  SELECT game_date, game_id, nba_game_id, season_year, season_type, team, opponent, is_home,
    points AS score, team_minutes, is_win
  FROM nba_analytics.team_offense_game_summary
  WHERE game_date BETWEEN @start_date AND @end_date
),
names AS (
  SELECT game_date, source_table, printed_lookup, player_id, player_lookup
  FROM nba_reference.player_name_matches
  WHERE game_date BETWEEN @start_date AND @end_date AND player_id IS NOT NULL
),
rows_of_all AS (
  SELECT 'nbac' AS source, game_date, team, player_id, player_lookup, player_name,
    minutes_played,
    field_goals_made, field_goals_attempted, three_pointers_made, three_pointers_attempted,
    free_throws_made, free_throws_attempted, offensive_rebounds, defensive_rebounds, rebounds,
    assists, steals, blocks, turnovers, personal_fouls, points, plus_minus,
    CAST(NULL AS BOOL) AS is_starter
  FROM nba_raw.nbac_player_boxscores
  WHERE game_date BETWEEN @start_date AND @end_date
  UNION ALL
  -- an ambiguous or unknown name keeps its own spelling and no id: nobody is dropped or guessed
  SELECT 'bref' AS source, b.game_date, b.team, n.player_id,
    COALESCE(n.player_lookup, b.player_lookup) AS player_lookup, b.player_name,
    b.minutes_played, b.field_goals_made, b.field_goals_attempted, b.three_pointers_made,
    b.three_pointers_attempted, b.free_throws_made, b.free_throws_attempted, b.offensive_rebounds,
    b.defensive_rebounds, b.rebounds, b.assists, b.steals, b.blocks, b.turnovers, b.personal_fouls,
    b.points, b.plus_minus, b.is_starter
  FROM nba_raw.bref_player_boxscores AS b
  LEFT JOIN names AS n
    ON n.game_date = b.game_date AND n.source_table = 'bref_player_boxscores'
      AND n.printed_lookup = b.player_lookup
  WHERE b.game_date BETWEEN @start_date AND @end_date
),
team_sums AS (
  SELECT source, game_date, team, SUM(points) AS points,
    COUNTIF(minutes_played > 0) AS players_with_minutes,
    COUNT(field_goals_attempted) = COUNT(*) AS has_attempts,
    possessions_used(SUM(field_goals_attempted), SUM(free_throws_attempted), SUM(turnovers))
      AS possessions_used
  FROM rows_of_all
  GROUP BY source, game_date, team
),
judged AS (
  SELECT t.source, s.game_date, s.game_id,
    CASE
      WHEN NOT LOGICAL_AND(t.has_attempts) THEN 3
      WHEN t.source = 'nbac' THEN 1
      ELSE 2
    END AS preference
  FROM sides AS s
  INNER JOIN team_sums AS t ON t.game_date = s.game_date AND t.team = s.team
  GROUP BY t.source, s.game_date, s.game_id
  HAVING COUNTIF(t.points = s.score AND t.players_with_minutes >= 5) = 2
),
chosen AS (
  SELECT game_date, game_id, source
  FROM judged
  QUALIFY ROW_NUMBER() OVER (PARTITION BY game_date, game_id ORDER BY preference, source) = 1
),
-- all counts but plus-minus, of which the independent source has none or another in one row of 50;
-- what one source lacks is not compared, and of a player who is printed twice no row is
compared AS (
  SELECT r.game_date, r.team, r.player_lookup, o.source, o.is_starter, o.minutes_played,
    is_rounded_of(r.minutes_played, o.minutes_played) AS has_same_minutes,
    CONCAT(
      difference('field_goals_made', r.field_goals_made, o.field_goals_made),
      difference('field_goals_attempted', r.field_goals_attempted, o.field_goals_attempted),
      difference('three_pointers_made', r.three_pointers_made, o.three_pointers_made),
      difference('three_pointers_attempted', r.three_pointers_attempted, o.three_pointers_attempted),
      difference('free_throws_made', r.free_throws_made, o.free_throws_made),
      difference('free_throws_attempted', r.free_throws_attempted, o.free_throws_attempted),
      difference('offensive_rebounds', r.offensive_rebounds, o.offensive_rebounds),
      difference('defensive_rebounds', r.defensive_rebounds, o.defensive_rebounds),
      difference('rebounds', r.rebounds, o.rebounds),
      difference('assists', r.assists, o.assists),
      difference('steals', r.steals, o.steals),
      difference('blocks', r.blocks, o.blocks),
      difference('turnovers', r.turnovers, o.turnovers),
      difference('personal_fouls', r.personal_fouls, o.personal_fouls),
      difference('points', r.points, o.points)
    ) AS count_differences,
    minutes_difference(r.minutes_played, o.minutes_played) AS minutes_differences
  FROM sides AS s
  INNER JOIN chosen AS x ON x.game_date = s.game_date AND x.game_id = s.game_id
  INNER JOIN rows_of_all AS r
    ON r.game_date = s.game_date AND r.team = s.team AND r.source = x.source
  INNER JOIN rows_of_all AS o
    ON o.game_date = r.game_date AND o.team = r.team AND o.player_lookup = r.player_lookup
      AND o.source <> r.source
  QUALIFY COUNT(*) OVER (PARTITION BY r.game_date, r.team, r.player_lookup) = 1
),
others AS (
  SELECT game_date, team, player_lookup, source, is_starter, minutes_played,
    count_differences = '' AS has_same_counts,
    count_differences = '' AND source = 'bref' AND has_same_minutes AS is_exact,
    count_differences = '' AND minutes_differences = '' AS is_same,
    NULLIF(SUBSTR(CONCAT(count_differences, minutes_differences), 3), '') AS differences
  FROM compared
),
teams_with_shots AS (
  SELECT DISTINCT game_date, team
  FROM nba_raw.nbac_shots
  WHERE game_date BETWEEN @start_date AND @end_date
),
zones AS (
  SELECT game_date, team, player_id,
    COUNTIF(is_paint(shot_zone)) AS paint_attempted,
    COUNTIF(is_paint(shot_zone) AND is_made) AS paint_made,
    COUNTIF(is_mid_range(shot_zone)) AS mid_range_attempted,
    COUNTIF(is_mid_range(shot_zone) AND is_made) AS mid_range_made,
    COUNTIF(is_three) AS threes_attempted,
    COUNT(*) AS attempts
  FROM nba_raw.nbac_shots
  WHERE game_date BETWEEN @start_date AND @end_date
  GROUP BY game_date, team, player_id
),
lines AS (
  SELECT game_date, game_id, player_lookup, bookmaker, points_line
  FROM nba_analytics.player_points_lines
  WHERE game_date BETWEEN @start_date AND @end_date
),
games_with_lines AS (
  SELECT DISTINCT game_date, game_id FROM lines
),
joined AS (
  SELECT s.game_date, s.game_id, s.nba_game_id, s.season_year, s.season_type, s.team, s.opponent,
    s.is_home, s.team_minutes, s.is_win, r.source, r.player_id, r.player_lookup, r.player_name,
    IF(e.is_exact, e.source, r.source) AS minutes_source,
    IF(e.is_exact, e.minutes_played, r.minutes_played) AS minutes_played,
    IF(e.is_same, e.source, NULL) AS confirmed_by,
    CASE
      WHEN e.is_same THEN NULL
      WHEN v.team IS NULL THEN 'no_second_source'
      WHEN f.game_id IS NULL THEN 'second_source_unfit'
      WHEN e.source IS NULL THEN 'not_in_second_source'
      ELSE 'differs'
    END AS confirmed_null_reason,
    e.differences,
    r.field_goals_made, r.field_goals_attempted, r.three_pointers_made,
    r.three_pointers_attempted, r.free_throws_made, r.free_throws_attempted,
    r.offensive_rebounds, r.defensive_rebounds, r.rebounds, r.assists, r.steals, r.blocks,
    r.turnovers, r.personal_fouls, r.points, r.plus_minus,
    COALESCE(r.is_starter, IF(e.has_same_counts, e.is_starter, NULL)) AS is_starter,
    NOT t.has_attempts AS is_degraded,
    usage_rate(
      possessions_used(r.field_goals_attempted, r.free_throws_attempted, r.turnovers),
      IF(e.is_exact, e.minutes_played, r.minutes_played),
      t.possessions_used, s.team_minutes
    ) AS usage_rate_raw,
    -- who took no shot in a game with shots has zero of them, who cannot be matched has none known
    w.team IS NOT NULL AS has_shots,
    w.team IS NOT NULL AND r.player_id IS NOT NULL AS has_zones,
    COALESCE(z.paint_attempted, 0) AS paint_attempted,
    COALESCE(z.paint_made, 0) AS paint_made,
    COALESCE(z.mid_range_attempted, 0) AS mid_range_attempted,
    COALESCE(z.mid_range_made, 0) AS mid_range_made,
    COALESCE(z.threes_attempted, 0) AS threes_attempted,
    COALESCE(z.attempts, 0) AS shots_attempted,
    o.points_line, o.bookmaker, g.game_id IS NOT NULL AS has_lines
  FROM sides AS s
  INNER JOIN chosen AS x ON x.game_date = s.game_date AND x.game_id = s.game_id
  INNER JOIN rows_of_all AS r
    ON r.game_date = s.game_date AND r.team = s.team AND r.source = x.source
  INNER JOIN team_sums AS t
    ON t.game_date = s.game_date AND t.team = s.team AND t.source = x.source
  LEFT JOIN others AS e
    ON e.game_date = s.game_date AND e.team = s.team AND e.player_lookup = r.player_lookup
  -- of two sources the other one: whether it has the game, and whether it adds up
  LEFT JOIN team_sums AS v
    ON v.game_date = s.game_date AND v.team = s.team AND v.source <> x.source
  LEFT JOIN judged AS f
    ON f.game_date = s.game_date AND f.game_id = s.game_id AND f.source <> x.source
  LEFT JOIN teams_with_shots AS w ON w.game_date = s.game_date AND w.team = s.team
  LEFT JOIN zones AS z
    ON z.game_date = s.game_date AND z.team = s.team AND z.player_id = r.player_id
  LEFT JOIN games_with_lines AS g ON g.game_date = s.game_date AND g.game_id = s.game_id
  LEFT JOIN lines AS o
    ON o.game_date = s.game_date AND o.game_id = s.game_id AND o.player_lookup = r.player_lookup
)
SELECT
  game_date, game_id, nba_game_id, season_year, season_type, player_id, player_lookup, player_name,
  team, opponent, is_home, source, is_degraded, confirmed_by, confirmed_null_reason, differences,
  minutes_source,
  -- everybody in a box score was on court: no minutes is less than the source can print
  IF(minutes_played = 0, NULL, minutes_played) AS minutes_played,
  IF(minutes_played = 0, 'rounded_to_zero', NULL) AS minutes_null_reason,
  points,
  field_goals_made, field_goals_attempted, three_pointers_made, three_pointers_attempted,
  free_throws_made, free_throws_attempted, offensive_rebounds, defensive_rebounds, rebounds,
  assists, steals, blocks, turnovers, personal_fouls, plus_minus, team_minutes, is_starter, is_win,
  -- under five minutes a rate above 100 is a small sample; above that it is impossible, and the
  -- range of the column catches it
  IF(usage_rate_raw > 100 AND minutes_played < 5, NULL, usage_rate_raw) AS usage_rate,
  usage_rate_raw,
  CASE
    WHEN minutes_played = 0 THEN 'no_minutes'
    WHEN field_goals_attempted IS NULL THEN 'no_attempts_in_source'
    WHEN usage_rate_raw > 100 AND minutes_played < 5 THEN 'small_sample'
  END AS usage_null_reason,
  true_shooting_pct(points, field_goals_attempted, free_throws_attempted) AS true_shooting_pct,
  effective_field_goal_pct(field_goals_made, three_pointers_made, field_goals_attempted)
    AS effective_field_goal_pct,
  IF(has_zones, paint_attempted, NULL) AS paint_attempted,
  IF(has_zones, paint_made, NULL) AS paint_made,
  IF(has_zones, mid_range_attempted, NULL) AS mid_range_attempted,
  IF(has_zones, mid_range_made, NULL) AS mid_range_made,
  IF(
    has_zones,
    ABS(shots_attempted - field_goals_attempted) <= 2
      AND threes_attempted = three_pointers_attempted,
    NULL
  ) AS has_complete_shot_zones,
  CASE
    WHEN has_zones THEN NULL
    WHEN has_shots THEN 'no_player_id'
    ELSE 'no_shot_source'
  END AS zones_null_reason,
  points_line, bookmaker,
  CASE
    WHEN points > points_line THEN 'OVER'
    WHEN points < points_line THEN 'UNDER'
    WHEN points = points_line THEN 'PUSH'
  END AS points_line_result,
  CASE
    WHEN points_line IS NOT NULL THEN NULL
    WHEN has_lines THEN 'no_line'
    ELSE 'no_line_source'
  END AS line_null_reason
FROM joined
