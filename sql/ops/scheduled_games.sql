-- games of the schedule between two dates
SELECT game_id, game_date, season_year, season_type, home_team, away_team, game_status, home_score,
  away_score, nba_game_id
FROM nba_raw.nbac_schedule
WHERE game_date BETWEEN @first_date AND @last_date
