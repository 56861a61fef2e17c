-- Watched columns by period: rows, rows that the floor counts, values among them, NULLs by reason
-- ('' where none is given), and the worst date of the period among those with enough rows.
-- `watched` is put in from the contract: one row per row of the table and watched column of it.
WITH labelled AS (
  SELECT column_name, game_date, least_rows, is_counted, is_present, null_reason,
    CASE @period
      -- a season begins in September, as calendar.season_year_on has it
      WHEN 'season' THEN CAST(EXTRACT(YEAR FROM DATE_SUB(game_date, INTERVAL 8 MONTH)) AS STRING)
      WHEN 'month' THEN FORMAT_DATE('%Y-%m', game_date)
      WHEN 'date' THEN CAST(game_date AS STRING)
      WHEN 'team' THEN COALESCE(team, 'no team')
    END AS period
  FROM watched
),
by_date AS (
  SELECT column_name, period, game_date,
    SAFE_DIVIDE(COUNTIF(is_counted AND is_present), COUNTIF(is_counted)) AS share
  FROM labelled
  GROUP BY column_name, period, game_date
  HAVING COUNTIF(is_counted) >= MIN(least_rows)
),
worst AS (
  SELECT column_name, period, game_date, share
  FROM by_date
  WHERE share IS NOT NULL
  QUALIFY ROW_NUMBER() OVER (PARTITION BY column_name, period ORDER BY share, game_date) = 1
)
SELECT l.column_name, l.period, l.null_reason, COUNT(*) AS `rows`,
  CAST(COUNTIF(l.is_counted) AS INT64) AS counted,
  CAST(COUNTIF(l.is_counted AND l.is_present) AS INT64) AS present,
  MIN(w.game_date) AS lowest_date, MIN(w.share) AS lowest
FROM labelled AS l
LEFT JOIN worst AS w ON w.column_name = l.column_name AND w.period = l.period
GROUP BY l.column_name, l.period, l.null_reason
ORDER BY l.column_name, l.period, l.null_reason
