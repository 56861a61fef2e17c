"""The parser of each payload layout.

Belongs here: which layout is read by which function. Does not belong here: the functions
(``parse_schedule``, ``parse_boxscores``, ``parse_reference``). A parser gives one frame with the
platform's own column names; it repairs nothing but encodings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from nba_pipeline.sources import (
    parse_boxscores,
    parse_bref_plays,
    parse_league_plays,
    parse_props,
    parse_reference,
    parse_schedule,
    parse_shots,
)
from nba_pipeline.sources.base import Layout, Payload

Parser = Callable[[Payload], pd.DataFrame]

PARSERS: Mapping[Layout, Parser] = {
    Layout.SCHEDULE_LEAGUE_V2: parse_schedule.league_v2,
    Layout.SCHEDULE_FLAT_V2: parse_schedule.flat_v2,
    Layout.SCHEDULE_SNAKE_LIST: parse_schedule.snake_list,
    Layout.SCHEDULE_LSCD: parse_schedule.lscd,
    Layout.SCHEDULE_NBAHX: parse_schedule.nbahx,
    Layout.GAMELOG_JSON: parse_boxscores.gamelog,
    Layout.GAMELOG_CSV: parse_boxscores.gamelog,
    Layout.GAMELOG_PARQUET: parse_boxscores.gamelog,
    Layout.GAMELOG_COMPACT_CSV: parse_boxscores.compact_gamelog,
    Layout.BREF_JSONL: parse_boxscores.bref,
    Layout.SHOTS_PARQUET: parse_shots.shots,
    Layout.SHOTS_JSON: parse_shots.shots,
    Layout.PROPS_OUTCOMES_CSV: parse_props.points_lines,
    Layout.PROPS_SIDES_CSV: parse_props.points_lines,
    Layout.PROPS_LINES_CSV: parse_props.points_lines,
    Layout.BREF_PLAYS_JSONL: parse_bref_plays.bref_plays,
    Layout.LEAGUE_PLAYS_JSON: parse_league_plays.league_plays,
    Layout.PLAYERS_JSON: parse_reference.players,
    Layout.ALIASES_CSV: parse_reference.aliases,
    Layout.TEAMS_CSV: parse_reference.teams,
}


def parse(payload: Payload) -> pd.DataFrame:
    """The payload as a frame of the platform's columns.

    Raises:
        PayloadError: empty, truncated, too large or of another shape; the message names it.
    """
    return PARSERS[payload.layout](payload)
