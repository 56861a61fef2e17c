-- the newest attempt of every table and date
SELECT processor, target_date, status, error_class, error_message, started_at, completed_at,
  rows_written, expected_rows, run_id
FROM nba_orchestration.processor_run_history
WHERE TRUE
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY processor, target_date ORDER BY completed_at DESC, started_at DESC) = 1
