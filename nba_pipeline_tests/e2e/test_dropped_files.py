"""Files that are put into an archive: read, refused by name, or named because nobody reads them."""

from __future__ import annotations

import datetime as dt
import gzip
import io
from pathlib import Path

import pandas as pd
import pytest

from nba_pipeline.build.door import build
from nba_pipeline.contracts.registry import contracts, upstream_of
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.platform import build_platform
from nba_pipeline.settings import Settings, SourceMode
from nba_pipeline.sources.archive.listing import archive_at
from nba_pipeline.sources.archive.manifest import OWN_NAME
from nba_pipeline.sources.archive.survey import survey
from nba_pipeline.sources.reading.values import TEAM_NAMES
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.e2e.on_archive import DATES, LOGS, nba, platform_on
from nba_pipeline_tests.unit.sources.archive_folders import write


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        ("stats_nba_player_gamelog/logs of 22-23.csv", True),  # beside what is read
        ("dropped/board-2023-01-03.json", True),
        ("dropped/board_20230103_120000.json", True),
        ("01-03-23.json", True),
        ("dropped/board-2023-02-03.json", False),  # of no date that was asked for
        ("dropped/120230103.json", False),
        ("prizepicks_snapshots/new.json", False),  # beside what no table of these reads
    ],
)
def test_a_backfill_names_files_that_it_may_have_lacked(
    growing: Path, tmp_path: Path, name: str, is_told: bool
) -> None:
    home = tmp_path / "home"
    asked = ["backfill", "--table", "nbac_schedule", "--table", LOGS, "--date", str(DATES[1])]
    assert nba(growing, home, *asked).exit_code == 0
    write(growing, name)
    for _ in range(2):  # as long as it lies there
        told = nba(growing, home, *asked)
        folder, _, last = name.rpartition("/")
        line = f"unknown: {folder or '.'}: 1 files, first {last}\nthey fit no pattern"
        assert (line in told.output, told.exit_code) == (is_told, int(is_told)), told.output
    (growing / OWN_NAME).write_text(
        f'extends = "known"\n[[files]]\npath = "{name}"\nrefused = "not wanted"\n'
    )
    assert nba(growing, home, *asked).exit_code == 0


POINTS, DERIVED = "odds_points_lines", "player_points_lines"
QUOTES = "odds_api_player_props/btam-ny_daily/data_points_{}.csv.gz"


def test_a_date_without_quotes_is_lost_until_another_file_may_have_some(
    growing: Path, archives: Path, tmp_path: Path
) -> None:
    home, platform = tmp_path / "home", platform_on(growing, tmp_path / "home")
    content = gzip.decompress((archives / QUOTES.format("2024-03-05")).read_bytes())
    head, first, _ = content.split(b"\n", 2)
    write(growing, QUOTES.format(DATES[1]), content=head + b"\n")
    asked = ["backfill", "--table", "nbac_schedule", "--table", POINTS, "--date", str(DATES[1])]
    built = nba(growing, home, *asked)
    assert built.exit_code == 0, built.output
    lost = snapshot_of(platform).verdict(POINTS, DATES[1])
    assert (lost.state, lost.reasons) == (
        State.UNRECOVERABLE, ("odds_archive: no row of it in 1 files that may have some",)
    )  # fmt: skip
    assert "0 dates of 2 tables" in nba(growing, home, *asked).output
    game = snapshot_of(platform).day(DATES[1]).games[0]
    names = {team: name.encode() for name, team in TEAM_NAMES.items()}
    row = dict(zip(head.split(b","), first.split(b","), strict=True))
    quoted = first.replace(row[b"home_team"], names[game.home_team])
    quoted = quoted.replace(row[b"away_team"], names[game.away_team])
    quoted = quoted.replace(b"2024-03-05", str(DATES[1]).encode())
    quoted = quoted.replace(b"2024-03-06", str(DATES[2]).encode())  # tip-off, in UTC
    write(growing, QUOTES.format(DATES[2]), content=head + b"\n" + quoted + b"\n")
    built = nba(growing, home, *asked)
    assert "1 offered now" in built.output
    assert snapshot_of(platform).verdict(POINTS, DATES[1]).state is State.COMPLETE


