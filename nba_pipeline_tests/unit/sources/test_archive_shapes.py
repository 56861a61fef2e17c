"""Archives of other shapes: folders that no code knows, read by their own manifest alone."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import DateRange, Endpoint, PayloadError
from nba_pipeline.landing.zone import Landing, LocalStore
from nba_pipeline.league.calendar import SeasonType
from nba_pipeline.settings import SourceMode
from nba_pipeline.sources import lookup
from nba_pipeline.sources.archive.loader import archive_loader
from nba_pipeline.sources.archive.manifest import OWN_NAME
from nba_pipeline.sources.fetch import fetch
from nba_pipeline.sources.lookup import loaders, parse
from nba_pipeline.sources.schedule import schedule_rows
from nba_pipeline_tests.unit.sources.archive_folders import fetched, keys, lacks, played, write
from nba_pipeline_tests.unit.sources.test_parse import (
    HORFORD,
    LOG_HEAD,
    bref_line,
    v2,
    v2_game,
)

BY_SEASON = """
[endpoints]
schedule = { source = "club" }
player_gamelog = { source = "club" }

[[files]]
path = "{season}/calendar.json"
endpoint = "schedule"
layout = "schedule_league_v2"

[[files]]
path = "{season}/{kind}/players-*.csv"
endpoint = "player_gamelog"
layout = "gamelog_csv"
kind_names = { rs = ["regular"], po = ["playoffs", "play_in"] }
"""
"""A folder a season, kinds of games below it."""

BY_DAY = """
[[files]]
path = "cal-{season:2122}.json.gz"
endpoint = "schedule"
layout = "schedule_league_v2"

[[files]]
path = "box/{date:%Y}/{date:%m}/{date:%d}.csv"
endpoint = "player_gamelog"
layout = "gamelog_csv"

