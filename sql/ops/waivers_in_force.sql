-- permissions to publish that have not expired
SELECT asset, game_date, reason, owner
FROM nba_orchestration.waivers
WHERE scope = 'publish' AND expires_at > CURRENT_TIMESTAMP()
