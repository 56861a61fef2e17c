"""Loaders that ask nobody: a file of this package, and what a source will never have.

Belongs here: answers that are the same whatever the platform reads from. Does not belong here:
archives, the web, the simulated league.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from importlib.resources import files

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload, SourceError
from nba_pipeline.landing.zone import Landing
from nba_pipeline.league.calendar import Game, season_label, season_year_on
from nba_pipeline.sources.loader import Loader

_ARENAS_AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""When the file of arenas was last brought up to date; raise it with every change."""


class ArenaLoader:
    """The file of arenas, ``seeds/arenas.csv``."""

    name = "seed"
    endpoint = Endpoint.ARENAS

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """The file, whatever the dates."""
        content = (files(__package__) / "seeds" / "arenas.csv").read_bytes()
        yield Payload(self.name, self.endpoint, "all", Layout.ARENAS_CSV, _ARENAS_AT, content)

    def not_offered(self, game: Game) -> str | None:
        """Nothing is missing."""
        return None


def arena_loader(_: Landing) -> Loader:
    """The arenas, which need no landing zone."""
    return ArenaLoader()


class NothingLoader:
    """An endpoint that a source does not have, with the reason; ``{season}`` is the asked one."""

    def __init__(self, name: str, endpoint: Endpoint, reason: str) -> None:
        self.name = name
        self.endpoint = endpoint
        self.reason = reason

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """Nothing can be had.

        Raises:
            SourceError: always; to ask all the same is a mistake, and no answer is not "no data".
        """
        reason = self.not_offered_on(dates.first)
        raise SourceError(f"{self.name}/{self.endpoint}: {reason}")

    def not_offered(self, game: Game) -> str | None:
        """The reason, of every game."""
        return self.not_offered_on(game.game_date)

    def not_offered_on(self, date: dt.date) -> str:
        """The reason, of every date."""
        return self.reason.format(season=season_label(season_year_on(date)))
