-- Teams of which a sheet names starters, but not five.
SELECT game_date, team AS entity,
  CONCAT(CAST(COUNTIF(is_starter) AS STRING), ' starters') AS detail
FROM staged
GROUP BY game_date, team
HAVING COUNTIF(is_starter IS NOT NULL) > 0 AND COUNTIF(is_starter) <> 5
