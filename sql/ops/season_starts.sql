-- first regular game date of every season that the schedule knows
SELECT season_year, MIN(game_date) AS first_date
FROM nba_raw.nbac_schedule
WHERE season_type = 'regular'
GROUP BY season_year
