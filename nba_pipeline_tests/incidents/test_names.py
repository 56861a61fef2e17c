"""Names that match nobody: kept, listed, never guessed, and built again where they stand."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload, PayloadError
from nba_pipeline.platform import Platform
from nba_pipeline.reports.names import match_rates, open_names
from nba_pipeline.sources.lookup import parse
from nba_pipeline.sources.own.aliases import Decision, land_decision
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.support import (
    NIGHT,
    PLAYERS,
    TODAY,
    platform_in,
    run,
    run_all,
    simulated,
    verdict,
)

MATCHES, ALIASES, LINES = "player_name_matches", "player_aliases", "odds_points_lines"
LINE_OF_PLAYERS = "player_points_lines"
BEFORE = NIGHT - dt.timedelta(1)
AT = dt.datetime(2026, 1, 4, 9, tzinfo=dt.UTC)


def renamed(changes: dict[str, str]) -> Callable[[Payload], Payload]:
    """Bookmakers that print other names."""

    def change(payload: Payload) -> Payload:
        rows = list(csv.DictReader(io.StringIO(payload.content.decode())))
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0])
        writer.writeheader()
        for row in rows:
            writer.writerow({**row, "player": changes.get(row["player"], row["player"])})
        return replace(payload, content=text.getvalue().encode())

    return change


def quoted(night: dt.date = NIGHT) -> str:
    """A player with a line on the night, by his league name."""
    for payload in simulated()[Endpoint.POINTS_LINES].fetch(DateRange(night, night)):
        for row in csv.DictReader(io.StringIO(payload.content.decode())):
            if row["game_time"].startswith(str(night)):
                return row["player"]
    raise AssertionError("nobody is quoted")


@pytest.fixture
def odd(tmp_path: Path) -> tuple[Platform, str]:
    name = quoted()
    platform = platform_in(
        tmp_path,
        points_lines=renamed({name: "Zaphod Beeblebrox"}),
        prizepicks_lines=lambda _: None,  # else its line would take the place of the other
    )
    run_all(platform, BEFORE, NIGHT)
    return platform, name


def lines_of(platform: Platform, name: str) -> list[tuple[float | None, str | None]]:
    text = (
        f"SELECT points_line, line_null_reason FROM nba_analytics.{PLAYERS} "
        "WHERE game_date = @night AND player_name = @name"
    )
    rows = platform.warehouse.query(text, {"night": NIGHT, "name": name}).to_pylist()
    return [(r["points_line"], r["line_null_reason"]) for r in rows]


def test_a_name_of_nobody_is_listed_and_no_row_is_dropped(odd: tuple[Platform, str]) -> None:
    platform, name = odd
    assert lines_of(platform, name) == [(None, "no_line")]
    (found,) = open_names(platform.warehouse)
    assert (found.player_name, found.match_method) == ("Zaphod Beeblebrox", "unknown")
    assert found.name_status == "pending"
    assert found.source_tables == (LINES,)
    assert found.first_seen <= NIGHT <= found.last_seen
    assert found.example_game_id is not None
    quotes = platform.warehouse.query(
        f"SELECT player_name FROM nba_raw.{LINES} WHERE game_date = @night "
        "AND player_lookup = 'zaphodbeeblebrox'",
        {"night": NIGHT},
    )
    assert quotes.num_rows == 2


def test_a_decision_makes_stale_what_reads_the_name_and_nothing_else(
    odd: tuple[Platform, str],
) -> None:
    platform, name = odd
    who = platform.warehouse.query(
        "SELECT player_id FROM nba_reference.players WHERE player_name = @name", {"name": name}
    ).to_pylist()[0]["player_id"]
    land_decision(
        platform.landing,
        Decision("ZAPHOD Beeblebrox", "resolved", "his other name", "tester", AT, who),
    )
    run(platform, ALIASES)
    assert verdict(platform, MATCHES, NIGHT).state is State.STALE
    run(platform, MATCHES, BEFORE, NIGHT)
    dates = {d: verdict(platform, PLAYERS, d).state for d in (BEFORE, NIGHT)}
    held = {d for d in dates if d == NIGHT or quoted_on(platform, d)}
    assert {d for d, state in dates.items() if state is State.STALE} == held
    for table in (LINE_OF_PLAYERS, PLAYERS):
        run(platform, table, BEFORE, NIGHT)
    ((line, reason),) = lines_of(platform, name)
    assert line is not None
    assert reason is None
    assert open_names(platform.warehouse) == []


def quoted_on(platform: Platform, date: dt.date) -> bool:
    text = (
        "SELECT 1 AS one FROM nba_reference.player_name_matches "
        "WHERE game_date = @date AND printed_lookup = 'zaphodbeeblebrox'"
    )
    return platform.warehouse.query(text, {"date": date}).num_rows > 0


def test_two_players_of_one_name_are_told_apart_by_nobody(tmp_path: Path) -> None:
    name = quoted()

    def twin(payload: Payload) -> Payload:
        if payload.layout is not Layout.PLAYERS_JSON:
            return payload
        found = json.loads(payload.content)
        rows = found["resultSets"][0]["rowSet"]
        column = found["resultSets"][0]["headers"].index("DISPLAY_FIRST_LAST")
        (row,) = (r for r in rows if r[column] == name)
        rows.append([7_777_777, *row[1:]])
        return replace(payload, content=json.dumps(found).encode())

    platform = platform_in(tmp_path, players=twin)
    run_all(platform, NIGHT)
    found = {n.player_name: n.match_method for n in open_names(platform.warehouse)}
    assert found[name] == "ambiguous"
    assert lines_of(platform, name) == [(None, "no_line")]


def test_rates_name_the_worst_date(odd: tuple[Platform, str]) -> None:
    platform, _ = odd
    (rate,) = (r for r in match_rates(platform.warehouse) if r.source_table == LINES)
    assert rate.matched == rate.names - sum(quoted_on(platform, d) for d in (BEFORE, NIGHT))
    assert 90 < rate.worst_pct < 100


def test_too_many_unknown_names_close_the_gate(tmp_path: Path) -> None:
    def scrambled(payload: Payload) -> Payload:
        lines = payload.content.decode().splitlines()
        text = [lines[0], *(f"{n},Nobody {chr(97 + n % 26)}{chr(97 + n // 26 % 26)}," +
                            line.split(",", 2)[2] for n, line in enumerate(lines[1:]))]  # fmt: skip
        return replace(payload, content="\n".join(text).encode())

    platform = platform_in(tmp_path, points_lines=scrambled)
    run_all(platform, NIGHT, upto=MATCHES)
    found = verdict(platform, MATCHES, NIGHT)
    assert found.state is State.INVALID
    assert "coverage_of_player_id" in found.reasons[0]
    refused = run(platform, PLAYERS, NIGHT).refused[NIGHT]
    assert MATCHES in {p.upstream for p in refused.problems}


@pytest.mark.parametrize(
    "row", ["Luka,resolved,,why,me,2026-01-01,", "Luka,invalid,7,why,me,2026-01-01,",
            "Luka,maybe,7,why,me,2026-01-01,", "...,resolved,7,why,me,2026-01-01,",
            "Luka,snoozed,,why,me,yesterday,"],
)  # fmt: skip
def test_a_broken_decision_is_refused_by_name(row: str) -> None:
    head = "player_name,name_status,player_id,reason,owner,decided_at,snoozed_until\n"
    payload = Payload("operator", Endpoint.ALIASES, "name=x", Layout.ALIASES_CSV, AT,
                      (head + row).encode())  # fmt: skip
    with pytest.raises(PayloadError, match="operator/aliases/name=x"):
        parse(payload)


def test_a_snoozed_name_asks_again_on_its_date(tmp_path: Path) -> None:
    name = quoted()
    platform = platform_in(tmp_path, points_lines=renamed({name: "Zaphod Beeblebrox"}))
    until = Decision("Zaphod Beeblebrox", "snoozed", "asked", "me", AT, None, NIGHT)
    land_decision(platform.landing, until)
    run_all(platform, NIGHT)
    assert [n.name_status for n in open_names(platform.warehouse)] == ["pending"]
    later = replace(until, snoozed_until=TODAY, decided_at=AT + dt.timedelta(1))
    land_decision(platform.landing, later)
    run(platform, ALIASES)
    run(platform, MATCHES, NIGHT)
    assert [n.name_status for n in open_names(platform.warehouse)] == ["snoozed"]
    assert snapshot_of(platform).verdict(MATCHES, NIGHT).state is State.COMPLETE
