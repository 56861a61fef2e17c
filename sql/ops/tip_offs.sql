-- first and last tip-off of each date with games between two dates
SELECT game_date, MIN(tipoff_utc) AS first_tip_off, MAX(tipoff_utc) AS last_tip_off
FROM nba_raw.nbac_schedule
WHERE game_date BETWEEN @first_date AND @last_date
  AND tipoff_utc IS NOT NULL AND game_status NOT IN ('postponed', 'cancelled')
GROUP BY game_date
