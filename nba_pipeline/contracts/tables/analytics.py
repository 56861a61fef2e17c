"""Contracts of ``nba_analytics``: what a finished game says about its teams and players.

Belongs here: tables whose date reads the same date of raw tables. Does not belong here: anything
that must be known before tip-off (upcoming contexts).
"""

from __future__ import annotations

from nba_pipeline.contracts.columns import columns
from nba_pipeline.contracts.parts import Audits, CoverageFloor, Expectation, Publishing, RowRule
from nba_pipeline.contracts.spec import Dataset, Grain, Requirement, TableContract, Window
from nba_pipeline.contracts.tables.shared import (
    GAME,
    MADE_RULES,
    ON_SCHEDULE,
    ONE_IN_TWENTY,
    PLAYER_RULES,
    POINTS_RULE,
    SHOOTING,
)

_ZONES = (
    "paint_attempted paint_made mid_range_attempted mid_range_made has_complete_shot_zones "
    "zones_null_reason"
)
_WITHOUT_TURNOVERS = ("no_team_turnovers",)

TEAM_OFFENSE = TableContract(
    dataset=Dataset.ANALYTICS,
    name="team_offense_game_summary",
    description="What each team did with the ball: official team box score, or rebuilt from the "
    "players where the official one is missing, incomplete or contradicts the final score. "
    "Turnovers are official in any case; without them there are no possessions, pace and ratings.",
    grain=Grain.TEAM_GAME,
    key=("game_date", "team"),
    columns=columns(
        f"{GAME} source is_degraded points {SHOOTING} rebounds assists steals blocks "
        "personal_fouls team_minutes overtime_periods points_allowed margin is_win",
        "nba_game_id is_neutral neutral_source turnovers possessions possessions_null_reason "
        f"offensive_rating pace true_shooting_pct effective_field_goal_pct {_ZONES}",
    ),
    requirements=(
        *ON_SCHEDULE,
        Requirement(("nbac_team_boxscore", "nbac_player_boxscores", "bref_player_boxscores")),
        Requirement(("nbac_shots",), required=False),
        Requirement(("arenas",), Window.WHOLE_TABLE, required=False),
    ),
    audits=Audits(
        rules=(
            POINTS_RULE,
            *MADE_RULES,
            RowRule("points_plausible", "points < 50 OR points > 200", "points"),
            RowRule(
                "possessions_plausible",
                "possessions < 60 OR possessions > 160 + 20 * overtime_periods",
                "possessions",
            ),
        ),
        identities=(
            "one_row_per_key",
            "both_teams_present",
            "team_points_equal_final_score",
            "team_minutes_add_up",
            "margins_mirror",
        ),
        floors=(
            CoverageFloor(
                "possessions", 1.0, "TRUE", "possessions_null_reason", _WITHOUT_TURNOVERS
            ),
            CoverageFloor("true_shooting_pct", 1.0),
            CoverageFloor("paint_attempted", 1.0, "TRUE", "zones_null_reason", ("no_shot_source",)),
        ),
    ),
)

TEAM_DEFENSE = TableContract(
    dataset=Dataset.ANALYTICS,
    name="team_defense_game_summary",
    description="What each team allowed: the opponent's offense seen from the other side, and the "
    "team's own defensive counts.",
    grain=Grain.TEAM_GAME,
    key=("game_date", "team"),
    columns=columns(
        f"{GAME} source is_degraded points_allowed opponent_field_goals_made "
        "opponent_field_goals_attempted opponent_three_pointers_made "
        "opponent_three_pointers_attempted opponent_free_throws_made "
        "opponent_free_throws_attempted opponent_offensive_rebounds opponent_defensive_rebounds "
        "opponent_rebounds opponent_assists personal_fouls steals blocks defensive_rebounds points "
        "margin is_win team_minutes overtime_periods",
        "nba_game_id is_neutral neutral_source opponent_turnovers opponent_possessions "
        "possessions_null_reason defensive_rating opponent_pace opponent_true_shooting_pct "
        f"opponent_effective_field_goal_pct {_ZONES}",
    ),
    requirements=(*ON_SCHEDULE, Requirement(("team_offense_game_summary",))),
    audits=Audits(
        identities=(
            "one_row_per_key",
            "both_teams_present",
            "team_minutes_add_up",
            "margins_mirror",
        ),
        floors=(
            CoverageFloor(
                "opponent_possessions", 1.0, "TRUE", "possessions_null_reason", _WITHOUT_TURNOVERS
            ),
        ),
    ),
)

PLAYER_SUMMARY = TableContract(
    dataset=Dataset.ANALYTICS,
    name="player_game_summary",
    description="One row per player and game, with usage by the team's real minutes. The source is "
    "chosen per game and never mixed inside one, but for two things that the independent box score "
    "alone has, and gives where its counts of the player are those of the source: minutes to a "
    "tenth (minutes_source says so) and who started. Every row is held against the other source's.",
    grain=Grain.PLAYER_GAME,
    key=("game_date", "player_lookup"),
    columns=columns(
        f"{GAME} player_lookup player_name source is_degraded minutes_source points rebounds "
        "assists steals blocks turnovers team_minutes is_win",
        "nba_game_id player_id confirmed_by confirmed_null_reason differences minutes_played "
        "minutes_null_reason "
        f"{SHOOTING} personal_fouls plus_minus is_starter usage_rate "
        f"usage_rate_raw usage_null_reason true_shooting_pct effective_field_goal_pct {_ZONES} "
        "points_line bookmaker points_line_result line_null_reason",
    ),
    requirements=(
        *ON_SCHEDULE,
        Requirement(("team_offense_game_summary",)),
        Requirement(("nbac_player_boxscores", "bref_player_boxscores")),
        # held against the other, and minutes to a tenth, also where the source is another
        Requirement(("bref_player_boxscores",), required=False),
        Requirement(("nbac_shots",), required=False),
        Requirement(("player_points_lines",), required=False),
        Requirement(("player_name_matches",)),
    ),
    expectation=Expectation(conserves_source_rows=True),
    audits=Audits(
        rules=PLAYER_RULES,
        identities=(
            "one_row_per_key",
            "both_teams_present",
            "players_per_team",
            "player_points_equal_final_score",
            "player_minutes_add_up",
            "usage_averages_20",
            "nulls_have_reasons",
        ),
        floors=(
            # by date, as columns get exchanged in an answer, which is a date's or more; in a month
            # one such date is lost. The worst date of four seasons with two sources has 97.6 %;
            # with steals and blocks exchanged none would have 70 %. A night of one game,
            # 20 rows, where one source has moved an assist to another player, has 90 %
            CoverageFloor(
                "confirmed_by",
                0.9,
                "TRUE",
                "confirmed_null_reason",
                ("no_second_source", "second_source_unfit"),
            ),
            CoverageFloor(
                "minutes_played", 0.99, "TRUE", "minutes_null_reason", ("rounded_to_zero",)
            ),
            CoverageFloor(
                "usage_rate",
                0.95,
                "minutes_played > 0",
                "usage_null_reason",
                ("no_attempts_in_source", "small_sample"),
            ),
            # shots know players by id alone; a name that finds no player has none
            CoverageFloor(
                "paint_attempted", 0.95, "TRUE", "zones_null_reason", ("no_shot_source",)
            ),
            # who gets a line is the bookmakers' choice: every NULL has a reason, and that is all
            CoverageFloor(
                "points_line", 1.0, "TRUE", "line_null_reason", ("no_line", "no_line_source")
            ),
        ),
    ),
    publishing=Publishing(tolerance=0.05, tolerance_reason=ONE_IN_TWENTY),
)
