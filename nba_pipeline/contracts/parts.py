"""What a table contract is made of: what is expected, landed, audited and published.

Belongs here: the parts of a declaration, each with its own rules. Does not belong here: the
declaration as a whole, its columns and its requirements (``spec``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from nba_pipeline.landing.payload import Endpoint
from nba_pipeline.league.calendar import TEAMS, Day
from nba_pipeline.league.clock import Anchor, Moment, Timing


class Entity(StrEnum):
    """Columns that name what a row is a part of, the narrower one first."""

    TEAM = "team"
    GAME = "game_id"


class Expects(StrEnum):
    """What must be there on a date, by the schedule."""

    TEAMS = "teams"  # every team of every game
    GAMES = "games"  # rows of every game
    ANY = "any"  # at least one row on a date with games; who posts it chooses the games
    ALL_TEAMS = "all_teams"  # each team of the league, whatever is played
    NOTHING = "nothing"  # what the source gives; a number of rows may be known apart


_NAMED_IN = {
    Expects.TEAMS: Entity.TEAM,
    Expects.GAMES: Entity.GAME,
    Expects.ALL_TEAMS: Entity.TEAM,
}


class Due(StrEnum):
    """When a table's rows must be there."""

    CALENDAR = "calendar"  # before anything else: it says which dates have games
    AFTER_GAMES = "after_games"  # on dates with games, once all of them are final
    BEFORE_GAMES = "before_games"  # on dates with games, before they begin
    EVERY_DATE = "every_date"  # on every calendar date, whatever is played
    UNDATED = "undated"  # no dates: one list, replaced whole


AFTER_WHISTLE = Timing(Moment(Anchor.FINAL_WHISTLE), Moment(Anchor.MORNING_AFTER, 3))
"""The league has a box score minutes after the game; three hours into the day somebody looks."""
NEXT_MORNING = Timing(Moment(Anchor.MORNING_AFTER), Moment(Anchor.MORNING_AFTER, 8))
"""Plays, shots and pages that are collected overnight come six hours and more after the game."""
BEFORE_TIP_OFF = Timing(Moment(Anchor.TIP_OFF, -6), Moment(Anchor.TIP_OFF))
"""Books open a night's player lines by noon, the first injury report of a game day comes at half
past eleven; what is not there at tip-off was not known before the game."""
ON_THE_DAY = Timing(Moment(Anchor.MORNING), Moment(Anchor.MORNING_AFTER))
"""Lists of the day itself, which its next morning no longer shows."""

