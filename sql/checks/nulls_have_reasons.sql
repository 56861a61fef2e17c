-- A usage without a value has a reason, and one with a value has none.
SELECT game_date, team AS entity,
  CONCAT(CAST(COUNT(*) AS STRING), ' rows whose usage_rate and usage_null_reason disagree') AS detail
FROM staged
WHERE (usage_rate IS NULL) = (usage_null_reason IS NULL)
GROUP BY game_date, team
