"""Fields of game sheets and of play-by-play, which tell a game player by player or row by row.

Belongs here: names as the source prints them, split at blanks. Does not belong here: box scores of
whole seasons (``layout_fields_games``), or how the names are written (``layout_fields``).
"""

from __future__ import annotations

from collections.abc import Mapping

from nba_pipeline.landing.payload import Layout

_V3_COUNTS = (
    "minutes fieldGoalsMade fieldGoalsAttempted fieldGoalsPercentage threePointersMade "
    "threePointersAttempted threePointersPercentage freeThrowsMade freeThrowsAttempted "
    "freeThrowsPercentage reboundsOffensive reboundsDefensive reboundsTotal assists steals blocks "
    "turnovers foulsPersonal points plusMinusPoints"
)
_LIVE_COUNTS = (
    f"{_V3_COUNTS} minutesCalculated blocksReceived foulsOffensive foulsDrawn foulsTechnical minus "
    "plus pointsFastBreak pointsInThePaint pointsSecondChance twoPointersAttempted twoPointersMade "
    "twoPointersPercentage"
)
_GAMEBOOK_COUNTS = (
    "minutes field_goals_made field_goals_attempted three_pointers_made three_pointers_attempted "
    "free_throws_made free_throws_attempted offensive_rebounds defensive_rebounds total_rebounds "
    "assists personal_fouls steals turnovers blocks plus_minus points field_goal_percentage "
    "three_point_percentage free_throw_percentage"
)
_BDL_TEAM = "id conference division city name full_name abbreviation players"


def _of(prefix: str, names: str) -> str:
    return " ".join(f"{prefix}.{name}" for name in names.split())


def _of_both(sides: str, names: str) -> str:
    return " ".join(_of(side, names) for side in sides.split())


SHEET_FIELDS: Mapping[Layout, str] = {
    Layout.SHEET_IDS_CSV: f"team player game_id {_of('stats', _V3_COUNTS)}",
    Layout.SHEET_NAMES_CSV: "id full_name first_name last_name is_active",
    Layout.SHEET_TABLE_CSV:
        "season_year game_date gameId teamId teamCity teamName teamTricode teamSlug personId "
        f"personName position comment jerseyNum {_V3_COUNTS}",
    Layout.SHEET_JSON:
        "gameId awayTeamId homeTeamId "
        + _of_both("homeTeam awayTeam", "teamId teamCity teamName teamTricode teamSlug players "
                   "statistics starters bench")
        + " " + _of("players", "personId firstName familyName nameI playerSlug position comment "
                    "jerseyNum " + _of("statistics", _V3_COUNTS)),
    Layout.SHEET_LIVE_JSON:
        "gameId gameTimeLocal gameTimeUTC gameTimeHome gameTimeAway gameEt duration gameCode "
        "gameStatusText gameStatus regulationPeriods period gameClock attendance sellout arena "
        "officials "
        + _of_both("homeTeam awayTeam", "teamId teamName teamCity teamTricode score inBonus "
                   "timeoutsRemaining periods players statistics")
        + " " + _of("players", "status order personId jerseyNum position starter oncourt played "
                    "name nameI firstName familyName notPlayingReason notPlayingDescription "
                    + _of("statistics", _LIVE_COUNTS)),
    Layout.SHEET_GAMEBOOK_JSON:
        "game_code date matchup away_team home_team pdf_version pdf_url arena city state location "
        "officials game_duration attendance attendance_note timestamp active_players dnp_players "
        "inactive_players total_players active_count dnp_count inactive_count source debug_info "
        + _of("active_players", "name team status " + _of("stats", _GAMEBOOK_COUNTS))
        + " " + _of("dnp_players", "name team status dnp_reason category")
        + " " + _of("inactive_players", "name team status reason category"),
    Layout.BDL_JSON:
        "id date datetime season status period time postseason home_team_score visitor_team_score "
        + " ".join(f"{side}_{part}" for side in ("home", "visitor") for part in
                   ["q1", "q2", "q3", "q4", "ot1", "ot2", "ot3", "timeouts_remaining", "in_bonus"])
        + " " + _of_both("home_team visitor_team", _BDL_TEAM)
        + " " + _of("players", "min fgm fga fg_pct fg3m fg3a fg3_pct ftm fta ft_pct oreb dreb reb "
                    "ast stl blk turnover pf pts plus_minus "
                    + _of("player", "id first_name last_name position height weight jersey_number "
                          "college country draft_year draft_round draft_number")),
    Layout.BREF_PLAYS_JSONL: "bref_id rows rows.row rows.cells",
    Layout.LEAGUE_PLAYS_JSON:
        "gameId actions actionNumber orderNumber clock timeActual period periodType teamId "
        "teamTricode actionType subType descriptor qualifiers personId playerName playerNameI "
        "personIdsFilter x y side possession scoreHome scoreAway edited isTargetScoreLastPeriod "
        "xLegacy yLegacy isFieldGoal description area areaDetail shotResult shotDistance "
        "shotActionNumber pointsTotal assistPlayerNameInitial assistPersonId assistTotal "
        "blockPlayerName blockPersonId stealPlayerName stealPersonId reboundTotal "
        "reboundDefensiveTotal reboundOffensiveTotal turnoverTotal foulPersonalTotal "
        "foulTechnicalTotal foulDrawnPlayerName foulDrawnPersonId officialId "
        "jumpBallRecoveredName jumpBallRecoverdPersonId jumpBallWonPlayerName jumpBallWonPersonId "
        "jumpBallLostPlayerName jumpBallLostPersonId value",
}  # fmt: skip
