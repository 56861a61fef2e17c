-- dates on which an attempt kept rows aside
SELECT DISTINCT processor, target_date
FROM nba_orchestration.processor_run_history
WHERE rows_quarantined > 0
ORDER BY processor, target_date
