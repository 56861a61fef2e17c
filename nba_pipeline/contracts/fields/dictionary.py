"""The dictionary of fields: one name, one meaning, one type, one unit in the whole warehouse.

Belongs here: what a column means, wherever it appears. Does not belong here: which table has it,
or whether it may be NULL there (``contracts.spec.Column``).
A range is never narrower than its storage: types are wide, ranges are audited. The predecessor
stored a rate as ``NUMERIC(5,2)`` and lost whole dates to one value of 1,329.8.
"""

from __future__ import annotations

from nba_pipeline.contracts.field import Field, Kind, count, flag, number, text, time, year
from nba_pipeline.contracts.fields.context import CONTEXT_FIELDS
from nba_pipeline.contracts.fields.drift import DRIFT_FIELDS
from nba_pipeline.contracts.fields.markets import MARKET_FIELDS
from nba_pipeline.contracts.fields.names import NAME_FIELDS
from nba_pipeline.contracts.fields.people import PEOPLE_FIELDS
from nba_pipeline.contracts.fields.plays import PLAY_FIELDS
from nba_pipeline.contracts.fields.sheets import SHEET_FIELDS
from nba_pipeline.league.calendar import TEAMS, GameStatus, SeasonType, Witness

_BR = "basketball-reference.com/about/glossary.html"
_COUNTING = tuple(t.value for t in SeasonType if t.counts)


SHOT_ZONES = (
    "Restricted Area", "In The Paint (Non-RA)", "Mid-Range", "Left Corner 3", "Right Corner 3",
    "Above the Break 3", "Backcourt",
)  # fmt: skip
_GAME_ID = r"^[0-9]{8}_([A-Z]{3}_[A-Z]{3}|[0-9]{10})$"

