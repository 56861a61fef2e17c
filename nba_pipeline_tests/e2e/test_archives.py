"""An archive that grows: what ``nba sources`` says of its files, and a file that came later."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

from click.testing import CliRunner

from nba_pipeline.build.door import build
from nba_pipeline.cli.main import cli
from nba_pipeline.landing.payload import Endpoint
from nba_pipeline.sources.archive.listing import archive_at
from nba_pipeline.sources.archive.manifest import OWN_NAME
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.e2e.on_archive import DATES, LOGS, SHOTS, nba, platform_on
from nba_pipeline_tests.unit.sources.archive_folders import write


def test_files_that_fit_no_pattern_are_named_by_folder(empty: tuple[Path, Path]) -> None:
    root, home = empty
    write(root, *(f"stats_nba_player_gamelog/copy {n}.csv" for n in range(1000)))
    write(
        root, "odds_api_player_props/MylesThomas_threes_daily/props_2026-01-01_player_threes.csv.gz"
    )
    write(root, "loose.txt", "a/b/c/d.txt", "bell\a.txt")
    (root / "again").symlink_to(root)
    shown = nba(root, home, "sources")
    assert shown.exit_code == 1, shown.output
    assert (
        "by packaged known.toml: 1 files read, 1 known and not read, 1003 unknown" in shown.output
    )
    lines = [line for line in shown.output.splitlines() if line.startswith(("unknown", "not read"))]
    assert lines == [
        "unknown: .: 2 files, first 'bell\\x07.txt', loose.txt",
        "unknown: a/b/c: 1 files, first d.txt",
        "unknown: stats_nba_player_gamelog: 1000 files, first copy 0.csv, copy 1.csv, copy 10.csv",
        "not read: 1 files: three-pointers only, no points lines; first odds_api_player_props/"
        "MylesThomas_threes_daily/props_2026-01-01_player_threes.csv.gz",
    ]
    assert "no file of: schedule, team_gamelog, " in shown.output
    found = json.loads(nba(root, home, "sources", "--json").stdout)
    (archive,) = [one["archive"] for one in found if one["endpoint"] is None]
    assert {u["folder"]: u["files"] for u in archive["unknown"]} == {
        ".": 2, "a/b/c": 1, "stats_nba_player_gamelog": 1000,
    }  # fmt: skip
    assert archive["read"] == 1
    assert archive["refused"] == {"three-pointers only, no points lines": 1}
    assert {one["endpoint"] for one in found} > {"player_gamelog", "shots"}


def test_a_missing_file_is_named_and_not_good(empty: tuple[Path, Path]) -> None:
    root, home = empty
    (root / "MANIFEST.csv").write_text("file\nstats_nba_shots/NBA_2023_Shots.parquet\n")
    os.mkfifo(root / "stats_nba_player_gamelog" / "game_logs_2023-24.csv.gz")
    shown = nba(root, home, "sources")
    assert shown.exit_code == 1
    assert "MISSING: nbac_archive/shots: " in shown.output
    assert "NBA_2023_Shots.parquet: not there, but on the list MANIFEST.csv" in shown.output
    assert "game_logs_2023-24.csv.gz: not a regular file" in shown.output
    found = json.loads(nba(root, home, "sources", "--json").stdout)
    assert len(found[-1]["archive"]["missing"]) == 2


def test_what_is_in_the_folder_is_told_without_a_warehouse(tmp_path: Path) -> None:
    root = write(tmp_path / "archive", "stats_nba_player_gamelog/new.csv")
    shown = nba(root, tmp_path / "nowhere", "sources")
    assert shown.exit_code == 3
    assert "unknown: stats_nba_player_gamelog: 1 files, first new.csv" in shown.output
    assert "no warehouse at" in shown.output


def test_a_wrong_manifest_is_could_not_tell(empty: tuple[Path, Path]) -> None:
    root, home = empty
    (root / OWN_NAME).write_text('[[files]]\npath = "{when}.csv"\n')
    for verb in (["sources"], ["backfill", "--date", "2023-01-02", "--dry-run"]):
        shown = nba(root, home, *verb)
        assert shown.exit_code == 3, verb
        assert f"{root / OWN_NAME}: files[0] ({{when}}.csv): " in shown.output


def test_the_manifest_in_force_is_printed(empty: tuple[Path, Path]) -> None:
    root, home = empty
    packaged = nba(root, home, "sources", "--manifest").stdout
    assert 'path = "stats_nba_shots/NBA_{season:2022}_Shots.parquet"' in packaged
    (root / OWN_NAME).write_text(packaged + "# our own\n")
    lacking = nba(root, home, "sources")
    assert lacking.exit_code == 3
    assert f"{root / 'MANIFEST.csv'}: No such file" in lacking.output
    write(root, "MANIFEST.csv", content=b"file\n")
    assert nba(root, home, "sources", "--manifest").stdout.endswith("# our own\n")
    other = CliRunner(env={"NBA_SOURCE": "simulated"}).invoke(cli, ["sources", "--manifest"])
    assert other.exit_code == 2


def test_every_file_on_the_list_of_the_real_archive_is_known_and_there(archives: Path) -> None:
    archive = archive_at(archives)
    assert len(archive.inventory.files) > 500
    assert [n for n in archive.inventory.files if archive.manifest.entry_of(n) is None] == []
    found = [file for endpoint in Endpoint for file in archive.listing(endpoint).files]
    assert len(found) > 280
    assert [file.fault for file in found if file.fault] == []


def test_a_file_that_came_later_is_told_and_built(
    growing: Path, archives: Path, tmp_path: Path
) -> None:
    home, name = tmp_path / "home", "stats_nba_shots/NBA_2023_Shots.parquet"
    platform = platform_on(growing, home)
    for table in ("nbac_schedule", SHOTS, LOGS):
        build(platform, table, DATES, run_id="first")
    seen = snapshot_of(platform)
    assert {seen.verdict(LOGS, d).state for d in DATES} == {State.COMPLETE}
    lost = seen.verdict(SHOTS, DATES[0])
    assert (lost.state, lost.reasons) == (
        State.UNRECOVERABLE, ("nbac_archive: no shots of 2022-23",),
    )  # fmt: skip
    assert nba(growing, home, "sources").exit_code == 0
    write(growing, name, content=(archives / name).read_bytes())
    told = nba(growing, home, "sources")
    assert told.exit_code == 1
    command = f"nba backfill --table {SHOTS} --from {DATES[0]} --to {DATES[-1]} --downstream"
    assert (
        f"offered now: {SHOTS}: 3 dates from {DATES[0]} to {DATES[-1]} were declared lost: "
        f"{command}\n" in told.output
    )
    found = json.loads(nba(growing, home, "sources", "--json").stdout)
    (shots,) = [one for one in found if one["endpoint"] == "shots"]
    assert shots["offered_now"] == [
        {"table": SHOTS, "first": "2023-01-02", "last": "2023-01-04", "dates": 3}
    ]
    asked = ["--table", SHOTS, "--from", str(DATES[0]), "--to", str(DATES[-1])]
    built = nba(growing, home, "backfill", *asked)
    assert built.exit_code == 0, built.output
    assert "3 offered now" in built.output
    assert "0 dates of 1 tables" in nba(growing, home, "backfill", *asked).output
    seen = snapshot_of(platform)
    assert {seen.verdict(SHOTS, d).state for d in DATES} == {State.COMPLETE}
    assert nba(growing, home, "sources").exit_code == 0


def test_versions_do_not_depend_on_when_a_file_was_written(growing: Path, tmp_path: Path) -> None:
    found = []
    for n, at in enumerate((dt.datetime(2023, 5, 1), dt.datetime(2024, 5, 1))):
        for file in growing.rglob("*.gz"):
            os.utime(file, (at.timestamp(), at.timestamp()))
        platform = platform_on(growing, tmp_path / f"home{n}")
        for table in ("nbac_schedule", LOGS):
            build(platform, table, DATES, run_id=str(n))
        rows = platform.warehouse.query(f"SELECT DISTINCT fetched_at FROM nba_raw.{LOGS}")
        assert [r["fetched_at"].year for r in rows.to_pylist()] == [at.year]
        seen = snapshot_of(platform)
        found.append({(t, d): row.version for t in ("nbac_schedule", LOGS)
                      for d, row in seen.rows(t).items()})  # fmt: skip
    assert found[0] == found[1]
    assert len(found[0]) == 6
