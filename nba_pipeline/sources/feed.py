"""The shape of a feed's declaration.

Belongs here: what is said of an endpoint, and finding the functions that it names. Does not belong
here: any endpoint (``feeds``).
Functions are named by text, ``"parse.shots:SHOTS_JSON"`` relative to this folder, and looked up
when they are needed: a run on archives imports neither the web's clients nor the simulated league.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Any

from nba_pipeline.landing.payload import Endpoint
from nba_pipeline.landing.zone import Landing
from nba_pipeline.settings import SourceMode
from nba_pipeline.sources.loader import Loader
from nba_pipeline.sources.own.fixed import NothingLoader

_ROOM = __package__


def absolute(reference: str) -> str:
    """``nba_pipeline.sources.parse.shots:SHOTS_JSON`` of ``parse.shots:SHOTS_JSON``."""
    return f"{_ROOM}.{reference}"


def named(module: str, names: str) -> tuple[str, ...]:
    """References to names of one module, split at blanks."""
    return tuple(f"{module}:{name}" for name in names.split())


def found(reference: str) -> Any:
    """What a reference names; its module is imported now.

    Raises:
        ImportError, AttributeError: there is no such module or name in it.
    """
    module, _, name = absolute(reference).partition(":")
    return getattr(import_module(module), name)


class Making(StrEnum):
    """How the rows of a table come from frames."""

    DATED = "dated"  # rows of the dates asked for, held against the schedule
    WHOLE = "whole"  # a list without dates, replaced whole
    WITNESS = "witness"  # results that another feed's rows are made with; no rows by themselves
    SCHEDULE = "schedule"  # the games themselves: whole seasons, with witnesses


@dataclass(frozen=True, slots=True)
class Rows:
    """The function that makes rows; ``making`` says what it is given (``lookup`` has the types).

    ``is_by_date``: rows of a date come of the frames' rows with its ``game_date`` alone; a board
    that names a team once for all its dates is not of that kind.
    """

    making: Making
    function: str
    is_by_date: bool = False


@dataclass(frozen=True, slots=True)
class Loaded:
    """Payloads come through a loader.

    ``maker`` is called with what the mode reads from (the archives' folder, the web, the simulated
    league) and the endpoint.
    """

    maker: str


@dataclass(frozen=True, slots=True)
class Own:
    """Payloads come with the package and from its landing zone: ``maker`` is called with that."""

    maker: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """The mode does not have the endpoint; ``source`` is who might, ``reason`` why he does not.

    ``{season}`` in a reason is the season that is asked for.
    """

    source: str
    reason: str


Origin = Loaded | Own | Nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """All that is said of one endpoint; each source mode has its origin or the reason why not.

    Attributes:
        layouts: declarations of the layouts that its payloads may have.
        rows: how rows come from frames.
        witnesses: endpoints whose frames say what its own do not know yet.
    """

    endpoint: Endpoint
    layouts: tuple[str, ...]
    rows: Rows
    archives: Origin
    web: Origin
    simulated: Origin
    witnesses: tuple[Endpoint, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a feed that nothing could be read of, or that says nothing of a source mode."""
        if not self.layouts:
            raise ValueError(f"{self.endpoint}: a feed without layouts")
        for mode in SourceMode:
            if not isinstance(getattr(self, mode.value, None), Origin):
                raise ValueError(f"{self.endpoint}: nothing is said of the source mode {mode}")

    def loader(self, mode: SourceMode, source: object, landing: Landing) -> Loader:
        """The endpoint's loader in a source mode; ``source`` is what the mode reads from."""
        origin: Origin = getattr(self, mode.value)
        if isinstance(origin, Nothing):
            return NothingLoader(origin.source, self.endpoint, origin.reason)
        maker = found(origin.maker)
        made: Loader = maker(landing) if isinstance(origin, Own) else maker(source, self.endpoint)
        return made


def declared(*feeds: Feed) -> Mapping[Endpoint, Feed]:
    """Feeds by endpoint.

    Raises:
        ValueError: an endpoint has no feed, or two.
    """
    listed = [feed.endpoint for feed in feeds]
    odd = [f"{e} has {listed.count(e)}" for e in Endpoint if listed.count(e) != 1]
    if odd:
        raise ValueError(f"every endpoint has one feed: {', '.join(odd)}")
    return dict(zip(listed, feeds, strict=True))
