"""Fields of rates: possessions, ratings, shooting and usage, of a team, its opponent or a player.

Belongs here: what a formula of ``sql/formulas.sql`` gives. Does not belong here: means of a rate
over many games (``context``).
"""

from __future__ import annotations

from nba_pipeline.contracts.field import Field, number, text

_BR = "basketball-reference.com/about/glossary.html"

FIELDS: tuple[Field, ...] = (
    number("possessions", "Estimated possessions of the game, the same for both teams: mean of "
            "FGA + 0.4 FTA - 1.07 * OREB / (OREB + opponent's DREB) * (FGA - FGM) + TOV of each",
            "count", 50, 200, _BR),
    number("opponent_possessions", "Possessions of the opponent, which are those of the game",
            "count", 50, 200, _BR),
    text("possessions_null_reason", "Why possessions, and pace and ratings with them, are NULL: "
          "turnovers that a team and no player is charged with are not known",
          allowed=("no_team_turnovers",)),
    number("offensive_rating", "100 * points / possessions", "points per 100 possessions", 40, 200,
            _BR),
    number("defensive_rating", "100 * points_allowed / opponent_possessions",
            "points per 100 possessions", 40, 200, _BR),
    number("pace", "possessions * 48 / (team_minutes / 5)", "possessions per 48 minutes", 50, 160,
            _BR),
    number("opponent_pace", "opponent_possessions * 48 / (team_minutes / 5)",
            "possessions per 48 minutes", 50, 160, _BR),
    number("true_shooting_pct", "points / (2 * (FGA + 0.44 FTA)); 1.5 is three points a shot",
            "fraction", 0, 2.5, _BR),
    number("effective_field_goal_pct", "(FGM + 0.5 * 3PM) / FGA", "fraction", 0, 1.5, _BR),
    number("opponent_true_shooting_pct", "true_shooting_pct of the opponent", "fraction", 0, 2.5,
            _BR),
    number("opponent_effective_field_goal_pct", "effective_field_goal_pct of the opponent",
            "fraction", 0, 1.5, _BR),
    number("usage_rate", "100 * (FGA + 0.44 FTA + TOV) * (team_minutes / 5) / (minutes_played * "
            "(team FGA + 0.44 team FTA + team TOV charged to players)), by the minutes of "
            "minutes_source", "percent", 0, 100, _BR),
    number("usage_rate_raw", "usage_rate before the small-sample rule; unbounded as minutes go "
            "to 0", "percent", 0, 1_000_000, _BR),
    text("usage_null_reason", "Why usage_rate is NULL",
          allowed=("no_minutes", "small_sample", "no_attempts_in_source")),
)  # fmt: skip
