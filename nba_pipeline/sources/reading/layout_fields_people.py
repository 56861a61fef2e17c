"""Fields of lists of players, teams and arenas, rosters, injuries and decisions about names.

Belongs here: names as the source prints them, split at blanks. Does not belong here: how the names
are written (``layout_fields``).
"""

from __future__ import annotations

from collections.abc import Mapping

from nba_pipeline.landing.payload import Layout

_ATHLETE = (
    "id uid guid type alternateIds firstName lastName fullName displayName shortName weight "
    "displayWeight height displayHeight age dateOfBirth debutYear links birthPlace citizenship "
    "college slug headshot jersey position.id position.name position.displayName "
    "position.abbreviation position.leaf position.parent injuries linked teams experience.years "
    "collegeAthlete active contract eventLog draft status.id status.name status.type "
    "status.abbreviation injuries.id injuries.longComment injuries.shortComment injuries.status "
    "injuries.date injuries.athlete injuries.source injuries.type injuries.details"
)

PEOPLE_FIELDS: Mapping[Layout, str] = {
    Layout.ALIASES_CSV:
        "player_name name_status player_id reason owner decided_at snoozed_until",
    Layout.PLAYERS_JSON:
        "PERSON_ID DISPLAY_LAST_COMMA_FIRST DISPLAY_FIRST_LAST ROSTERSTATUS FROM_YEAR TO_YEAR "
        "PLAYERCODE PLAYER_SLUG TEAM_ID TEAM_CITY TEAM_NAME TEAM_ABBREVIATION TEAM_CODE TEAM_SLUG "
        "GAMES_PLAYED_FLAG OTHERLEAGUE_EXPERIENCE_CH",
    Layout.PLAYER_INDEX_JSON:
        "PERSON_ID PLAYER_LAST_NAME PLAYER_FIRST_NAME PLAYER_SLUG TEAM_ID TEAM_SLUG IS_DEFUNCT "
        "TEAM_CITY TEAM_NAME TEAM_ABBREVIATION JERSEY_NUMBER POSITION HEIGHT WEIGHT COLLEGE "
        "COUNTRY DRAFT_YEAR DRAFT_ROUND DRAFT_NUMBER ROSTER_STATUS FROM_YEAR TO_YEAR PTS REB AST "
        "STATS_TIMEFRAME",
    Layout.PLAYER_POSITIONS_CSV: "PLAYER_ID POSITION TeamID POSITION_SIMPLE",
    Layout.PLAYER_PROFILES_CSV:
        "PLAYER_ID PLAYER_NAME BIRTHDATE HEIGHT WEIGHT POSITION JERSEY COUNTRY SCHOOL FROM_YEAR "
        "DRAFT_YEAR DRAFT_ROUND DRAFT_NUMBER",
    Layout.ARENAS_CSV:
        "venue_key venue_team is_home_arena arena_name arena_city first_season_year "
        "last_season_year arena_latitude arena_longitude arena_time_zone",
    Layout.INJURY_REPORT_PDF: "",  # a printed page: its headings are checked by its parser
    Layout.INJURY_REPORT_JSON:
        "metadata.gamedate metadata.hour metadata.period metadata.hour24 metadata.season "
        "metadata.scrape_time metadata.run_id parsing_stats records records.date records.gametime "
        "records.matchup records.team records.player records.status records.reason "
        "records.confidence",
    Layout.TRANSACTIONS_CSV: "Date Team Acquired Relinquished Notes page_url page_num",
    Layout.ESPN_ROSTER_JSON:
        "team.id team.uid team.slug team.location team.name team.abbreviation team.displayName "
        "team.shortDisplayName team.color team.alternateColor team.isActive team.logos team.record "
        "team.athletes team.groups team.links team.franchise team.nextEvent team.standingSummary "
        + " ".join(f"team.athletes.{name}" for name in _ATHLETE.split()),
}  # fmt: skip

TEAM_LIST = (
    "ID", "id_count", "Abbreviation", "Full Name", "NICKNAME", "City", "State", "Arena", "Division",
    "Conference", "YEAR_FOUNDED", "TEAM_URL", "G-LEAGUE", "HEAD COACH", "ASSOCIATE HEAD COACH",
    "ASSISTANT COACH", "ASSISTANT COACH FOR PLAYER DEVELOPMENT", "TRAINER", "ASSISTANT TRAINER",
    "INTERIM HEAD COACH", "STRENGTH AND CONDITIONING COACH", "GENERAL MANAGER", "GOVERNOR(S)",
    "CHAMPIONSHIP WINS", "CONFERENCE TITLES", "DIVISION TITLES",
)  # fmt: skip
"""Of the list of teams, the one layout with blanks in its names."""
