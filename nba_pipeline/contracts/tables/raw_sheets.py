"""Contracts of ``nba_raw`` for box scores that are no game log: game sheets and BallDontLie.

Belongs here: who was on a team's sheet, and a third source of box scores. Does not belong here:
the sources that the summaries are built from (``contracts.raw``).
"""

from __future__ import annotations

from nba_pipeline.contracts.columns import columns
from nba_pipeline.contracts.parts import NEXT_MORNING, Audits, CoverageFloor, Payloads, RowRule
from nba_pipeline.contracts.spec import Grain
from nba_pipeline.contracts.tables.shared import (
    GAME,
    NAMES,
    ON_SCHEDULE,
    PLAYER_RULES,
    PROVENANCE,
    SHOOTING,
    raw_table,
)
from nba_pipeline.landing.payload import Endpoint

_COUNTS = f"{SHOOTING} rebounds assists steals blocks turnovers personal_fouls points"
_LAWS = (
    "one_row_per_key",
    "both_teams_present",
    "players_per_team",
    "player_points_equal_final_score",
)

GAME_SHEETS = raw_table(
    name="nbac_game_sheets",
    description="Game sheets: everybody on a team's list of a game, also who did not play, with "
    "the reason where it is printed. Minutes are decimal. Counts are NULL for who did not play.",
    grain=Grain.PLAYER_GAME,
    key=("game_date", "team", "sheet_key"),
    columns=columns(
        f"{GAME} sheet_key player_status",
        f"nba_game_id player_id {NAMES} not_playing_reason not_playing_category is_starter "
        f"minutes_played {_COUNTS} plus_minus",
        PROVENANCE,
    ),
    requirements=ON_SCHEDULE,
    landing=Payloads(Endpoint.GAME_SHEETS, timing=NEXT_MORNING),
    audits=Audits(
        rules=(
            *PLAYER_RULES,
            RowRule(
                "active_has_minutes_and_points",
                "player_status = 'active' AND (minutes_played IS NULL OR points IS NULL)",
                "player_status",
            ),
            RowRule(
                "absent_has_no_minutes_and_no_points",
                "player_status <> 'active' AND (minutes_played IS NOT NULL OR points IS NOT NULL)",
                "player_status",
            ),
            RowRule(
                "reason_has_category",
                "(not_playing_reason IS NULL) <> (not_playing_category IS NULL)",
                "not_playing_category",
            ),
        ),
        identities=(
            *_LAWS,
            "somebody_played",
            "sheet_minutes_add_up",
            "one_team_per_player",
            "five_starters",
        ),
        floors=(
            CoverageFloor("minutes_played", 1.0, of="player_status = 'active'"),
            # a newcomer may be missing in the list of players that an archive of ids comes with
            CoverageFloor("player_lookup", 0.95),
        ),
    ),
    # no tolerance: a bad number excuses its team from the sum of its column, and a sheet that was
    # taken during the game breaks nothing but sums
)

BDL_BOXSCORES = raw_table(
    name="bdl_player_boxscores",
    description="BallDontLie player box scores: one row per player who entered the game, whole "
    "minutes. On bad dates it has half of the truth, so points must add up to the final score.",
    grain=Grain.PLAYER_GAME,
    key=("game_date", "player_lookup"),
    columns=columns(f"{GAME} {NAMES} minutes_played {_COUNTS}", "plus_minus", PROVENANCE),
    requirements=ON_SCHEDULE,
    landing=Payloads(Endpoint.BDL_BOXSCORES, timing=NEXT_MORNING),
    audits=Audits(rules=PLAYER_RULES, identities=(*_LAWS, "player_minutes_add_up")),
)
