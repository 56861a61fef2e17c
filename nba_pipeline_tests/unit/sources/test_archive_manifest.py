"""The manifest of an archive and its inventory: read with limits, wrong ones told by entry."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from nba_pipeline.files import REPO_ROOT
from nba_pipeline.landing.payload import DateRange, Endpoint
from nba_pipeline.sources.archive.entry import Correction, Entry
from nba_pipeline.sources.archive.listing import Archive
from nba_pipeline.sources.archive.loader import archive_loader
from nba_pipeline.sources.archive.manifest import OWN_NAME, ManifestError, load_manifest
from nba_pipeline.sources.archive.pattern import FIELDS
from nba_pipeline_tests.support import NIGHT

SHOTS = """
[[files]]
path = "shots/{season}.parquet"
endpoint = "shots"
layout = "shots_parquet"
"""


def manifest(root: Path, text: str) -> Path:
    (root / OWN_NAME).write_text(text)
    return root


def error(root: Path, text: str) -> str:
    with pytest.raises(ManifestError) as caught:
        load_manifest(manifest(root, text))
    assert str(root / OWN_NAME) in str(caught.value)
    return str(caught.value)


def test_the_packaged_manifest_is_in_force_without_an_own_one(tmp_path: Path) -> None:
    found = load_manifest(tmp_path)
    assert found.label == "packaged known.toml"
    assert found.note(Endpoint.SHOTS).source == "nbac_archive"
    assert found.entry_of("stats_nba_shots/NBA_2031_Shots.parquet") is not None


def test_an_own_manifest_stands_alone_or_before_the_packaged_one(tmp_path: Path) -> None:
    known = "stats_nba_shots/NBA_2026_Shots.parquet"
    alone = load_manifest(manifest(tmp_path, SHOTS))
    assert alone.entry_of("shots/2025-26.parquet") is not None
    assert alone.entry_of(known) is None
    assert alone.note(Endpoint.SHOTS).source == "archive"
    refused = f'[[files]]\npath = "{known}"\nrefused = "a copy of another file"\n'
    before = load_manifest(manifest(tmp_path, f'extends = "known"\n{SHOTS}{refused}'))
    assert before.entry_of("shots/2025-26.parquet") is not None
    entry, _ = before.entry_of(known) or pytest.fail("not found")
    assert entry.refused == "a copy of another file"
    assert before.note(Endpoint.SHOTS).source == "nbac_archive"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('layout = "shots_csv"', "files[0] (shots/{season}.parquet) layout: "),
        ('endpoint = "dunks"', "files[0] (shots/{season}.parquet) endpoint[0]: "),
        ('colour = "red"', "files[0] (shots/{season}.parquet) colour: Extra inputs"),
        ('path = "shots/{saison}.parquet"', "files[0] (shots/{saison}.parquet): "),
        ("days = [0, 0]", "days and reads count from a date"),
        ('inside = "rows"', "inside: "),
        ('seasons = ["2021-23"]', "seasons[0]: Value error, no season 2021-23"),
        ('kinds = ["friendly"]', "kinds[0]: "),
        ('whole_seasons = ["2024-25"]', 'whole_seasons goes with inside = "dates"'),
        ('request = "of={player}"', "a request may have {season}"),
        ('request = "of={first}"', "{first} is not known of every file"),
        ("last_game_id = '22'", "last_game_id: "),
        ('but = { "other.csv" = { until = 2025-01-01 } }', "no file of this entry is called"),
        ("until = 3025-01-01", "until: "),
        ('refused = "no reason to read it"', "refused files are not read, so no endpoint, layout"),
    ],
)
def test_an_error_names_the_file_the_entry_and_the_cause(
    tmp_path: Path, line: str, words: str
) -> None:
    name = line.split(" = ")[0]
    kept = [one for one in SHOTS.splitlines() if not one.startswith(f"{name} = ")]
    assert words in error(tmp_path, "\n".join([*kept, line]))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[files]", "not TOML"),
        ("\x00", "not TOML"),
        ("a = " + "[" * 5000, "not TOML"),
        ("files = 3", "files: "),
        ('[[files]]\nendpoint = "shots"', "files[0] (None) path: Field required"),
        ("fetched_at = 2026-01-01T10:00:00Z", "fetched_at is of the files of an inventory"),
        ('inventory = "L.csv"\nfetched_at = 2026-01-01T10:00:00', "fetched_at: "),
        ('inventory = "../L.csv"', "inventory: "),
        ('endpoints.shots.absent = "none {0.x}"', "endpoints shots absent: "),
        ('endpoints.shots.source = "../evil"', "endpoints shots source: "),
        (SHOTS.replace("shots_parquet", "x") * 9, "and 4 more"),
        ("x" * 1024 * 1025, "larger than 1,048,576 bytes"),
    ],
)
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str, words: str) -> None:
    assert words in error(tmp_path, text)


def test_a_manifest_that_is_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / OWN_NAME)
    with pytest.raises(ManifestError, match="not a regular file"):
        load_manifest(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name\nx.csv\n", "has a column 'file'"),
        ("file\n../x.csv\n", "line 2: '../x.csv' is no path below"),
        ("file,sha256\na.csv,\nx.csv,12\n", "line 3: '12' is no SHA-256"),
        ('file\n"a\n', "inventory of "),
        ("file\n\xff\n", "inventory of "),
    ],
)
def test_an_inventory_that_is_none_is_refused(tmp_path: Path, text: str, words: str) -> None:
    manifest(tmp_path, f'inventory = "LIST.csv"\n{SHOTS}')
    (tmp_path / "LIST.csv").write_bytes(text.encode("latin-1"))
    with pytest.raises(ManifestError) as caught:
        Archive(tmp_path)
    assert words in str(caught.value)


def test_an_inventory_that_a_manifest_names_must_be_there(tmp_path: Path) -> None:
    manifest(tmp_path, f'inventory = "LIST.csv"\n{SHOTS}')
    with pytest.raises(ManifestError, match="LIST.csv: No such file"):
        Archive(tmp_path)
    manifest(tmp_path, f'extends = "known"\n{SHOTS}')
    assert Archive(tmp_path).inventory.files == {}


def test_the_example_of_the_handbook_is_one_and_every_key_is_told_of(tmp_path: Path) -> None:
    words = (REPO_ROOT / "docs" / "operating.md").read_text()
    (example,) = re.findall(r"```toml\n(.*?)```", words, re.DOTALL)
    found = load_manifest(manifest(tmp_path, example))
    assert [entry.refused is None for entry in found.entries] == [True, True, False]
    keys = {*Entry.model_fields, *Correction.model_fields, *FIELDS}
    assert [key for key in keys if not re.search(rf"\b{key}\b", words)] == []


def test_a_changed_manifest_is_read_again(tmp_path: Path) -> None:
    manifest(tmp_path, SHOTS)
    (tmp_path / "shots").mkdir()
    (tmp_path / "shots" / "2025-26.parquet").write_bytes(b"x")
    night = DateRange(NIGHT, NIGHT)
    assert len(list(archive_loader(tmp_path, Endpoint.SHOTS).fetch(night))) == 1
    manifest(tmp_path, SHOTS.replace("shots/", "elsewhere/"))
    assert list(archive_loader(tmp_path, Endpoint.SHOTS).fetch(night)) == []
