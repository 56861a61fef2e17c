-- dates that the ledger has more than once: somebody wrote into it by hand
SELECT asset, game_date, COUNT(*) AS n
FROM nba_orchestration.partition_ledger
GROUP BY asset, game_date
HAVING COUNT(*) > 1
