-- attempts that ended since a moment, the oldest first
SELECT processor, target_date, error_class, completed_at
FROM nba_orchestration.processor_run_history
WHERE completed_at >= @since
ORDER BY completed_at
