-- Offense of both teams of every final game between @start_date and @end_date.
-- The source is chosen per game, never per team: both rows must pass the checks of the official
-- box score and add up to the final score, else the next source is asked.
-- Turnovers are official whatever the source: those of a team belong to no player.
WITH games AS (
  SELECT game_date, game_id, nba_game_id, season_year, season_type, home_team, away_team,
    home_score, away_score, is_neutral AS is_neutral_on_schedule, is_neutral_in_log,
    REGEXP_EXTRACT(arena_city, r'^[^,]+') AS city
  FROM nba_raw.nbac_schedule
  WHERE game_date BETWEEN @start_date AND @end_date AND game_status = 'final'
),
-- a city where nobody or the home team plays; in any other the site is not known
venues AS (
  SELECT g.game_id, LOGICAL_AND(v.venue_team IS NULL) AS is_nobodys
  FROM games AS g
  INNER JOIN nba_reference.arenas AS v
    ON v.arena_city = g.city AND (v.venue_team IS NULL OR v.venue_team = g.home_team)
      AND g.season_year >= v.first_season_year
      AND g.season_year <= COALESCE(v.last_season_year, g.season_year)
  GROUP BY g.game_id
),
sites AS (
  SELECT g.game_date, g.game_id, g.nba_game_id, g.season_year, g.season_type, g.home_team,
    g.away_team, g.home_score, g.away_score,
    COALESCE(g.is_neutral_on_schedule, v.is_nobodys, g.is_neutral_in_log) AS is_neutral,
    CASE
      WHEN g.is_neutral_on_schedule IS NOT NULL THEN 'schedule'
      WHEN v.is_nobodys IS NOT NULL THEN 'arena'
      WHEN g.is_neutral_in_log IS NOT NULL THEN 'game_log'
    END AS neutral_source
  FROM games AS g
  LEFT JOIN venues AS v ON v.game_id = g.game_id
),
sides AS (
  SELECT game_date, game_id, nba_game_id, season_year, season_type, is_neutral, neutral_source,
    home_team AS team, away_team AS opponent, TRUE AS is_home,
    home_score AS score, away_score AS points_allowed
  FROM sites
  UNION ALL
  SELECT game_date, game_id, nba_game_id, season_year, season_type, is_neutral, neutral_source,
    away_team AS team, home_team AS opponent, FALSE AS is_home,
    away_score AS score, home_score AS points_allowed
  FROM sites
),
official AS (
  SELECT game_date, team,
    field_goals_made, field_goals_attempted, three_pointers_made, three_pointers_attempted,
    free_throws_made, free_throws_attempted, offensive_rebounds, defensive_rebounds, rebounds,
    assists, steals, blocks, turnovers, personal_fouls, points, team_minutes
  FROM nba_raw.nbac_team_boxscore
  WHERE game_date BETWEEN @start_date AND @end_date
),
player_rows AS (
  SELECT 2 AS preference, 'reconstructed_from_nbac' AS source, game_date, team, minutes_played,
    field_goals_made, field_goals_attempted, three_pointers_made, three_pointers_attempted,
    free_throws_made, free_throws_attempted, offensive_rebounds, defensive_rebounds, rebounds,
    assists, steals, blocks, turnovers, personal_fouls, points
  FROM nba_raw.nbac_player_boxscores
  WHERE game_date BETWEEN @start_date AND @end_date
  UNION ALL
  SELECT 3 AS preference, 'reconstructed_from_bref' AS source, game_date, team, minutes_played,
    field_goals_made, field_goals_attempted, three_pointers_made, three_pointers_attempted,
    free_throws_made, free_throws_attempted, offensive_rebounds, defensive_rebounds, rebounds,
    assists, steals, blocks, turnovers, personal_fouls, points
  FROM nba_raw.bref_player_boxscores
  WHERE game_date BETWEEN @start_date AND @end_date
),
rebuilt AS (
  SELECT preference, source, game_date, team,
    SUM(field_goals_made) AS field_goals_made,
    SUM(field_goals_attempted) AS field_goals_attempted,
    SUM(three_pointers_made) AS three_pointers_made,
    SUM(three_pointers_attempted) AS three_pointers_attempted,
    SUM(free_throws_made) AS free_throws_made,
    SUM(free_throws_attempted) AS free_throws_attempted,
    SUM(offensive_rebounds) AS offensive_rebounds,
    SUM(defensive_rebounds) AS defensive_rebounds,
    SUM(rebounds) AS rebounds,
    SUM(assists) AS assists,
    SUM(steals) AS steals,
    SUM(blocks) AS blocks,
    SUM(turnovers) AS turnovers_of_players,
    SUM(personal_fouls) AS personal_fouls,
    SUM(points) AS points,
    minutes_of_game(total(minutes_played)) AS team_minutes,
    COUNT(field_goals_attempted) = COUNT(*) AND COUNT(free_throws_attempted) = COUNT(*)
      AND COUNTIF(minutes_played > 0) >= 5 AS is_whole
  FROM player_rows
  GROUP BY preference, source, game_date, team
),
candidates AS (
  SELECT 1 AS preference, 'nbac' AS source, game_date, team,
    field_goals_made, field_goals_attempted, three_pointers_made, three_pointers_attempted,
    free_throws_made, free_throws_attempted, offensive_rebounds, defensive_rebounds, rebounds,
    assists, steals, blocks, turnovers, personal_fouls, points, team_minutes,
    field_goals_attempted IS NOT NULL AND free_throws_attempted IS NOT NULL
      AND team_minutes IS NOT NULL AS is_whole
  FROM official
  UNION ALL
  SELECT r.preference, r.source, r.game_date, r.team,
    r.field_goals_made, r.field_goals_attempted, r.three_pointers_made,
    r.three_pointers_attempted, r.free_throws_made, r.free_throws_attempted,
    r.offensive_rebounds, r.defensive_rebounds, r.rebounds, r.assists, r.steals, r.blocks,
    f.turnovers, r.personal_fouls, r.points, r.team_minutes, r.is_whole
  FROM rebuilt AS r
  -- a row without shot counts may still know the turnovers
  LEFT JOIN official AS f ON f.game_date = r.game_date AND f.team = r.team
    AND f.points = r.points AND f.turnovers >= r.turnovers_of_players
),
judged AS (
  SELECT c.preference, s.game_date, s.game_id,
    COUNTIF(
      c.is_whole AND c.points = s.score AND c.points > 0 AND c.field_goals_attempted > 0
      AND c.points = 2 * (c.field_goals_made - c.three_pointers_made)
        + 3 * c.three_pointers_made + c.free_throws_made
      AND c.rebounds = c.offensive_rebounds + c.defensive_rebounds
    ) AS good_rows,
    COUNT(*) AS all_rows
  FROM sides AS s
  INNER JOIN candidates AS c ON c.game_date = s.game_date AND c.team = s.team
  GROUP BY c.preference, s.game_date, s.game_id
),
chosen AS (
  SELECT game_date, game_id, MIN(preference) AS preference
  FROM judged
  WHERE good_rows = 2 AND all_rows = 2
  GROUP BY game_date, game_id
),
zones AS (
  SELECT game_date, team,
    COUNTIF(is_paint(shot_zone)) AS paint_attempted,
    COUNTIF(is_paint(shot_zone) AND is_made) AS paint_made,
    COUNTIF(is_mid_range(shot_zone)) AS mid_range_attempted,
    COUNTIF(is_mid_range(shot_zone) AND is_made) AS mid_range_made,
    COUNTIF(is_three) AS threes_attempted,
    COUNT(*) AS attempts
  FROM nba_raw.nbac_shots
  WHERE game_date BETWEEN @start_date AND @end_date
  GROUP BY game_date, team
),
joined AS (
  SELECT s.game_date, s.game_id, s.nba_game_id, s.season_year, s.season_type, s.is_neutral,
    s.neutral_source, s.team, s.opponent, s.is_home, s.points_allowed, c.source,
    c.field_goals_made, c.field_goals_attempted, c.three_pointers_made,
    c.three_pointers_attempted, c.free_throws_made, c.free_throws_attempted,
    c.offensive_rebounds, c.defensive_rebounds, c.rebounds, c.assists, c.steals, c.blocks,
    c.turnovers, c.personal_fouls, c.points, c.team_minutes,
    possessions(
      own_possessions(c.field_goals_attempted, c.free_throws_attempted, c.field_goals_made,
        c.turnovers, c.offensive_rebounds, o.defensive_rebounds),
      own_possessions(o.field_goals_attempted, o.free_throws_attempted, o.field_goals_made,
        o.turnovers, o.offensive_rebounds, c.defensive_rebounds)
    ) AS possessions,
    z.paint_attempted, z.paint_made, z.mid_range_attempted, z.mid_range_made,
    ABS(z.attempts - c.field_goals_attempted) <= 2
      AND z.threes_attempted = c.three_pointers_attempted AS has_complete_shot_zones
  FROM sides AS s
  INNER JOIN chosen AS x ON x.game_date = s.game_date AND x.game_id = s.game_id
  INNER JOIN candidates AS c
    ON c.game_date = s.game_date AND c.team = s.team AND c.preference = x.preference
  INNER JOIN candidates AS o
    ON o.game_date = s.game_date AND o.team = s.opponent AND o.preference = x.preference
  LEFT JOIN zones AS z ON z.game_date = s.game_date AND z.team = s.team
)
SELECT
  game_date, game_id, nba_game_id, season_year, season_type, team, opponent, is_home, is_neutral,
  neutral_source, source, possessions IS NULL AS is_degraded,
  points, field_goals_made, field_goals_attempted, three_pointers_made, three_pointers_attempted,
  free_throws_made, free_throws_attempted, offensive_rebounds, defensive_rebounds, rebounds,
  assists, steals, blocks, turnovers, personal_fouls,
  team_minutes,
  overtime_periods(team_minutes) AS overtime_periods,
  possessions,
  IF(possessions IS NULL, 'no_team_turnovers', NULL) AS possessions_null_reason,
  rating(points, possessions) AS offensive_rating,
  pace(possessions, team_minutes) AS pace,
  true_shooting_pct(points, field_goals_attempted, free_throws_attempted) AS true_shooting_pct,
  effective_field_goal_pct(field_goals_made, three_pointers_made, field_goals_attempted)
    AS effective_field_goal_pct,
  points_allowed,
  points - points_allowed AS margin,
  points > points_allowed AS is_win,
  paint_attempted, paint_made, mid_range_attempted, mid_range_made, has_complete_shot_zones,
  IF(paint_attempted IS NULL, 'no_shot_source', NULL) AS zones_null_reason
FROM joined
