"""Loaders of the league's injury reports and of ESPN's rosters, over plain requests.

Belongs here: addresses, which report of a day is asked for, what is only of today. Does not belong
here: reading the answers. Injury reports: the last of the afternoon before the evening's games and,
for games at noon, the last of the morning; a report that does not exist answers 403 or 404.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator

import requests
from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from nba_pipeline.calendar import EASTERN, TEAMS, Game
from nba_pipeline.sources.base import DateRange, Endpoint, Layout, Payload, SourceError
from nba_pipeline.sources.web import TEMPORARY, TemporaryError, WebSettings

_ABSENT = frozenset((403, 404))
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


class FileClient:
    """Plain requests: one at a time, paced, retried, limited."""

    def __init__(self, settings: WebSettings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._last = 0.0

    def get(self, url: str, absent: frozenset[int] = frozenset()) -> bytes | None:
        """Body of the answer; None when its status says that there is no such document.

        Raises:
            SourceError: no answer, another status, or an answer larger than allowed.
        """
        retrying = Retrying(
            retry=retry_if_exception_type(TemporaryError),
            stop=stop_after_attempt(self.settings.attempts),
            wait=wait_random_exponential(multiplier=1, max=self.settings.max_wait),
            reraise=True,
        )
        return retrying(self._get_once, url, absent)

    def _get_once(self, url: str, absent: frozenset[int]) -> bytes | None:
        where = url.partition("?")[0]
        with self._lock:
            time.sleep(max(0.0, self._last + self.settings.min_interval - time.monotonic()))
            try:
                with requests.get(url, timeout=self.settings.timeout, stream=True) as answer:
                    if answer.status_code in absent:
                        return None
                    if answer.status_code != requests.codes.ok:
                        is_temporary = answer.status_code in TEMPORARY
                        kind = TemporaryError if is_temporary else SourceError
                        raise kind(f"{where} answered {answer.status_code} {answer.reason}")
                    return self._limited(where, answer)
            except requests.RequestException as error:
                raise TemporaryError(f"{where}: {error}") from error
            finally:
                self._last = time.monotonic()

    def _limited(self, where: str, answer: requests.Response) -> bytes:
        content = b""
        for part in answer.iter_content(1 << 16):
            content += part
            if len(content) > self.settings.max_bytes:
                raise SourceError(f"{where} sends more than {self.settings.max_bytes:,} bytes")
        return content


class InjuryReportLoader:
    """The last reports of a day before its games."""

    name = "nbac"
    endpoint = Endpoint.INJURY_REPORT

    def __init__(self, client: FileClient) -> None:
        self.client = client

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """At most two reports a date: one before noon, one before the evening.

        Raises:
            SourceError: a request failed for good, or no date has any report: then nobody can
                say whether there are none or we are shut out.
        """
        now = dt.datetime.now(dt.UTC)
        found, asked = False, []
        for date in dates.dates():
            for times in _TIMES:
                past = [t for t in times if dt.datetime.combine(date, t, EASTERN) < now]
                asked += [(date, t) for t in past]
                payload = next((p for t in past if (p := self._report(date, t))), None)
                if payload is not None:
                    found = True
                    yield payload
        if asked and not found:
            raise SourceError(
                f"{self.name}/{self.endpoint}: no report of {dates.first} .. {dates.last} can be "
                f"had; {len(asked)} addresses answered 403 or 404"
            )

    def _report(self, date: dt.date, time: dt.time) -> Payload | None:
        form = "%I_%M%p" if date >= _NEW_NAMES else "%I%p"
        stamp = f"{time:{form}}"
        url = self.client.settings.injury_report_url.format(date=date, time=stamp)
        content = self.client.get(url, _ABSENT)
        if content is None:
            return None
        at = dt.datetime.now(dt.UTC).replace(microsecond=0)
        key = f"dates={date}..{date}/report={stamp}"
        return Payload(self.name, self.endpoint, key, Layout.INJURY_REPORT_PDF, at, content)

    def not_offered(self, game: Game) -> str | None:
        """The league keeps its reports."""
        return None


class EspnRosterLoader:
    """Today's rosters; ESPN has no past ones."""

    name = "espn"
    endpoint = Endpoint.ROSTERS

    def __init__(self, client: FileClient) -> None:
        self.client = client

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """A payload per team, if today is among the dates.

        Raises:
            SourceError: a request failed for good.
        """
        today = _today()
        if today not in dates:
            return
        for number, team in enumerate(_ESPN_TEAMS, start=1):
            url = self.client.settings.espn_team_url.format(team_id=number)
            content = self.client.get(url) or b""
            at = dt.datetime.now(dt.UTC).replace(microsecond=0)
            key = f"dates={today}..{today}/team={team}"
            yield Payload(self.name, self.endpoint, key, Layout.ESPN_ROSTER_JSON, at, content)

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
