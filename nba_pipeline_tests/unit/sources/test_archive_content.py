"""Reading a file of an archive: only what is a file, and when it is said to have been fetched."""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from nba_pipeline.landing.payload import Endpoint, SourceError
from nba_pipeline.sources.archive import regular
from nba_pipeline.sources.archive.regular import read_regular
from nba_pipeline_tests.unit.sources.archive_folders import (
    at,
    fetched,
    keys,
    lacks,
    listed,
    played,
    write,
)

LOG = "stats_nba_player_gamelog/game_logs"
STATED = dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 2, 3, 4, 5, 6, tzinfo=dt.UTC)


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "broken link", "too large"])
def test_what_is_no_regular_file_is_an_error_and_not_waited_for(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path, f"{LOG}_2023-24.csv.gz") / f"{LOG}_2024-25.csv.gz"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    elif kind == "broken link":
        path.symlink_to(tmp_path / "nowhere")
    else:
        with path.open("wb") as file:
            file.truncate(256 * 1024 * 1024 + 1)
    assert lacks(tmp_path, Endpoint.PLAYER_GAMELOG, played("2024-11-03")) is None
    words = "larger than 268,435,456 bytes" if kind == "too large" else "not a regular file"
    with pytest.raises(SourceError, match=f"game_logs_2024-25.csv.gz: {words}"):
        fetched(tmp_path, Endpoint.PLAYER_GAMELOG, "2024-11-03")
    assert len(keys(tmp_path, Endpoint.PLAYER_GAMELOG, "2023-11-03")) == 1


def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between looking at a name and opening it somebody may change what it names."""
    file = write(tmp_path, "file.csv") / "file.csv"
    before = file.stat()
    file.unlink()
    os.mkfifo(file)
    monkeypatch.setattr(Path, "stat", lambda self, **_: before)

    def waited(*_: object) -> None:
        raise TimeoutError("it was waited for")

    kept = signal.signal(signal.SIGALRM, waited)
    signal.setitimer(signal.ITIMER_REAL, 5)
    try:
        with pytest.raises(SourceError, match="not a regular file"):
            read_regular(file, 100)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, kept)


def test_a_file_that_cannot_be_read_in_time_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a network folder whose host is gone: no bytes, and no error either."""
    file, is_back = write(tmp_path, "file.csv") / "file.csv", threading.Event()
    opened = os.open

    def hanging(path: Path, flags: int) -> int:
        is_back.wait(20)
        return opened(path, flags)

    monkeypatch.setattr(os, "open", hanging)
    monkeypatch.setattr(regular, "LONGEST", 0.2)
    start = time.monotonic()
    try:
        with pytest.raises(SourceError, match=r"file\.csv: not read after 0 seconds"):
            read_regular(file, 100)
        assert time.monotonic() - start < 10
    finally:
        is_back.set()


def test_a_known_file_has_the_stated_time_and_a_newer_one_is_newer(tmp_path: Path) -> None:
    known, new = f"{LOG}_2024-25.csv.gz", f"{LOG}_2025-26_to_2026-01-31.csv.gz"
    listed(write(tmp_path, known), known)
    at(tmp_path / known, LATER)
    at(write(tmp_path, new) / new, LATER)

    def times() -> list[dt.datetime]:
        span = ("2024-11-01", "2026-01-31")
        return [p.fetched_at for p in fetched(tmp_path, Endpoint.PLAYER_GAMELOG, *span)]

    assert times() == [STATED, LATER]
    write(tmp_path, known, content=b"corrected")
    at(tmp_path / known, STATED - dt.timedelta(30))  # copied with its time, put there later
    assert times() == [STATED + dt.timedelta(seconds=1), LATER]
    (tmp_path / "MANIFEST.csv").unlink()
    assert times() == [STATED - dt.timedelta(30), LATER]
    at(tmp_path / new, dt.datetime(2100, 1, 1, tzinfo=dt.UTC))
    assert times()[1].timestamp() <= time.time()


def test_a_listed_file_is_not_older_than_what_its_name_says(tmp_path: Path) -> None:
    new = f"{LOG}_2025-26_to_2026-01-31.csv.gz"
    listed(write(tmp_path, new), new)
    at(tmp_path / new, LATER)
    (payload,) = fetched(tmp_path, Endpoint.PLAYER_GAMELOG, "2026-01-30")
    assert payload.fetched_at == LATER
