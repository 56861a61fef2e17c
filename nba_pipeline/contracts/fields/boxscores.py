"""Fields of box scores: counts of a player or a team in a game, and of the opponent.

Belongs here: what is counted. Does not belong here: what is computed of counts (``rates``).
"""

from __future__ import annotations

from nba_pipeline.contracts.field import Field, count, flag, number, text

COUNTS: tuple[Field, ...] = (
    number("minutes_played", "Minutes on court", "minutes", 0, 70),
    text("minutes_source", "Who minutes_played, and usage_rate with it, are by: whole minutes by "
         "nbac, tenths by bref where both have the same counts and the same minutes, rounded",
         allowed=("nbac", "bref")),
    text("minutes_null_reason", "Why minutes_played is NULL although the player was on court",
         allowed=("rounded_to_zero",)),
    count("field_goals_made", "Field goals made", 100),
    count("field_goals_attempted", "Field goals attempted", 160),
    count("three_pointers_made", "Three-point field goals made", 60),
    count("three_pointers_attempted", "Three-point field goals attempted", 100),
    count("free_throws_made", "Free throws made", 80),
    count("free_throws_attempted", "Free throws attempted", 100),
    count("offensive_rebounds", "Offensive rebounds", 60),
    count("defensive_rebounds", "Defensive rebounds", 90),
    count("rebounds", "Rebounds", 120),
    count("assists", "Assists", 80),
    count("steals", "Steals", 40),
    count("blocks", "Blocks", 40),
    count("turnovers", "Turnovers; those of a team include what no player is charged with, and are "
          "NULL where only its players' are known", 60),
    count("personal_fouls", "Personal fouls", 70),
    count("points", "Points scored", 250),
    count("plus_minus", "Point margin while on court (player) or of the game (team)", 150, -150),
    flag("is_starter", "Whether the player started; NULL where the source does not say"),
    flag("is_win", "Whether the row's team won"),
    count("points_allowed", "Points scored by the opponent", 250),
    count("margin", "Points minus points allowed", 150, -150),
    count("overtime_periods", "Overtime periods: (team_minutes - 240) / 25", 8),
    number("team_minutes", "Minutes of all players: 240 + 25 per overtime", "minutes", 240, 440),
    number("source_usage_rate", "Usage as printed by the source", "percent", 0, 2000),
)  # fmt: skip

_OPPONENT_COUNTS = (
    "field_goals_made", "field_goals_attempted", "three_pointers_made", "three_pointers_attempted",
    "free_throws_made", "free_throws_attempted", "offensive_rebounds", "defensive_rebounds",
    "rebounds", "assists", "turnovers",
)  # fmt: skip

OPPONENT_COUNTS: tuple[Field, ...] = tuple(
    count(f"opponent_{field.name}", f"By the opponent: {field.description}", field.high or 0)
    for field in COUNTS
    if field.name in _OPPONENT_COUNTS
)
