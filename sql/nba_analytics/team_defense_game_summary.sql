-- Defense of both teams of every game between @start_date and @end_date: the opponent's offense,
-- beside the team's own defensive counts.
SELECT
  own.game_date, own.game_id, own.nba_game_id, own.season_year, own.season_type, own.team,
  own.opponent, own.is_home, own.is_neutral, own.neutral_source, own.source,
  own.is_degraded OR other.is_degraded AS is_degraded,
  other.points AS points_allowed,
  other.field_goals_made AS opponent_field_goals_made,
  other.field_goals_attempted AS opponent_field_goals_attempted,
  other.three_pointers_made AS opponent_three_pointers_made,
  other.three_pointers_attempted AS opponent_three_pointers_attempted,
  other.free_throws_made AS opponent_free_throws_made,
  other.free_throws_attempted AS opponent_free_throws_attempted,
  other.offensive_rebounds AS opponent_offensive_rebounds,
  other.defensive_rebounds AS opponent_defensive_rebounds,
  other.rebounds AS opponent_rebounds,
  other.assists AS opponent_assists,
  other.turnovers AS opponent_turnovers,
  own.personal_fouls, own.steals, own.blocks, own.defensive_rebounds,
  other.possessions AS opponent_possessions,
  other.possessions_null_reason,
  other.offensive_rating AS defensive_rating,
  other.pace AS opponent_pace,
  other.true_shooting_pct AS opponent_true_shooting_pct,
  other.effective_field_goal_pct AS opponent_effective_field_goal_pct,
  own.points,
  own.points - other.points AS margin,
  own.points > other.points AS is_win,
  own.team_minutes, own.overtime_periods,
  other.paint_attempted, other.paint_made, other.mid_range_attempted, other.mid_range_made,
  other.has_complete_shot_zones, other.zones_null_reason
FROM nba_analytics.team_offense_game_summary AS own
INNER JOIN nba_analytics.team_offense_game_summary AS other
  ON other.game_date = own.game_date AND other.team = own.opponent AND other.game_id = own.game_id
WHERE own.game_date BETWEEN @start_date AND @end_date
  AND other.game_date BETWEEN @start_date AND @end_date
