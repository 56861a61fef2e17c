"""The league's calendar: seasons, game types, game ids and what a date must hold.

Belongs here: pure rules over schedule rows, without a database or a clock of their own.
Does not belong here: reading schedule payloads (``sources``), judging tables (``verdict``).
Every completeness check starts from these rules: an average night does not exist (1 to 15 games),
so only the schedule can say what is missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import attrgetter
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
"""The league's clock: a game belongs to the Eastern calendar date of its tip-off."""

NIGHT_ENDS = dt.timedelta(hours=6)
"""Eastern time of day at which a league date is over: games of the West end after midnight, the
longest well before."""

FIRST_GAME_DATE = dt.date(2021, 10, 19)
"""Opening night of 2021-22, the first partition of every table."""

FORWARD_DAYS = 1
"""Days after today that may be built: what is known of tomorrow's games."""

TEAMS: tuple[str, ...] = (
    "ATL", "BKN", "BOS", "CHA", "CHI", "CLE", "DAL", "DEN", "DET", "GSW",
    "HOU", "IND", "LAC", "LAL", "MEM", "MIA", "MIL", "MIN", "NOP", "NYK",
    "OKC", "ORL", "PHI", "PHX", "POR", "SAC", "SAS", "TOR", "UTA", "WAS",
)  # fmt: skip
"""The 30 NBA tricodes. A game with any other team is an exhibition."""

TEAM_IDS: Mapping[int, str] = {
    1_610_612_737 + n: team
    for n, team in enumerate(
        ("ATL", "BOS", "CLE", "NOP", "CHI", "DAL", "DEN", "GSW", "HOU", "LAC", "LAL", "MIA", "MIL",
         "MIN", "BKN", "NYK", "ORL", "IND", "PHI", "PHX", "POR", "SAC", "SAS", "OKC", "TOR", "UTA",
         "MEM", "WAS", "DET", "CHA")
    )
}  # fmt: skip
"""Tricode of the official team id; ids are consecutive, in the order of the clubs' old names."""

TRICODE_ALIASES: Mapping[str, str] = {
    "BRK": "BKN", "CHO": "CHA", "PHO": "PHX", "GS": "GSW", "NY": "NYK",
    "NO": "NOP", "SA": "SAS", "UTAH": "UTA", "WSH": "WAS",
}  # fmt: skip
"""Vendors' spellings of a tricode."""


class SeasonType(StrEnum):
    """Kind of game, from the first three characters of the official game id."""

    PRESEASON = "preseason"
    REGULAR = "regular"
    ALL_STAR = "all_star"
    PLAYOFFS = "playoffs"
    PLAY_IN = "play_in"
    CUP_FINAL = "cup_final"

    @property
    def counts(self) -> bool:
        """Whether tables must hold the games: exhibitions are out, everything else is in."""
        return self not in (SeasonType.PRESEASON, SeasonType.ALL_STAR)


_PREFIXES: Mapping[str, SeasonType] = {
    "001": SeasonType.PRESEASON,
    "002": SeasonType.REGULAR,
    "003": SeasonType.ALL_STAR,
    "004": SeasonType.PLAYOFFS,
    "005": SeasonType.PLAY_IN,
    "006": SeasonType.CUP_FINAL,
}


class GameStatus(StrEnum):
    """What is known of a game now."""

    SCHEDULED = "scheduled"
    LIVE = "live"
    FINAL = "final"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class Witness(StrEnum):
    """Who says that a game is final."""

    SCHEDULE = "schedule"
    TEAM_BOXSCORE = "team_boxscore"
    INDEPENDENT_BOXSCORE = "independent_boxscore"
    SCOREBOARD = "scoreboard"


def season_type_of(nba_game_id: str) -> SeasonType:
    """Kind of game of an official ten-digit id.

    Raises:
        ValueError: the id is not ten digits or has an unknown prefix.
    """
    if len(nba_game_id) != 10 or not (nba_game_id.isascii() and nba_game_id.isdigit()):
        raise ValueError(f"not an official game id of ten digits: {nba_game_id!r}")
    try:
        return _PREFIXES[nba_game_id[:3]]
    except KeyError:
        raise ValueError(f"unknown kind of game in id {nba_game_id!r}") from None


