-- Dates on which a name is printed.
SELECT DISTINCT game_date
FROM (
  SELECT game_date, printed_lookup FROM nba_reference.player_name_matches
  WHERE game_date >= DATE '1900-01-01'
  UNION ALL
  SELECT game_date, printed_lookup FROM nba_reference.roster_name_matches
  WHERE game_date >= DATE '1900-01-01'
) AS names
WHERE printed_lookup = @printed_lookup
ORDER BY game_date
