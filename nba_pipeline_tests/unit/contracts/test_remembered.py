"""What is worked out of a SQL text is worked out once, and never again by other code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nba_pipeline.contracts import remembered as module
from nba_pipeline.contracts.remembered import Remembered
from nba_pipeline.contracts.sql_files import SqlError
from nba_pipeline.warehouse.sql import to_duckdb


def never(text: str) -> str:
    raise AssertionError(f"{text} was worked out again")


def test_another_process_finds_what_was_worked_out(tmp_path: Path) -> None:
    first = Remembered(tmp_path)
    assert first.get("upper", "select 1", str.upper) == "SELECT 1"
    assert first.get("upper", "select 1", never) == "SELECT 1"
    first.save()
    again = Remembered(tmp_path)
    assert again.get("upper", "select 1", never) == "SELECT 1"
    with pytest.raises(AssertionError):
        again.get("lower", "select 1", never)
    with pytest.raises(AssertionError):
        again.get("upper", "select 2", never)


def test_two_processes_keep_what_both_found(tmp_path: Path) -> None:
    one, other = Remembered(tmp_path), Remembered(tmp_path)
    one.get("upper", "a", str.upper)
    other.get("upper", "b", str.upper)
    one.save()
    other.save()
    assert Remembered(tmp_path).get("upper", "a", never) == "A"
    assert Remembered(tmp_path).get("upper", "b", never) == "B"


def test_other_code_or_formulas_begin_anew_beside_the_files_of_other_checkouts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Remembered(tmp_path)
    first.get("upper", "a", str.upper)
    first.save()
    for number in range(7):
        monkeypatch.setattr(module, "_maker", lambda n=number: f"another{n}")
        again = Remembered(tmp_path)
        assert again.get("upper", "a", lambda _: "changed") == "changed"
        again.save()
        os.utime(again.file, (number, number))
    left = sorted(p.name for p in tmp_path.iterdir())
    assert "statements-another6.json" in left
    assert len(left) == 5


@pytest.mark.parametrize("content", ["", "{", "[1]", "\x00"])
def test_a_damaged_file_is_not_used(tmp_path: Path, content: str) -> None:
    Remembered(tmp_path).file.write_text(content)
    found = Remembered(tmp_path)
    assert found.get("upper", "a", str.upper) == "A"
    found.save()
    assert Remembered(tmp_path).get("upper", "a", never) == "A"


def test_a_folder_that_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = Remembered(tmp_path / "file" / "below")
    assert found.get("upper", "a", str.upper) == "A"
    found.save()
    assert (tmp_path / "file").stat().st_size == 0


def test_an_error_is_not_remembered() -> None:
    for _ in range(2):
        with pytest.raises(SqlError, match="bare division"):
            to_duckdb("SELECT a / b FROM t")


def test_contracts_are_known_without_the_translator_once_they_were_known() -> None:
    code = (
        "import sys; from nba_pipeline.contracts.registry import contracts; contracts(); "
        "print('sqlglot' in sys.modules)"
    )
    command = [sys.executable, "-c", code]
    subprocess.run(command, check=True, capture_output=True)
    second = subprocess.run(command, check=True, capture_output=True, text=True)
    assert second.stdout.strip() == "False"
