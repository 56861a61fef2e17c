"""What a source answered: one payload, what it was asked for and how its bytes are to be read.

Belongs here: payload, endpoint, layout, range of dates and the errors of sources. Does not belong
here: asking a source (``sources.loader``), reading the bytes (``sources.parse``) or keeping them
(``landing.zone``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

_SEASON = re.compile(r"season=(\d{4})-\d{2}")


_DATES = re.compile(r"dates=(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


class Endpoint(StrEnum):
    """What a payload holds; one raw table is fed by one endpoint."""

    SCHEDULE = "schedule"
    PLAYER_GAMELOG = "player_gamelog"
    TEAM_GAMELOG = "team_gamelog"
    BREF_BOXSCORES = "bref_boxscores"
    SHOTS = "shots"
    POINTS_LINES = "points_lines"
    PRIZEPICKS_LINES = "prizepicks_lines"
    BETTINGPROS_LINES = "bettingpros_lines"
    GAME_LINES = "game_lines"
    GAME_SHEETS = "game_sheets"
    BDL_BOXSCORES = "bdl_boxscores"
    BREF_PLAYS = "bref_plays"
    LEAGUE_PLAYS = "league_plays"
    TEAMS = "teams"
    PLAYERS = "players"
    ALIASES = "aliases"
    PLAYER_SEASONS = "player_seasons"
    ARENAS = "arenas"
    SCOREBOARD = "scoreboard"
    INJURY_REPORT = "injury_report"
    INJURY_TRANSACTIONS = "injury_transactions"
    ROSTERS = "rosters"


class Layout(StrEnum):
    """How the bytes of a payload are to be read; each has exactly one parser."""

    SCHEDULE_LEAGUE_V2 = "schedule_league_v2"  # JSON leagueSchedule.gameDates[].games[]
    SCHEDULE_FLAT_V2 = "schedule_flat_v2"  # CSV of the same, keys joined by dots
    SCHEDULE_SNAKE_LIST = "schedule_snake_list"  # JSON list, snake_case keys
    SCHEDULE_LSCD = "schedule_lscd"  # JSON lscd[].mscd.g[], the league's old feed
    SCHEDULE_NBAHX = "schedule_nbahx"  # CSV gid,gcode,etdate,...
    GAMELOG_JSON = "gamelog_json"  # stats.nba.com resultSets envelope
    GAMELOG_CSV = "gamelog_csv"  # the same columns as CSV
    GAMELOG_PARQUET = "gamelog_parquet"  # the same columns as Parquet
    GAMELOG_COMPACT_CSV = "gamelog_compact_csv"  # no game id, no shot counts
    BREF_JSONL = "bref_jsonl"  # one Basketball-Reference game a line
    SHOTS_PARQUET = "shots_parquet"  # every field-goal attempt; two spellings of its columns
    SHOTS_JSON = "shots_json"  # stats.nba.com shotchartdetail
    PROPS_OUTCOMES_CSV = "props_outcomes_csv"  # The Odds API's nested answer, an outcome a row
    PROPS_SIDES_CSV = "props_sides_csv"  # an outcome a row, fewer columns, no snapshot time
    PROPS_LINES_CSV = "props_lines_csv"  # a line a row with both prices
    ODDS_API_PROPS_JSON = "odds_api_props_json"  # The Odds API, player_points, live or historical
    ODDS_API_GAMES_JSON = "odds_api_games_json"  # The Odds API, spreads and totals, likewise
    NOT_POSTED = "not_posted"  # an explicit "nothing posted" (HTTP 204), kept as its status
    PRIZEPICKS_JSON = "prizepicks_json"  # a board with its time; four ages of it
    BETTINGPROS_EVENTS_JSON = "bettingpros_events_json"  # games of a date
    BETTINGPROS_OFFERS_JSON = "bettingpros_offers_json"  # a page of offers
    SBR_GAMES_CSV = "sbr_games_csv"  # closing lines, no book, no time
    CONSENSUS_GAMES_PARQUET = "consensus_games_parquet"  # closing lines averaged over books
    SHEET_IDS_CSV = "sheet_ids_csv"  # BoxScoreTraditionalV3 rows, ids for names, no date
    SHEET_NAMES_CSV = "sheet_names_csv"  # id,full_name: the names to those ids
    SHEET_TABLE_CSV = "sheet_table_csv"  # BoxScoreTraditionalV3 rows with names and comments
    SHEET_JSON = "sheet_json"  # stats.nba.com boxscoretraditionalv3, one game
    SHEET_LIVE_JSON = "sheet_live_json"  # the live feed's box score, one game
    SHEET_GAMEBOOK_JSON = "sheet_gamebook_json"  # a gamebook's text as lists of players
    BDL_JSON = "bdl_json"  # BallDontLie box_scores, the games of a date
    BREF_PLAYS_JSONL = "bref_plays_jsonl"  # one printed play-by-play table a line
    LEAGUE_PLAYS_JSON = "league_plays_json"  # JSON game.actions[], the league's live feed
    PLAYERS_JSON = "players_json"  # stats.nba.com commonallplayers
    ALIASES_CSV = "aliases_csv"  # decisions about spellings: ours and the operators'
    PLAYER_INDEX_JSON = "player_index_json"  # stats.nba.com playerindex of a season
    PLAYER_POSITIONS_CSV = "player_positions_csv"  # PLAYER_ID, POSITION, TeamID of a season
    PLAYER_PROFILES_CSV = "player_profiles_csv"  # commonplayerinfo of many players
    ARENAS_CSV = "arenas_csv"  # the file in ``seeds``
    INJURY_REPORT_PDF = "injury_report_pdf"  # the league's document
    SCOREBOARD_JSON = "scoreboard_json"  # the league's live scoreboard of a day, as it was taken
    ESPN_INJURIES_PARQUET = "espn_injuries_parquet"  # ESPN's page of injuries at a moment
    INJURY_REPORT_JSON = "injury_report_json"  # listed players only, as a program read them
    TRANSACTIONS_CSV = "transactions_csv"  # Pro Sports Transactions: Date, Team, Acquired, ...
    ESPN_ROSTER_JSON = "espn_roster_json"  # one team; the answer has no date
    TEAMS_CSV = "teams_csv"  # ID, Abbreviation, Full Name, ...


_LONGEST = 1000
"""Characters of a message about a payload; values in it come from outside."""


class SourceError(Exception):
    """A source did not give what it should; the message names source, request and cause."""


Place = tuple[str, int]
"""A record of a payload: what it is (``row``, ``game``), and its number, counted from 1."""


class PayloadError(SourceError):
    """A payload is empty, truncated, of another shape or too large; the message names it.

    It is one line that can be printed and stored, whatever was in the payload.

    Attributes:
        bad: the records that cannot be read, each with its message; empty when it is the payload.
    """

    def __init__(self, message: str, bad: Mapping[Place, str] | None = None) -> None:
        super().__init__(_shortened(message))
        self.bad = {place: _shortened(text) for place, text in (bad or {}).items()}


def _shortened(message: str) -> str:
    text = one_line(message)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def one_line(text: str) -> str:
    """A text without line ends, control characters and what no encoding can write."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


