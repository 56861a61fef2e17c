"""Loaders of the simulated league: the same interface as archives and web.

Belongs here: which payload answers which request. Does not belong here: what is in it; people apart
from games (``people_loaders``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload
from nba_pipeline.league.calendar import Game, SeasonType, season_label, season_year_on
from nba_pipeline.sources.loader import Loader
from nba_pipeline.sources.own.fixed import NothingLoader
from nba_pipeline.sources.simulated import payloads
from nba_pipeline.sources.simulated.league import Season, SimulatedLeague
from nba_pipeline.sources.simulated.lines import points_lines
from nba_pipeline.sources.simulated.markets import CLOSING, MORNING, game_lines, prizepicks_board
from nba_pipeline.sources.simulated.people_loaders import people_loaders
from nba_pipeline.sources.simulated.sheets import bdl_box_scores, sheets
from nba_pipeline.sources.simulated.shots import shots

_NOT_SIMULATED: Mapping[Endpoint, str] = {
    Endpoint.BREF_PLAYS: "play-by-play",
    Endpoint.LEAGUE_PLAYS: "play-by-play",
    Endpoint.BETTINGPROS_LINES: "BettingPros",
    Endpoint.INJURY_TRANSACTIONS: "injury-list transactions",
}

_LOG_KINDS = tuple(t for t in SeasonType if t.counts)
_Content = Callable[[SimulatedLeague, Season], bytes]
_WHOLE_SEASONS: Mapping[Endpoint, tuple[Layout, str, _Content]] = {
    Endpoint.SHOTS: (Layout.SHOTS_PARQUET, "", lambda league, s: shots(league.seed, s)),
    Endpoint.POINTS_LINES: (
        Layout.PROPS_LINES_CSV, "/file=raw_{year}1001_120000", points_lines
    ),
    Endpoint.BREF_BOXSCORES: (Layout.BREF_JSONL, "", lambda _, s: payloads.bref(s)),
    Endpoint.GAME_SHEETS: (
        Layout.SHEET_TABLE_CSV, "", lambda league, s: sheets(league.seed, s)
    ),
    Endpoint.BDL_BOXSCORES: (Layout.BDL_JSON, "", lambda _, s: bdl_box_scores(s)),
}  # fmt: skip
"""Layout, end of the request key and content of what has one payload a season."""


class SimulatedLoader:
    """One endpoint of a simulated league."""

    def __init__(self, league: SimulatedLeague, endpoint: Endpoint) -> None:
        self.league = league
        self.endpoint = endpoint
        self.name = "simulated"
        self._rendered: dict[int, list[Payload]] = {}

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """Payloads of the seasons that the range touches."""
        if self.endpoint is Endpoint.TEAMS:
            yield self._payload("all", Layout.TEAMS_CSV, payloads.teams())
        elif self.endpoint in (Endpoint.GAME_LINES, Endpoint.PRIZEPICKS_LINES):
            for date in dates.dates():
                if season_year_on(date) in self.league.season_years:
                    yield from self._quotes(date)
        else:
            asked = range(season_year_on(dates.first), season_year_on(dates.last) + 1)
            for year in self.league.season_years:
                if year in asked:
                    if year not in self._rendered:
                        self._rendered[year] = list(self._of_season(year))
                    yield from self._rendered[year]

    def _quotes(self, date: dt.date) -> Iterator[Payload]:
        """Snapshots of one date: morning and closing for games, one board of PrizePicks."""
        season, key = self.league.season(season_year_on(date)), f"dates={date}..{date}"
        if self.endpoint is Endpoint.PRIZEPICKS_LINES:
            board = prizepicks_board(self.league, season, date)
            if board is not None:
                yield self._payload(f"{key}/file=board", Layout.PRIZEPICKS_JSON, board)
            return
        for name, taken in (("morning", MORNING), ("closing", CLOSING)):
            content = game_lines(self.league, season, date, taken)
            if content is not None:
                yield self._payload(f"{key}/at={name}", Layout.ODDS_API_GAMES_JSON, content)

    def _of_season(self, year: int) -> Iterator[Payload]:
        season, key = self.league.season(year), f"season={season_label(year)}"
        if self.endpoint is Endpoint.SCHEDULE:
            content = payloads.schedule(self.league, season)
            yield self._payload(key, Layout.SCHEDULE_LEAGUE_V2, content)
        elif self.endpoint in _WHOLE_SEASONS:
            layout, name, content_of = _WHOLE_SEASONS[self.endpoint]
            if season.boxes or self.endpoint is Endpoint.POINTS_LINES:
                content = content_of(self.league, season)
                yield self._payload(f"{key}{name.format(year=year)}", layout, content)
        else:
            is_players = self.endpoint is Endpoint.PLAYER_GAMELOG
            render = payloads.player_log if is_players else payloads.team_log
            for kind in _LOG_KINDS:
                yield self._payload(f"{key}/type={kind}", Layout.GAMELOG_JSON, render(season, kind))

    def _payload(self, key: str, layout: Layout, content: bytes) -> Payload:
        at = dt.datetime.combine(self.league.as_of, dt.time(10), dt.UTC)
        return Payload(self.name, self.endpoint, key, layout, at, content)

    def not_offered(self, game: Game) -> str | None:
        """Nothing is missing."""
        return None


def simulated_loaders(league: SimulatedLeague) -> Mapping[Endpoint, Loader]:
    """A loader per endpoint."""
    others: dict[Endpoint, Loader] = {
        e: NothingLoader("simulated", e, f"the simulated league has no {what}")
        for e, what in _NOT_SIMULATED.items()
    }
    others |= people_loaders(league)
    mine = [e for e in Endpoint if e not in others and e is not Endpoint.ALIASES]
    return {**{e: SimulatedLoader(league, e) for e in mine}, **others}
