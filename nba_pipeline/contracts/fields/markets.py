"""Fields of betting markets: lines, prices and when they were taken.

Belongs here: the market part of the dictionary ``fields``. Does not belong here: everything else.
"""

from __future__ import annotations

from nba_pipeline.contracts.field import Field, flag, number, text, time

LINE_KINDS = ("standard", "demon", "goblin")
"""PrizePicks: a demon is higher and pays more, a goblin is lower and pays less."""

LINE_FAULTS = ("taken_in_game", "impossible")


def _price(name: str, what: str) -> Field:
    return number(name, f"American odds of {what}", "American odds", -100_000, 100_000)


def _points(name: str, description: str, low: float, high: float) -> Field:
    return number(name, description, "points", low, high)


FIELDS: tuple[Field, ...] = (
    _points("points_line", "Points line of a bookmaker", 0, 100),
    text("bookmaker", "Bookmaker of the line, as The Odds API names it"),
    _price("over_price", "the over"),
    _price("under_price", "the under"),
    time("snapshot_at", "When the quote was taken or last changed; NULL when the source does not "
         "say"),
    time("first_snapshot_at", "Earliest time at which the bookmaker quoted this line; NULL when "
          "the source does not say"),
    number("minutes_before_tipoff", "Tip-off minus the time of the quote or the report; negative "
           "for a running game",
           "minutes", -1_000, 1_000_000),
    text("points_line_result", "Points against the line", allowed=("OVER", "UNDER", "PUSH")),
    text("line_fault", "Why the row is no line before tip-off: it was taken in the running game, "
         "or is no line that a book closes with; NULL where it is one", allowed=LINE_FAULTS),
    text("line_null_reason", "Why points_line is NULL; of a team, why spread or total is: nobody "
         "quotes the date, or not this; all quotes have a line_fault; or two books are farther "
         "apart than books are, and nothing says which is right",
         allowed=("no_line_source", "no_line", *LINE_FAULTS, "sources_disagree")),
    text("line_kind", "Kind of a PrizePicks line: demons are higher, goblins lower",
         allowed=LINE_KINDS),
    _points("market_opening_points_line", "First points line of the player and game at any "
            "bookmaker, as BettingPros has it", 0, 100),
    time("market_opening_at", "When market_opening_points_line was posted"),
    flag("is_line_active", "Whether the bookmaker still took bets on the line when it was fetched"),
    text("snapshot_key", "Time of the snapshot, or `closing` where a source gives only the last "
          "line before tip-off", pattern=r"^(closing|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)$"),
    _points("home_spread", "Points added to the home team's score to make the game even; negative "
            "when the home team is favoured", -80, 80),
    _price("home_spread_price", "the home team against the spread"),
    _price("away_spread_price", "the visiting team against the spread"),
    _points("game_total", "Points of both teams that over and under are bet on", 0, 500),
)  # fmt: skip
