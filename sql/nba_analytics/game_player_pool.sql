-- Who may play in every game between @start_date and @end_date, by what was known before tip-off:
-- the newest roster, else who played for the team lately. With each the newest word on whether he
-- will.
WITH sides AS (
  SELECT game_date, game_id, season_year, season_type, home_team AS team, away_team AS opponent,
    TRUE AS is_home
  FROM nba_raw.nbac_schedule
  WHERE game_date BETWEEN @start_date AND @end_date AND home_team IS NOT NULL
    AND away_team IS NOT NULL AND game_status NOT IN ('postponed', 'cancelled')
  UNION ALL
  SELECT game_date, game_id, season_year, season_type, away_team AS team, home_team AS opponent,
    FALSE AS is_home
  FROM nba_raw.nbac_schedule
  WHERE game_date BETWEEN @start_date AND @end_date AND home_team IS NOT NULL
    AND away_team IS NOT NULL AND game_status NOT IN ('postponed', 'cancelled')
),
days AS (
  SELECT DISTINCT game_date, season_year FROM sides
),
names AS (
  SELECT game_date, source_table, printed_lookup, player_id, player_lookup
  FROM nba_reference.roster_name_matches
  WHERE game_date
      BETWEEN DATE_SUB(@start_date, INTERVAL @roster_name_matches_days DAY) AND @end_date
    AND player_id IS NOT NULL
  UNION ALL
  SELECT game_date, source_table, printed_lookup, player_id, player_lookup
  FROM nba_reference.player_name_matches
  WHERE game_date BETWEEN @start_date AND @end_date AND player_id IS NOT NULL
),
appearances AS (
  SELECT game_date, season_year, team, player_lookup, player_id, player_name,
    LEAD(game_date) OVER (PARTITION BY player_lookup ORDER BY game_date) AS next_date
  FROM nba_analytics.player_game_summary
  WHERE game_date
      BETWEEN DATE_SUB(@start_date, INTERVAL @player_game_summary_days DAY) AND @end_date
    -- who was on court too briefly to be given minutes has played
    AND COALESCE(minutes_played > 0, TRUE)
),
-- the team of a player is that of his last game before the date that has a box score
latest AS (
  SELECT d.game_date, d.season_year, a.team, a.player_lookup, a.player_id, a.player_name,
    a.game_date AS last_played_date, a.season_year AS last_season_year
  FROM days AS d
  INNER JOIN appearances AS a
    ON a.game_date < d.game_date AND COALESCE(a.next_date >= d.game_date, TRUE)
      AND a.game_date >= DATE_SUB(d.game_date, INTERVAL @player_game_summary_days DAY)
),
games_so_far AS (
  SELECT s.game_date, s.team, COUNT(a.game_date) AS n
  FROM sides AS s
  LEFT JOIN (SELECT DISTINCT game_date, season_year, team FROM appearances) AS a
    ON a.team = s.team AND a.season_year = s.season_year AND a.game_date < s.game_date
  GROUP BY s.game_date, s.team
),
by_box_score AS (
  SELECT s.game_date, s.team, l.player_lookup, l.player_id, l.player_name, l.last_played_date
  FROM sides AS s
  INNER JOIN games_so_far AS g ON g.game_date = s.game_date AND g.team = s.team
  INNER JOIN latest AS l ON l.game_date = s.game_date AND l.team = s.team
  -- who has not played for 60 days is gone or out for long; early in a season last year's count
  WHERE l.last_played_date >= DATE_SUB(s.game_date, INTERVAL 60 DAY)
    OR (g.n < 10 AND l.last_season_year = s.season_year - 1)
),
roster_dates AS (
  SELECT s.game_date, s.team, MAX(r.game_date) AS roster_date
  FROM sides AS s
  INNER JOIN nba_raw.espn_rosters AS r ON r.team = s.team AND r.game_date < s.game_date
    AND r.game_date >= DATE_SUB(s.game_date, INTERVAL @espn_rosters_days DAY)
  WHERE r.game_date BETWEEN DATE_SUB(@start_date, INTERVAL @espn_rosters_days DAY) AND @end_date
  GROUP BY s.game_date, s.team
),
by_roster AS (
  SELECT d.game_date, d.team, COALESCE(n.player_lookup, r.player_lookup) AS player_lookup,
    n.player_id, r.player_name, l.last_played_date
  FROM roster_dates AS d
  INNER JOIN nba_raw.espn_rosters AS r ON r.game_date = d.roster_date AND r.team = d.team
  LEFT JOIN names AS n ON n.game_date = r.game_date AND n.source_table = 'espn_rosters'
    AND n.printed_lookup = r.player_lookup
  LEFT JOIN latest AS l ON l.game_date = d.game_date
    AND l.player_lookup = COALESCE(n.player_lookup, r.player_lookup)
  WHERE r.game_date BETWEEN DATE_SUB(@start_date, INTERVAL @espn_rosters_days DAY) AND @end_date
),
candidates AS (
  SELECT game_date, team, player_lookup, player_id, player_name, last_played_date,
    'roster' AS pool_source
  FROM by_roster
  UNION ALL
  SELECT b.game_date, b.team, b.player_lookup, b.player_id, b.player_name, b.last_played_date,
    'box_scores' AS pool_source
  FROM by_box_score AS b
  LEFT JOIN roster_dates AS d ON d.game_date = b.game_date AND d.team = b.team
  WHERE d.team IS NULL
),
-- nobody plays for two teams: a roster knows of a trade before a box score does
pool AS (
  SELECT game_date, team, player_lookup, player_id, player_name, last_played_date, pool_source
  FROM candidates
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY game_date, player_lookup
    ORDER BY IF(pool_source = 'roster', 0, 1), last_played_date DESC, team) = 1
),
-- the newest report of the team before tip-off; a team that has not submitted says nothing
reports AS (
  SELECT t.game_date, t.team, t.report_at
  FROM nba_raw.nbac_injury_report_teams AS t
  INNER JOIN nba_raw.nbac_schedule AS g ON g.game_date = t.game_date AND g.game_id = t.game_id
  WHERE t.game_date BETWEEN @start_date AND @end_date
    AND g.game_date BETWEEN @start_date AND @end_date
    AND COALESCE(t.minutes_before_tipoff >= 0, t.report_at <= g.tipoff_utc)
    AND t.team_report_status <> 'not_submitted'
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY t.game_date, t.team ORDER BY t.report_at DESC) = 1
),
listed AS (
  SELECT i.game_date, i.team, COALESCE(n.player_lookup, i.player_lookup) AS player_lookup,
    MIN(i.injury_status) AS injury_status, MIN(i.injury_category) AS injury_category
  FROM nba_raw.nbac_injury_report AS i
  INNER JOIN reports AS r
    ON r.game_date = i.game_date AND r.team = i.team AND r.report_at = i.report_at
  LEFT JOIN names AS n ON n.game_date = i.game_date AND n.source_table = 'nbac_injury_report'
    AND n.printed_lookup = i.player_lookup
  WHERE i.game_date BETWEEN @start_date AND @end_date
  GROUP BY i.game_date, i.team, COALESCE(n.player_lookup, i.player_lookup)
),
movements AS (
  SELECT t.game_date, t.transaction_number, t.movement, t.transaction_category,
    COALESCE(n.player_lookup, m.player_lookup) AS player_lookup
  FROM nba_raw.pst_transactions AS t
  LEFT JOIN names AS n ON n.game_date = t.game_date AND n.source_table = 'pst_transactions'
    AND n.printed_lookup = t.player_lookup
  LEFT JOIN names AS m ON m.game_date = t.game_date AND m.source_table = 'pst_transactions'
    AND m.printed_lookup = t.player_lookup_alternative
  WHERE t.game_date BETWEEN DATE_SUB(@start_date, INTERVAL @pst_transactions_days DAY) AND @end_date
),
has_movements AS (
  SELECT d.game_date, COUNT(m.game_date) > 0 AS has_movements
  FROM days AS d
  LEFT JOIN movements AS m
    ON m.game_date < d.game_date AND m.game_date >= DATE_SUB(d.game_date, INTERVAL 14 DAY)
  GROUP BY d.game_date
),
last_movements AS (
  SELECT p.game_date, p.team, p.player_lookup, m.movement, m.transaction_category,
    m.game_date AS moved_on
  FROM pool AS p
  INNER JOIN movements AS m
    ON m.player_lookup = p.player_lookup AND m.game_date < p.game_date
      AND m.game_date >= DATE_SUB(p.game_date, INTERVAL 200 DAY)
  QUALIFY ROW_NUMBER() OVER (
    PARTITION BY p.game_date, p.team, p.player_lookup
    ORDER BY m.game_date DESC, m.transaction_number DESC) = 1
),
pooled AS (
  SELECT p.game_date, p.team, p.player_lookup, p.player_id, p.player_name, p.last_played_date,
    p.pool_source, r.report_at,
    CASE
      WHEN r.team IS NOT NULL THEN 'injury_report'
      WHEN h.has_movements THEN 'transactions'
    END AS injury_source,
    CASE
      WHEN r.team IS NOT NULL THEN i.injury_status
      -- who was put on the list and has played since is off it, whatever the list says
      WHEN h.has_movements AND m.movement = 'out'
        AND (p.last_played_date IS NULL OR p.last_played_date <= m.moved_on) THEN 'out'
    END AS injury_status,
    i.injury_category AS reported_category, m.transaction_category
  FROM pool AS p
  INNER JOIN has_movements AS h ON h.game_date = p.game_date
  LEFT JOIN reports AS r ON r.game_date = p.game_date AND r.team = p.team
  LEFT JOIN listed AS i ON i.game_date = p.game_date AND i.team = p.team
    AND i.player_lookup = p.player_lookup
  LEFT JOIN last_movements AS m ON m.game_date = p.game_date AND m.team = p.team
    AND m.player_lookup = p.player_lookup
)
SELECT s.game_date, s.game_id, s.season_year, s.season_type, s.team, s.opponent, s.is_home,
  p.player_lookup, p.player_id, p.player_name, p.pool_source, p.last_played_date, p.injury_source,
  p.injury_status, p.report_at,
  CASE
    WHEN p.injury_status IS NULL THEN NULL
    WHEN p.injury_source = 'injury_report' THEN p.reported_category
    WHEN p.transaction_category IN ('personal', 'rest', 'suspension') THEN p.transaction_category
    ELSE 'injury'
  END AS injury_category
FROM sides AS s
INNER JOIN pooled AS p ON p.game_date = s.game_date AND p.team = s.team
