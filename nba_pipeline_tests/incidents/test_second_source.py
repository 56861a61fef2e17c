"""Two sources of one box score: what a single digit, a row or a whole night of them tells."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import Payload
from nba_pipeline.platform import Platform
from nba_pipeline.reports.coverage import Period
from nba_pipeline.reports.watched import Judgement, WatchedColumn, watched_columns
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.support import (
    NIGHT,
    PLAYERS,
    built_night,
    edited_log,
    platform_in,
    rows,
    run,
    run_all,
    verdict,
)

OFFICIAL, SECOND = "nbac_player_boxscores", "bref_player_boxscores"
Row = dict[str, object]
Edit = Callable[[Row], None]


def in_log(edit: Edit, *, only: str = "") -> Callable[[Payload], Payload]:
    """The official log with the night's rows edited, or one player's alone."""

    def edited(row: Row) -> bool:
        if row["GAME_DATE"] == NIGHT.isoformat() and only in ("", row["PLAYER_NAME"]):
            edit(row)
        return True

    return lambda payload: edited_log(payload, edited)


def one_assist_more(row: Row) -> None:
    row["AST"] = int(str(row["AST"])) + 1


def exchanged(row: Row) -> None:
    row["STL"], row["BLK"] = row["BLK"], row["STL"]


def setting(**values: object) -> Edit:
    return lambda row: row.update(values)


def somebody(home: Path, where: Callable[[Row], bool] = lambda _: True) -> Row:
    """A published row of the night whose player's name is his alone."""
    found = rows(built_night(home), PLAYERS, NIGHT)
    names = Counter(r["player_name"] for r in found)
    return next(r for r in found if names[r["player_name"]] == 1 and where(r))


def rebuilt(home: Path, **changes: Callable[[Payload], Payload]) -> Platform:
    """The good night, then the sources as ``changes`` make them."""
    platform = platform_in(home, **changes)
    run(platform, OFFICIAL, NIGHT)
    run(platform, SECOND, NIGHT)
    run(platform, "player_name_matches", NIGHT)
    return platform


def confirmed(platform: Platform, period: Period = Period.MONTH) -> WatchedColumn:
    (found,) = watched_columns(
        platform.warehouse, contracts()[PLAYERS], period, column="confirmed_by"
    )
    return found


def test_every_line_of_a_good_night_is_confirmed(built: Platform) -> None:
    found = rows(built, PLAYERS, NIGHT)
    assert {(r["source"], r["confirmed_by"]) for r in found} == {("nbac", "bref")}
    assert {(r["confirmed_null_reason"], r["differences"]) for r in found} == {(None, None)}


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (one_assist_more, "assists {assists_and_one}/{assists}"),
        (exchanged, "steals {blocks}/{steals}, blocks {steals}/{blocks}"),
    ],
    ids=["an_assist_more", "steals_and_blocks"],
)
def test_what_one_source_has_otherwise_is_told_and_the_source_stays(
    tmp_path: Path, edit: Edit, told: str
) -> None:
    before = somebody(tmp_path, lambda r: r["steals"] != r["blocks"])
    platform = rebuilt(tmp_path, player_gamelog=in_log(edit, only=str(before["player_name"])))
    assert not run(platform, PLAYERS, NIGHT).bad
    assert verdict(platform, PLAYERS, NIGHT).state is State.COMPLETE
    other = [r for r in rows(platform, PLAYERS, NIGHT) if r["confirmed_by"] is None]
    (row,) = other
    assert row["player_lookup"] == before["player_lookup"]
    values = {**before, "assists_and_one": int(str(before["assists"])) + 1}
    assert row["differences"] == told.format(**values)
    assert (row["source"], row["confirmed_null_reason"]) == ("nbac", "differs")
    assert row["minutes_source"] == "nbac"  # a row that differs lends no minutes
    share = confirmed(platform)
    assert share.judgement is Judgement.GOOD
    assert share.whole.nulls == {"differs": 1}


