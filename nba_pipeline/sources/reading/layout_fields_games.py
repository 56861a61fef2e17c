"""Fields of schedules, game logs, box scores by game, and shots.

Belongs here: names as the source prints them, split at blanks. Does not belong here: game sheets
and plays (``layout_fields_sheets``), or how the names are written (``layout_fields``).
"""

from __future__ import annotations

from collections.abc import Mapping

from nba_pipeline.landing.payload import Layout

_GAMELOG = (
    "SEASON_ID PLAYER_ID PLAYER_NAME NICKNAME TEAM_ID TEAM_ABBREVIATION TEAM_NAME GAME_ID "
    "GAME_DATE MATCHUP WL MIN FGM FGA FG_PCT FG3M FG3A FG3_PCT FTM FTA FT_PCT OREB DREB REB AST "
    "STL BLK TOV PF PTS PLUS_MINUS FANTASY_PTS VIDEO_AVAILABLE"
)
_SHOT = (
    "GRID_TYPE GAME_ID GAME_EVENT_ID PLAYER_ID PLAYER_NAME TEAM_ID TEAM_NAME PERIOD "
    "MINUTES_REMAINING SECONDS_REMAINING EVENT_TYPE ACTION_TYPE SHOT_TYPE SHOT_ZONE_BASIC "
    "SHOT_ZONE_AREA SHOT_ZONE_RANGE SHOT_DISTANCE LOC_X LOC_Y SHOT_ATTEMPTED_FLAG SHOT_MADE_FLAG "
    "GAME_DATE HTM VTM"
)
_TEAM_OF_A_GAME = "teamId teamName teamCity teamTricode teamSlug wins losses score seed"
_BROADCASTERS = (
    "nationalTv nationalRadio nationalOtt homeTv homeRadio homeOtt awayTv awayRadio awayOtt "
    "intlTv intlRadio intlOtt"
)

GAME_FIELDS: Mapping[Layout, str] = {
    Layout.SCHEDULE_LEAGUE_V2:
        "gameId gameCode gameStatus gameStatusText gameSequence gameDateEst gameTimeEst "
        "gameDateTimeEst gameDateUTC gameTimeUTC gameDateTimeUTC awayTeamTime homeTeamTime day "
        "monthNum weekNumber weekName ifNecessary seriesGameNumber gameLabel gameSubLabel "
        "seriesText arenaName arenaState arenaCity postponedStatus branchLink gameSubtype "
        "isNeutral pointsLeaders "
        + " ".join(f"{side}Team.{f}" for side in ("home", "away") for f in _TEAM_OF_A_GAME.split())
        + " " + " ".join(f"broadcasters.{b}Broadcasters" for b in _BROADCASTERS.split()),
    Layout.SCHEDULE_FLAT_V2:
        "gameId gameCode gameStatusText gameDateTimeEst weekNumber weekName ifNecessary seriesText "
        "seriesGameNumber arenaName arenaCity postponedStatus branchLink homeTeam.teamTricode "
        "awayTeam.teamTricode homeTeam.teamId awayTeam.teamId homeTeam.score awayTeam.score",
    Layout.SCHEDULE_SNAKE_LIST:
        "game_id season_year game_label game_subtype game_status game_status_text date_utc "
        "time_utc datetime_utc date_est time_est datetime_est home_team_id home_tricode home_city "
        "home_name away_team_id away_tricode away_city away_name arena_name arena_city arena_state "
        "broadcasters_national",
    Layout.SCHEDULE_LSCD:
        "gid gcode seri is gdte htm vtm etm an ac as st stt bd.b v.tid v.re v.ta v.tn v.tc v.s "
        "h.tid h.re h.ta h.tn h.tc h.s gdtutc utctm ppdst seq ptsls.pl",
    Layout.SCHEDULE_NBAHX:
        "gid gcode etdate ettime seri an ac st stt h.tid v.tid h.ta v.ta h.s v.s seas",
    Layout.GAMELOG_JSON: _GAMELOG,
    Layout.GAMELOG_CSV: _GAMELOG,
    Layout.GAMELOG_PARQUET: _GAMELOG,
    Layout.GAMELOG_COMPACT_CSV: f"{_GAMELOG} SEASON_TYPE",
    Layout.BREF_JSONL:
        "bref_id game_date home visitor home_pts visitor_pts home_starters visitor_starters "
        "players player_name team is_home is_starter mp fg fga fg_pct fg3 fg3a fg3_pct ft fta "
        "ft_pct orb drb trb ast stl blk tov pf pts plus_minus adv_ts_pct adv_efg_pct adv_orb_pct "
        "adv_drb_pct adv_trb_pct adv_ast_pct adv_stl_pct adv_blk_pct adv_tov_pct adv_usg_pct "
        "adv_off_rtg adv_def_rtg adv_bpm home_team away_team home_score away_score bref_game_id",
    Layout.SHOTS_JSON: _SHOT,
    Layout.SHOTS_PARQUET:
        f"{_SHOT} SEASON_1 SEASON_2 POSITION_GROUP POSITION HOME_TEAM AWAY_TEAM SHOT_MADE "
        "BASIC_ZONE ZONE_NAME ZONE_ABB ZONE_RANGE QUARTER MINS_LEFT SECS_LEFT",
}  # fmt: skip
