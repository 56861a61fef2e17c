"""What fields say of their own form is true of what is written."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

import pytest

from nba_pipeline.contracts import ops
from nba_pipeline.contracts.dictionary import FIELDS
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.platform import Platform
from nba_pipeline_tests.support import (
    NIGHT,
    OFFENSE,
    PLAYERS,
    edited_log,
    fault,
    platform_in,
    run,
    run_all,
)


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """A night with a failed audit, a row kept aside and a refused date."""
    platform = platform_in(
        tmp_path_factory.mktemp("troubled"),
        player_gamelog=lambda p: edited_log(p, lambda row: bool(row["PTS"])),
    )
    run_all(platform, NIGHT, upto=OFFENSE)
    with fault(f"staged:{PLAYERS}=set:usage_rate:1329.8"):
        run(platform, PLAYERS, NIGHT)
    run(platform, OFFENSE, NIGHT + dt.timedelta(1))
    return platform


def written(platform: Platform) -> Iterator[tuple[str, str]]:
    """Column and value of every text of the bookkeeping."""
    for table in ops.TABLES:
        names = [c.field.name for c in table.columns if c.field.kind == "STRING"]
        found = platform.warehouse.query(f"SELECT {', '.join(names)} FROM {table.path}")
        for row in found.to_pylist():
            yield from ((name, value) for name, value in row.items() if value)


def is_json(value: str) -> bool:
    try:
        return isinstance(json.loads(value), dict)
    except ValueError:
        return False


def test_what_is_said_to_be_json_is_and_nothing_else(troubled: Platform) -> None:
    seen: dict[str, set[bool]] = {}
    for name, value in written(troubled):
        seen.setdefault(name, set()).add(is_json(value))
    assert {"failed_checks", "row_key", "row_json", "coverage", "sources"} <= set(seen)
    for name, answers in seen.items():
        assert answers == {FIELDS[name].description.startswith("JSON:")}, name


def test_the_key_of_a_row_kept_aside_is_its_values_in_words(troubled: Platform) -> None:
    aside = troubled.warehouse.query(
        f"SELECT asset, row_key, row_json FROM {ops.QUARANTINE.path}"
    ).to_pylist()
    assert aside
    for row in aside:
        values = json.loads(row["row_json"])
        key = [k for k in contracts()[row["asset"]].key if k != "game_date"]
        assert row["row_key"] == " ".join(str(values[k]) for k in key)


def test_audits_that_did_not_hold_are_in_words_with_names(troubled: Platform) -> None:
    (found,) = troubled.warehouse.query(
        f"SELECT failed_checks FROM {ops.LEDGER.path} "
        "WHERE asset = 'nbac_player_boxscores' AND game_date = @date",
        {"date": NIGHT},
    ).to_pylist()
    assert "player_minutes_add_up: " in found["failed_checks"]