@pytest.mark.parametrize("endpoint", ["player_gamelog", "bref_boxscores"])
def test_a_night_of_exchanged_columns_is_refused_whoever_exchanged_them(
    tmp_path: Path, endpoint: str
) -> None:
    before = rows(built_night(tmp_path), PLAYERS, NIGHT)

    def in_games(payload: Payload) -> Payload:
        games = [json.loads(line) for line in payload.content.decode().splitlines() if line]
        for player in (p for g in games if g["game_date"] == NIGHT.isoformat()
                       for p in g["players"]):  # fmt: skip
            player["stl"], player["blk"] = player["blk"], player["stl"]
        return replace(payload, content="\n".join(map(json.dumps, games)).encode())

    change = in_log(exchanged) if endpoint == "player_gamelog" else in_games
    platform = rebuilt(tmp_path, **{endpoint: change})
    said = run(platform, PLAYERS, NIGHT).bad[NIGHT]
    assert "coverage_of_confirmed_by" in said
    assert "floor 90%" in said
    assert verdict(platform, PLAYERS, NIGHT).state is State.STALE
    assert rows(platform, PLAYERS, NIGHT) == before
    # and where nothing was published before, nothing is
    fresh = platform_in(tmp_path / "fresh", **{endpoint: change})
    run_all(fresh, NIGHT)
    assert rows(fresh, PLAYERS, NIGHT) == []
    assert verdict(fresh, PLAYERS, NIGHT).state is State.INVALID


def test_without_a_second_source_nothing_is_confirmed_and_nothing_refused(tmp_path: Path) -> None:
    platform = platform_in(tmp_path, bref_boxscores=lambda _: None)
    run_all(platform, NIGHT)
    assert verdict(platform, PLAYERS, NIGHT).state is State.COMPLETE
    found = rows(platform, PLAYERS, NIGHT)
    assert {r["confirmed_null_reason"] for r in found} == {"no_second_source"}
    assert confirmed(platform).judgement is Judgement.NOTHING


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"TOV": 40}, "turnovers_at_most_18"),
        ({"PF": 7}, "personal_fouls_at_most_6"),
        ({"STL": 15}, "steals_at_most_14"),
    ],
)
def test_what_no_player_can_have_is_kept_aside_by_its_rule(
    tmp_path: Path, values: dict[str, object], rule: str
) -> None:
    before = somebody(tmp_path / "good", lambda r: bool(r["points"]))
    change = in_log(setting(**values), only=str(before["player_name"]))
    platform = platform_in(tmp_path / "new", player_gamelog=change)
    run_all(platform, NIGHT)
    aside = platform.warehouse.query(
        "SELECT rule, bad_value FROM nba_orchestration.quarantined_rows WHERE asset = @asset",
        {"asset": OFFICIAL},
    ).to_pylist()
    (value,) = values.values()
    assert aside == [{"rule": rule, "bad_value": str(value)}]
    # his game is taken from the source whose players add up; who differs from the other is told
    assert verdict(platform, PLAYERS, NIGHT).state is State.COMPLETE
    found = [r for r in rows(platform, PLAYERS, NIGHT) if r["game_id"] == before["game_id"]]
    told = {r["player_lookup"]: r for r in found}
    assert {r["source"] for r in found} == {"bref"}
    row = told.pop(before["player_lookup"])
    assert row["points"] == before["points"]
    assert (row["confirmed_by"], row["confirmed_null_reason"]) == (None, "second_source_unfit")
    assert {r["confirmed_by"] for r in told.values()} == {"nbac"}


def test_a_result_that_is_neither_won_nor_lost_is_refused_by_its_row(tmp_path: Path) -> None:
    good = rows(built_night(tmp_path), OFFICIAL, NIGHT)
    platform = platform_in(tmp_path, player_gamelog=in_log(setting(WL="Q")))
    result = run(platform, OFFICIAL, NIGHT)
    said = {**result.bad, **result.failed}[NIGHT]
    assert "WL = 'Q' is neither W nor L" in said
    assert "row " in said
    assert rows(platform, OFFICIAL, NIGHT) == good
