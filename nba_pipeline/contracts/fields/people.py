"""Fields of people apart from games: injury reports, transactions, rosters, seasons; of arenas.

Belongs here: entries of the dictionary of fields, as in ``fields``, which takes them up. Does not
belong here: how a field is read from a source.
"""

from __future__ import annotations

from nba_pipeline.contracts.field import Field, Kind, count, flag, number, text, time, year
from nba_pipeline.league.calendar import TEAMS

INJURY_STATUSES = ("out", "doubtful", "questionable", "probable", "available")
INJURY_CATEGORIES = ("injury", "rest", "personal", "suspension", "g_league", "other")
TEAM_REPORT_STATUSES = ("players_listed", "not_submitted", "nobody_listed")
TRANSACTION_CATEGORIES = (
    "injury_list", "missed_game", "health_protocols", "personal", "rest", "suspension", "other",
)  # fmt: skip
_KEY = "^[a-z0-9]+$"

FIELDS: tuple[Field, ...] = (
    # the league's injury report
    text("injury_status", "Whether the player will play, as the injury report has it, else out by "
         "the injury list",
          allowed=INJURY_STATUSES),
    text("injury_reason", "Reason as printed on the injury report"),
    text("injury_category", "Kind of the reason on the injury report or list; a concussion is an "
         "injury",
          allowed=INJURY_CATEGORIES),
    time("report_at", "When the injury report came out"),
    text("team_report_status", "What an injury report says of a team: not_submitted is not "
          "nobody_listed", allowed=TEAM_REPORT_STATUSES),
    count("players_listed", "Players of the team on the injury report; NULL while it has not "
          "reported", 30),
    # injury-list transactions
    count("transaction_number", "Number within the date, in the order of the source", 1_000, 1),
    text("movement", "Off the active list (out) or on it again (back); NULL where the source "
          "names nobody", allowed=("out", "back")),
    text("player_name_alternative", "Second spelling where the source prints two"),
    text("player_lookup_alternative", "player_lookup of the second spelling", pattern=_KEY),
    text("transaction_note", "Words of the source, with whatever stood in the place of a name"),
    text("transaction_category", "What the note tells of: the reason where it is no injury, else "
          "how it was announced", allowed=TRANSACTION_CATEGORIES),
    # rosters and seasons
    Field("espn_player_id", Kind.INT64, "ESPN's player id", "", 1, 999_999_999),
    text("position", "Position as printed: G, F, C, two of them (G-F), or finer (PG)"),
    text("jersey_number", "Number on the shirt; text: 00 is not 0", pattern="^[0-9-]+$"),
    Field("birth_date", Kind.DATE, "Date of birth"),
    number("height_inches", "Height", "inches", 60, 100),
    number("weight_pounds", "Weight", "pounds", 120, 400),
    Field("experience_years", Kind.INT64, "Seasons in the league before this one", "years", 0, 30),
    text("roster_status", "Standing on the roster, as the source names it"),
    text("roster_injury_status", "Injury status on the team page, lower case; NULL when none is "
          "listed"),
    # arenas
    text("venue_key", "Key of a place where a team or the league plays", pattern="^[a-z0-9_]+$"),
    text("venue_team", "Team whose games are played there; NULL on a neutral site", allowed=TEAMS),
    flag("is_home_arena", "Whether it is the team's regular home"),
    year("first_season_year", "First season of use that matters here"),
    year("last_season_year", "Last season of use; NULL while it lasts"),
    number("arena_latitude", "Latitude, north is positive", "degrees", -90, 90),
    number("arena_longitude", "Longitude, east is positive", "degrees", -180, 180),
    text("arena_time_zone", "IANA time zone"),
)  # fmt: skip
