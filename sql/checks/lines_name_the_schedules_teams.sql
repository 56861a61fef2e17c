-- A line whose sides are not those of its game id, which is made of date, visitor and home team:
-- its spread would have the wrong sign.
SELECT DISTINCT game_date, game_id AS entity, CONCAT('sides ', away_team, ' at ', home_team) AS detail
FROM staged
WHERE NOT ENDS_WITH(game_id, CONCAT(away_team, '_', home_team))
