"""Frames kept on disk: the same as parsed, only what was asked for, never of another parser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload
from nba_pipeline.landing.zone import Landing, LocalStore
from nba_pipeline.league.calendar import FIRST_GAME_DATE, Game, GameStatus, SeasonType
from nba_pipeline.settings import SourceMode
from nba_pipeline.sources import fetch as fetching
from nba_pipeline.sources.fetch import fetch
from nba_pipeline.sources.kept import LEAST_BYTES, KeptFrames, as_kept
from nba_pipeline.sources.lookup import loaders, parse, parse_dates
from nba_pipeline.sources.own.fixed import NothingLoader
from nba_pipeline.sources.reading.drift import collecting
from nba_pipeline.sources.rows.schedule_merge import season_schedule
from nba_pipeline_tests.support import simulated
from nba_pipeline_tests.unit.sources.test_parse import HORFORD, LOG_HEAD

DATE = dt.date(2025, 10, 22)
SEASON = DateRange(FIRST_GAME_DATE, dt.date(2025, 12, 31))


class Log:
    """A season's log of many dates, with a column that nobody knows."""

    name = "nbac_archive"
    endpoint = Endpoint.PLAYER_GAMELOG

    def __init__(self) -> None:
        lines = [f"{LOG_HEAD},SPIN_RATE"]
        row = dict(zip(LOG_HEAD.split(","), HORFORD.split(","), strict=True))
        for n in range(900):
            date = DATE + dt.timedelta(n // 15)
            values = {**row, "GAME_DATE": date.isoformat(), "PLAYER_ID": str(1000 + n)}
            lines.append(",".join([*values.values(), "1"]))
        self.content = "\n".join(lines).encode()
        assert len(self.content) > LEAST_BYTES

    def fetch(self, _: DateRange) -> Iterator[Payload]:
        at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        key = "season=2025-26/file=log"
        yield Payload(self.name, self.endpoint, key, Layout.GAMELOG_CSV, at, self.content)

    def not_offered(self, _: Game) -> str | None:
        return None


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    fetching._memory.clear()
    return Landing(LocalStore(tmp_path / "landing"), kept=tmp_path / "parsed")


def never(_: Payload) -> pd.DataFrame:
    raise AssertionError("parsed again")


def forget() -> None:
    """As a new process: nothing is in memory."""
    fetching._memory.clear()


def files(landing: Landing) -> list[Path]:
    assert landing.kept is not None
    return sorted(landing.kept.iterdir())


def test_another_process_reads_what_was_kept_and_only_the_dates_it_needs(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    with collecting() as told:
        ((_, whole),) = fetch(landing, Log(), SEASON).frames
    assert [d.field_name for d in told] == ["SPIN_RATE"]
    forget()
    monkeypatch.setattr(fetching, "parse_dates", never)
    with collecting() as again:
        ((_, frame),) = fetch(landing, Log(), SEASON).frames
    assert again == told
    pd.testing.assert_frame_equal(frame, whole)
    forget()
    wanted = DateRange(DATE + dt.timedelta(3), DATE + dt.timedelta(4))
    ((_, part),) = fetch(landing, Log(), SEASON, wanted).frames
    assert set(part["game_date"]) == {wanted.first, wanted.last}
    same = whole[whole["game_date"].isin([wanted.first, wanted.last])].reset_index(drop=True)
    pd.testing.assert_frame_equal(part, same)


def test_another_parser_does_not_find_it_and_leaves_no_second_copy(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch(landing, Log(), SEASON)
    (before,) = files(landing)
    forget()
    monkeypatch.setattr(fetching, "parser_version", lambda _: "changed")
    read: list[Payload] = []
    monkeypatch.setattr(fetching, "parse_dates", lambda p: (read.append(p), parse_dates(p))[1])
    fetch(landing, Log(), SEASON)
    assert len(read) == 1
    (after,) = files(landing)
    assert after != before


def test_a_damaged_copy_is_made_again(landing: Landing) -> None:
    ((_, whole),) = fetch(landing, Log(), SEASON).frames
    (path,) = files(landing)
    path.write_bytes(path.read_bytes()[:500])
    forget()
    ((_, frame),) = fetch(landing, Log(), SEASON).frames
    pd.testing.assert_frame_equal(frame, whole)
    assert files(landing)[0].stat().st_size > 500


def test_a_frame_that_parquet_cannot_hold_is_not_kept(landing: Landing, tmp_path: Path) -> None:
    (payload,) = Log().fetch(SEASON)
    for values in ([1, "two"], [b"three"], [GameStatus.FINAL]):
        frame = pd.DataFrame({"x": pd.Series(values, dtype=object)})
        assert not KeptFrames(tmp_path / "p").keep(payload, "code", frame, ())
    assert not (tmp_path / "p").exists()


def test_small_payloads_are_parsed_every_time(landing: Landing) -> None:
    log = Log()
    log.content = b"\n".join(log.content.splitlines()[:5])
    fetch(landing, log, SEASON)
    assert landing.kept is not None
    assert not landing.kept.exists()


def _large(root: Path, landing: Landing) -> Iterator[Payload]:
    """Large payloads of every endpoint that the archives have."""
    for loader in loaders(SourceMode.ARCHIVES, root, landing).values():
        if not isinstance(loader, NothingLoader):
            yield from (p for p in loader.fetch(SEASON) if len(p.content) >= LEAST_BYTES)


@pytest.mark.real
def test_every_large_payload_of_the_archives_can_be_kept_as_it_is(
    archives: Path, landing: Landing
) -> None:
    kept = KeptFrames(landing.kept or Path())
    layouts = set()
    for payload in _large(archives, landing):
        if payload.layout in layouts:
            continue
        layouts.add(payload.layout)
        frame = as_kept(parse(payload))
        assert kept.keep(payload, "code", frame, ()), payload.label
        found = kept.read(payload, "code", None)
        assert found is not None
        pd.testing.assert_frame_equal(found[0], frame, obj=payload.label)
        # an enumeration's member equals its text, and is not the same to who reads the frame
        assert kinds(found[0]) == kinds(frame), payload.label
    assert len(layouts) > 8


def kinds(frame: pd.DataFrame) -> dict[str, set[type]]:
    return {str(c): set(map(type, v)) for c, v in frame.items() if v.dtype == object}


def test_a_schedule_that_was_kept_is_read_by_another_process_as_the_first_one_did(
    landing: Landing,
) -> None:
    """The large schedules come back as text; who wants more makes it of that."""
    loader = simulated()[Endpoint.SCHEDULE]
    (payload,) = loader.fetch(SEASON)
    assert len(payload.content) > LEAST_BYTES
    fetched = [fetch(landing, loader, SEASON)]
    assert len(files(landing)) == 1
    forget()
    fetched.append(fetch(landing, loader, SEASON))
    first, second = (
        season_schedule([(landed.key, landed.fetched_at, frame) for landed, frame in f.frames])
        for f in fetched
    )
    assert first.games == second.games
    assert {type(g["season_type"]) for g in second.games.values()} == {SeasonType}
    assert {type(g["game_status"]) for g in second.games.values()} == {GameStatus}
    assert first.is_over is second.is_over
    assert len(list(first.counting())) == len(list(second.counting())) > 1000
