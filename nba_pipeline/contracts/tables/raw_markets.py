"""Contracts of ``nba_raw``: quotes of bookmakers on players' points and on games.

Belongs here: tables of betting markets. Does not belong here: other raw tables (``raw``), or the
choice of one line of many (``sql/nba_analytics``). All exist before tip-off, and what was landed
once stays: most sources show the present only.
"""

from __future__ import annotations

from nba_pipeline.contracts.columns import columns
from nba_pipeline.contracts.parts import Audits, RowRule
from nba_pipeline.contracts.spec import Grain
from nba_pipeline.contracts.tables.shared import (
    ONE_PER_KEY,
    PROVENANCE,
    as_given,
    lines_table,
    posted_table,
    quoted,
)
from nba_pipeline.landing.payload import Endpoint

_GAME = "game_date game_id season_year season_type home_team away_team bookmaker"
_PLAYER = "player_lookup name_key player_name points_line"
_TIMES = "tipoff_utc snapshot_at first_snapshot_at minutes_before_tipoff"
_CLOSING = "snapshot_key = 'closing'"


def _american(*names: str) -> tuple[RowRule, ...]:
    """American odds are never between -100 and 100."""
    return tuple(RowRule(f"{n}_is_american", f"ABS({n}) < 100", n) for n in names)


POINTS_LINES = lines_table(
    name="odds_points_lines",
    description="Points lines of players: per game, bookmaker, player and line the last quote "
    "before tip-off. Alternate lines are kept. No source has every date, and none every game.",
    key=("game_date", "game_id", "bookmaker", "player_lookup", "points_line"),
    columns=columns(f"{_GAME} {_PLAYER}", f"over_price under_price {_TIMES}", PROVENANCE),
    landing=quoted(Endpoint.POINTS_LINES),
)

PRIZEPICKS_LINES = lines_table(
    name="prizepicks_points_lines",
    description="Points lines of PrizePicks, a fantasy site without prices: per game, player, line "
    "and kind of line the last board before tip-off. Entries whose team no board prints are left "
    "out.",
    key=("game_date", "game_id", "player_lookup", "points_line", "line_kind"),
    columns=columns(f"{_GAME} {_PLAYER} line_kind", _TIMES, PROVENANCE),
    landing=quoted(Endpoint.PRIZEPICKS_LINES),
)

BETTINGPROS_LINES = lines_table(
    name="bettingpros_points_lines",
    description="Points lines that BettingPros collects: per game, bookmaker, player and line the "
    "last quote before tip-off, with the line that the market opened with.",
    key=("game_date", "game_id", "bookmaker", "player_lookup", "points_line"),
    columns=columns(
        f"{_GAME} {_PLAYER}",
        f"over_price under_price {_TIMES} market_opening_points_line market_opening_at "
        "is_line_active",
        PROVENANCE,
    ),
    landing=quoted(Endpoint.BETTINGPROS_LINES),
    audits=Audits(rules=_american("over_price", "under_price"), identities=ONE_PER_KEY),
)

GAME_LINES = posted_table(
    name="odds_game_lines",
    description="Spread and total of games: every snapshot of every bookmaker, also of running "
    "games. Sources without times give one closing line a game. What is no line before tip-off "
    "stays and says so in line_fault.",
    grain=Grain.GAME_LINE,
    key=("game_date", "game_id", "bookmaker", "snapshot_key"),
    columns=columns(
        f"{_GAME} snapshot_key",
        "home_spread home_spread_price away_spread_price game_total over_price under_price "
        "tipoff_utc snapshot_at minutes_before_tipoff line_fault",
        PROVENANCE,
    ),
    landing=quoted(Endpoint.GAME_LINES),
    audits=Audits(
        rules=(
            RowRule(
                "closing_has_no_time", f"({_CLOSING}) <> (snapshot_at IS NULL)", "snapshot_key"
            ),
            RowRule(
                "a_line_at_all",
                "home_spread IS NULL AND game_total IS NULL AND line_fault IS NULL",
                "home_spread",
            ),
            RowRule(
                "in_game_is_a_fault",
                "minutes_before_tipoff < 0 AND line_fault IS NULL",
                "line_fault",
            ),
            *_american("home_spread_price", "away_spread_price", "over_price", "under_price"),
        ),
        identities=("one_row_per_key", "lines_name_the_schedules_teams"),
    ),
    publishing=as_given(
        tolerance=0.34,
        tolerance_reason="one line of three: sources without times give one a game, and half of "
        "the dates have six rows or fewer",
    ),
)
