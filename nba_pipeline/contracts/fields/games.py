"""Fields of games: which one a row belongs to, its teams and players, and the schedule.

Belongs here: what identifies a row in any table of games. Does not belong here: what happened in a
game (``boxscores``, ``shots``, ``plays``).
"""

from __future__ import annotations

from nba_pipeline.contracts.field import Field, Kind, count, flag, text, time, year
from nba_pipeline.league.calendar import TEAMS, GameStatus, SeasonType, Witness

_COUNTING = tuple(t.value for t in SeasonType if t.counts)
_GAME_ID = r"^[0-9]{8}_([A-Z]{3}_[A-Z]{3}|[0-9]{10})$"

FIELDS: tuple[Field, ...] = (
    # identity
    Field("game_date", Kind.DATE, "US Eastern calendar date of tip-off, or of the roster or the "
          "transaction where a row belongs to no game; the partition key"),
    text("game_id", "Our game id YYYYMMDD_AWAY_HOME; the official id stands in for a team that is "
         "not known yet", pattern=_GAME_ID),
    text("nba_game_id", "Official ten-digit game id; text, leading zeros kept",
          pattern=r"^[0-9]{10}$"),
    text("bref_game_id", "Basketball-Reference game id"),
    year("season_year", "First year of the season (2023 is 2023-24)"),
    text("season_type", "Kind of game: by the official id's prefix, else as the witness has it",
         allowed=_COUNTING),
    text("team", "League tricode of the row's team", allowed=TEAMS),
    text("opponent", "League tricode of the other team", allowed=TEAMS),
    text("home_team", "League tricode of the home team; NULL while unknown", allowed=TEAMS),
    text("away_team", "League tricode of the visiting team; NULL while unknown", allowed=TEAMS),
    flag("is_home", "Whether the row's team is the home team, by the schedule"),
    flag("is_neutral", "Whether the game is on a neutral site; NULL where nothing says"),
    flag("is_neutral_in_log", "TRUE where the official game log has two visitors; known only after "
         "the game, so that nothing that holds before it may read it"),
    text("neutral_source", "How is_neutral is known: the schedule says so, or its arena is in a "
         "city where nobody or the home team plays, or the game log has two visitors",
         allowed=("schedule", "arena", "game_log")),
    Field("player_id", Kind.INT64, "Official NBA person id", "", 1, 99_999_999),
    text("player_lookup", "Normalised player name, the key across sources", pattern="^[a-z0-9]+$"),
    text("name_key", "player_lookup without generational suffix, for matching by season",
          pattern="^[a-z0-9]+$"),
    text("player_name", "Player name as the source prints it"),
    # schedule
    text("game_status", "What is known of the game", allowed=tuple(GameStatus)),
    count("home_score", "Final score of the home team; NULL unless final", 250),
    count("away_score", "Final score of the visiting team; NULL unless final", 250),
    time("tipoff_utc", "Scheduled tip-off"),
    text("arena_name", "Arena"),
    text("arena_city", "City of the arena"),
    text("label", "The league's label of the game (NBA Cup, playoff round)"),
    text("final_witness", "Who says that the game is final", allowed=tuple(Witness)),
    text("schedule_snapshot", "Schedule snapshot that listed the game"),
)  # fmt: skip