_ALL: tuple[Field, ...] = (
    # identity
    Field("game_date", Kind.DATE, "US Eastern calendar date of tip-off, or of the roster or the "
          "transaction where a row belongs to no game; the partition key"),
    text("game_id", "Our game id YYYYMMDD_AWAY_HOME", pattern=_GAME_ID),
    text("nba_game_id", "Official ten-digit game id; text, leading zeros kept",
          pattern=r"^[0-9]{10}$"),
    text("bref_game_id", "Basketball-Reference game id"),
    year("season_year", "First year of the season (2023 is 2023-24)"),
    text("season_type", "Kind of game, from the official id's prefix", allowed=_COUNTING),
    text("team", "League tricode of the row's team", allowed=TEAMS),
    text("opponent", "League tricode of the other team", allowed=TEAMS),
    text("home_team", "League tricode of the home team; NULL while unknown", allowed=TEAMS),
    text("away_team", "League tricode of the visiting team; NULL while unknown", allowed=TEAMS),
    flag("is_home", "Whether the row's team is the home team, by the schedule"),
    flag("is_neutral", "Whether the game is on a neutral site; NULL where no schedule says"),
    Field("player_id", Kind.INT64, "Official NBA person id", "", 1, 99_999_999),
    text("player_lookup", "Normalised player name, the key across sources", pattern="^[a-z0-9]+$"),
    text("name_key", "player_lookup without generational suffix, for matching inside a team",
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
    # box score
    number("minutes_played", "Minutes on court", "minutes", 0, 70),
    count("field_goals_made", "Field goals made", 100),
    count("field_goals_attempted", "Field goals attempted", 160),
    count("three_pointers_made", "Three-point field goals made", 60),
    count("three_pointers_attempted", "Three-point field goals attempted", 100),
    count("free_throws_made", "Free throws made", 80),
    count("free_throws_attempted", "Free throws attempted", 100),
    count("offensive_rebounds", "Offensive rebounds", 60),
    count("defensive_rebounds", "Defensive rebounds", 90),
    count("rebounds", "Rebounds", 120),
    count("assists", "Assists", 80),
    count("steals", "Steals", 40),
    count("blocks", "Blocks", 40),
    count("turnovers", "Turnovers; a team's official total includes team turnovers", 60),
    count("personal_fouls", "Personal fouls", 70),
    count("points", "Points scored", 250),
    count("plus_minus", "Point margin while on court (player) or of the game (team)", 150, -150),
    flag("is_starter", "Whether the player started; NULL where the source does not say"),
    flag("is_win", "Whether the row's team won"),
    count("points_allowed", "Points scored by the opponent", 250),
    count("margin", "Points minus points allowed", 150, -150),
    count("overtime_periods", "Overtime periods: (team_minutes - 240) / 25", 8),
    number("team_minutes", "Minutes of all players: 240 + 25 per overtime", "minutes", 240, 440),
    number("source_usage_rate", "Usage as printed by the source", "percent", 0, 2000),
    # rates
    number("possessions", "FGA + 0.44 FTA + TOV - OREB", "count", 50, 200,
            "Kubatko et al. 2007, simple form"),
    number("opponent_possessions", "Possessions of the opponent, same formula", "count", 50, 200,
            "Kubatko et al. 2007, simple form"),
    number("offensive_rating", "100 * points / possessions", "points per 100 possessions", 40, 200,
            _BR),
    number("defensive_rating", "100 * points_allowed / opponent_possessions",
            "points per 100 possessions", 40, 200, _BR),
    number("pace", "possessions * 48 / (team_minutes / 5)", "possessions per 48 minutes", 50, 160,
            _BR),
    number("opponent_pace", "opponent_possessions * 48 / (team_minutes / 5)",
            "possessions per 48 minutes", 50, 160, _BR),
    number("true_shooting_pct", "points / (2 * (FGA + 0.44 FTA)); 1.5 is three points a shot",
            "fraction", 0, 2.5, _BR),
    number("effective_field_goal_pct", "(FGM + 0.5 * 3PM) / FGA", "fraction", 0, 1.5, _BR),
    number("opponent_true_shooting_pct", "true_shooting_pct of the opponent", "fraction", 0, 2.5,
            _BR),
    number("opponent_effective_field_goal_pct", "effective_field_goal_pct of the opponent",
            "fraction", 0, 1.5, _BR),
    number("usage_rate", "100 * (FGA + 0.44 FTA + TOV) * (team_minutes / 5) / (minutes_played * "
            "(team FGA + 0.44 team FTA + team TOV charged to players))", "percent", 0, 100, _BR),
    number("usage_rate_raw", "usage_rate before the small-sample rule; unbounded as minutes go "
            "to 0", "percent", 0, 1_000_000, _BR),
    text("usage_null_reason", "Why usage_rate is NULL",
          allowed=("no_minutes", "small_sample", "no_attempts_in_source")),
    # zones, from shots
    *(
        Field(f"{zone}_{what}", Kind.INT64, f"{text} {what}; NULL without a shot source", "count",
              0, 160)
        for zone, text in (("paint", "Shots in the paint"), ("mid_range", "Mid-range shots"))
        for what in ("attempted", "made")
    ),
    flag("has_complete_shot_zones", "Whether zone attempts add up to the box score (2 apart at "
          "most) and threes exactly"),
    text("zones_null_reason", "Why the zone columns are NULL",
          allowed=("no_shot_source", "no_player_id")),
    *MARKET_FIELDS,
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
    # play-by-play
    *PLAY_FIELDS,
    # provenance of a row
    text("source", "Where the row comes from: provider, or reconstructed_from_<provider>"),
    flag("is_degraded", "Built from a source that lacks columns or precision; travels downstream"),
    time("fetched_at", "When the payload was fetched"),
    text("payload_sha256", "Digest of the landed payload"),
    # operations: the ledger and its history
    text("asset", "Table that the row is about"),
    text("status", "State recorded at publishing; the verdict of now may differ (stale)"),
    text("version", "Content hash of the date's rows; equal content is an equal version"),
    count("row_count", "Rows counted in the table after publishing", 10_000_000),
    count("expected_rows", "Rows or entities that the date must hold", 10_000_000),
    count("distinct_keys", "Distinct keys counted after publishing", 10_000_000),
    number("completeness_pct", "Share of the expected entities that are there", "percent", 0, 100),
    text("coverage", "JSON: share of values present of each watched column"),
    text("code_version", "Digest of what defined the rows: SQL, columns, rules, revision"),
    text("config_hash", "Digest of the thresholds in force"),
    text("schedule_version", "Version of nbac_schedule on the date"),
    text("inputs_hash", "Digest of all versions read"),
    text("sources", "JSON: rows by source"),
    text("failed_checks", "JSON: audits that did not hold, with the entities they name"),
    text("note", "Reason in words: why no games, why unrecoverable"),
    text("waiver_id", "Waiver that allowed publishing"),
    count("attempt", "Attempts recorded for the date", 1_000_000),
    text("run_id", "Run that did it"),
    time("started_at", "When the attempt began"),
    time("published_at", "When the rows were swapped in"),
    text("upstream", "Table that was read"),
    Field("window_start", Kind.DATE, "First date read"),
    Field("window_end", Kind.DATE, "Last date read"),
    text("processor", "Table that was attempted"),
    Field("target_date", Kind.DATE, "Date that was attempted"),
    text("error_class", "Kind of failure"),
    text("error_message", "Failure in words"),
    time("completed_at", "When the attempt ended"),
    count("rows_staged", "Rows computed before audit", 10_000_000),
    count("rows_written", "Rows swapped in", 10_000_000),
    count("rows_quarantined", "Rows kept aside", 10_000_000),
    text("row_key", "JSON: key of the row"),
    text("column_name", "Column that broke a rule"),
    text("bad_value", "Value that broke it"),
    text("rule", "Rule that was broken"),
    text("row_json", "JSON: the whole row"),
    time("quarantined_at", "When the row was kept aside"),
    text("scope", "What the waiver allows"),
    text("reason", "Why it was decided"),
    text("owner", "Who decided and answers for it"),
    time("granted_at", "When it was granted"),
    time("expires_at", "When it ends"),
    # reference
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
    *NAME_FIELDS,
    *PEOPLE_FIELDS,
    *CONTEXT_FIELDS,
    *SHEET_FIELDS,
    *DRIFT_FIELDS,
)  # fmt: skip

_OPPONENT_COUNTS = (
    "field_goals_made", "field_goals_attempted", "three_pointers_made", "three_pointers_attempted",
    "free_throws_made", "free_throws_attempted", "offensive_rebounds", "defensive_rebounds",
    "rebounds", "assists", "turnovers", "personal_fouls",
)  # fmt: skip

_BY_NAME = {f.name: f for f in _ALL}

FIELDS: dict[str, Field] = {
    **_BY_NAME,
    **{
        f"opponent_{name}": Field(
            f"opponent_{name}", Kind.INT64, f"{_BY_NAME[name].description}, by the opponent",
            "count", 0, _BY_NAME[name].high,
        )
        for name in _OPPONENT_COUNTS
    },
}  # fmt: skip
"""Every field by name."""

if len(_BY_NAME) != len(_ALL):  # a second meaning for a name is a programming error
    raise ValueError(f"declared twice: {sorted(f.name for f in _ALL if _ALL.count(f) > 1)}")
