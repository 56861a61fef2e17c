-- dates of which the ledger was written since a moment
SELECT asset, game_date
FROM nba_orchestration.partition_ledger
WHERE published_at >= @since
