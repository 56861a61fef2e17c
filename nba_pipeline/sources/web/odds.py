"""Loader of The Odds API: points lines of players, spreads and totals of games.

Belongs here: which request gives which payload. Does not belong here: reading the answers
(``parse.odds_api``), or how a request is made (``client``). Dates to come are asked live; of
past dates the snapshot just before each tip-off is asked, and for games that of the morning too.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload, SourceError
from nba_pipeline.league.calendar import EASTERN, Game
from nba_pipeline.sources.parse.odds_api import NOTHING_POSTED
from nba_pipeline.sources.web.client import Answer, WebClient, received

_MARKETS = {
    Endpoint.POINTS_LINES: ("player_points", Layout.ODDS_API_PROPS_JSON),
    Endpoint.GAME_LINES: ("spreads,totals", Layout.ODDS_API_GAMES_JSON),
}
_SINCE = {Endpoint.POINTS_LINES: dt.date(2023, 5, 3), Endpoint.GAME_LINES: dt.date(2020, 6, 6)}
"""First dates of the historical snapshots."""

_SPORT = "sports/basketball_nba"
_MORNING = dt.time(15, tzinfo=dt.UTC)  # ten or eleven in New York, before any tip-off
_BEFORE_TIPOFF = dt.timedelta(minutes=1)
_EVENT_ID = re.compile(r"[A-Za-z0-9_-]+")


class OddsLoader:
    """One endpoint of The Odds API."""

    name = "odds_api"
    asks_by_date = True

    def __init__(
        self,
        client: WebClient,
        base_url: str,
        endpoint: Endpoint,
        today: Callable[[], dt.date] = lambda: dt.datetime.now(EASTERN).date(),
    ) -> None:
        self.client = client
        self.base_url = base_url.rstrip("/")
        self.endpoint = endpoint
        self.today = today

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        """A payload per event and moment; "nothing posted" is a payload too.

        Raises:
            SourceError: a request failed for good, or a list of events in another shape.
        """
        for date in dates.dates():
            if date >= self.today():
                yield from self._live(date)
            else:
                yield from self._past(date)

    def _live(self, date: dt.date) -> Iterator[Payload]:
        for event, _ in self._events(date, f"{_SPORT}/events", {}):
            yield self._odds(f"{_SPORT}/events/{event}/odds", _key(date, event), {})

    def _past(self, date: dt.date) -> Iterator[Payload]:
        morning = dt.datetime.combine(date, _MORNING)
        listed = {"date": _text(morning)}
        path = f"historical/{_SPORT}/events"
        for event, tipoff in self._events(date, path, listed):
            moments = [tipoff - _BEFORE_TIPOFF]
            if self.endpoint is Endpoint.GAME_LINES and morning < moments[0]:
                moments.insert(0, morning)
            for moment in moments:
                key = f"{_key(date, event)}/at={_text(moment)}"
                yield self._odds(f"{path}/{event}/odds", key, {"date": _text(moment)})

    def _events(
        self, date: dt.date, path: str, parameters: dict[str, str]
    ) -> Iterator[tuple[str, dt.datetime]]:
        """Ids and tip-offs of the date's games."""
        where = f"{self.name}/{self.endpoint}: events of {date}"
        answer = self.client.get(f"{self.base_url}/{path}", {**parameters, "dateFormat": "iso"})
        for event in _listed(where, answer.content):
            try:
                event_id, text = str(event["id"]), str(event["commence_time"])
                tipoff = dt.datetime.fromisoformat(text)
                is_of_date = tipoff.astimezone(EASTERN).date() == date
            except (KeyError, TypeError, ValueError) as error:
                raise SourceError(f"{where}: {type(error).__name__} {error}") from error
            if not _EVENT_ID.fullmatch(event_id):
                raise SourceError(f"{where}: not an event id: {event_id[:40]!r}")
            if is_of_date:
                yield event_id, tipoff

    def _odds(self, path: str, key: str, parameters: dict[str, str]) -> Payload:
        markets, layout = _MARKETS[self.endpoint]
        asked = {
            **parameters, "regions": "us", "markets": markets, "oddsFormat": "american",
            "dateFormat": "iso",
        }  # fmt: skip
        answer = self.client.get(f"{self.base_url}/{path}", asked, accepted=NOTHING_POSTED)
        content = answer.content
        if answer.status in NOTHING_POSTED:
            _check_nothing(f"{self.name}/{self.endpoint}/{key}", answer)
            layout, content = Layout.NOT_POSTED, f'{{"status": {answer.status}}}'.encode()
        return received(self, key, layout, content)

    def not_offered(self, game: Game) -> str | None:
        """Why there are no lines of the game: they were before the first snapshot."""
        since = _SINCE[self.endpoint]
        if game.game_date < since:
            return f"The Odds API has {self.endpoint} from {since} on, not of {game.game_date}"
        return None


def _key(date: dt.date, event: str) -> str:
    return f"dates={date}..{date}/event={event}/odds=american"


def _text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _listed(where: str, content: bytes) -> list[Any]:
    """Events of a live answer or of the envelope of a snapshot."""
    try:
        found = json.loads(content)
    except ValueError as error:
        raise SourceError(f"{where}: not JSON: {error}") from error
    events = found.get("data") if isinstance(found, dict) else found
    if not isinstance(events, list):
        raise SourceError(f"{where}: no list of events")
    return events


def _check_nothing(where: str, answer: Answer) -> None:
    """204, and 404 when it says that the event has no odds, mean "nothing posted".

    Raises:
        SourceError: a 404 that says something else, such as an address that is wrong.
    """
    if answer.status == 204:
        return
    try:
        code = json.loads(answer.content).get("error_code")
    except (ValueError, AttributeError):
        code = None
    if code != "EVENT_NOT_FOUND":
        raise SourceError(f"{where}: answered 404, {code or 'without a reason'}")
