-- The two margins of a game cancel out, and exactly one team wins.
SELECT game_date, game_id AS entity,
  CONCAT('margins add up to ', CAST(SUM(margin) AS STRING), ', winners: ',
    CAST(COUNTIF(is_win) AS STRING)) AS detail
FROM staged
GROUP BY game_date, game_id
HAVING COUNT(*) = 2 AND (SUM(margin) <> 0 OR COUNTIF(is_win) <> 1)
