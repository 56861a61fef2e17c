"""What vouches for rows may be lost: reads, checksums, bookkeeping. Then nothing is called good."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest

from nba_pipeline.build.door import build
from nba_pipeline.contracts import ops
from nba_pipeline.contracts.registry import calendar, contracts
from nba_pipeline.reports.standing import standing
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.incidents.damage import contents, damaged, repair, unsettled
from nba_pipeline_tests.incidents.test_calendar_forged import nba
from nba_pipeline_tests.support import NIGHT, OFFENSE, PLAYERS, platform_in, rows, run, verdict

SCHEDULE, BOXSCORES = calendar().name, "nbac_player_boxscores"
OPS = "nba_orchestration"
LEDGER = f"{OPS}.partition_ledger"


def next_commands(output: str) -> list[list[str]]:
    lines = [t for t in output.splitlines() if t.startswith("next: nba ")]
    return [line.removeprefix("next: nba ").split() for line in lines]


def obey(home: Path, output: str) -> None:
    for words in next_commands(output):
        nba(home, *words)


@pytest.mark.parametrize("upstream", [None, SCHEDULE, OFFENSE, "nbac_shots"])
def test_a_date_whose_reads_are_not_recorded_is_stale(
    night: Path, tmp_path: Path, upstream: str | None
) -> None:
    one = f" AND upstream = '{upstream}'" if upstream else ""
    platform = damaged(
        night, tmp_path, f"DELETE FROM {OPS}.partition_inputs WHERE asset = '{PLAYERS}'{one}"
    )
    found = verdict(platform, PLAYERS, NIGHT)
    assert found.state is State.STALE
    assert f"what it read of {upstream or SCHEDULE} is not recorded" in found.reasons
    run(platform, PLAYERS, NIGHT)
    assert verdict(platform, PLAYERS, NIGHT).state is State.COMPLETE


def test_of_alternatives_the_record_of_one_is_enough(night: Path) -> None:
    platform = platform_in(night)
    read = {i.upstream for i in snapshot_of(platform).inputs(OFFENSE, NIGHT)}
    assert not {"bref_player_boxscores", BOXSCORES} <= read
    assert verdict(platform, OFFENSE, NIGHT).state is State.COMPLETE


def test_bookkeeping_that_was_dropped_is_named_and_brought_back(
    night: Path, tmp_path: Path, untouched: Mapping[str, list[str]]
) -> None:
    platform = damaged(
        night, tmp_path,
        f"DROP TABLE {OPS}.partition_inputs", f"DROP TABLE {OPS}.quarantined_rows",
        f"ALTER TABLE {LEDGER} DROP COLUMN checksum",
    )  # fmt: skip
    home = platform.settings.home
    found = nba(home, "status")
    assert found.exit_code == 3
    *_, line = found.stderr.strip().splitlines()
    assert not found.stdout
    assert "nba verify brings it into shape" in line
    found = nba(home, "verify")
    assert found.exit_code == 1
    told = [t for t in found.output.splitlines() if "was not there" in t]
    assert [t.split()[0] for t in told] == [
        f"{LEDGER}.checksum", f"{OPS}.partition_inputs", f"{OPS}.quarantined_rows"
    ]  # fmt: skip
    assert ["backfill"] in next_commands(found.output)
    assert verdict(platform, OFFENSE, NIGHT).state is State.STALE
    repair(platform_in(home))
    assert contents(platform) == untouched
    assert unsettled(platform_in(home)) == unsettled(platform_in(night))
    assert "was not there" not in nba(home, "verify").output


def test_a_new_warehouse_has_lost_nothing(tmp_path: Path) -> None:
    platform = platform_in(tmp_path / "home")
    assert f"{OPS}.partition_inputs" in platform.warehouse.ensure_tables()
    assert platform.warehouse.ensure_tables() == []
    with duckdb.connect(str(platform.settings.duckdb_path)) as con:
        con.execute(f"DROP TABLE {OPS}.waivers")
    assert "was not there" not in nba(platform.settings.home, "verify").output


def test_dates_with_rows_aside_are_built_again_for_what_was_kept(
    night: Path, tmp_path: Path
) -> None:
    platform = damaged(
        night, tmp_path, f"DROP TABLE {OPS}.quarantined_rows",
        f"UPDATE {OPS}.processor_run_history SET rows_quarantined = 1 "
        f"WHERE processor = '{BOXSCORES}'",
    )  # fmt: skip
    found = nba(platform.settings.home, "verify")
    asked = ["backfill", "--table", BOXSCORES, "--date", str(NIGHT), "--again"]
    assert asked in next_commands(found.output)


OTHER_ENGINE = f"UPDATE {LEDGER} SET checksum = 'duckdb-0.0.1:' || split_part(checksum, ':', 2)"
UNKNOWN = {"of another engine": OTHER_ENGINE, "lacking": f"UPDATE {LEDGER} SET checksum = NULL"}
ALTERED = f"UPDATE nba_raw.{BOXSCORES} SET points = points + 1 WHERE game_date = '{NIGHT}'"


@pytest.mark.parametrize("how", UNKNOWN)
def test_rows_that_no_checksum_vouches_for_are_proven_before_they_are_read(
    night: Path, tmp_path: Path, how: str
) -> None:
    platform = damaged(night, tmp_path, UNKNOWN[how], ALTERED)
    before = rows(platform, PLAYERS)
    found = build(platform, PLAYERS, [NIGHT], run_id="reader")
    assert NIGHT in found.refused
    assert "their content changed" in found.bad[NIGHT]
    assert rows(platform, PLAYERS) == before
    assert not verdict(platform, BOXSCORES, NIGHT).is_usable
    assert verdict(platform, PLAYERS, NIGHT).state is State.STALE


@pytest.mark.parametrize("how", UNKNOWN)
def test_proven_rows_get_a_checksum_and_everything_else_stays_as_it_is(
    night: Path, tmp_path: Path, how: str
) -> None:
    platform = damaged(night, tmp_path, UNKNOWN[how])
    found = nba(platform.settings.home, "status")
    assert found.exit_code == 1
    assert "dates of tables are unproven" in found.output
    assert "nba verify" in found.output
    assert not run(platform, PLAYERS, NIGHT).bad  # and what it reads is proven by it
    left = snapshot_of(platform).board.unproven
    assert not left(BOXSCORES)
    assert left("bdl_player_boxscores") or left("espn_rosters")
    assert "unproven" not in nba(platform.settings.home, "verify").output
    assert not any(map(snapshot_of(platform).board.unproven, contracts()))
    for table in (ops.LEDGER, ops.INPUTS, ops.QUARANTINE):
        # but for the table that was built again and the numbers of rows written again
        names = ", ".join(n for n in table.column_names if n != "attempt")
        text = f"SELECT {names} FROM {table.path} WHERE asset != '{PLAYERS}'"
        now, then = (p.warehouse.query(text).to_pylist() for p in (platform, platform_in(night)))
        assert sorted(map(str, now)) == sorted(map(str, then)), table.name


def test_verify_finds_altered_rows_that_no_checksum_vouches_for(
    night: Path, tmp_path: Path, untouched: Mapping[str, list[str]]
) -> None:
    platform = damaged(night, tmp_path, OTHER_ENGINE, ALTERED)
    found = nba(platform.settings.home, "verify")
    assert found.exit_code == 1
    assert f"{BOXSCORES} {NIGHT}: " in found.output
    assert "content changed" in found.output
    obey(platform.settings.home, found.output)
    assert contents(platform) == untouched


def test_nothing_is_proven_again_where_checksums_are_there(
    night: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = damaged(night, tmp_path)

    def never(*_: object) -> None:
        raise AssertionError("versions were computed")

    monkeypatch.setattr("nba_pipeline.build.prove.versions_of", never)
    assert not run(platform, PLAYERS, NIGHT).bad
    assert standing(snapshot_of(platform), [NIGHT]).unproven == 0
