"""Names that found no player: where they stand, and who it may be.

Belongs here: reading the matches and looking for near names. Does not belong here: deciding
(``cli.names``), keeping decisions (``sources.aliases``) or matching (``sql/nba_reference``).
"""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import dataclass, field

from nba_pipeline.contracts.sql_files import load_sql
from nba_pipeline.league.calendar import season_year_on
from nba_pipeline.league.names import player_lookup
from nba_pipeline.warehouse.base import Warehouse

_NEAR = 3
_PLAYERS_SQL = """
SELECT player_id, player_name, player_lookup, from_year, to_year FROM nba_reference.players
"""


class UnknownPlayerError(Exception):
    """No player of that id; the message names it."""


@dataclass(frozen=True, slots=True)
class KnownPlayer:
    """A player of the league's list."""

    player_id: int
    player_name: str
    player_lookup: str
    from_year: int
    to_year: int


@dataclass(frozen=True)
class OpenName:
    """A printed name without a player, over all its dates.

    Attributes:
        near: players of those seasons with a similar name; a help for deciding, never a decision.
    """

    player_name: str
    printed_lookup: str
    name_status: str
    match_method: str
    source_tables: tuple[str, ...]
    dates: int
    occurrences: int
    first_seen: dt.date
    last_seen: dt.date
    example_game_id: str | None
    near: tuple[KnownPlayer, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class MatchRate:
    """Names of one raw table that found their player."""

    source_table: str
    names: int
    matched: int
    rows: int
    matched_rows: int
    worst_date: dt.date
    worst_pct: float

    @property
    def pct(self) -> float:
        """Share of the names that have a player, in percent."""
        return 100.0 * self.matched / self.names


def open_names(warehouse: Warehouse) -> list[OpenName]:
    """Every name without a player, most frequent first, each with players of near names."""
    known = known_players(warehouse)
    found = warehouse.query(load_sql("ops/open_names")).to_pylist()
    return [
        OpenName(
            **{**r, "source_tables": tuple(r["source_tables"].split(","))},
            near=_near(known, r["printed_lookup"], r["first_seen"], r["last_seen"]),
        )
        for r in found
    ]


def match_rates(warehouse: Warehouse) -> list[MatchRate]:
    """Match rate of every raw table whose players are known by name alone, with its worst date."""
    return [MatchRate(**r) for r in warehouse.query(load_sql("ops/match_rates")).to_pylist()]


def dates_of_name(warehouse: Warehouse, name: str) -> list[dt.date]:
    """Dates on which a name is printed, in any spelling that normalises to the same."""
    text = load_sql("ops/dates_of_name")
    rows = warehouse.query(text, {"printed_lookup": player_lookup(name)}).to_pylist()
    return [r["game_date"] for r in rows]


def known_players(warehouse: Warehouse) -> dict[int, KnownPlayer]:
    """The league's list by player id."""
    return {r["player_id"]: KnownPlayer(**r) for r in warehouse.query(_PLAYERS_SQL).to_pylist()}


def player_of(warehouse: Warehouse, player_id: int) -> KnownPlayer:
    """The player of an id.

    Raises:
        UnknownPlayerError: the league's list has nobody of that id.
    """
    try:
        return known_players(warehouse)[player_id]
    except KeyError:
        raise UnknownPlayerError(f"no player {player_id} in nba_reference.players") from None


def _near(
    known: dict[int, KnownPlayer], lookup: str, first: dt.date, last: dt.date
) -> tuple[KnownPlayer, ...]:
    years = range(season_year_on(first), season_year_on(last) + 1)
    active = {
        p.player_lookup: p
        for p in known.values()
        if p.from_year <= years[-1] and p.to_year >= years[0]
    }
    return tuple(active[n] for n in difflib.get_close_matches(lookup, active, n=_NEAR))
