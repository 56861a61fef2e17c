"""Contracts of ``nba_raw``: the newest row per key of what the sources gave.

Belongs here: tables that are parsed from landed payloads. Does not belong here: anything computed
from another table. Raw tables publish whatever is there; their verdict says how much is missing.
"""

from __future__ import annotations

from nba_pipeline.contracts.columns import columns
from nba_pipeline.contracts.parts import (
    NEXT_MORNING,
    Audits,
    CoverageFloor,
    Due,
    Expectation,
    Expects,
    Payloads,
    RowRule,
)
from nba_pipeline.contracts.spec import Grain
from nba_pipeline.contracts.tables.shared import (
    BASIC,
    GAME,
    MADE_RULES,
    ON_SCHEDULE,
    ONE_IN_TWENTY,
    PLAYER_RULES,
    POINTS_RULE,
    PROVENANCE,
    SHOOTING,
    as_given,
    raw_table,
)
from nba_pipeline.landing.payload import Endpoint

SCHEDULE = raw_table(
    name="nbac_schedule",
    description="Every game that counts, as the newest evidence has it, with its result and the "
    "witness of it. Expected games, teams and players of every other table come from here.",
    grain=Grain.GAME,
    key=("game_date", "game_id"),
    columns=columns(
        "game_date game_id season_year season_type game_status",
        "nba_game_id home_team away_team home_score away_score tipoff_utc is_neutral "
        "is_neutral_in_log arena_name arena_city label final_witness",
        "schedule_snapshot",
    ),
    expectation=Expectation(Expects.NOTHING, Due.CALENDAR),
    landing=Payloads(Endpoint.SCHEDULE),
    audits=Audits(
        rules=(
            RowRule("teams_differ", "home_team = away_team", "home_team"),
            RowRule("no_tie", "home_score = away_score", "home_score"),
            RowRule(
                "final_has_score_and_witness",
                "game_status = 'final' AND (home_score IS NULL OR away_score IS NULL "
                "OR final_witness IS NULL)",
                "game_status",
            ),
        ),
        identities=("one_row_per_key", "no_team_twice_on_a_date"),
        whole_seasons=True,
    ),
)

_LEAST_ROWS = 100
"""Of fewer rows a hundredth is less than one: a single bad row would cost a night of one game."""

PLAYER_BOXSCORES = raw_table(
    name="nbac_player_boxscores",
    description="Official player box scores (league game log): one row per player who entered the "
    "game. No did-not-play rows; minutes are whole.",
    grain=Grain.PLAYER_GAME,
    key=("game_date", "player_id"),
    columns=columns(
        f"{GAME} is_degraded player_id player_name player_lookup name_key minutes_played {BASIC}",
        f"nba_game_id {SHOOTING} personal_fouls plus_minus is_win",
        PROVENANCE,
    ),
    requirements=ON_SCHEDULE,
    landing=Payloads(Endpoint.PLAYER_GAMELOG),
    audits=Audits(
        rules=PLAYER_RULES,
        identities=(
            "one_row_per_key",
            "both_teams_present",
            "players_per_team",
            "player_points_equal_final_score",
            "player_minutes_add_up",
        ),
        floors=(CoverageFloor("minutes_played", 0.99, least_rows=_LEAST_ROWS),),
    ),
    publishing=as_given(tolerance=0.05, tolerance_reason=ONE_IN_TWENTY),
)

BREF_BOXSCORES = raw_table(
    name="bref_player_boxscores",
    description="Basketball-Reference player box scores: an independent second source with "
    "play-in, playoffs and the NBA Cup final. Names instead of ids.",
    grain=Grain.PLAYER_GAME,
    key=("game_date", "player_lookup"),
    columns=columns(
        f"{GAME} player_name player_lookup name_key minutes_played {SHOOTING} {BASIC} "
        "personal_fouls",
        "bref_game_id is_starter plus_minus source_usage_rate",
        PROVENANCE,
    ),
    requirements=ON_SCHEDULE,
    landing=Payloads(Endpoint.BREF_BOXSCORES, timing=NEXT_MORNING),
    audits=Audits(
        rules=PLAYER_RULES,
        identities=(
            "one_row_per_key",
            "both_teams_present",
            "players_per_team",
            "player_points_equal_final_score",
            "player_minutes_add_up",
        ),
        floors=(CoverageFloor("minutes_played", 0.99, least_rows=_LEAST_ROWS),),
    ),
    publishing=as_given(tolerance=0.05, tolerance_reason=ONE_IN_TWENTY),
)

TEAM_BOXSCORE = raw_table(
    name="nbac_team_boxscore",
    description="Official team box scores (league game log): two rows per game. Turnovers include "
    "team turnovers, which belong to no player.",
    grain=Grain.TEAM_GAME,
    key=("game_date", "team"),
    columns=columns(
        f"{GAME} is_degraded {BASIC}",
        f"nba_game_id {SHOOTING} personal_fouls plus_minus is_win team_minutes",
        PROVENANCE,
    ),
    requirements=ON_SCHEDULE,
    landing=Payloads(Endpoint.TEAM_GAMELOG),
    audits=Audits(
        rules=(POINTS_RULE, *MADE_RULES),
        identities=("one_row_per_key", "both_teams_present", "team_points_equal_final_score"),
    ),
)

SHOTS = raw_table(
    name="nbac_shots",
    description="Every field-goal attempt with the league's zone and place. Two equal attempts in "
    "the same second are real and both kept.",
    grain=Grain.SHOT,
    key=("game_date", "game_id", "shot_number"),
    columns=columns(
        f"{GAME} shot_number player_id player_name player_lookup period seconds_remaining "
        "shot_zone action_type is_three is_made shot_distance loc_x loc_y",
        "nba_game_id shot_zone_area shot_zone_range",
        PROVENANCE,
    ),
    requirements=ON_SCHEDULE,
    landing=Payloads(Endpoint.SHOTS, timing=NEXT_MORNING),
    audits=Audits(identities=("one_row_per_key", "both_teams_present")),
    publishing=as_given(
        tolerance=0.01,
        tolerance_reason="one attempt of a game, which has 144 and more, not two",
    ),
)
