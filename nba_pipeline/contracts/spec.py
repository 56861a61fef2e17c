"""What a table contract is.

Belongs here: requirements, the declaration as a whole, and what makes it coherent. Does not belong
here: its other parts (``columns``, ``parts``), the tables themselves (``tables``), and what is
rendered from them (``render``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from nba_pipeline.contracts.columns import Column
from nba_pipeline.contracts.parts import (
    Audits,
    Due,
    Entity,
    Expectation,
    Payloads,
    Publishing,
    Statement,
)
from nba_pipeline.contracts.sql_files import check_text
from nba_pipeline.landing.payload import Endpoint

WHOLE_TABLE = dt.date(1900, 1, 1)
"""Ledger date of a table that is not partitioned (teams, players)."""


class Dataset(StrEnum):
    """Datasets of tables, in the order in which they are built as far as requirements allow."""

    RAW = "nba_raw"  # what the sources gave
    REFERENCE = "nba_reference"  # teams, players and their names
    ANALYTICS = "nba_analytics"  # what is computed of them


class Grain(StrEnum):
    """What one row stands for; expected keys are derived from the schedule at this grain."""

    GAME = "game"
    TEAM_GAME = "team_game"
    PLAYER_GAME = "player_game"
    SHOT = "shot"
    LINE = "line"
    REPORTED_PLAYER = "reported_player"
    REPORTED_TEAM = "reported_team"
    TRANSACTION = "transaction"
    ROSTER_PLAYER = "roster_player"
    GAME_LINE = "game_line"
    PLAY = "play"
    TEAM = "team"
    PLAYER = "player"
    PLAYER_SEASON = "player_season"
    VENUE = "venue"
    PLAYER_NAME = "player_name"


class Window(StrEnum):
    """Which dates of an upstream a date reads. Trailing windows end the day before."""

    SAME_DATE = "same_date"
    TRAILING_DAYS = "trailing_days"
    SEASON_TO_DATE = "season_to_date"
    WHOLE_TABLE = "whole_table"


@dataclass(frozen=True, slots=True)
class Requirement:
    """An edge of the graph: what a date needs before it may be built.

    ``upstreams`` are alternatives in order of preference; one entry is the common case. With
    several, the first usable one is enough, and where none is complete the choice is made per
    game by the table's SQL and judged by its audit. ``min_coverage`` is the share of a window's
    due dates that must be usable, and of what is expected of a date that is read alone; dates that
    no source will ever have are not due.
    Without ``allow_degraded`` a degraded date is refused; with it the flag goes on in the rows.
    ``reads_all``: every alternative is read, and one usable is enough.
    ``with_date``: the window ends with the date itself and not the day before.
    ``judged_in_season``: a trailing window that reaches into the last season is read whole, but
    only its dates of the season in progress can refuse.
    An optional requirement never refuses, but is recorded.
    """

    upstreams: tuple[str, ...]
    window: Window = Window.SAME_DATE
    days: int = 0
    min_coverage: float = 1.0
    required: bool = True
    allow_degraded: bool = True
    judged_in_season: bool = False
    with_date: bool = False
    reads_all: bool = False

    def __post_init__(self) -> None:
        """Refuse a requirement that cannot be judged."""
        if not self.upstreams:
            raise ValueError("a requirement names no upstream")
        if (self.window is Window.TRAILING_DAYS) != (self.days > 0):
            raise ValueError(f"{self.upstreams}: days belong to a trailing window, and only to it")
        if not 0 < self.min_coverage <= 1:
            raise ValueError(f"{self.upstreams}: coverage {self.min_coverage} is not in (0, 1]")

    @property
    def share_needed(self) -> str:
        """What share must be there, in words."""
        return f"{self.min_coverage:.0%}{'' if self.allow_degraded else ' (none degraded)'}"

    def span(self, date: dt.date, season_start: dt.date) -> tuple[dt.date, dt.date] | None:
        """Inclusive dates read for ``date``; None when the window is empty."""
        before = date - dt.timedelta(1)
        if self.window is Window.SAME_DATE:
            return date, date
        if self.window is Window.WHOLE_TABLE:
            return WHOLE_TABLE, WHOLE_TABLE
        if self.window is Window.TRAILING_DAYS:
            return date - dt.timedelta(self.days), date if self.with_date else before
        return (season_start, before) if season_start <= before else None


@dataclass(frozen=True)
class TableContract:
    """The one declaration of a table.

    Attributes:
        requirements: what a date needs before it may be built.
        expectation: what a date must hold, and from when on.
        landing: payloads that the table is parsed from; None where it is computed.
        statement: the SELECT that computes it, where nothing is landed.
        audits: what rows must be before they are published.
        publishing: what may become of published rows.
        owners: who answers for it.
    """

    dataset: Dataset
    name: str
    description: str
    grain: Grain
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    requirements: tuple[Requirement, ...] = ()
    expectation: Expectation = Expectation()
    landing: Payloads | None = None
    statement: Statement = Statement()
    audits: Audits = Audits()
    publishing: Publishing = Publishing()
    owners: tuple[str, ...] = ("team:data-platform",)

    def __post_init__(self) -> None:
        """Refuse a contract that contradicts itself."""
        for problem in (*self._wrong_columns(), *self._wrong_statement()):
            raise ValueError(f"{self.name}: {problem}")

    def _wrong_columns(self) -> Iterator[str]:
        names = [c.field.name for c in self.columns]
        if len(set(names)) != len(names):
            yield "a column is declared twice"
        for part in self.key:
            column = next((c for c in self.columns if c.field.name == part), None)
            if column is None or not column.required:
                yield f"key column {part} is missing or may be NULL"
        if self.is_partitioned and "game_date" not in self.key:
            yield "a partitioned table has game_date in its key"
        named_in = self.expectation.named_in
        if named_in is not None and named_in not in names:
            yield f"it expects {self.expectation.entities} and has no column {named_in}"
        for floor in self.audits.floors:
            if floor.column not in names or (floor.reason_column or names[0]) not in names:
                yield f"coverage floor on unknown column {floor.column}"
            if not 0 < floor.floor <= 1 or (floor.excused and not floor.reason_column):
                yield f"the floor of {floor.column} cannot be judged"

    def _wrong_statement(self) -> Iterator[str]:
        if self.landing is not None and self.statement != Statement():
            yield "a table is parsed or computed, not both"
        lengths = {(f"{u}_days", r.days) for r in self.requirements if r.days for u in r.upstreams}
        names = ["start_date", "end_date", *(n for n, _ in lengths)]
        names += [n for n, _ in self.statement.parameters]
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice:
            yield f"two meanings of the parameter {', '.join(twice)}"

    @property
    def path(self) -> str:
        """``dataset.table``, the warehouse path."""
        return f"{self.dataset}.{self.name}"

    @property
    def sql_path(self) -> str:
        """Statement of a derived table in ``sql``."""
        return f"{self.dataset}/{self.statement.file or self.name}"

    @property
    def is_partitioned(self) -> bool:
        """Whether the table has a game date; elsewhere it is one list, replaced whole."""
        return self.expectation.due is not Due.UNDATED

    @property
    def endpoint(self) -> Endpoint | None:
        """What the source is asked for, None where the table is computed."""
        return self.landing.endpoint if self.landing else None

    @property
    def keeps_keys(self) -> bool:
        """Whether a publish may not lose published keys of teams that are still expected."""
        has_teams = self.is_partitioned and self.side is not None
        return has_teams and not self.publishing.may_shrink

    @property
    def is_calendar(self) -> bool:
        """Whether the table says which dates have games."""
        return self.expectation.due is Due.CALENDAR

    @cached_property
    def entities(self) -> tuple[Entity, ...]:
        """Columns that name what a row is a part of."""
        return tuple(e for e in Entity if e in self.column_names)

    @property
    def side(self) -> Entity | None:
        """Column of the side of a game that a row belongs to; None where rows have none."""
        return Entity.TEAM if Entity.TEAM in self.entities else None

    @property
    def rows_per_game(self) -> int | None:
        """How many rows a game has, where that is known beforehand."""
        return 2 if self.grain is Grain.TEAM_GAME else None

    @property
    def is_large(self) -> bool:
        """Whether reading every date by mistake would cost: a row per player, shot or play."""
        large = (Grain.PLAYER_GAME, Grain.SHOT, Grain.LINE, Grain.PLAY)
        return self.grain in large and self.is_partitioned

    def sql_parameters(self, start: dt.date, end: dt.date) -> dict[str, object]:
        """Everything that the table's statements may name.

        The first and the last date, the days of each trailing window as ``<upstream>_days``, and
        what tells tables of one statement apart.
        """
        windows = {f"{u}_days": r.days for r in self.requirements if r.days for u in r.upstreams}
        return {
            "start_date": start,
            "end_date": end,
            **windows,
            **dict(self.statement.parameters),
        }

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(c.field.name for c in self.columns)

    @cached_property
    def upstreams(self) -> tuple[str, ...]:
        """Every upstream table, alternatives included, once each."""
        return tuple(dict.fromkeys(u for r in self.requirements for u in r.upstreams))

    @cached_property
    def code_version(self) -> str:
        """Digest of what the contract says of rows: columns, rules, SQL without its comments.

        Of a parsed table the code that makes the rows joins it (``sources.lookup.code_version``).
        """
        meaning = {
            "columns": [(c.field.name, c.field.kind, c.field.low, c.field.high, c.field.allowed,
                         c.required) for c in self.columns],
            "key": self.key,
            "rules": [(r.name, r.bad) for r in self.audits.rules],
            "sql": self.statement.text,
            "params": self.statement.parameters,
        }  # fmt: skip
        return _digest(meaning)

    @cached_property
    def config_hash(self) -> str:
        """Digest of the thresholds that decide whether rows are good enough."""
        expectation = self.expectation
        thresholds = {
            "floors": [(f.column, f.floor, f.of, f.excused, f.least_rows)
                       for f in self.audits.floors],
            "tolerance": self.publishing.tolerance,
            "identities": [(n, check_text(n)) for n in self.audits.identities],
            "requirements": [(r.upstreams, r.window, r.days, r.min_coverage, r.required,
                              r.allow_degraded, r.judged_in_season, r.with_date, r.reads_all)
                             for r in self.requirements],
            "rows_per_team": expectation.rows_per_team,
            "expects": expectation.entities,
            "bootstrap": (expectation.bootstrap_days, expectation.history_days),
        }  # fmt: skip
        return _digest(thresholds)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:12]
