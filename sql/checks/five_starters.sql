-- Teams of which a sheet names starters, but not five who played.
SELECT game_date, team AS entity,
  CONCAT(CAST(COUNTIF(is_starter AND player_status = 'active') AS STRING),
    ' starters on court, ', CAST(COUNTIF(is_starter) AS STRING), ' named') AS detail
FROM staged
GROUP BY game_date, team
HAVING COUNTIF(is_starter IS NOT NULL) > 0
  AND (COUNTIF(is_starter AND player_status = 'active') <> 5 OR COUNTIF(is_starter) <> 5)
