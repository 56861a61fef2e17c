"""Loaders of the simulated league: the same interface as archives and web.

Belongs here: which payload answers which request. Does not belong here: what is in it; people apart
from games (``people_loaders``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload
from nba_pipeline.league.calendar import Game, SeasonType, season_label, season_year_on
from nba_pipeline.sources.simulated import payloads
from nba_pipeline.sources.simulated.league import Season, SimulatedLeague
from nba_pipeline.sources.simulated.lines import points_lines
from nba_pipeline.sources.simulated.markets import CLOSING, MORNING, game_lines, prizepicks_board
from nba_pipeline.sources.simulated.sheets import bdl_box_scores, sheets
from nba_pipeline.sources.simulated.shots import shots

_Content = Callable[[SimulatedLeague, Season], bytes]
_WHOLE_SEASONS: Mapping[Endpoint, tuple[Layout, str, _Content]] = {
    Endpoint.SCHEDULE: (Layout.SCHEDULE_LEAGUE_V2, "", payloads.schedule),
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

_BEFORE_GAMES = (Endpoint.SCHEDULE, Endpoint.POINTS_LINES)
"""What a season has before any of its games is played."""

_LOGS: Mapping[Endpoint, Callable[[Season, SeasonType], bytes]] = {
    Endpoint.PLAYER_GAMELOG: payloads.player_log,
    Endpoint.TEAM_GAMELOG: payloads.team_log,
}
_LOG_KINDS = tuple(t for t in SeasonType if t.counts)


class SimulatedLoader:
    """What the loaders of a simulated league have in common.

    Attributes:
        league: whose payloads they are.
    """

    name = "simulated"

    def __init__(self, league: SimulatedLeague, endpoint: Endpoint) -> None:
        self.league = league
        self.endpoint = endpoint

    def payload(self, key: str, layout: Layout, content: bytes) -> Payload:
        """A payload of the morning of the league's date."""
        at = dt.datetime.combine(self.league.as_of, dt.time(10), dt.UTC)
        return Payload(self.name, self.endpoint, key, layout, at, content)

    def not_offered(self, game: Game) -> str | None:
        """Nothing is missing."""
        return None


class TeamListLoader(SimulatedLoader):
    """The list of teams."""

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """The list, whatever the dates."""
        yield self.payload("all", Layout.TEAMS_CSV, payloads.teams())


class SeasonLoader(SimulatedLoader):
    """One endpoint with payloads of whole seasons, each rendered once."""

    def __init__(self, league: SimulatedLeague, endpoint: Endpoint) -> None:
        super().__init__(league, endpoint)
        self._rendered: dict[int, list[Payload]] = {}

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """Payloads of the seasons that the range touches."""
        asked = range(season_year_on(dates.first), season_year_on(dates.last) + 1)
        for year in self.league.season_years:
            if year in asked:
                if year not in self._rendered:
                    self._rendered[year] = list(self._of_season(year))
                yield from self._rendered[year]

    def _of_season(self, year: int) -> Iterator[Payload]:
        season, key = self.league.season(year), f"season={season_label(year)}"
        if self.endpoint in _LOGS:
            for kind in _LOG_KINDS:
                content = _LOGS[self.endpoint](season, kind)
                yield self.payload(f"{key}/type={kind}", Layout.GAMELOG_JSON, content)
            return
        layout, name, content_of = _WHOLE_SEASONS[self.endpoint]
        if season.boxes or self.endpoint in _BEFORE_GAMES:
            content = content_of(self.league, season)
            yield self.payload(f"{key}{name.format(year=year)}", layout, content)


@lru_cache(maxsize=32)
def season_loader(league: SimulatedLeague, endpoint: Endpoint) -> SeasonLoader:
    """The loader that every platform on a league shares, so that a season is rendered once."""
    return SeasonLoader(league, endpoint)


class QuoteLoader(SimulatedLoader):
    """Quotes by date: morning and closing for games, one board of PrizePicks."""

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """Snapshots of the dates."""
        for date in dates.dates():
            if season_year_on(date) in self.league.season_years:
                yield from self._of_date(date)

    def _of_date(self, date: dt.date) -> Iterator[Payload]:
        season, key = self.league.season(season_year_on(date)), f"dates={date}..{date}"
        if self.endpoint is Endpoint.PRIZEPICKS_LINES:
            board = prizepicks_board(self.league, season, date)
            if board is not None:
                yield self.payload(f"{key}/file=board", Layout.PRIZEPICKS_JSON, board)
            return
        for name, taken in (("morning", MORNING), ("closing", CLOSING)):
            content = game_lines(self.league, season, date, taken)
            if content is not None:
                yield self.payload(f"{key}/at={name}", Layout.ODDS_API_GAMES_JSON, content)
