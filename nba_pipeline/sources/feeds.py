"""Every feed, declared once: its layouts, how rows come from them, and where its payloads are from.

Belongs here: an entry per endpoint. Does not belong here: the shape of an entry (``feed``), what is
found through one (``lookup``), or anything that it names.
A new feed is its own files, an ``Endpoint`` with its ``Layout`` names, and an entry here. A source
mode that does not have an endpoint says why; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping

from nba_pipeline.landing.payload import Endpoint
from nba_pipeline.sources.feed import Feed, Loaded, Making, Nothing, Own, Rows, declared, named

_ARCHIVE = Loaded("archive.loader:archive_loader")
_LEAGUE = Loaded("web.loaders:season_loader")
_SEASONS = Loaded("simulated.loaders:season_loader")
_QUOTES = Loaded("simulated.loaders:QuoteLoader")
_PLAYER_LISTS = Loaded("simulated.people_loaders:PlayerListLoader")
_ARENAS, _ALIASES = Own("own.fixed:arena_loader"), Own("own.aliases:AliasLoader")

_BOXSCORES = Rows(Making.DATED, "rows.boxscores:boxscore_rows", is_by_date=True)
_PLAYS = Rows(Making.DATED, "rows.plays:play_rows", is_by_date=True)
_LIST = Rows(Making.WHOLE, "rows.reference:list_rows")

_LOGS = "GAMELOG_JSON GAMELOG_CSV GAMELOG_PARQUET GAMELOG_COMPACT_CSV"
_NO_PLAYS = Nothing("simulated", "the simulated league has no play-by-play")


def _for_readers(source: str, who: str) -> Nothing:
    """A site that is meant for readers only: never scraped."""
    return Nothing(source, f"{who} has no interface for programs")


FEEDS: Mapping[Endpoint, Feed] = declared(
    Feed(
        endpoint=Endpoint.SCHEDULE,
        layouts=named(
            "parse.schedule",
            "SCHEDULE_LEAGUE_V2 SCHEDULE_FLAT_V2 SCHEDULE_SNAKE_LIST SCHEDULE_LSCD SCHEDULE_NBAHX",
        ),
        rows=Rows(Making.SCHEDULE, "rows.schedule:schedule_rows"),
        witnesses=(
            Endpoint.TEAM_GAMELOG,
            Endpoint.PLAYER_GAMELOG,
            Endpoint.BREF_BOXSCORES,
            Endpoint.SCOREBOARD,
        ),
        archives=_ARCHIVE,
        web=_LEAGUE,
        simulated=_SEASONS,
    ),
    Feed(
        endpoint=Endpoint.PLAYER_GAMELOG,
        layouts=named("parse.boxscores", _LOGS),
        rows=_BOXSCORES,
        archives=_ARCHIVE,
        web=_LEAGUE,
        simulated=_SEASONS,
    ),
    Feed(
        endpoint=Endpoint.TEAM_GAMELOG,
        layouts=named("parse.boxscores", _LOGS),
        rows=_BOXSCORES,
        archives=_ARCHIVE,
        web=_LEAGUE,
        simulated=_SEASONS,
    ),
    Feed(
        endpoint=Endpoint.BREF_BOXSCORES,
        layouts=named("parse.boxscores", "BREF_JSONL"),
        rows=_BOXSCORES,
        archives=_ARCHIVE,
        web=_for_readers("bref", "Basketball-Reference"),
        simulated=_SEASONS,
    ),
    Feed(
        endpoint=Endpoint.SHOTS,
        layouts=named("parse.shots", "SHOTS_JSON SHOTS_PARQUET"),
        rows=_BOXSCORES,
        archives=_ARCHIVE,
        web=_LEAGUE,
        simulated=_SEASONS,
    ),
    Feed(
        endpoint=Endpoint.POINTS_LINES,
        layouts=(
            *named("parse.props", "PROPS_OUTCOMES_CSV PROPS_SIDES_CSV PROPS_LINES_CSV"),
            *named("parse.odds_api", "ODDS_API_PROPS_JSON NOT_POSTED"),
        ),
        rows=Rows(Making.DATED, "rows.lines:line_rows"),
        archives=_ARCHIVE,
        web=Loaded("web.loaders:odds_loader"),
        simulated=_SEASONS,
    ),
    Feed(
        endpoint=Endpoint.PRIZEPICKS_LINES,
        layouts=named("parse.prizepicks", "PRIZEPICKS_JSON"),
        rows=Rows(Making.DATED, "rows.boards:prizepicks_rows"),
        archives=_ARCHIVE,
        web=_for_readers("prizepicks", "PrizePicks"),
        simulated=_QUOTES,
    ),
    Feed(
        endpoint=Endpoint.BETTINGPROS_LINES,
        layouts=named("parse.bettingpros", "BETTINGPROS_EVENTS_JSON BETTINGPROS_OFFERS_JSON"),
        rows=Rows(Making.DATED, "rows.boards:bettingpros_rows"),
        archives=_ARCHIVE,
        web=Loaded("web.loaders:bettingpros_loader"),
        simulated=Nothing("simulated", "the simulated league has no BettingPros"),
    ),
    Feed(
        endpoint=Endpoint.GAME_LINES,
        layouts=(
            *named("parse.game_lines", "SBR_GAMES_CSV CONSENSUS_GAMES_PARQUET"),
            *named("parse.odds_api", "ODDS_API_GAMES_JSON NOT_POSTED"),
        ),
        rows=Rows(Making.DATED, "rows.game_lines:game_line_rows"),
        archives=_ARCHIVE,
        web=Loaded("web.loaders:odds_loader"),
        simulated=_QUOTES,
    ),
    Feed(
        endpoint=Endpoint.GAME_SHEETS,
        layouts=(
            *named("parse.sheets", "SHEET_IDS_CSV SHEET_NAMES_CSV SHEET_TABLE_CSV"),
            *named("parse.sheets", "SHEET_JSON SHEET_LIVE_JSON"),
            *named("parse.gamebook", "SHEET_GAMEBOOK_JSON"),
        ),
        rows=Rows(Making.DATED, "rows.sheets:sheet_rows"),
        archives=_ARCHIVE,
        web=Loaded("web.loaders:sheet_loader"),
        simulated=_SEASONS,
    ),
    Feed(
        endpoint=Endpoint.BDL_BOXSCORES,
        layouts=named("parse.bdl", "BDL_JSON"),
        rows=_BOXSCORES,
        archives=_ARCHIVE,
        web=Loaded("web.loaders:bdl_loader"),
        simulated=_SEASONS,
    ),
    Feed(
        endpoint=Endpoint.BREF_PLAYS,
        layouts=named("parse.bref_plays", "BREF_PLAYS_JSONL"),
        rows=_PLAYS,
        archives=_ARCHIVE,
        web=_for_readers("bref", "Basketball-Reference"),
        simulated=_NO_PLAYS,
    ),
    Feed(
        endpoint=Endpoint.LEAGUE_PLAYS,
        layouts=named("parse.league_plays", "LEAGUE_PLAYS_JSON"),
        rows=_PLAYS,
        archives=_ARCHIVE,
        web=Loaded("web.loaders:plays_loader"),
        simulated=_NO_PLAYS,
    ),
    Feed(
        endpoint=Endpoint.SCOREBOARD,
        layouts=named("parse.scoreboard", "SCOREBOARD_JSON"),
        rows=Rows(Making.WITNESS, "rows.schedule_merge:scoreboard_results"),
        archives=_ARCHIVE,
        web=Nothing("nba_live", "the live scoreboard has today only, the schedule has it too"),
        simulated=Nothing("simulated", "the simulated league has no live scoreboard"),
    ),
    Feed(
        endpoint=Endpoint.INJURY_REPORT,
        layouts=(
            *named("parse.injury_report", "INJURY_REPORT_PDF INJURY_REPORT_JSON"),
            *named("parse.espn_injuries", "ESPN_INJURIES_PARQUET"),
        ),
        rows=Rows(Making.DATED, "rows.people:injury_rows"),
        archives=_ARCHIVE,
        web=Loaded("web.loaders:injury_report_loader"),
        simulated=Loaded("simulated.people_loaders:InjuryReportLoader"),
    ),
    Feed(
        endpoint=Endpoint.INJURY_TRANSACTIONS,
        layouts=named("parse.transactions", "TRANSACTIONS_CSV"),
        rows=Rows(Making.DATED, "rows.people:transaction_rows"),
        archives=_ARCHIVE,
        web=_for_readers("pst", "Pro Sports Transactions"),
        simulated=Nothing("simulated", "the simulated league has no injury-list transactions"),
    ),
    Feed(
        endpoint=Endpoint.ROSTERS,
        layouts=named("parse.rosters", "ESPN_ROSTER_JSON"),
        rows=Rows(Making.DATED, "rows.people:roster_rows"),
        archives=_ARCHIVE,
        web=Loaded("web.loaders:roster_loader"),
        simulated=Loaded("simulated.people_loaders:RosterLoader"),
    ),
    Feed(
        endpoint=Endpoint.TEAMS,
        layouts=named("parse.reference", "TEAMS_CSV"),
        rows=_LIST,
        archives=_ARCHIVE,
        web=Loaded("web.loaders:team_list_loader"),
        simulated=Loaded("simulated.loaders:TeamListLoader"),
    ),
    Feed(
        endpoint=Endpoint.PLAYERS,
        layouts=(
            *named("parse.reference", "PLAYERS_JSON"),
            *named("parse.player_index", "PLAYER_INDEX_JSON PLAYER_PROFILES_CSV"),
        ),
        rows=Rows(Making.WHOLE, "rows.reference:player_rows"),
        archives=_ARCHIVE,
        web=_LEAGUE,
        simulated=_PLAYER_LISTS,
    ),
    Feed(
        endpoint=Endpoint.PLAYER_SEASONS,
        layouts=(
            *named("parse.reference", "PLAYERS_JSON"),
            *named(
                "parse.player_index", "PLAYER_INDEX_JSON PLAYER_PROFILES_CSV PLAYER_POSITIONS_CSV"
            ),
        ),
        rows=Rows(Making.WHOLE, "rows.reference:player_season_rows"),
        archives=_ARCHIVE,
        web=_LEAGUE,
        simulated=_PLAYER_LISTS,
    ),
    Feed(
        endpoint=Endpoint.ARENAS,
        layouts=named("parse.reference", "ARENAS_CSV"),
        rows=_LIST,
        archives=_ARENAS,
        web=_ARENAS,
        simulated=_ARENAS,
    ),
    Feed(
        endpoint=Endpoint.ALIASES,
        layouts=named("parse.reference", "ALIASES_CSV"),
        rows=_LIST,
        archives=_ALIASES,
        web=_ALIASES,
        simulated=_ALIASES,
    ),
)
