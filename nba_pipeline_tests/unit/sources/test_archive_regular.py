"""Files that are no regular files, or change while they are looked at."""

from __future__ import annotations

import datetime as dt
import os
import signal
from pathlib import Path

import pytest

from nba_pipeline.landing.payload import Endpoint, SourceError
from nba_pipeline.league.calendar import SeasonType
from nba_pipeline.sources.archive.loader import archive_loader
from nba_pipeline.sources.archive.regular import read_regular
from nba_pipeline_tests.unit.sources.archive_folders import at, fetched, keys, lacks, played, write

LOG = "stats_nba_player_gamelog/game_logs"
STATED = dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 2, 3, 4, 5, 6, tzinfo=dt.UTC)
PLAYOFFS = SeasonType.PLAYOFFS


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


def test_a_file_that_came_in_the_same_tick_of_the_clock_is_seen(tmp_path: Path) -> None:
    write(tmp_path, f"{LOG}_2023-24.csv.gz")
    folder = tmp_path / "stats_nba_player_gamelog"
    then = folder.stat().st_mtime_ns
    loader = archive_loader(tmp_path, Endpoint.PLAYER_GAMELOG)
    assert loader.not_offered(played("2024-11-03")) is not None
    write(tmp_path, f"{LOG}_2024-25.csv.gz")
    os.utime(folder, ns=(then, then))
    assert loader.not_offered(played("2024-11-03")) is None


def test_a_folder_that_stays_as_it_is_is_looked_into_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, f"{LOG}_2023-24.csv.gz")
    for folder in (tmp_path, tmp_path / "stats_nba_player_gamelog"):
        at(folder, STATED)
    looked: list[Path] = []
    look = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda self: looked.append(self) or look(self))
    loader = archive_loader(tmp_path, Endpoint.PLAYER_GAMELOG)
    for day in range(1, 31):
        assert loader.not_offered(played(f"2023-11-{day:02d}")) is None
    assert len(looked) == len(set(looked)) + 1  # two patterns of one folder
    write(tmp_path, f"{LOG}_2024-25.csv.gz")
    assert loader.not_offered(played("2024-11-03")) is None
