-- dates of a table whose last audit, or whose last verification, did not hold
SELECT game_date, status, row_count, failed_checks
FROM nba_orchestration.partition_ledger
WHERE asset = @asset AND COALESCE(failed_checks, '') <> ''
ORDER BY game_date DESC
