-- dates that the ledger has more than once: somebody wrote into it by hand
SELECT game_date, COUNT(*) AS n
FROM nba_orchestration.partition_ledger
WHERE asset = @asset
GROUP BY game_date
HAVING COUNT(*) > 1
