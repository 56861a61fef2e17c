"""Fields of game sheets: who is on a team's list of a game, and why a player did not play.

Belongs here: entries of the dictionary (``fields``) for tables with did-not-play rows. Does not
belong here: the counts of who played, which every box score has.
"""

from __future__ import annotations

from nba_pipeline.contracts.field import Field, text
from nba_pipeline.league.not_playing import CATEGORIES, PlayerStatus

FIELDS: tuple[Field, ...] = (
    text("sheet_key", "Who a row of a team's sheet is about: player_id as text, or player_lookup "
         "where the sheet prints no ids"),
    text("player_status", "Whether the player entered the game (active), was on its list and did "
         "not (dnp), or was not on the list (inactive)", allowed=tuple(PlayerStatus)),
    text("not_playing_reason", "Why the player did not play, as printed; NULL for who played and "
         "where no reason is given"),
    text("not_playing_category", "Group of not_playing_reason", allowed=CATEGORIES),
)  # fmt: skip
