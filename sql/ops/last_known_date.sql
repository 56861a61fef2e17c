-- the last date that any table was looked at for
SELECT MAX(game_date) AS last_date
FROM nba_orchestration.partition_ledger
