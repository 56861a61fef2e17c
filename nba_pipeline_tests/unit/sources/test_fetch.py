"""Frames that were parsed are kept, and nobody who was given one can change it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload
from nba_pipeline.landing.zone import Landing, LocalStore
from nba_pipeline.league.calendar import Game
from nba_pipeline.sources import fetch as fetching
from nba_pipeline.sources.fetch import fetch, landed_before
from nba_pipeline.sources.parse.boxscores import GAMELOG_CSV
from nba_pipeline.sources.reading.layouts import Read
from nba_pipeline.sources.rows.frames import Fetched
from nba_pipeline_tests.unit.sources.test_parse import HORFORD, LOG_HEAD

DATE = dt.date(2024, 10, 22)
SPAN = DateRange(DATE, DATE)


class One:
    """A loader of one game log, by date so that it is found in the landing zone too."""

    name = "test"
    endpoint = Endpoint.PLAYER_GAMELOG

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        content = f"{LOG_HEAD}\n{HORFORD}\n".encode()
        key = f"dates={DATE}..{DATE}"
        yield Payload(self.name, self.endpoint, key, Layout.GAMELOG_CSV, at, content)

    def not_offered(self, game: Game) -> str | None:
        return None


def a_cell(frame: pd.DataFrame) -> None:
    frame.loc[0, "points"] = 99


def a_value(frame: pd.DataFrame) -> None:
    frame.iloc[0, frame.columns.get_loc("team")] = "NYK"


def a_column(frame: pd.DataFrame) -> None:
    frame["points"] = 99


def a_new_column(frame: pd.DataFrame) -> None:
    frame["beside"] = 1


def in_place(frame: pd.DataFrame) -> None:
    frame.drop(columns="points", inplace=True)  # noqa: PD002


def of_a_column(frame: pd.DataFrame) -> None:
    column = frame["points"]
    column[0] = 99


def the_index(frame: pd.DataFrame) -> None:
    frame.index = pd.Index([7])


CHANGES = (a_cell, a_value, a_column, a_new_column, in_place, of_a_column, the_index)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("again", ["fetch", "landed_before"])
def test_a_change_to_a_frame_reaches_nobody_else(
    tmp_path: Path, change: Callable[[pd.DataFrame], None], again: str
) -> None:
    landing, loader = Landing(LocalStore(tmp_path)), One()
    ((_, frame),) = fetch(landing, loader, SPAN).frames
    untouched = GAMELOG_CSV.read(next(loader.fetch(SPAN)))
    assert frame.equals(untouched)
    change(frame)
    assert not (frame.equals(untouched) and frame.index.equals(untouched.index)) or (
        change is of_a_column  # a column that was taken out is one's own
    )
    later = Fetched()
    if again == "fetch":
        later = fetch(landing, loader, SPAN)
    else:
        landed_before(landing, loader, [DATE], later)
    ((_, second),) = later.frames
    assert second.equals(untouched)
    assert second.index.equals(untouched.index)


def test_a_payload_is_read_once_per_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []

    def counting(payload: Payload) -> Read:
        read.append(payload.endpoint)
        return GAMELOG_CSV.read_dates(payload)

    monkeypatch.setattr(fetching, "parse_dates", counting)
    fetching._memory.clear()
    landing = Landing(LocalStore(tmp_path))
    for _ in range(3):
        fetch(landing, One(), SPAN)
    assert read == [Endpoint.PLAYER_GAMELOG]
    # the same bytes of another endpoint are read by what that endpoint needs
    teams = One()
    payload = replace(next(teams.fetch(SPAN)), endpoint=Endpoint.TEAM_GAMELOG)
    monkeypatch.setattr(teams, "fetch", lambda _: iter([payload]))
    fetch(landing, teams, SPAN)
    assert read == [Endpoint.PLAYER_GAMELOG, Endpoint.TEAM_GAMELOG]


def test_what_is_held_is_bounded_by_bytes_and_the_oldest_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loader = One()
    first = next(loader.fetch(SPAN))
    asked = [replace(first, request_key=f"{first.request_key}/n={n}") for n in range(3)]
    monkeypatch.setattr(fetching, "_IN_MEMORY", 2 * len(first.content))
    fetching._memory.clear()
    for payload in asked:
        monkeypatch.setattr(loader, "fetch", lambda _, payload=payload: iter([payload]))
        fetch(Landing(LocalStore(tmp_path)), loader, SPAN)
    assert [key[-1] for key in fetching._memory] == [p.request_key for p in asked[1:]]
    # one that is larger than all that may be held is held all the same: the next table reads it
    monkeypatch.setattr(fetching, "_IN_MEMORY", 1)
    monkeypatch.setattr(loader, "fetch", lambda _: iter(asked[:1]))
    fetch(Landing(LocalStore(tmp_path)), loader, SPAN)
    assert [key[-1] for key in fetching._memory] == [asked[0].request_key]