[[files]]
path = "box/{date:%Y}/{date:%m}/{date:%d}.jsonl"
endpoint = "bref_boxscores"
layout = "bref_jsonl"
days = [-1, -1]
"""
"""A file a day, in folders of years and months; one publisher names it after the morning after."""

OPENING = dt.date(2024, 10, 22)
LOG = f"{LOG_HEAD}\n{HORFORD}\n".encode()


def archive(root: Path, manifest: str) -> Path:
    root.mkdir(exist_ok=True)
    (root / OWN_NAME).write_text(manifest)
    return root


def calendar() -> bytes:
    return v2(v2_game()).content


def log_of(root: Path, tmp_path: Path) -> list[tuple[dt.date, str]]:
    loader = archive_loader(root, Endpoint.PLAYER_GAMELOG)
    found = fetch(Landing(LocalStore(tmp_path / "landing")), loader, DateRange(OPENING, OPENING))
    assert found.failed == []
    return [(r.game_date, r.player_name) for _, f in found.frames for r in f.itertuples()]


def schedule_of(root: Path, tmp_path: Path) -> list[str]:
    landing = Landing(LocalStore(tmp_path / "landing"))
    span = DateRange(OPENING, OPENING)
    made = schedule_rows(
        landing, loaders(SourceMode.ARCHIVES, root, landing), contracts()["nbac_schedule"], span
    )
    return [str(game_id) for game_id in made.rows["game_id"].to_pylist()]


def test_a_folder_a_season(tmp_path: Path) -> None:
    root = archive(tmp_path / "club", BY_SEASON)
    write(root, "2024-25/calendar.json", content=calendar())
    write(root, "2024-25/rs/players-all.csv", content=LOG)
    write(root, "2024-25/notes.txt", "2023-24/po/players-x.csv")
    assert schedule_of(root, tmp_path) == ["20241022_NYK_BOS"]
    assert log_of(root, tmp_path) == [(OPENING, "Al Horford")]
    write(root, "2024-25/po/players-all.csv", content=LOG)
    payloads = fetched(root, Endpoint.PLAYER_GAMELOG, str(OPENING))
    assert {payload.source for payload in payloads} == {"club"}
    assert [payload.request_key for payload in payloads] == [
        "season=2024-25/file=2024-25_po_players-all",
        "season=2024-25/file=2024-25_rs_players-all",
    ]
    assert lacks(root, Endpoint.PLAYER_GAMELOG, played("2024-11-03")) is None
    assert lacks(root, Endpoint.PLAYER_GAMELOG, played("2024-05-03", SeasonType.PLAYOFFS)) is None
    assert lacks(root, Endpoint.PLAYER_GAMELOG, played("2025-06-15", SeasonType.CUP_FINAL)) == (
        "club: no player gamelog of cup-final games in 2024-25"
    )
    assert lacks(root, Endpoint.SHOTS, played("2024-11-03")) == "archive: no shots of 2024-25"


def test_a_file_a_day_in_folders_of_years_and_months(tmp_path: Path) -> None:
    root = archive(tmp_path / "days", BY_DAY)
    write(root, "cal-2425.json.gz", content=gzip.compress(calendar()))
    write(root, "box/2024/10/22.csv", content=LOG)
    write(root, "box/2024/10/23.csv", "box/2024/10/31.csv", content=f"{LOG_HEAD}\n".encode())
    write(root, "box/2024/10/23.jsonl", content=bref_line().encode())
    assert schedule_of(root, tmp_path) == ["20241022_NYK_BOS"]
    assert log_of(root, tmp_path) == [(OPENING, "Al Horford")]
    assert keys(root, Endpoint.PLAYER_GAMELOG, "2024-10-23", "2024-10-30") == [
        "dates=2024-10-23..2024-10-23/file=2024_10_23"
    ]
    assert keys(root, Endpoint.BREF_BOXSCORES, "2024-10-22") == [
        "dates=2024-10-22..2024-10-22/file=2024_10_23"
    ]
    for day, reason in (
        ("2024-10-22", None),
        ("2024-10-31", None),
        ("2024-10-25", "archive: player gamelog of 2024-25 only of 2024-10-22, 2024-10-23, "
         "2024-10-31"),
    ):  # fmt: skip
        assert lacks(root, Endpoint.PLAYER_GAMELOG, played(day)) == reason
    assert lacks(root, Endpoint.BREF_BOXSCORES, played("2024-10-22")) is None
    assert lacks(root, Endpoint.BREF_BOXSCORES, played("2024-10-23")) == (
        "archive: bref boxscores of 2024-25 only of 2024-10-22"
    )


INSIDE = """
[[files]]
path = "everything.csv"
endpoint = "player_gamelog"
layout = "gamelog_csv"
inside = "dates"
whole_seasons = ["2022-23"]
"""


def test_dates_are_found_in_a_file_whose_name_says_nothing(tmp_path: Path) -> None:
    root = archive(tmp_path / "one", INSIDE)
    write(root, "everything.csv", content=LOG)
    assert lacks(root, Endpoint.PLAYER_GAMELOG, played("2024-10-22")) is None
    assert lacks(root, Endpoint.PLAYER_GAMELOG, played("2022-11-03")) is None
    assert lacks(root, Endpoint.PLAYER_GAMELOG, played("2024-10-23")) == (
        "archive: player gamelog of 2024-25 only of 2024-10-22"
    )
    more = LOG + HORFORD.replace("2024-10-22", "2024-10-23").encode() + b"\n"
    write(root, "everything.csv", content=more)
    assert lacks(root, Endpoint.PLAYER_GAMELOG, played("2024-10-23")) is None


def test_a_file_is_looked_into_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = archive(tmp_path / "one", INSIDE)
    write(root, "everything.csv", content=LOG)
    read = []
    monkeypatch.setattr(lookup, "parse", lambda payload: read.append(1) or parse(payload))
    loader = archive_loader(root, Endpoint.PLAYER_GAMELOG)
    for day in range(1, 31):
        loader.not_offered(played(f"2024-11-{day:02d}"))
    assert read == [1]


def test_a_file_that_cannot_be_looked_into_is_asked_for_and_fails(tmp_path: Path) -> None:
    root = archive(tmp_path / "one", INSIDE)
    write(root, "everything.csv", content=b"not,a,log\n1,2,3\n")
    assert lacks(root, Endpoint.PLAYER_GAMELOG, played("2024-10-23")) is None
    loader = archive_loader(root, Endpoint.PLAYER_GAMELOG)
    landing = Landing(LocalStore(tmp_path / "landing"))
    ((_, reason),) = fetch(landing, loader, DateRange(OPENING, OPENING)).failed
    assert "missing columns" in reason


def test_an_end_inside_is_the_end_and_a_stated_one_is_of_that_file_only(tmp_path: Path) -> None:
    size = len(LOG)
    root = archive(
        tmp_path / "one",
        INSIDE.replace('"dates"', '"end"').replace('whole_seasons = ["2022-23"]\n', "")
        + f'[files.but."everything.csv"]\nbytes = {size}\nuntil = 2024-10-30\n',
    )
    write(root, "everything.csv", content=LOG)
    assert lacks(root, Endpoint.PLAYER_GAMELOG, played("2024-10-30")) is None
    assert "only to 2024-10-30" in str(lacks(root, Endpoint.PLAYER_GAMELOG, played("2024-10-31")))
    more = LOG + HORFORD.replace("2024-10-22", "2024-11-02").encode() + b"\n"
    write(root, "everything.csv", content=more)
    assert lacks(root, Endpoint.PLAYER_GAMELOG, played("2024-11-02")) is None
    assert "only to 2024-11-02" in str(lacks(root, Endpoint.PLAYER_GAMELOG, played("2024-11-03")))


def test_a_layout_of_another_endpoint_is_refused_when_it_is_read(tmp_path: Path) -> None:
    root = archive(tmp_path / "odd", BY_SEASON.replace("gamelog_csv", "teams_csv"))
    write(root, "2024-25/rs/players-all.csv", content=LOG)
    (payload,) = fetched(root, Endpoint.PLAYER_GAMELOG, str(OPENING))
    with pytest.raises(PayloadError):
        parse(payload)
