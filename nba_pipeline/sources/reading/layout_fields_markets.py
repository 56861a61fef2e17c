"""Fields of quotes: player lines and spreads and totals of games.

Belongs here: names as the source prints them, split at blanks. Does not belong here: how the names
are written (``layout_fields``).
"""

from __future__ import annotations

from collections.abc import Mapping

from nba_pipeline.landing.payload import Layout

_ODDS_API = (
    "timestamp previous_timestamp next_timestamp data id sport_key sport_title commence_time "
    "home_team away_team home_rotation_number away_rotation_number bookmakers bookmakers.key "
    "bookmakers.title bookmakers.last_update bookmakers.link bookmakers.sid bookmakers.markets "
    "bookmakers.markets.key bookmakers.markets.last_update bookmakers.markets.link "
    "bookmakers.markets.sid bookmakers.markets.outcomes bookmakers.markets.outcomes.name "
    "bookmakers.markets.outcomes.description bookmakers.markets.outcomes.price "
    "bookmakers.markets.outcomes.point bookmakers.markets.outcomes.link "
    "bookmakers.markets.outcomes.sid bookmakers.markets.outcomes.bet_limit "
    "bookmakers.markets.outcomes.multiplier"
)
_LINE = "id line cost active best main is_off updated replaced"

MARKET_FIELDS: Mapping[Layout, str] = {
    Layout.PROPS_OUTCOMES_CSV:
        "outcomes_name outcomes_description outcomes_price outcomes_point id sport_key "
        "sport_title commence_time home_team away_team bookmakers.key bookmakers.title "
        "bookmakers.last_update bookmakers.markets.key bookmakers.markets.last_update",
    Layout.PROPS_SIDES_CSV:
        "market bookmaker player side line price home_team away_team game_id commence_time",
    Layout.PROPS_LINES_CSV:
        "event_id player market line bookmaker game game_time over_odds under_odds",
    Layout.ODDS_API_PROPS_JSON: _ODDS_API,
    Layout.ODDS_API_GAMES_JSON: _ODDS_API,
    Layout.NOT_POSTED: "status",
    Layout.PRIZEPICKS_JSON:
        "scrapedAt scrapedDate source sport totalProps props props.player props.stat props.sport "
        "props.line props.startTime props.startTimeIso props.startTimeCST props.startDateCST "
        "props.oddsType props.rank props.gameId props.Team props.teamCode props.Opponent "
        "props.opponentCode",
    Layout.BETTINGPROS_EVENTS_JSON:
        "_parameters events ts utc events.id events.sr_id events.sport events.scheduled "
        "events.season events.season_type events.event_name events.status events.home "
        "events.visitor events.link events.series_summary events.popularity events.lineups "
        "events.venue events.participants events.broadcasts events.results events.is_free",
    Layout.BETTINGPROS_OFFERS_JSON:
        "_pagination _parameters offers markets ts utc offers.id offers.sport offers.event_id "
        "offers.market_id offers.link offers.active offers.participants offers.selections "
        "offers.participants.id offers.participants.name offers.participants.link "
        "offers.participants.player offers.selections.id offers.selections.selection "
        "offers.selections.label offers.selections.short_label offers.selections.participant "
        "offers.selections.opening_line.line offers.selections.opening_line.cost "
        "offers.selections.opening_line.book_id offers.selections.opening_line.created "
        "offers.selections.books offers.selections.books.id offers.selections.books.lines "
        + " ".join(f"offers.selections.books.lines.{name}" for name in _LINE.split()),
    Layout.SBR_GAMES_CSV:
        "table Date Home Away OU Spread ML_Home ML_Away Points Win_Margin Days_Rest_Home "
        "Days_Rest_Away",
    Layout.CONSENSUS_GAMES_PARQUET:
        "event_id home_team away_team commence_time home_ml away_ml home_spread_price "
        "away_spread_price spread_point total_over_price total_under_price total_point",
}  # fmt: skip
