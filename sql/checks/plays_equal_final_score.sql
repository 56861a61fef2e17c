-- Teams whose plays do not give the final score: by the points of their events, by their made
-- threes, twos and free throws, or by the running score after the game's last event.
WITH by_team AS (
  SELECT game_date, game_id, team, SUM(points) AS points,
    SUM(
      CASE
        WHEN NOT COALESCE(is_made, FALSE) THEN 0
        WHEN event_type = 'free_throw' THEN 1
        WHEN is_three THEN 3
        ELSE 2
      END
    ) AS points_of_makes
  FROM staged
  GROUP BY game_date, game_id, team
),
last_event AS (
  SELECT game_date, game_id, running_home_score, running_away_score,
    ROW_NUMBER() OVER (PARTITION BY game_date, game_id ORDER BY event_number DESC) AS from_end
  FROM staged
),
compared AS (
  SELECT e.game_date, e.team, e.score, p.points, p.points_of_makes,
    CASE WHEN e.is_home THEN s.running_home_score ELSE s.running_away_score END AS running_score
  FROM scheduled_sides AS e
  INNER JOIN last_event AS s
    ON s.game_date = e.game_date AND s.game_id = e.game_id AND s.from_end = 1
  LEFT JOIN by_team AS p
    ON p.game_date = e.game_date AND p.game_id = e.game_id AND p.team = e.team
)
SELECT game_date, team AS entity,
  CONCAT('final score is ', CAST(score AS STRING), ', plays have ',
    COALESCE(CAST(points AS STRING), 'no'), ' points, makes give ',
    COALESCE(CAST(points_of_makes AS STRING), 'none'), ', running score ends at ',
    CAST(running_score AS STRING)) AS detail
FROM compared
WHERE COALESCE(points, -1) <> score OR COALESCE(points_of_makes, -1) <> score
  OR running_score <> score
