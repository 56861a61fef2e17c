"""The packaged manifest: what the known archive offers, and how it says what it lacks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from nba_pipeline.landing.payload import Endpoint
from nba_pipeline.league.calendar import SeasonType
from nba_pipeline.sources.archive.listing import archive_at
from nba_pipeline.sources.archive.loader import archive_loader
from nba_pipeline_tests.unit.sources.archive_folders import fetched, keys, lacks, played, write

MONTHLY = "stats_nba_boxscore_v3_monthly"
SHEETS = (
    *(f"{MONTHLY}/game_stats_{month}.csv.gz"
      for month in ("2025-01", "2025-02", "2025-03", "2025-04", "2025-10", "2025-11")),
    f"{MONTHLY}/players.csv.gz",
    "stats_nba_playoff_boxscores_with_dnp/play_off_box_scores_2010_2024.csv.gz",
    "raw_api_samples/nbac_gamebook_pdf/exp_0173bcd1.json.gz",
)  # fmt: skip
PLAYOFFS, PLAY_IN = SeasonType.PLAYOFFS, SeasonType.PLAY_IN


def sized(root: Path, *paths: str) -> Path:
    """Files as large as those of which the manifest states something."""
    write(root, *paths)
    manifest = archive_at(root).manifest
    for path in paths:
        entry, _ = manifest.entry_of(path) or pytest.fail(path)
        but = entry.but.get(Path(path).name)
        if but is not None and but.bytes is not None:
            with (root / path).open("wb") as file:
                file.truncate(but.bytes)
    return root


@pytest.mark.parametrize(
    ("day", "kind", "words"),
    [
        ("2025-01-01", None, None),
        ("2025-11-24", None, None),
        ("2025-11-25", None, "regular games in 2025-26 only to 2025-11-24"),
        ("2024-12-31", None, "regular games in 2024-25 only from 2025-01-01"),
        ("2025-12-01", None, "regular games in 2025-26 only to 2025-11-24"),
        ("2022-05-01", PLAYOFFS, None),
        ("2024-04-22", PLAYOFFS, None),
        ("2024-04-23", PLAYOFFS, "playoffs games in 2023-24 only to 2024-04-22"),
        ("2025-04-20", PLAYOFFS, "no game sheets of playoffs games in 2024-25"),
        ("2025-04-15", PLAY_IN, "no game sheets of play-in games in 2024-25"),
        ("2023-11-03", None, "regular games in 2023-24 only of 1 game"),
    ],
)
def test_the_archive_says_which_sheets_it_lacks(
    tmp_path: Path, day: str, kind: SeasonType | None, words: str | None
) -> None:
    one = played(day, kind or SeasonType.REGULAR)
    reason = lacks(sized(tmp_path, *SHEETS), Endpoint.GAME_SHEETS, one)
    assert reason is None if words is None else words in str(reason)


def test_the_gamebook_is_of_one_game(tmp_path: Path) -> None:
    sized(tmp_path, *SHEETS)
    one = played("2024-04-10", game_id="20240410_MEM_CLE")
    assert lacks(tmp_path, Endpoint.GAME_SHEETS, one) is None
    assert lacks(tmp_path, Endpoint.GAME_SHEETS, played("2024-04-10")) is not None
    assert "dates=2024-04-10..2024-04-10/gamebook=20240410_MEM_CLE" in keys(
        tmp_path, Endpoint.GAME_SHEETS, "2024-04-10"
    )


def test_a_month_that_is_whole_now_is_offered_whole(tmp_path: Path) -> None:
    """What is stated of a file that was cut is not true of another file by its name."""
    sized(tmp_path, *SHEETS)
    cut = played("2025-11-25")
    assert lacks(tmp_path, Endpoint.GAME_SHEETS, cut) is not None
    write(tmp_path, f"{MONTHLY}/game_stats_2025-11.csv.gz", content=b"whole")
    assert lacks(tmp_path, Endpoint.GAME_SHEETS, cut) is None


def test_the_archive_of_balldontlie_is_one_date(tmp_path: Path) -> None:
    write(tmp_path, "raw_api_samples/bdl_box_scores/raw_7a649e12.json.gz")
    assert lacks(tmp_path, Endpoint.BDL_BOXSCORES, played("2024-01-15")) is None
    assert lacks(tmp_path, Endpoint.BDL_BOXSCORES, played("2024-01-16")) == (
        "bdl_archive: bdl boxscores of 2023-24 only of 2024-01-15"
    )
    assert keys(tmp_path, Endpoint.BDL_BOXSCORES, "2024-01-16", "2024-02-01") == []
    assert keys(tmp_path, Endpoint.BDL_BOXSCORES, "2024-01-15") == [
        "dates=2024-01-15..2024-01-15/page=1"
    ]


def test_single_games_are_found_by_their_id(tmp_path: Path) -> None:
    folder = "raw_api_samples/nbac_play_by_play"
    write(tmp_path, f"{folder}/raw_14ecf360.json.gz", f"{folder}/raw_416e8d5c.json.gz")
    one = played("2025-01-06", nba_game_id="0022400500")
    assert lacks(tmp_path, Endpoint.LEAGUE_PLAYS, one) is None
    other = played("2025-01-06", nba_game_id="0022400501")
    assert lacks(tmp_path, Endpoint.LEAGUE_PLAYS, other) == (
        "nbac_archive: league plays of 2024-25 only of 2 games"
    )
    assert keys(tmp_path, Endpoint.LEAGUE_PLAYS, "2025-01-15") == [
        "dates=2025-01-15..2025-01-15/game=0022400561"
    ]


def test_shots_that_were_cut_end_with_their_last_whole_game(tmp_path: Path) -> None:
    write(tmp_path, "stats_nba_shots/shots_2021-22_first_102400_rows.parquet")
    last = played("2022-01-05", nba_game_id="0022100580")
    assert lacks(tmp_path, Endpoint.SHOTS, last) is None
    assert lacks(tmp_path, Endpoint.SHOTS, played("2022-01-05", nba_game_id="0022100581")) == (
        "nbac_archive: shots of regular games in 2021-22 only to game 0022100580"
    )
    write(tmp_path, "stats_nba_shots/NBA_2022_Shots.parquet")
    later = played("2022-01-05", nba_game_id="0022100581")
    assert lacks(tmp_path, Endpoint.SHOTS, later) is None


def test_lines_are_read_around_a_date_and_offered_by_name_but_where_it_is_wrong(
    tmp_path: Path,
) -> None:
    btam, spon = (f"odds_api_player_props/{name}_daily" for name in ("btam-ny", "spon7ge"))
    write(tmp_path, f"{btam}/data_points_2024-05-17.csv.gz", f"{spon}/12_30_2024.csv.gz",
          f"{spon}/12_31_2024.csv.gz")  # fmt: skip
    days = ("2024-05-16", "2024-05-17", "2024-05-18", "2024-12-30", "2024-12-31")
    offered = [d for d in days if lacks(tmp_path, Endpoint.POINTS_LINES, played(d)) is None]
    assert offered == ["2024-05-17", "2024-05-18", "2024-12-30"]
    for day, n in (("2024-05-14", 0), ("2024-05-15", 1), ("2024-05-19", 1), ("2024-05-20", 0)):
        assert len(keys(tmp_path, Endpoint.POINTS_LINES, day)) == n


def test_a_board_is_read_for_the_days_ahead_of_it(tmp_path: Path) -> None:
    write(tmp_path, "prizepicks_snapshots/prizepicks-nba_2025-12-24T123034Z.json.gz")
    read = [day for day in range(20, 31)
            if keys(tmp_path, Endpoint.PRIZEPICKS_LINES, f"2025-12-{day}")]  # fmt: skip
    assert read == [23, 24, 25, 26, 27]
    assert "only of 2025-12-24" in str(lacks(tmp_path, Endpoint.PRIZEPICKS_LINES,
                                             played("2025-12-25")))  # fmt: skip


def test_transactions_end_where_the_known_file_ends(tmp_path: Path) -> None:
    sized(tmp_path, "injuries/prosportstransactions_injuries_all.csv.gz")
    loader = archive_loader(tmp_path, Endpoint.INJURY_TRANSACTIONS)
    found = [loader.not_offered_on(dt.date(2025, 5, day)) for day in (13, 14)]  # type: ignore[attr-defined]
    assert found == [None, "pst_archive: injury transactions of 2024-25 only to 2025-05-13"]


@pytest.mark.parametrize(
    "path",
    [
        "odds_api_player_props/MylesThomas_threes_daily/props_2026-01-01_player_threes.csv.gz",
        "odds_api_player_props/SilverCrocus_pra/pra_odds_2023-24.csv.gz",
        "stats_nba_player_gamelog_compact/player_game_logs_2022-23.csv.gz",
        "raw_api_samples/bdl_games/raw_278cb9ed.json.gz",
        "layout_samples/0042500101.json.gz",
    ],
)
def test_what_is_known_and_not_read_says_why(tmp_path: Path, path: str) -> None:
    entry, _ = archive_at(tmp_path).manifest.entry_of(path) or pytest.fail(path)
    assert entry.refused
    write(tmp_path, path)
    for endpoint in (Endpoint.POINTS_LINES, Endpoint.PLAYER_GAMELOG, Endpoint.BDL_BOXSCORES):
        assert fetched(tmp_path, endpoint, "2021-10-01", "2026-06-01") == []