def test_that_quotes_have_no_time_is_declared_of_their_files(
    growing: Path, archives: Path, tmp_path: Path
) -> None:
    for file in (archives / "players").iterdir():
        write(growing, f"players/{file.name}", content=file.read_bytes())
    home, platform = tmp_path / "home", platform_on(growing, tmp_path / "home")
    build(platform, "nbac_schedule", DATES, run_id="x")
    game = snapshot_of(platform).day(DATES[1]).games[0]
    names = {team: name for name, team in TEAM_NAMES.items()}
    lines = ["player,market,bookmaker,side,line,price,home_team,away_team,game_id,commence_time"]
    lines += [
        f"Jayson Tatum,player_points,Underdog,{side},30.5,-137,{names[game.home_team]},"
        f"{names[game.away_team]},x,{DATES[2]}T00:10:00Z" for side in ("Over", "Under")
    ]  # fmt: skip
    name = f"odds_api_player_props/spon7ge_daily/{DATES[1]:%m_%d_%Y}.csv.gz"
    write(growing, name, content="\n".join([*lines, ""]).encode())
    for table in [*upstream_of(DERIVED), DERIVED]:
        dates = DATES if contracts()[table].is_partitioned else [WHOLE_TABLE]
        build(platform, table, dates, run_id="x")
    seen = snapshot_of(platform)
    declared = "odds_archive: quotes without a time, which may be of the running game: none can be"
    assert seen.verdict(POINTS, DATES[1]).state is State.COMPLETE
    assert seen.rows(POINTS)[DATES[1]].row_count == 1  # kept as it was given
    assert seen.rows(POINTS)[DATES[1]].note.startswith(declared)
    lost = seen.verdict(DERIVED, DATES[1])
    assert lost.state is State.UNRECOVERABLE
    assert lost.reasons[0].startswith(f"no row of the sources can be used: {POINTS}: {declared}")
    assert "no line: 1 files: quotes without a time" in nba(growing, home, "sources").output


def test_a_live_scoreboard_is_a_witness_that_a_game_is_final(
    archives: Path, tmp_path: Path
) -> None:
    """The schedule is of before the season, and no box score reaches these days."""
    root, days = tmp_path / "archive", [dt.date(2026, 1, n) for n in (10, 11)]
    for name in ("schedules/nba_schedule_2025_26_preseason_snapshot.json.gz",
                 "layout_samples/todaysScoreboard_00_01-10-26_4p.json.gz",
                 "layout_samples/todaysScoreboard_00_01-12-26_10a.json.gz"):  # fmt: skip
        write(root, name, content=(archives / name).read_bytes())
    settings = Settings(home=tmp_path / "home", source=SourceMode.ARCHIVES, archives=root,
                        today=dt.date(2026, 1, 12))  # fmt: skip
    platform = build_platform(settings)
    build(platform, "nbac_schedule", days, run_id="x")
    found = platform.warehouse.query(
        "SELECT game_id, game_status, final_witness, home_score, away_score "
        "FROM nba_raw.nbac_schedule WHERE game_date BETWEEN '2026-01-10' AND '2026-01-11'"
    ).to_pylist()
    final = {r["game_id"]: r for r in found if r["game_status"] == "final"}
    assert {r["final_witness"] for r in final.values()} == {"scoreboard"}
    # in the afternoon one game was over, on the next morning all of them
    on = {day: [g for g in final if g.startswith(f"{day:%Y%m%d}")] for day in days}
    assert on[days[0]] == ["20260110_MIN_CLE"]
    assert len(on[days[1]]) == sum(r["game_id"].startswith("20260111") for r in found) > 5
    first = final["20260110_MIN_CLE"]
    assert (first["home_score"], first["away_score"]) == (146, 134)


