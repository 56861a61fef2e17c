"""A file of an archive: what it holds by its name and the manifest, and what it answers.

Belongs here: seasons, kinds of games and dates of one file, and its request key. Does not belong
here: finding files (``listing``), reading their content (``loader``, ``inside``).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nba_pipeline.landing.payload import DateRange, Layout
from nba_pipeline.league.calendar import (
    Game,
    SeasonType,
    season_label,
    season_type_of,
    season_year_of,
    season_year_on,
)
from nba_pipeline.sources.archive.entry import Days, Entry, Statement
from nba_pipeline.sources.archive.inside import Inside, look_inside
from nba_pipeline.sources.archive.pattern import Named

_NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9_=.:+-]")
_FIELD = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True)
class ArchiveFile:
    """A file that an entry of the manifest describes.

    Attributes:
        name: its path below the archive's folder.
        but: what the manifest says of this file alone.
        fault: why it cannot be read, empty when it can.
    """

    path: Path
    name: str
    entry: Entry
    named: Named
    but: Statement
    fault: str = ""

    @property
    def layout(self) -> Layout:
        """How its bytes are to be read."""
        if self.entry.layout is None:
            raise ValueError(f"{self.name} is not read: {self.entry.refused}")
        return self.entry.layout

    @property
    def is_companion(self) -> bool:
        """Whether it holds nothing by itself: others cannot be read without it."""
        return self.entry.with_layout is not None

    @cached_property
    def seasons(self) -> frozenset[int] | None:
        """First years of the seasons it is of; None: the manifest does not say."""
        if self.named.season is not None:
            last = self.named.last_season or self.named.season
            return frozenset(range(self.named.season, last + 1))
        if self.named.game is not None:
            return frozenset((season_year_of(self.named.game),))
        return frozenset(self.entry.seasons) or None

    @cached_property
    def kinds(self) -> frozenset[SeasonType]:
        """Kinds of games it is of."""
        if self.named.kind is not None:
            return frozenset(self.entry.kind_names[self.named.kind])
        if self.named.game is not None:
            return frozenset((season_type_of(self.named.game),))
        return frozenset(self.entry.kinds or SeasonType)

    @cached_property
    def game(self) -> str | None:
        """Its only game."""
        return self.named.game or self.entry.game

    @cached_property
    def last_game_id(self) -> str | None:
        """Its last whole game."""
        return self.but.last_game_id or self.entry.last_game_id

    @cached_property
    def held(self) -> DateRange | None:
        """Game dates that it holds by name and manifest; None: neither says."""
        days = self.but.days or self.entry.days or (0, 0)
        return self._until(self._around(days))

    @cached_property
    def reads(self) -> DateRange | None:
        """Dates of which it may have rows."""
        held, around = self.held, self._around(self.entry.reads or self.entry.days or (0, 0))
        if held is None or around is None:
            return held
        return DateRange(min(held.first, around.first), max(held.last, around.last))

    def _around(self, days: Days) -> DateRange | None:
        if self.named.month is not None:
            following = (self.named.month + dt.timedelta(31)).replace(day=1)
            return DateRange(self.named.month, following - dt.timedelta(1))
        date = self.named.date or self.entry.date
        if date is None:
            return None
        return DateRange(*(date + dt.timedelta(n) for n in days))

    def _until(self, span: DateRange | None) -> DateRange | None:
        since = self.but.since or self.named.since or self.entry.since
        until = self.but.until or self.named.until or self.entry.until
        if since is None and until is None:
            return span
        first, last = (span.first, span.last) if span else (dt.date.min, dt.date.max)
        return DateRange(max(first, since or first), min(last, until or last))

    @cached_property
    def request_key(self) -> str:
        """What it answers, with its name so that two files of a season stay apart.

        Folders that differ from file to file are part of the name.
        """
        reads, season = self.reads, None
        pattern = next(p for p in self.entry.patterns if p.read(self.name) is not None)
        stem = self.path.name.removesuffix(".gz").rsplit(".", 1)[0]
        if self.seasons is not None and len(self.seasons) == 1:
            season = season_label(min(self.seasons))
        values = {
            "file": "_".join([*pattern.varying(self.name), stem]),
            "season": season or "",
            "first": str(reads.first) if reads else "",
            "last": str(reads.last) if reads else "",
            "game": self.game or "",
        }
        template = self.entry.request or f"{self._default_prefix(season)}file={{file}}"
        return _FIELD.sub(lambda found: _NOT_IN_KEYS.sub("_", values[found[1]]), template)

    def _default_prefix(self, season: str | None) -> str:
        is_dated = self.named.date or self.named.month or self.entry.date
        if season and not is_dated:
            return "season={season}/"
        is_bounded = self.reads and dt.date.min < self.reads.first and self.reads.last < dt.date.max
        return "dates={first}..{last}/" if is_bounded else ""

    def touches(self, span: DateRange) -> bool:
        """Whether it may have rows of a range."""
        return self._is_of_seasons(span) and overlap(self.reads, span) is not None

    def costs(self, span: DateRange) -> DateRange:
        """Dates of a range that it touches, of which rows are lost without it."""
        found = overlap(self.reads, span) or span
        if self.seasons is None:
            return found
        first, last = min(self.seasons), max(self.seasons)
        return overlap(DateRange(dt.date(first, 9, 1), dt.date(last + 1, 8, 31)), found) or found

    def _is_of_seasons(self, span: DateRange) -> bool:
        if self.seasons is None:
            return True
        asked = range(season_year_on(span.first), season_year_on(span.last) + 1)
        return not self.seasons.isdisjoint(asked)

    def is_of(self, season_year: int, kind: SeasonType | None = None) -> bool:
        """Whether it may hold games of a season, and of a kind."""
        if kind is not None and kind not in self.kinds:
            return False
        if self.seasons is not None:
            return season_year in self.seasons
        year = DateRange(dt.date(season_year, 9, 1), dt.date(season_year + 1, 8, 31))
        return overlap(self.held, year) is not None

    def holds(self, game: Game) -> bool:
        """Whether it holds a game whole."""
        if not self.is_of(game.season_year, game.season_type) or self.is_companion:
            return False
        if self.game is not None and self.game not in (game.game_id, game.nba_game_id):
            return False
        if self.last_game_id is not None and (game.nba_game_id or "") > self.last_game_id:
            return False
        return self._holds_date(game.game_date, game.season_year)

    def holds_on(self, date: dt.date) -> bool:
        """Whether it holds a date whole."""
        year = season_year_on(date)
        return not self.is_companion and self.is_of(year) and self._holds_date(date, year)

    def _holds_date(self, date: dt.date, season_year: int) -> bool:
        if self.held is not None and date not in self.held:
            return False
        if not self.looks_inside or season_year in self.entry.whole_seasons:
            return True
        found = self.inside
        if found is None:
            return True
        return date in found.dates if self.entry.inside == "dates" else date <= found.last

    @property
    def looks_inside(self) -> bool:
        """Whether its rows say what it holds; a stated end need not be looked for."""
        is_end_known = self.entry.inside == "end" and self.but.until is not None
        return self.entry.inside is not None and not is_end_known

    @property
    def inside(self) -> Inside | None:
        """What is inside; None when it cannot be told: reading it will then say why."""
        return None if self.fault else look_inside(self.path, self.entry.endpoint[0], self.layout)


def overlap(one: DateRange | None, other: DateRange) -> DateRange | None:
    """The dates of both; None for ``one`` is every date."""
    if one is None:
        return other
    first, last = max(one.first, other.first), min(one.last, other.last)
    return DateRange(first, last) if first <= last else None
