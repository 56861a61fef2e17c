"""Contracts of ``nba_analytics`` that hold before tip-off: lines, who may play, the two contexts.

Belongs here: tables whose date reads days before it, and nothing of its own games but schedule,
lines and reports. They are the same whenever they are built: before the games, after them, or years
later. Does not belong here: what a finished game says (``analytics``).
"""

from __future__ import annotations

from nba_pipeline.contracts.columns import columns
from nba_pipeline.contracts.parts import (
    Audits,
    CoverageFloor,
    Due,
    Expectation,
    Expects,
    Publishing,
    RowRule,
)
from nba_pipeline.contracts.spec import Dataset, Grain, Requirement, TableContract, Window
from nba_pipeline.contracts.tables.shared import GAME, ON_SCHEDULE, ONE_PER_KEY

_YEAR = 365
LINE_TABLES = ("odds_points_lines", "bettingpros_points_lines", "prizepicks_points_lines")


def _past(*tables: str, days: int = _YEAR, with_date: bool = False) -> tuple[Requirement, ...]:
    """Whole windows of days before the date; only this season's dates can refuse."""
    return tuple(
        Requirement((t,), Window.TRAILING_DAYS, days, judged_in_season=True, with_date=with_date)
        for t in tables
    )


_DEGRADED_RULES = (
    RowRule(
        "degraded_is_never_learned_from",
        "is_training_eligible <> (NOT is_degraded)",
        "is_training_eligible",
    ),
    RowRule(
        "counts_or_reason",
        "(season_games_played IS NULL OR games_last_7_days IS NULL OR games_last_14_days IS NULL) "
        "AND degraded_reason IS NULL",
        "season_games_played",
    ),
)

PLAYER_LINES = TableContract(
    dataset=Dataset.ANALYTICS,
    name="player_points_lines",
    description="One points line per player and game: the preferred book's last quote before "
    "tip-off, with what the same book opened at.",
    grain=Grain.PLAYER_GAME,
    key=("game_date", "player_lookup"),
    columns=columns(
        "game_date game_id player_lookup player_id source bookmaker points_line bookmakers",
        "opening_points_line line_movement snapshot_at",
    ),
    requirements=(
        *ON_SCHEDULE,
        Requirement(LINE_TABLES, reads_all=True),
        Requirement(("player_name_matches",)),
    ),
    expectation=Expectation(Expects.ANY, Due.BEFORE_GAMES, conserves_source_rows=True),
    audits=Audits(
        rules=(
            RowRule(
                "movement_from_opening",
                "(line_movement IS NULL) <> (opening_points_line IS NULL)",
                "line_movement",
            ),
        ),
        identities=ONE_PER_KEY,
    ),
)

PLAYER_POOL = TableContract(
    dataset=Dataset.ANALYTICS,
    name="game_player_pool",
    description="Who may play in each game, by the newest roster or by who played for the team "
    "lately, with the newest word before tip-off on whether he will.",
    grain=Grain.PLAYER_GAME,
    key=("game_date", "player_lookup"),
    columns=columns(
        f"{GAME} player_lookup player_name pool_source",
        "player_id last_played_date injury_source injury_status injury_category report_at",
    ),
    requirements=(
        *ON_SCHEDULE,
        *_past("player_game_summary"),
        Requirement(("player_name_matches",)),
        *_past("roster_name_matches"),
        Requirement(("espn_rosters",), Window.TRAILING_DAYS, 90, required=False),
        Requirement(("pst_transactions",), Window.TRAILING_DAYS, _YEAR, required=False),
        Requirement(("nbac_injury_report_teams",), required=False),
        Requirement(("nbac_injury_report",), required=False),
    ),
    expectation=Expectation(due=Due.BEFORE_GAMES, rows_per_team=(8, 40), history_days=7),
    audits=Audits(identities=("one_row_per_key", "both_teams_present", "rows_per_team")),
    publishing=Publishing(may_shrink=True),
)