@dataclass(frozen=True)
class Payload:
    """One answer of a source, exactly as received.

    ``request_key`` says what was asked (``season=2024-25/type=regular``): two payloads with the
    same key are versions of the same thing, and the newest counts.
    """

    source: str
    endpoint: Endpoint
    request_key: str
    layout: Layout
    fetched_at: dt.datetime
    content: bytes

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the content."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def asked_dates(self) -> DateRange | None:
        """Dates that the request was for, where its key has them."""
        found = _DATES.search(self.request_key)
        return DateRange(*map(dt.date.fromisoformat, found.groups())) if found else None

    @property
    def asked_season(self) -> int | None:
        """Season that the request was for, where its key has one."""
        found = _SEASON.search(self.request_key)
        return int(found[1]) if found else None

    @property
    def label(self) -> str:
        """Short name for messages."""
        return f"{self.source}/{self.endpoint}/{self.request_key}"


@dataclass(frozen=True, slots=True)
class DateRange:
    """Inclusive range of game dates."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        """Refuse a reversed range."""
        if self.first > self.last:
            raise ValueError(f"range ends before it starts: {self.first} .. {self.last}")

    def __contains__(self, date: object) -> bool:
        """Whether a date lies in the range."""
        return isinstance(date, dt.date) and self.first <= date <= self.last

    def dates(self) -> list[dt.date]:
        """All calendar dates of the range."""
        return [self.first + dt.timedelta(n) for n in range((self.last - self.first).days + 1)]
