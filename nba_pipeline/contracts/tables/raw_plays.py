"""Contracts of play-by-play in ``nba_raw``: one row per event of a game, from two sources.

Belongs here: tables of plays. Does not belong here: shots of the shot chart (``raw``).
"""

from __future__ import annotations

from nba_pipeline.contracts.columns import columns
from nba_pipeline.contracts.parts import (
    NEXT_MORNING,
    Audits,
    CoverageFloor,
    Expectation,
    Expects,
    Payloads,
    RowRule,
)
from nba_pipeline.contracts.spec import Grain
from nba_pipeline.contracts.tables.shared import ON_SCHEDULE, PROVENANCE, as_given, raw_table
from nba_pipeline.landing.payload import Endpoint

_EVENT = (
    "game_date game_id season_year season_type home_team away_team event_number period "
    "seconds_remaining event_type running_home_score running_away_score points"
)
_DETAILS = "team is_made is_three shot_distance player_short_name assist_short_name"
_SHOTS = "event_type = 'shot'"
_IDENTITIES = ("one_row_per_key", "plays_equal_final_score", "periods_follow")

_RULES = (
    RowRule(
        "points_fit_the_event",
        "points <> CASE WHEN NOT COALESCE(is_made, FALSE) THEN 0 "
        "WHEN event_type = 'free_throw' THEN 1 WHEN is_three THEN 3 ELSE 2 END",
        "points",
    ),
    RowRule("overtime_is_five_minutes", "period > 4 AND seconds_remaining > 300",
            "seconds_remaining"),
    RowRule("team_plays_the_game", "team NOT IN (home_team, away_team)", "team"),
    RowRule("attempt_has_result",
            "event_type IN ('shot', 'free_throw', 'heave') AND is_made IS NULL", "is_made"),
)  # fmt: skip

_FEW_PLAYS = "four events of a game, which has 404 and more; of more bad ones nothing is told"

BREF_PLAYS = raw_table(
    name="bref_play_by_play",
    description="Basketball-Reference play-by-play: every printed row of a game, the head of a "
    "period as its first event. Kinds, names and distances are read from the text; a foul stands "
    "with the team that committed it. Jump balls are not printed on a side and are missing.",
    grain=Grain.PLAY,
    key=("game_date", "game_id", "event_number"),
    columns=columns(f"{_EVENT} description", f"bref_game_id {_DETAILS}", PROVENANCE),
    requirements=ON_SCHEDULE,
    expectation=Expectation(Expects.GAMES),
    landing=Payloads(Endpoint.BREF_PLAYS, timing=NEXT_MORNING),
    audits=Audits(
        rules=_RULES,
        identities=_IDENTITIES,
        floors=(
            CoverageFloor("player_short_name", 0.98, _SHOTS),
            CoverageFloor("shot_distance", 0.98, _SHOTS),
        ),
    ),
    publishing=as_given(
        tolerance=0.01,
        tolerance_reason=_FEW_PLAYS,
    ),
)

LEAGUE_PLAYS = raw_table(
    name="nbac_play_by_play",
    description="The league's live feed of plays: every action with the players' ids, and the zone "
    "and place of shots. Of an action that was edited the last edit counts.",
    grain=Grain.PLAY,
    key=("game_date", "game_id", "event_number"),
    columns=columns(
        f"{_EVENT} action_number",
        f"nba_game_id action_type description {_DETAILS} player_id assist_player_id "
        "block_player_id shot_zone loc_x loc_y",
        PROVENANCE,
    ),
    requirements=ON_SCHEDULE,
    expectation=Expectation(Expects.GAMES),
    landing=Payloads(Endpoint.LEAGUE_PLAYS, timing=NEXT_MORNING),
    audits=Audits(
        rules=_RULES,
        identities=_IDENTITIES,
        floors=(
            CoverageFloor("player_id", 0.98, _SHOTS),
            CoverageFloor("shot_zone", 0.98, _SHOTS),
            CoverageFloor("shot_distance", 0.98, _SHOTS),
        ),
    ),
    publishing=as_given(
        tolerance=0.01,
        tolerance_reason=_FEW_PLAYS,
    ),
)
