"""One entry of a manifest: names of files, and what is true of each of them.

Belongs here: the form of an entry and what may stand together in it. Does not belong here: the
manifest around it (``manifest``), or a file that was found (``files``).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from nba_pipeline.landing.payload import Endpoint, Layout
from nba_pipeline.league.calendar import SeasonType, season_label
from nba_pipeline.sources.archive.pattern import YEARS, Named, Pattern

_MAX_DAYS = 400
"""Farthest that rows of a file may be from the date in its name: a season."""

_REQUEST = re.compile(r"\{(season|first|last|game|file)\}")
"""What a request key may take from a file: season, first and last date, game, and its name."""


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


def _season(value: object) -> object:
    """First year of ``2021-22``."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}", value, re.ASCII):
        raise ValueError("a season is written as 2021-22")
    if season_label(int(value[:4])) != value:
        raise ValueError(f"no season {value}")
    return int(value[:4])


def _in_order(span: tuple[int, int]) -> tuple[int, int]:
    if span[0] > span[1]:
        raise ValueError("the first day is after the last")
    return span


_DayNumber = Annotated[int, Field(ge=-_MAX_DAYS, le=_MAX_DAYS)]
Days = Annotated[tuple[_DayNumber, _DayNumber], AfterValidator(_in_order)]
"""First and last day, counted from the date in a file's name."""
_Season = Annotated[int, BeforeValidator(_season)]
_Date = Annotated[dt.date, Field(ge=dt.date(YEARS[0], 1, 1), le=dt.date(YEARS[-1], 12, 31))]
_GameId = Annotated[str, Field(pattern=r"^([0-9]{10}|[0-9]{8}_[A-Z]{3}_[A-Z]{3})$")]
_Text = Annotated[str, Field(min_length=1, max_length=300)]
_One_or_more = BeforeValidator(_listed)


class Strict(BaseModel):
    """A part of a manifest: nothing unknown in it, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Statement(Strict):
    """What is said of files beside their names.

    Attributes:
        days: game dates that a file holds, counted from the date in its name.
        since, until: first and last game date that it holds.
        last_game_id: official id of the last whole game of a file that was cut.
    """

    days: Days | None = None
    since: _Date | None = None
    until: _Date | None = None
    last_game_id: Annotated[str, Field(pattern=r"^[0-9]{10}$")] | None = None


class Correction(Statement):
    """What is true of one file, whatever its name and its entry say.

    Attributes:
        bytes: its size; a file of that name and another size is not the one that was meant.
    """

    bytes: Annotated[int, Field(ge=0)] | None = None


class Entry(Statement):
    """Files of one kind: names, endpoint, layout, and what each of them holds.

    Attributes:
        path: patterns, each a path below the archive's folder.
        refused: why such files are not read.
        request: request key; by default season or dates, and the file's name.
        seasons: seasons held; where the name has one, those that may be in it.
        kinds: kinds of games held, all when none is named.
        kind_names: words for kinds of games in the name, for ``{kind}``.
        date: the date of a file whose name has none.
        reads: days of which it may have rows, where they reach farther than ``days``.
        game: the only game of a file, by official id or ours.
        inside: look into the file: ``dates`` holds those of its rows, ``end`` all up to the last.
        whole_seasons: seasons of which every game is held, whatever ``dates`` are inside.
        untimed: why no quote of such files can be a line: they have no time, so nobody can tell
            whether one is of before tip-off.
        with_layout: read beside files of that layout, which cannot be read without.
        but: files of which something else is true, by name.
    """

    path: Annotated[tuple[_Text, ...], _One_or_more, Field(min_length=1, max_length=20)]
    endpoint: Annotated[tuple[Endpoint, ...], _One_or_more] = ()
    layout: Layout | None = None
    refused: Annotated[str, Field(min_length=5, max_length=300)] | None = None
    request: _Text | None = None
    seasons: tuple[_Season, ...] = ()
    kinds: tuple[SeasonType, ...] = ()
    kind_names: Mapping[_Text, tuple[SeasonType, ...]] = {}
    date: _Date | None = None
    reads: Days | None = None
    game: _GameId | None = None
    inside: Literal["dates", "end"] | None = None
    whole_seasons: tuple[_Season, ...] = ()
    untimed: Annotated[str, Field(min_length=5, max_length=300)] | None = None
    with_layout: Layout | None = None
    but: Mapping[_Text, Correction] = {}

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns, translated."""
        return tuple(Pattern(path, tuple(self.kind_names)) for path in self.path)

    def read(self, path: str) -> Named | None:
        """What the name of a file of this entry says; None when it is none."""
        for pattern in self.patterns:
            named = pattern.read(path)
            if named and (named.season is None or not self.seasons or named.season in self.seasons):
                return named
        return None

    @model_validator(mode="after")
    def _check(self) -> Entry:
        fields = [pattern.fields for pattern in self.patterns]
        if self.refused:
            beside = self.model_fields_set - {"path", "refused", "seasons", "kind_names"}
            if beside:
                raise ValueError(f"refused files are not read, so no {', '.join(sorted(beside))}")
            return self
        if not self.endpoint or self.layout is None:
            raise ValueError("endpoint and layout are needed, or refused with a reason")
        counted = [self.days, self.reads, *(one.days for one in self.but.values())]
        if any(counted) and self.date is None and not all("date" in found for found in fields):
            raise ValueError("days and reads count from a date: {date} in every path, or date")
        if self.kind_names and self.kinds:
            raise ValueError("kinds are in the name (kind_names) or stated (kinds), not both")
        if self.whole_seasons and self.inside != "dates":
            raise ValueError('whole_seasons goes with inside = "dates"')
        for name in self.but:
            if not any(pattern.parts[-1].fits(name) for pattern in self.patterns):
                raise ValueError(f"but: no file of this entry is called {name!r}")
        self._check_request([set(found) for found in fields])
        return self

    def _check_request(self, fields: list[set[str]]) -> None:
        """Refuse a request key with something in it that a file may not have.

        Raises:
            ValueError: says what.
        """
        rest = _REQUEST.sub("", self.request or "")
        if "{" in rest or "}" in rest:
            raise ValueError("a request may have {season} {first} {last} {game} {file} in it")
        stated = {
            "season": len(self.seasons) == 1,
            "game": self.game is not None,
            "first": self.date is not None or self.since is not None,
            "last": self.date is not None or self.until is not None,
        }
        sources = {
            "season": {"season", "game"},
            "game": {"game"},
            "first": {"date", "month", "since"},
            "last": {"date", "month", "until"},
        }
        for name in _REQUEST.findall(self.request or ""):
            if name in stated and not stated[name] and not all(f & sources[name] for f in fields):
                raise ValueError(f"request: {{{name}}} is not known of every file")
