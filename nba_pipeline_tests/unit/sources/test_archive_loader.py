"""Files of an archive as payloads: what was not there yesterday, is missing, or is no file."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, SourceError
from nba_pipeline.landing.zone import Landing, LocalStore
from nba_pipeline.league.calendar import Game, SeasonType
from nba_pipeline.sources.archive.loader import archive_loader
from nba_pipeline.sources.archive.manifest import OWN_NAME
from nba_pipeline.sources.fetch import fetch
from nba_pipeline.sources.loader import PartError
from nba_pipeline.sources.own.fixed import NothingLoader
from nba_pipeline_tests.unit.sources.archive_folders import (
    at,
    fetched,
    keys,
    lacks,
    listed,
    played,
    write,
)
from nba_pipeline_tests.unit.sources.test_parse import HORFORD, LOG_HEAD

LOG = "stats_nba_player_gamelog/game_logs"
STATED = dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 2, 3, 4, 5, 6, tzinfo=dt.UTC)
PLAYOFFS = SeasonType.PLAYOFFS


@pytest.mark.parametrize(
    ("endpoint", "path", "key", "one"),
    [
        (Endpoint.PLAYER_GAMELOG, f"{LOG}_2025-26_to_2026-01-31.csv.gz",
         "season=2025-26/file=game_logs_2025-26_to_2026-01-31", played("2026-01-31")),
        (Endpoint.PLAYER_GAMELOG, f"{LOG}_2026-27.csv.gz",
         "season=2026-27/file=game_logs_2026-27", played("2026-11-03")),
        (Endpoint.PLAYER_GAMELOG,
         "stats_nba_player_gamelog_compact/player_game_logs_2025-26.csv.gz",
         "season=2025-26/file=player_game_logs_2025-26", played("2026-05-03", PLAYOFFS)),
        (Endpoint.TEAM_GAMELOG, "stats_nba_team_gamelog/league_gamelog_2025_26_Playoffs.parquet",
         "season=2025-26/file=league_gamelog_2025_26_Playoffs", played("2026-05-03", PLAYOFFS)),
        (Endpoint.BREF_BOXSCORES, "bref_boxscores/2026-27_to_2026-11-30.jsonl.gz",
         "season=2026-27/file=2026-27_to_2026-11-30", played("2026-11-03")),
        (Endpoint.SHOTS, "stats_nba_shots/NBA_2026_Shots.parquet",
         "season=2025-26/file=NBA_2026_Shots", played("2025-11-03")),
        (Endpoint.POINTS_LINES, "odds_api_player_props/spon7ge_daily/01_07_2026.csv.gz",
         "dates=2026-01-05..2026-01-09/file=01_07_2026", played("2026-01-07")),
        (Endpoint.PRIZEPICKS_LINES,
         "prizepicks_snapshots/prizepicks-nba_2026-01-05T123104Z.json.gz",
         "dates=2026-01-04..2026-01-08/file=prizepicks-nba_2026-01-05T123104Z",
         played("2026-01-05")),
        (Endpoint.GAME_SHEETS,
         "stats_nba_playoff_boxscores_with_dnp/play_off_box_scores_2010_2025.csv.gz",
         "file=play_off_box_scores_2010_2025", played("2025-05-03", PLAYOFFS)),
        (Endpoint.BREF_PLAYS, "bref_play_by_play/2025-26_to_2026-01-31.jsonl.gz",
         "season=2025-26/file=2025-26_to_2026-01-31", played("2026-01-30")),
        (Endpoint.GAME_LINES, "odds_game_lines/sbr_game_odds_2025-26_2026-27.csv.gz",
         "file=sbr_game_odds_2025-26_2026-27", played("2026-11-03")),
    ],
)  # fmt: skip
def test_a_file_that_was_not_there_yesterday_is_read_today(
    tmp_path: Path, endpoint: Endpoint, path: str, key: str, one: Game
) -> None:
    loader, day = archive_loader(tmp_path, endpoint), DateRange(one.game_date, one.game_date)
    assert loader.not_offered(one) is not None
    assert list(loader.fetch(day)) == []
    write(tmp_path, path, content=b"content")
    assert loader.not_offered(one) is None
    (payload,) = loader.fetch(day)
    assert (payload.request_key, payload.content) == (key, b"content")
    assert loader.not_offered(played("2012-11-03")) is not None


def test_a_log_offers_what_its_name_says_and_a_longer_one_widens_it(tmp_path: Path) -> None:
    write(tmp_path, f"{LOG}_2025-26_to_2025-12-31.csv.gz")
    january = played("2026-01-01")
    assert lacks(tmp_path, Endpoint.PLAYER_GAMELOG, played("2025-12-31")) is None
    assert lacks(tmp_path, Endpoint.PLAYER_GAMELOG, january) == (
        "nbac_archive: player gamelog of regular games in 2025-26 only to 2025-12-31"
    )
    write(tmp_path, f"{LOG}_2025-26_to_2026-01-31.csv.gz")
    assert lacks(tmp_path, Endpoint.PLAYER_GAMELOG, january) is None
    assert len(keys(tmp_path, Endpoint.PLAYER_GAMELOG, "2025-12-30")) == 2
    assert len(keys(tmp_path, Endpoint.PLAYER_GAMELOG, "2026-01-30")) == 1


def test_a_new_month_of_sheets_comes_with_its_names_and_is_whole(tmp_path: Path) -> None:
    folder = "stats_nba_boxscore_v3_monthly"
    write(tmp_path, f"{folder}/game_stats_2025-12.csv.gz")
    with pytest.raises(PartError, match=r"players.csv.gz in .* without which sheet_ids_csv"):
        keys(tmp_path, Endpoint.GAME_SHEETS, "2025-12-31")
    write(tmp_path, f"{folder}/players.csv.gz", f"{folder}/game_stats_2025-10.csv.gz")
    assert keys(tmp_path, Endpoint.GAME_SHEETS, "2025-12-31") == [
        "dates=2025-12-01..2025-12-31/file=game_stats_2025-12", "file=players",
    ]  # fmt: skip
    assert keys(tmp_path, Endpoint.GAME_SHEETS, "2024-12-31") == []
    assert lacks(tmp_path, Endpoint.GAME_SHEETS, played("2025-12-31")) is None
    assert lacks(tmp_path, Endpoint.GAME_SHEETS, played("2025-11-30")) == (
        "nbac_archive: no game sheets of 2025-11"
    )


def test_a_listed_file_that_is_missing_is_a_failure_of_its_dates_alone(tmp_path: Path) -> None:
    seasons = [f"{LOG}_{season}.csv.gz" for season in ("2022-23", "2023-24", "2024-25")]
    text = f"{LOG_HEAD}\n{HORFORD}\n".encode()
    listed(write(tmp_path, seasons[2], content=text), *seasons[1:])
    lost = played("2023-11-03")
    assert lacks(tmp_path, Endpoint.PLAYER_GAMELOG, lost) is None
    assert lacks(tmp_path, Endpoint.PLAYER_GAMELOG, played("2022-11-03")) == (
        "nbac_archive: no player gamelog of 2022-23"
    )
    with pytest.raises(SourceError, match="game_logs_2023-24.csv.gz: not there, but on the list"):
        fetched(tmp_path, Endpoint.PLAYER_GAMELOG, "2023-11-03")
    span = DateRange(dt.date(2022, 10, 1), dt.date(2025, 6, 30))
    loader = archive_loader(tmp_path, Endpoint.PLAYER_GAMELOG)
    found = fetch(Landing(LocalStore(tmp_path / "landing")), loader, span)
    assert [landed.request_key for landed, _ in found.frames] == [
        "season=2024-25/file=game_logs_2024-25"
    ]
    ((dates, reason),) = found.failed
    assert dates == DateRange(dt.date(2023, 9, 1), dt.date(2024, 8, 31))
    assert f"{tmp_path / seasons[1]}" in reason


def test_a_missing_day_costs_the_dates_that_it_may_have_rows_of(tmp_path: Path) -> None:
    folder = "odds_api_player_props/btam-ny_daily"
    days = [f"{folder}/data_points_2024-03-{day:02d}.csv.gz" for day in range(1, 31)]
    listed(write(tmp_path, *days[:14], *days[15:]), *days)
    with pytest.raises(PartError) as caught:
        fetched(tmp_path, Endpoint.POINTS_LINES, "2024-03-01", "2024-03-30")
    ((dates, _),) = caught.value.lost
    assert dates == DateRange(dt.date(2024, 3, 13), dt.date(2024, 3, 17))
    assert len(keys(tmp_path, Endpoint.POINTS_LINES, "2024-03-20")) == 5


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


def test_an_archive_of_two_seasons_has_them_and_says_what_it_lacks(tmp_path: Path) -> None:
    write(tmp_path, f"{LOG}_2023-24.csv.gz", f"{LOG}_2024-25.csv.gz",
          "bref_boxscores/2024-25.jsonl.gz")  # fmt: skip
    assert len(keys(tmp_path, Endpoint.PLAYER_GAMELOG, "2021-10-01", "2026-06-30")) == 2
    for day, words in (
        ("2022-11-03", "no player gamelog of 2022-23"),
        ("2025-11-03", "no player gamelog of 2025-26"),
    ):
        reason = lacks(tmp_path, Endpoint.PLAYER_GAMELOG, played(day))
        assert reason == f"nbac_archive: {words}"
    assert lacks(tmp_path, Endpoint.BREF_BOXSCORES, played("2023-11-03")) == (
        "bref_archive: no bref boxscores of 2023-24"
    )
    for endpoint in (Endpoint.SHOTS, Endpoint.INJURY_REPORT, Endpoint.BETTINGPROS_LINES):
        assert keys(tmp_path, endpoint, "2021-10-01", "2026-06-30") == []
        assert "of 2024-25" in str(lacks(tmp_path, endpoint, played("2024-11-03")))
    transactions = archive_loader(tmp_path, Endpoint.INJURY_TRANSACTIONS)
    assert "of 2024-25" in str(transactions.not_offered_on(dt.date(2024, 11, 3)))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "endpoint",
    [Endpoint.SCHEDULE, Endpoint.TEAMS, Endpoint.PLAYERS, Endpoint.PLAYER_SEASONS],
)
def test_what_nothing_can_be_judged_without_must_be_there(
    tmp_path: Path, endpoint: Endpoint
) -> None:
    assert lacks(tmp_path, endpoint, played("2024-11-03")) is None
    with pytest.raises(SourceError, match=r"has none of (schedules|players)/"):
        keys(tmp_path, endpoint, "2024-11-03")


def test_a_table_without_dates_is_made_of_all_its_files(tmp_path: Path) -> None:
    positions = [f"players/player_positions_{season}.csv.gz" for season in ("2021-22", "2026-27")]
    write(tmp_path, "players/commonallplayers_raw.json.gz", *positions)
    assert keys(tmp_path, Endpoint.PLAYER_SEASONS, "2024-11-03") == [
        "all", "season=2021-22/file=player_positions", "season=2026-27/file=player_positions",
    ]  # fmt: skip


def test_an_archive_that_is_not_there_is_an_error_and_not_a_hole(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    assert lacks(nowhere, Endpoint.SHOTS, played("2024-11-03")) is None
    with pytest.raises(SourceError, match=f"shots: no folder {nowhere}"):
        fetched(nowhere, Endpoint.SHOTS, "2024-11-03")


def test_two_files_that_answer_one_request_are_told(tmp_path: Path) -> None:
    (tmp_path / OWN_NAME).write_text(
        '[[files]]\npath = "*.csv"\nendpoint = "teams"\nlayout = "teams_csv"\nrequest = "all"\n'
    )
    write(tmp_path, "a.csv", "b.csv")
    with pytest.raises(SourceError, match=r"b.csv: answers the same request as .*a.csv: all"):
        fetched(tmp_path, Endpoint.TEAMS, "2024-11-03")


def test_an_endpoint_with_a_reason_and_no_entry_has_nothing(tmp_path: Path) -> None:
    loader = archive_loader(tmp_path, Endpoint.ROSTERS)
    assert isinstance(loader, NothingLoader)
    assert loader.not_offered(played("2024-11-03")) == (
        "espn_archive: one roster of one team, of no known date"
    )


def test_layout_and_source_are_those_of_the_manifest(tmp_path: Path) -> None:
    write(tmp_path, "odds_api_player_props/spon7ge_daily/01_07_2026.csv.gz")
    (payload,) = fetched(tmp_path, Endpoint.POINTS_LINES, "2026-01-09")
    assert (payload.source, payload.layout) == ("odds_archive", Layout.PROPS_SIDES_CSV)