def season_year_of(nba_game_id: str) -> int:
    """First year of the season in an official id: characters 4-5 (``0022300061`` is 2023)."""
    return 2000 + int(nba_game_id[3:5])


def season_year_on(date: dt.date) -> int:
    """First year of the season that ``date`` falls in, by month; schedules say it better."""
    return date.year if date.month >= 9 else date.year - 1


def season_label(season_year: int) -> str:
    """``2023`` as the league writes it: ``2023-24``."""
    return f"{season_year}-{(season_year + 1) % 100:02d}"


def canonical_team(tricode: str) -> str:
    """League tricode of any vendor's spelling.

    Raises:
        ValueError: not one of the 30 teams.
    """
    team = TRICODE_ALIASES.get(tricode, tricode)
    if team not in TEAMS:
        raise ValueError(f"not an NBA team: {tricode!r}")
    return team


def game_key(game_date: dt.date, away: str, home: str) -> str:
    """Our game id ``YYYYMMDD_AWAY_HOME``; no team plays twice on one Eastern date."""
    return f"{game_date:%Y%m%d}_{away}_{home}"


GAME_COLUMNS = (
    "game_id", "game_date", "season_year", "season_type", "home_team", "away_team", "game_status",
    "home_score", "away_score", "nba_game_id",
)  # fmt: skip
"""Columns of scheduled games, in the order of ``sql/ops/scheduled_games``."""

RESULT = ("home_team", "away_team", "home_score", "away_score")
"""What must be known of a game that is final."""
_result = attrgetter(*RESULT)


@dataclass(frozen=True, slots=True)
class Game:
    """One scheduled game, as the newest evidence has it."""

    game_id: str
    game_date: dt.date
    season_year: int
    season_type: SeasonType
    home_team: str | None
    away_team: str | None
    status: GameStatus
    home_score: int | None = None
    away_score: int | None = None
    nba_game_id: str | None = None

    @property
    def is_played(self) -> bool:
        """Final with both teams and a score; "Final" without one is a phantom, not a result."""
        return self.status is GameStatus.FINAL and None not in _result(self)


class DayKind(StrEnum):
    """What the schedule says of a date."""

    GAMES = "games"
    NO_GAMES = "no_games"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Day:
    """Expectation of one game date.

    ``games`` are those that count; ``note`` says why there are none, or what is left out.
    """

    date: dt.date
    kind: DayKind
    games: tuple[Game, ...] = ()
    note: str = ""

    @property
    def is_final(self) -> bool:
        """Every game has a result (true of a day without games)."""
        return self.kind is not DayKind.UNKNOWN and all(g.is_played for g in self.games)

    @property
    def open_games(self) -> tuple[Game, ...]:
        """Games without a result yet."""
        return tuple(g for g in self.games if not g.is_played)

    @property
    def finished(self) -> Day:
        """The day with those of its games that have a result."""
        played = tuple(g for g in self.games if g.is_played)
        return self if len(played) == len(self.games) else replace(self, games=played)

    @property
    def teams(self) -> tuple[str, ...]:
        """Teams that played, sorted; two a game."""
        return tuple(sorted(t for g in self.games for t in (g.home_team, g.away_team) if t))


def day_of(date: dt.date, games: Iterable[Game], *, covered: bool, note: str = "") -> Day:
    """Expectation of ``date`` from its schedule rows.

    ``covered`` says whether a schedule speaks of the date at all: silence of a schedule that
    does not reach the date is no proof that nobody played. Postponed and cancelled games are
    not expected on the date any more.
    """
    kept = tuple(
        sorted(
            (
                g
                for g in games
                if g.season_type.counts
                and g.status not in (GameStatus.POSTPONED, GameStatus.CANCELLED)
            ),
            key=lambda g: g.game_id,
        )
    )
    if kept:
        return Day(date, DayKind.GAMES, kept, note)
    if covered:
        return Day(date, DayKind.NO_GAMES, (), note or "no games scheduled")
    return Day(date, DayKind.UNKNOWN, (), note or "no schedule covers this date")


def is_bootstrap(date: dt.date, season_start: dt.date, days: int = 14) -> bool:
    """Whether ``date`` is in the first ``days`` of a season, when trailing tables have no past."""
    return 0 <= (date - season_start).days < days
