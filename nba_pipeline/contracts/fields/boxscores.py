"""Fields of box scores: counts of a player or a team in a game, and of the opponent.

Belongs here: what is counted. Does not belong here: what is computed of counts (``rates``).
"""

from __future__ import annotations

from nba_pipeline.contracts.field import Field, count, flag, number, text
from nba_pipeline.league.records import most_of_a_team


def _by_record(name: str, description: str) -> Field:
    """A count whose range is a team's; rows of a player have a narrower one (``PLAYER_RULES``)."""
    return count(name, description, most_of_a_team(name))


COUNTS: tuple[Field, ...] = (
    number("minutes_played", "Minutes on court", "minutes", 0, 70),
    text("minutes_source", "Who minutes_played, and usage_rate with it, are by: whole minutes by "
         "nbac, tenths by bref where both have the same counts and the same minutes, rounded",
         allowed=("nbac", "bref")),
    text("minutes_null_reason", "Why minutes_played is NULL although the player was on court",
         allowed=("rounded_to_zero",)),
    text("confirmed_by", "Which other source holds the same line of the player: every count but "
         "plus-minus, as far as both have it, and the minutes within rounding",
         allowed=("nbac", "bref")),
    text("confirmed_null_reason", "Why nobody confirms the line: no other source of the game; one "
         "that differs and does not add up to the final score; one without the player, or with two "
         "of his name; one that differs",
         allowed=("no_second_source", "second_source_unfit", "not_in_second_source", "differs")),
    text("differences", "Each statistic of which the other source has another number, ours/theirs: "
         "assists 5/6, steals 1/2; NULL where it has none"),
    _by_record("field_goals_made", "Field goals made"),
    _by_record("field_goals_attempted", "Field goals attempted"),
    _by_record("three_pointers_made", "Three-point field goals made"),
    _by_record("three_pointers_attempted", "Three-point field goals attempted"),
    _by_record("free_throws_made", "Free throws made"),
    _by_record("free_throws_attempted", "Free throws attempted"),
    _by_record("offensive_rebounds", "Offensive rebounds"),
    count("defensive_rebounds", "Defensive rebounds", most_of_a_team("rebounds")),
    _by_record("rebounds", "Rebounds"),
    _by_record("assists", "Assists"),
    _by_record("steals", "Steals"),
    _by_record("blocks", "Blocks"),
    _by_record("turnovers", "Turnovers; those of a team include what no player is charged with, "
               "and are NULL where only its players' are known"),
    _by_record("personal_fouls", "Personal fouls"),
    _by_record("points", "Points scored"),
    count("plus_minus", "Point margin while on court (player) or of the game (team)", 150, -150),
    flag("is_starter", "Whether the player started; NULL where the source does not say"),
    flag("is_win", "Whether the row's team won"),
    count("points_allowed", "Points scored by the opponent", most_of_a_team("points")),
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
