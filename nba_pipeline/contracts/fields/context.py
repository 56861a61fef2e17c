"""Fields of what is known before tip-off: lines, who may play, and the contexts of a game.

Belongs here: entries of the dictionary (``fields``) that look back from a date. A window of n days
before a date never holds the date itself; days of rest are the gap between calendar dates, so that
a game on the next day is one day of rest everywhere. Teams' rest, counts, streaks and margins are
those of the schedule's final games; a player's need box scores. A count or a rest that cannot be
proven is NULL; a mean is of the games that have a box score, and its row says which has none.
"""

from __future__ import annotations

from nba_pipeline.contracts.field import Field, Kind, count, flag, number, text

CONTEXT_SOURCES = ("pregame", "synthetic")
POOL_SOURCES = ("roster", "box_scores")
INJURY_SOURCES = ("injury_report", "transactions")
_FLAW = "(no_result|no_box_score|no_possessions|no_attempts):[0-9]{8}_[A-Z]{3}_[A-Z]{3}"
_FLAWS = f"^{_FLAW}( {_FLAW})*$"
_PACE = "possessions per 48 minutes"

FIELDS: tuple[Field, ...] = (
    # points lines
    number("opening_points_line", "Line that the same book quoted first; NULL when seen once",
           "points", 0, 70),
    number("line_movement", "points_line minus opening_points_line", "points", -40, 40),
    count("bookmakers", "Books that quoted a line before tip-off", 60),
    text("line_source", "Raw table that the points line comes from"),
    # who may play
    text("pool_source", "How it is known that the player may play", allowed=POOL_SOURCES),
    Field("last_played_date", Kind.DATE, "Date of the player's last box score before the date"),
    text("injury_source", "Who says who is out; NULL where nobody does, which is not nobody out",
         allowed=INJURY_SOURCES),
    # rest and schedule
    count("days_rest", "Days since the row's last game of the season; 1 is a back-to-back", 365, 1),
    count("team_days_rest", "days_rest of the player's team", 365, 1),
    count("opponent_days_rest", "days_rest of the opponent", 365, 1),
    flag("is_back_to_back", "Whether the last game was the day before"),
    count("days_rest_before_last_game", "Days between the player's last game, of this "
          "season, and the one before it, of any", 365, 1),
    count("games_last_7_days", "Games in the 7 days before the date", 7),
    count("games_last_14_days", "Games in the 14 days before the date", 14),
    count("back_to_backs_last_14_days", "Games on the day after another, 14 days before", 14),
    number("travel_miles", "Great circle from the arena of the team's last game to tonight's",
           "miles", 0, 12_500, "R. W. Sinnott, Virtues of the Haversine, 1984"),
    text("travel_null_reason", "Why travel_miles is not known", allowed=(
        "first_game_of_the_season", "last_game_without_result", "unknown_venue")),
    count("season_games_played", "Games of the season before the date", 110),
    # form
    count("result_streak", "Wins in a row of the season, losses negative, before the date", 100,
          -100),
    count("last_game_margin", "Margin of the team's last game of the season", 150, -150),
    count("team_games_used_last_10", "Games behind the team's last-10 values, of a year", 10),
    number("pace_last_10", "Mean pace of the team's last 10 games", _PACE, 50, 160),
    number("offensive_rating_last_10", "Mean offensive rating of the team's last 10 games",
           "points per 100 possessions", 50, 180),
    number("defensive_rating_last_10", "Mean defensive rating of the team's last 10 games",
           "points per 100 possessions", 50, 180),
    number("pace_differential", "pace_last_10 of the own team minus the opponent's",
           _PACE, -60, 60),
    number("opponent_pace_last_10", "pace_last_10 of the opponent", _PACE, 50, 160),
    number("opponent_offensive_rating_last_10", "offensive_rating_last_10 of the opponent",
           "points per 100 possessions", 50, 180),
    number("opponent_defensive_rating_last_10", "defensive_rating_last_10 of the opponent",
           "points per 100 possessions", 50, 180),
    # market on the game
    number("team_spread", "Median spread before tip-off from the row's team's view; negative is "
           "favoured", "points", -60, 60),
    number("opening_team_spread", "Median of the books' first spreads, from the row's team's view",
           "points", -60, 60),
    number("opening_game_total", "Median of the books' first totals", "points", 120, 320),
    # absences
    count("players_out", "Players of the pool who are out or doubtful", 30),
    count("players_questionable", "Players of the pool who are questionable", 30),
    count("star_teammates_out", "Teammates out or doubtful with 18 points, or 28 minutes and 12 "
          "points, a game over their last 10", 15),
    count("star_tier_out", "Best of them: 3 from 25 points a game, 2 from 18, else 1; 0 none", 3),
    # a player's past
    number("minutes_last_7_days", "Minutes in the 7 days before the date", "minutes", 0, 300),
    number("minutes_last_14_days", "Minutes in the 14 days before the date", "minutes", 0, 600),
    number("minutes_avg_last_7_days", "Minutes a game in the 7 days before the date", "minutes", 0,
           70),
    number("usage_rate_avg_last_7_days", "Mean usage_rate of the 7 days before the date", "percent",
           0, 100),
    count("games_used_last_5", "Games behind the player's last-5 values, of a year", 5),
    count("games_used_last_10", "Games behind the player's last-10 values, of a year", 10),
    number("points_avg_last_5", "Points a game over the last 5 games played", "points", 0, 100),
    number("points_avg_last_10", "Points a game over the last 10 games played", "points", 0, 100),
    number("points_std_last_10", "Sample standard deviation of points, last 10 games played",
           "points", 0, 60),
    number("minutes_avg_last_10", "Minutes a game over the last 10 games played", "minutes", 0, 70),
    number("usage_rate_avg_last_10", "Mean usage_rate of the last 10 games played", "percent", 0,
           100),
    number("points_avg_season", "Points a game of the season before the date", "points", 0, 100),
    count("over_streak", "Past games in a row with more points than today's line", 100),
    count("under_streak", "Past games in a row with fewer points than today's line", 100),
    count("player_age", "Age on the date; NULL where no source has the date of birth", 60, 15),
    # what the context is worth
    text("context_source", "pregame: in the pool, known before tip-off; synthetic: played without "
         "having been in a pool that lacked more than a tenth, known afterwards",
         allowed=CONTEXT_SOURCES),
    flag("is_training_eligible", "Whether a model may learn from the row: pregame, not degraded"),
    text("degraded_reason", "Games that the row's values lack, blank-separated: no_result, on an "
         "earlier date of the schedule and neither final nor off; no_box_score, final; "
         "no_possessions, with a box score that does not tell them; no_attempts, of a player, "
         "likewise of shots taken", pattern=_FLAWS),
    text("team_degraded_reason", "degraded_reason of the player's team", pattern=_FLAWS),
    text("opponent_degraded_reason", "degraded_reason of the opponent; a player's row has NULL for "
         "the opponent's means then", pattern=_FLAWS),
    text("context_quality", "Games behind the last-10 values: gold 10, silver from 5, else bronze",
         allowed=("gold", "silver", "bronze")),
)  # fmt: skip