TEAM_CONTEXT = TableContract(
    dataset=Dataset.ANALYTICS,
    name="upcoming_team_game_context",
    description="What is known of both teams before tip-off: rest, travel, form, spread and total, "
    "absences. Rest, counts, streak and margin are those of the schedule; form needs box scores.",
    grain=Grain.TEAM_GAME,
    key=("game_date", "team"),
    columns=columns(
        f"{GAME} is_degraded is_training_eligible team_games_used_last_10",
        "degraded_reason opponent_degraded_reason is_neutral games_last_7_days games_last_14_days "
        "season_games_played result_streak nba_game_id tipoff_utc days_rest is_back_to_back "
        "opponent_days_rest travel_miles travel_null_reason last_game_margin pace_last_10 "
        "offensive_rating_last_10 defensive_rating_last_10 team_spread opening_team_spread "
        "game_total opening_game_total line_null_reason players_out players_questionable "
        "injury_source",
    ),
    requirements=(
        *_past("nbac_schedule", with_date=True),
        *_past("team_offense_game_summary", "team_defense_game_summary"),
        Requirement(("game_player_pool",)),
        Requirement(("arenas",), Window.WHOLE_TABLE),
        Requirement(("odds_game_lines",), required=False),
    ),
    expectation=Expectation(due=Due.BEFORE_GAMES),
    audits=Audits(
        rules=(
            *_DEGRADED_RULES,
            RowRule(
                "flawed_is_degraded", "is_degraded <> (degraded_reason IS NOT NULL)", "is_degraded"
            ),
            RowRule(
                "streak_or_reason",
                "result_streak IS NULL AND degraded_reason IS NULL",
                "result_streak",
            ),
            RowRule("back_to_back_is_one_day", "is_back_to_back <> (days_rest = 1)", "days_rest"),
            RowRule(
                "travel_or_reason",
                "(travel_miles IS NULL) <> (travel_null_reason IS NOT NULL)",
                "travel_miles",
            ),
            RowRule(
                "spread_and_total_or_reason",
                "(team_spread IS NULL OR game_total IS NULL) <> (line_null_reason IS NOT NULL)",
                "line_null_reason",
            ),
        ),
        identities=("one_row_per_key", "both_teams_present", "contexts_mirror"),
    ),
)

PLAYER_CONTEXT = TableContract(
    dataset=Dataset.ANALYTICS,
    name="upcoming_player_game_context",
    description="What is known before tip-off of every player who may play. Where the pool had "
    "fewer than nine in ten of those who then played, the others have rows too, marked.",
    grain=Grain.PLAYER_GAME,
    key=("game_date", "player_lookup"),
    columns=columns(
        f"{GAME} player_lookup player_name context_source is_degraded is_training_eligible "
        "games_used_last_5 games_used_last_10 context_quality",
        "degraded_reason team_degraded_reason opponent_degraded_reason games_last_7_days "
        "games_last_14_days minutes_last_7_days minutes_last_14_days back_to_backs_last_14_days "
        "season_games_played player_id injury_status injury_category injury_source days_rest "
        "is_back_to_back days_rest_before_last_game minutes_avg_last_7_days "
        "usage_rate_avg_last_7_days points_avg_last_5 points_avg_last_10 points_std_last_10 "
        "minutes_avg_last_10 usage_rate_avg_last_10 points_avg_season points_line "
        "opening_points_line line_movement "
        "bookmaker line_source line_null_reason over_streak under_streak team_days_rest "
        "opponent_days_rest travel_miles team_spread game_total pace_differential "
        "opponent_pace_last_10 opponent_offensive_rating_last_10 "
        "opponent_defensive_rating_last_10 star_teammates_out star_tier_out player_age",
    ),
    requirements=(
        *_past("nbac_schedule", with_date=True),
        Requirement(("game_player_pool",)),
        Requirement(("upcoming_team_game_context",)),
        *_past("player_game_summary", with_date=True),
        Requirement(("player_points_lines",), required=False),
        Requirement(("players",), Window.WHOLE_TABLE),
    ),
    expectation=Expectation(due=Due.BEFORE_GAMES, rows_per_team=(6, 40), history_days=7),
    audits=Audits(
        rules=(
            *_DEGRADED_RULES,
            RowRule(
                "flawed_is_degraded",
                "is_degraded <> (context_source = 'synthetic' OR degraded_reason IS NOT NULL "
                "OR team_degraded_reason IS NOT NULL)",
                "is_degraded",
            ),
            RowRule(
                "line_or_reason",
                "(points_line IS NULL) <> (line_null_reason IS NOT NULL)",
                "points_line",
            ),
            RowRule(
                "average_of_games",
                "(games_used_last_10 = 0) <> (points_avg_last_10 IS NULL)",
                "points_avg_last_10",
            ),
        ),
        identities=("one_row_per_key", "both_teams_present", "rows_per_team"),
        floors=(
            CoverageFloor("points_avg_last_10", 0.95, "season_games_played > 0"),
            # the play-offs of a season may have no shot attempts in any source
            CoverageFloor(
                "usage_rate_avg_last_10",
                0.95,
                "season_games_played > 0 AND season_type = 'regular'",
            ),
        ),
    ),
    publishing=Publishing(may_shrink=True),
)
