"""What a loader is: something that offers the payloads of one endpoint for a range of game dates.

Belongs here: the interface of loaders, and what one will ever have of a day. Does not belong here:
payloads (``landing.payload``), parsing (``parse``) or which loader an endpoint has (``feeds``).
A loader of files and one of the web are interchangeable for an endpoint: they yield payloads of the
layouts that the parsers know, so that everything after is tested from files.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Protocol, runtime_checkable

from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.landing.payload import DateRange, Endpoint, Payload, SourceError
from nba_pipeline.league.calendar import Day, Game


class PartError(SourceError):
    """A source gave what it has, but some dates are lost; raised after the payloads.

    Attributes:
        lost: dates that cannot be had now, each with its reason.
    """

    def __init__(self, lost: Sequence[tuple[DateRange, str]]) -> None:
        super().__init__("; ".join(dict.fromkeys(reason for _, reason in lost)))
        self.lost = tuple(lost)


class Loader(Protocol):
    """One endpoint of one source."""

    @property
    def name(self) -> str:
        """Source name as stored with each row."""

    @property
    def endpoint(self) -> Endpoint:
        """What the payloads hold."""

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """Payloads that together cover ``dates``, as far as the source has them.

        Raises:
            PartError: after the payloads: some dates are lost, the others are not.
            SourceError: the source failed; never to be read as "no data".
        """

    def not_offered(self, game: Game) -> str | None:
        """Why the source will never hold the game, or None when it should hold it.

        The answer is a declaration with a reason (an archive without play-in games), not a
        guess from what a fetch returned.
        """


@runtime_checkable
class ByDateLoader(Loader, Protocol):
    """An endpoint that may ask date by date, so that a refused request costs its date."""

    @property
    def asks_by_date(self) -> bool:
        """Whether it does."""


@runtime_checkable
class DailyLoader(Loader, Protocol):
    """An endpoint with rows on every calendar date, games or not."""

    def not_offered_on(self, date: dt.date) -> str | None:
        """Why the source will never hold the date, or None when it should hold it."""


@runtime_checkable
class KeepingLoader(Loader, Protocol):
    """An endpoint that holds what it holds: to ask once more brings nothing."""

    def nothing_on(self, date: dt.date) -> str:
        """What is said of a date of which no row was found; it changes with what there is."""


@runtime_checkable
class RemarkingLoader(Loader, Protocol):
    """An endpoint of which something is declared that no row can say."""

    def remark_on(self, date: dt.date) -> str:
        """What is true of all rows of a date; empty when nothing is."""


@runtime_checkable
class SurveyedLoader(Loader, Protocol):
    """An endpoint that can be asked about many days for one look at what there is."""

    def offers(self, days: Sequence[Day], *, by_game: bool) -> list[bool]:
        """Of each day, whether anything of it can be had: of its games, or of its date."""


def offered_day(loader: Loader, day: Day) -> Day:
    """The day with only those games that the source will ever have."""
    games = tuple(g for g in day.games if loader.not_offered(g) is None)
    return Day(day.date, day.kind, games, day.note)


def not_offered_reason(loader: Loader, contract: TableContract, day: Day) -> str:
    """Why nothing of the day can ever be had; empty when anything can."""
    if not contract.expectation.follows_schedule:
        if not isinstance(loader, DailyLoader):
            raise TypeError(f"{loader.name}/{loader.endpoint} does not say what it has by date")
        return loader.not_offered_on(day.date) or ""
    reasons = [loader.not_offered(g) for g in day.games]
    if not reasons or any(r is None for r in reasons):
        return ""
    return "; ".join(dict.fromkeys(r for r in reasons if r))


def offered_days(loader: Loader, contract: TableContract, days: Sequence[Day]) -> Sequence[Day]:
    """Those of ``days`` of which anything can be had: ``not_offered_reason`` is empty for them."""
    if isinstance(loader, SurveyedLoader):
        by_game = contract.expectation.follows_schedule
        offers = loader.offers(days, by_game=by_game)
        return [day for day, is_offered in zip(days, offers, strict=True) if is_offered]
    return [day for day in days if not not_offered_reason(loader, contract, day)]
