"""Fields of the lists of teams and players.

Belongs here: what a list without dates says of a team or a player. Does not belong here: rosters,
arenas (``people``) and names (``names``).
"""

from __future__ import annotations

from nba_pipeline.contracts.field import Field, Kind, flag, text, year
from nba_pipeline.league.calendar import TEAMS

FIELDS: tuple[Field, ...] = (
    Field("team_id", Kind.INT64, "Official NBA team id", "", 1, 9_999_999_999),
    text("team_name", "Full name of the team"),
    text("nickname", "Nickname of the team"),
    text("city", "City of the team"),
    text("state", "State of the team"),
    text("conference", "Conference of the team"),
    text("division", "Division of the team"),
    year("from_year", "First season year of the player"),
    year("to_year", "Last season year of the player"),
    flag("is_active", "Whether the player is on a roster"),
    text("current_team", "Team at fetch time; never the team of a past game", allowed=TEAMS),
)  # fmt: skip