def test_an_injury_page_gives_a_date_without_a_report_who_is_out(
    archives: Path, tmp_path: Path
) -> None:
    root, day = tmp_path / "archive", dt.date(2026, 1, 10)
    name = "schedules/nba_schedule_2025_26_preseason_snapshot.json.gz"
    write(root, name, content=(archives / name).read_bytes())
    page = pd.read_parquet(archives / "layout_samples/injury_report_2026-04-13T103553.parquet")
    body = io.BytesIO()
    page.assign(fetched_at=f"{day}T10:35:53").to_parquet(body)
    write(root, f"injuries/injury_report_{day}T103553.parquet", content=body.getvalue())
    settings = Settings(home=tmp_path / "home", source=SourceMode.ARCHIVES, archives=root,
                        today=dt.date(2026, 1, 12))  # fmt: skip
    platform = build_platform(settings)
    tables = ("nbac_injury_report", "nbac_injury_report_teams")
    for table in ("nbac_schedule", *tables):
        build(platform, table, [day], run_id="x")
    seen = snapshot_of(platform)
    assert {seen.verdict(table, day).state for table in tables} == {State.COMPLETE}
    players, teams = (
        platform.warehouse.query(f"SELECT team, game_id FROM nba_raw.{table}").to_pylist()
        for table in tables
    )
    playing = {t for g in seen.day(day).games for t in (g.home_team, g.away_team)}
    assert {r["team"] for r in teams} == playing
    assert len(teams) == len(playing) == 12
    assert len(players) == sum(TEAM_NAMES[t] in playing for t in page["team"])


BOX = """{"gameId": "0042500307", "gameStatus": 3, "teams": [
 {"teamId": 1610612738, "tricode": "BOS", "score": 101, "isHome": true},
 {"teamId": 1610612752, "tricode": "NYK", "score": 99, "isHome": false}],
 "players": [{"personId": 1, "name": "A B", "tricode": "BOS", "points": 101.0}]}"""
PRICES = """event_id,home_team,away_team,commence_time,bookmaker,market,outcome_name,price,point
x,Boston Celtics,New York Knicks,2026-03-05T00:10:00Z,book,h2h,Boston Celtics,1.5,
"""
SCORES = """GAME_ID,GAME_DATE,STAGE,HOME_ABBR,AWAY_ABBR,HOME_PTS,AWAY_PTS,STATUS,SEASON
0022200568,2023-01-03,Regular,BOS,NYK,101,99,3,2022-23
"""
SUMS = """player_name,event_date,home_team,away_team,bookmaker,line,over_price,under_price
A B,2023-01-03,Boston Celtics,New York Knicks,book,23.5,100.0,-125.0
"""


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("raw_play_off_boxscores/0042500307.json.gz", BOX, "box scores that somebody cut down"),
        ("odds_game_lines/odds_snapshot_20260305_001502.csv.gz", PRICES, "prices of winners only"),
        ("schedules/schedule_2022-23_with_scores_to_2023-01-31.csv.gz", SCORES, "no schedule"),
        ("odds_api_player_props/SilverCrocus_pra/pra_odds_2022-23.csv.gz", SUMS, "sums of points"),
    ],
)
def test_files_of_a_known_form_that_fill_no_gap_are_refused_by_name(
    empty: tuple[Path, Path], name: str, content: str, reason: str
) -> None:
    """Another file of the form than those that are known, with what such a file holds."""
    assert_refused(empty, name, gzip.compress(content.encode()), reason)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("0042500102.json.gz", "box scores that somebody cut down"),
        ("odds_snapshot_20260304_212717.csv.gz", "prices of winners only"),
        ("schedule_2025-26_with_scores_to_2025-11-30.csv.gz", "no schedule"),
    ],
)
def test_real_samples_of_these_forms_are_refused_by_name(
    empty: tuple[Path, Path], archives: Path, name: str, reason: str
) -> None:
    path = f"layout_samples/{name}"
    assert_refused(empty, path, (archives / path).read_bytes(), reason)


def assert_refused(empty: tuple[Path, Path], name: str, content: bytes, reason: str) -> None:
    root, home = empty
    write(root, name, content=content)
    shown = nba(root, home, "sources")
    (line,) = [one for one in shown.output.splitlines() if one.startswith("not read: ")]
    assert reason in line
    assert name.rpartition("/")[2] in line
    assert shown.exit_code == 0
    assert survey(archive_at(root)).read == 1  # the log that was there