_USUALLY = {
    Due.CALENDAR: Timing(Moment(Anchor.MORNING), Moment(Anchor.MORNING, 3)),
    Due.AFTER_GAMES: AFTER_WHISTLE,
    Due.BEFORE_GAMES: BEFORE_TIP_OFF,
    Due.EVERY_DATE: ON_THE_DAY,
}


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a date must hold, and from when on.

    Attributes:
        entities: what must be there on a date with games.
        due: when it must be there.
        bootstrap_days: days at the start of every season on which nothing is expected yet.
        history_days: the same for the first known season only, which has nothing to look back on.
        rows_per_team: least and most rows of a team in a game, both inclusive. Five players must
            be on court; in five seasons of games 6 to 15 were, so 17 is no game.
        conserves_source_rows: every row of the chosen source is kept; ``sql/expected`` counts them.
    """

    entities: Expects = Expects.TEAMS
    due: Due = Due.AFTER_GAMES
    bootstrap_days: int = 0
    history_days: int = 0
    rows_per_team: tuple[int, int] = (5, 17)
    conserves_source_rows: bool = False

    def __post_init__(self) -> None:
        """Refuse an expectation that no rows could meet."""
        least, most = self.rows_per_team
        if not 0 < least <= most:
            raise ValueError(f"no team has at least {least} and at most {most} rows")
        if min(self.bootstrap_days, self.history_days) < 0:
            raise ValueError("days without expectation are not negative")

    @property
    def follows_schedule(self) -> bool:
        """Whether a date without games holds no rows; elsewhere rows are due whatever is played."""
        return self.due is not Due.EVERY_DATE

    @property
    def due_when_final(self) -> bool:
        """Whether the table waits for results."""
        return self.due is Due.AFTER_GAMES

    @property
    def limits(self) -> dict[str, object]:
        """What a check may name: ``least_rows`` and ``most_rows`` of a team."""
        least, most = self.rows_per_team
        return {"least_rows": least, "most_rows": most}

    @property
    def named_in(self) -> Entity | None:
        """Column that names each expected entity; None where they are not expected one by one."""
        return _NAMED_IN.get(self.entities)

    def entities_of(self, day: Day) -> tuple[str, ...]:
        """Names of what the day makes us expect: of each or, where any is enough, of all."""
        if self.entities is Expects.GAMES:
            return tuple(game.game_id for game in day.games)
        if self.entities is Expects.ALL_TEAMS:
            return TEAMS
        return () if self.entities is Expects.NOTHING else day.teams


@dataclass(frozen=True, slots=True)
class Payloads:
    """Which payloads a table is parsed from.

    Attributes:
        endpoint: what the source is asked for.
        accumulates: every landed payload of a date counts, not only the newest: the source shows
            the present only (lines, rosters), so that an older answer cannot be had again.
        may_be_off_schedule: what names games that are not scheduled is left out: lines were rightly
            posted before a game was put off. A box score or an injury report of a team that does
            not play has lost the one that does.
        timing: when a date is due and late, where its source is slower than most.
    """

    endpoint: Endpoint
    accumulates: bool = False
    may_be_off_schedule: bool = False
    timing: Timing | None = None

    def timing_of(self, due: Due) -> Timing | None:
        """When a date is due and late; None of a table without dates."""
        return self.timing or _USUALLY.get(due)


@dataclass(frozen=True, slots=True)
class Statement:
    """The SELECT that a table is computed by.

    Attributes:
        file: name in the dataset's folder of ``sql`` where several tables share one statement;
            elsewhere it has the table's name.
        parameters: what tells such tables apart, bound beside the dates.
        text: the statement without comments and layout; attached by the registry.
    """

    file: str = ""
    parameters: tuple[tuple[str, object], ...] = ()
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CoverageFloor:
    """Least share of rows with a value, judged per date, and by month over the whole table.

    ``of`` is a SQL condition on the row that defines the denominator. ``reason_column`` says why
    the value is NULL: a NULL without a reason breaks the floor, and rows with one of the
    ``excused`` reasons are left out of the denominator. With fewer than ``least_rows`` a share
    says nothing and is not judged.
    """

    column: str
    floor: float
    of: str = "TRUE"
    reason_column: str = ""
    excused: tuple[str, ...] = ()
    least_rows: int = 0


@dataclass(frozen=True, slots=True)
class RowRule:
    """A rule within one row; ``bad`` is a SQL condition that is true of a bad row."""

    name: str
    bad: str
    column: str


@dataclass(frozen=True, slots=True)
class Audits:
    """What rows must be before they are published, beside keys, types and ranges.

    Attributes:
        rules: of each row on its own.
        identities: of rows taken together: names of files in ``sql/checks``; each returns the
            offending entities of the staged rows (``game_date``, ``entity``, ``detail``), none
            when the identity holds.
        floors: of the share of values in a column.
        whole_seasons: whether a season that is over must have every game that the league plays.
    """

    rules: tuple[RowRule, ...] = ()
    identities: tuple[str, ...] = ()
    floors: tuple[CoverageFloor, ...] = ()
    whole_seasons: bool = False


@dataclass(frozen=True, slots=True)
class Publishing:
    """What may become of published rows.

    Attributes:
        partial: whether a date is published as far as it goes: raw tables keep what the source
            gave; derived tables only whole dates.
        may_shrink: a correction may take rows away; elsewhere a row once published stays.
        tolerance: share of a date's rows that may be quarantined while the rest is published.
        tolerance_reason: why that share and no other.
    """

    partial: bool = False
    may_shrink: bool = False
    tolerance: float = 0.0
    tolerance_reason: str = ""

    def __post_init__(self) -> None:
        """Refuse a tolerance that is no share, tolerates everything or has no reason."""
        if not 0 <= self.tolerance < 1:
            raise ValueError(f"tolerance {self.tolerance} is not in [0, 1)")
        if bool(self.tolerance) != bool(self.tolerance_reason.strip()):
            raise ValueError(f"tolerance {self.tolerance} has no reason, or a reason nothing to it")
