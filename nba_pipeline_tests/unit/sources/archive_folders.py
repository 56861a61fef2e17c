"""Folders of archives that tests write, and asking them."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import os
from pathlib import Path

from nba_pipeline.landing.payload import DateRange, Endpoint, Payload
from nba_pipeline.league.calendar import Game, SeasonType, season_year_on
from nba_pipeline.sources.archive.loader import archive_loader
from nba_pipeline_tests.unit.league.test_calendar import game


def write(root: Path, *paths: str, content: bytes = b"x") -> Path:
    """Files below a root, each with the same content."""
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return root


def played(day: str, kind: SeasonType = SeasonType.REGULAR, **changes: object) -> Game:
    """A game of a date."""
    date = dt.date.fromisoformat(day)
    given = {"game_date": date, "season_type": kind, "season_year": season_year_on(date)}
    return game(**{**given, **changes})


def lacks(root: Path, endpoint: Endpoint, one: Game) -> str | None:
    """Why an archive does not have a game."""
    return archive_loader(root, endpoint).not_offered(one)


def fetched(root: Path, endpoint: Endpoint, first: str, last: str | None = None) -> list[Payload]:
    """What an archive gives for a range."""
    span = DateRange(dt.date.fromisoformat(first), dt.date.fromisoformat(last or first))
    return list(archive_loader(root, endpoint).fetch(span))


def keys(root: Path, endpoint: Endpoint, first: str, last: str | None = None) -> list[str]:
    """Requests that an archive answers for a range."""
    return [payload.request_key for payload in fetched(root, endpoint, first, last)]


def listed(root: Path, *paths: str) -> Path:
    """A root with an inventory of files, as they are now or missing."""
    with (root / "MANIFEST.csv").open("w", newline="") as text:
        rows = csv.writer(text)
        rows.writerow(["file", "sha256"])
        for path in paths:
            file = root / path
            content = file.read_bytes() if file.is_file() else b""
            rows.writerow([path, hashlib.sha256(content).hexdigest()])
    return root


def at(path: Path, time: dt.datetime) -> None:
    """A file or folder as if it had been written then."""
    os.utime(path, (time.timestamp(), time.timestamp()))
