"""The parser of each payload layout.

Belongs here: which layout is read by which function. Does not belong here: the functions
(``parse_schedule``, ``parse_boxscores``, ``parse_reference``). A parser gives one frame with the
platform's own column names; it repairs nothing but encodings, and what the payload itself proves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload
from nba_pipeline.sources.parse import bdl as parse_bdl
from nba_pipeline.sources.parse import bettingpros as parse_bettingpros
from nba_pipeline.sources.parse import boxscores as parse_boxscores
from nba_pipeline.sources.parse import bref_plays as parse_bref_plays
from nba_pipeline.sources.parse import game_lines as parse_game_lines
from nba_pipeline.sources.parse import gamebook as parse_gamebook
from nba_pipeline.sources.parse import injury_report as parse_injury_report
from nba_pipeline.sources.parse import league_plays as parse_league_plays
from nba_pipeline.sources.parse import odds_api as parse_odds_api
from nba_pipeline.sources.parse import player_index as parse_player_index
from nba_pipeline.sources.parse import prizepicks as parse_prizepicks
from nba_pipeline.sources.parse import props as parse_props
from nba_pipeline.sources.parse import reference as parse_reference
from nba_pipeline.sources.parse import rosters as parse_rosters
from nba_pipeline.sources.parse import schedule as parse_schedule
from nba_pipeline.sources.parse import sheets as parse_sheets
from nba_pipeline.sources.parse import shots as parse_shots
from nba_pipeline.sources.parse import transactions as parse_transactions

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
    Layout.ODDS_API_PROPS_JSON: parse_odds_api.points_lines,
    Layout.ODDS_API_GAMES_JSON: parse_odds_api.game_lines,
    Layout.NOT_POSTED: parse_odds_api.not_posted,
    Layout.PRIZEPICKS_JSON: parse_prizepicks.board,
    Layout.BETTINGPROS_EVENTS_JSON: parse_bettingpros.events,
    Layout.BETTINGPROS_OFFERS_JSON: parse_bettingpros.offers,
    Layout.SBR_GAMES_CSV: parse_game_lines.sbr,
    Layout.CONSENSUS_GAMES_PARQUET: parse_game_lines.consensus,
    Layout.SHEET_IDS_CSV: parse_sheets.ids_csv,
    Layout.SHEET_NAMES_CSV: parse_sheets.names_csv,
    Layout.SHEET_TABLE_CSV: parse_sheets.table_csv,
    Layout.SHEET_JSON: parse_sheets.traditional_json,
    Layout.SHEET_LIVE_JSON: parse_sheets.live_json,
    Layout.SHEET_GAMEBOOK_JSON: parse_gamebook.gamebook,
    Layout.BDL_JSON: parse_bdl.box_scores,
    Layout.BREF_PLAYS_JSONL: parse_bref_plays.bref_plays,
    Layout.LEAGUE_PLAYS_JSON: parse_league_plays.league_plays,
    Layout.PLAYERS_JSON: parse_reference.players,
    Layout.ALIASES_CSV: parse_reference.aliases,
    Layout.TEAMS_CSV: parse_reference.teams,
    Layout.PLAYER_INDEX_JSON: parse_player_index.player_index,
    Layout.PLAYER_POSITIONS_CSV: parse_player_index.positions,
    Layout.PLAYER_PROFILES_CSV: parse_player_index.profiles,
    Layout.ARENAS_CSV: parse_reference.arenas,
    Layout.INJURY_REPORT_PDF: parse_injury_report.pdf,
    Layout.INJURY_REPORT_JSON: parse_injury_report.parsed_json,
    Layout.TRANSACTIONS_CSV: parse_transactions.transactions,
    Layout.ESPN_ROSTER_JSON: parse_rosters.espn_roster,
}


def parse(payload: Payload) -> pd.DataFrame:
    """The payload as a frame of the platform's columns.

    Raises:
        PayloadError: empty, truncated, too large or of another shape; the message names it.
    """
    return PARSERS[payload.layout](payload)
