"""Fields of shots: of each attempt, and of attempts counted by zone.

Belongs here: where shots were taken from. Does not belong here: shots counted by worth
(``boxscores``).
"""

from __future__ import annotations

from nba_pipeline.contracts.field import Field, Kind, count, flag, number, text

SHOT_ZONES = (
    "Restricted Area", "In The Paint (Non-RA)", "Mid-Range", "Left Corner 3", "Right Corner 3",
    "Above the Break 3", "Backcourt",
)  # fmt: skip

FIELDS: tuple[Field, ...] = (
    # zones, from shots
    *(
        Field(f"{zone}_{what}", Kind.INT64, f"{text} {what}, in tables of defense by the opponent; "
              "NULL without a shot source", "count", 0, 160)
        for zone, text in (("paint", "Shots in the paint"), ("mid_range", "Mid-range shots"))
        for what in ("attempted", "made")
    ),
    flag("has_complete_shot_zones", "Whether the shots behind the zones are those of the box "
         "score: attempts 2 apart at most, threes equal"),
    text("zones_null_reason", "Why the zone columns are NULL",
          allowed=("no_shot_source", "no_player_id")),
    # shots
    count("shot_number", "Number of the attempt in its game, by the clock", 400, 1),
    count("period", "Period; 5 and more are overtimes", 14, 1),
    number("seconds_remaining", "Time left in the period", "seconds", 0, 720),
    text("shot_zone", "The league's zone of the attempt", allowed=SHOT_ZONES),
    text("shot_zone_area", "Side of the court, as the league names it"),
    text("shot_zone_range", "Range of distance, as the league names it"),
    text("action_type", "Kind of shot or play in detail, as the league names it"),
    flag("is_three", "Whether the attempt is worth three points, by its type and not by distance; "
          "NULL for a play that is no shot"),
    flag("is_made", "Whether the attempt went in; NULL for a play that is none"),
    number("shot_distance", "Distance from the basket", "feet", 0, 95),
    number("loc_x", "Across the court from the basket, negative to the left of the shooter's view",
            "feet", -30, 30),
    number("loc_y", "Along the court from the basket", "feet", -10, 95),
)  # fmt: skip
