"""Loaders of the league's injury reports and of ESPN's rosters, which need no key.

Belongs here: addresses, which report of a day is asked for, what is only of today. Does not belong
here: reading the answers. Injury reports: the last of the afternoon before the evening's games and,
for games at noon, the last of the morning; a report that does not exist answers 403 or 404.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload, SourceError
from nba_pipeline.league.calendar import EASTERN, TEAMS, Game
from nba_pipeline.sources.loader import PartError
from nba_pipeline.sources.web.client import WebClient, received

_ABSENT = frozenset((403, 404))
_DOWN_AFTER = 3
"""Dates refused in a row, as for sources that are asked date by date."""

_NEW_NAMES = dt.date(2025, 12, 23)
"""From here a report's name has minutes; before, the report of an hour came out at half past."""

_TIMES = (
    (dt.time(11, 30), dt.time(10, 30), dt.time(9, 30), dt.time(8, 30)),
    (dt.time(17, 30), dt.time(16, 30), dt.time(15, 30), dt.time(14, 30), dt.time(13, 30)),
)
_ESPN_TEAMS = (
    "ATL", "BOS", "NOP", "CHI", "CLE", "DAL", "DEN", "DET", "GSW", "HOU", "IND", "LAC", "LAL",
    "MIA", "MIL", "MIN", "BKN", "NYK", "ORL", "PHI", "PHX", "POR", "SAC", "SAS", "OKC", "UTA",
    "WAS", "TOR", "MEM", "CHA",
)  # fmt: skip
"""ESPN numbers the teams from 1 in this order."""


class InjuryReportLoader:
    """The last reports of a day before its games."""

    name = "nbac"
    endpoint = Endpoint.INJURY_REPORT

    def __init__(self, client: WebClient, address: str) -> None:
        self.client = client
        self.address = address

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """At most two reports a date: one before noon, one before the evening.

        Raises:
            PartError: after the payloads: a request of these dates failed for good. The site is
                taken to be down after three such dates in a row, and not asked for later ones.
            SourceError: no date has any report: then nobody can say whether there are none or we
                are shut out.
        """
        found, asked, in_a_row = False, 0, 0
        lost: list[tuple[DateRange, str]] = []
        for date in dates.dates():
            try:
                for past in _past_times(date):
                    payload = next((p for t in past if (p := self._report(date, t))), None)
                    asked += len(past)
                    if payload is not None:
                        found = True
                        yield payload
                in_a_row = 0
            except SourceError as error:
                in_a_row += 1
                is_down = in_a_row == _DOWN_AFTER
                why = f"{self.name}/{self.endpoint}: {error}"
                lost.append((DateRange(date, dates.last if is_down else date), why))
                if is_down:
                    break
        if lost:
            raise PartError(lost)
        if asked and not found:
            raise SourceError(
                f"{self.name}/{self.endpoint}: no report of {dates.first} .. {dates.last} can be "
                f"had; {asked} addresses answered 403 or 404"
            )

    def _report(self, date: dt.date, time: dt.time) -> Payload | None:
        form = "%I_%M%p" if date >= _NEW_NAMES else "%I%p"
        stamp = f"{time:{form}}"
        url = self.address.format(date=date, time=stamp)
        answer = self.client.get(url, accepted=_ABSENT)
        if answer.status in _ABSENT:
            return None
        key = f"dates={date}..{date}/report={stamp}"
        return received(self, key, Layout.INJURY_REPORT_PDF, answer.content)

    def not_offered(self, game: Game) -> str | None:
        """The league keeps its reports."""
        return None


def _past_times(date: dt.date) -> list[list[dt.time]]:
    """Times of reports that may be out, the newest first: before noon, before the evening."""
    now = dt.datetime.now(dt.UTC)
    return [[t for t in ts if dt.datetime.combine(date, t, EASTERN) < now] for ts in _TIMES]


class EspnRosterLoader:
    """Today's rosters; ESPN has no past ones."""

    name = "espn"
    endpoint = Endpoint.ROSTERS

    def __init__(self, client: WebClient, address: str) -> None:
        self.client = client
        self.address = address

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """A payload per team, if today is among the dates.

        Raises:
            SourceError: a request failed for good.
        """
        today = _today()
        if today not in dates:
            return
        for number, team in enumerate(_ESPN_TEAMS, start=1):
            content = self.client.get(self.address.format(team_id=number)).content
            key = f"dates={today}..{today}/team={team}"
            yield received(self, key, Layout.ESPN_ROSTER_JSON, content)

    def not_offered(self, game: Game) -> str | None:
        """As of the game's date."""
        return self.not_offered_on(game.game_date)

    def not_offered_on(self, date: dt.date) -> str | None:
        """Past rosters are gone."""
        if date < _today():
            return f"{self.name}: rosters are those of today; {date:%Y-%m} is gone"
        return None


def _today() -> dt.date:
    return dt.datetime.now(EASTERN).date()


if sorted(_ESPN_TEAMS) != sorted(TEAMS):  # a missing team would never be asked for
    raise ValueError("ESPN's numbers do not cover the 30 teams")
