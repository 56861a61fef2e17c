-- A report names both teams of every game of its date, also those that have not submitted.
SELECT r.game_date, e.team AS entity,
  CONCAT('not on the injury report of ', CAST(r.report_at AS STRING)) AS detail
FROM (SELECT DISTINCT game_date, report_at FROM staged) AS r
INNER JOIN scheduled_sides AS e ON e.game_date = r.game_date
LEFT JOIN staged AS s
  ON s.game_date = r.game_date AND s.report_at = r.report_at AND s.team = e.team
WHERE s.team IS NULL
