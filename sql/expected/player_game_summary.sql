-- Player rows that each source holds per team and date: what player_game_summary must conserve.
SELECT game_date, 'nbac' AS source, team, COUNT(*) AS n
FROM nba_raw.nbac_player_boxscores
WHERE game_date BETWEEN @start_date AND @end_date
GROUP BY game_date, team
UNION ALL
SELECT game_date, 'bref' AS source, team, COUNT(*) AS n
FROM nba_raw.bref_player_boxscores
WHERE game_date BETWEEN @start_date AND @end_date
GROUP BY game_date, team
