"""A later correction makes exactly the dates stale that rest on it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import Payload
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.snapshot import Snapshot, snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.incidents.season import (
    BUILT_LAST,
    CONTEXT,
    LINES,
    POOL,
    TOMORROW,
    rows_of,
)
from nba_pipeline_tests.support import (
    SEASON,
    TODAY,
    platform_in,
    run,
)


def stale_dates(platform: Platform, table: str) -> list[dt.date]:
    seen = snapshot_of(platform)
    return [d for d in SEASON if seen.verdict(table, d).state is State.STALE]


def moved_lines(date: dt.date) -> Callable[[Payload], Payload]:
    """One quote of a date half a point higher."""

    def change(payload: Payload) -> Payload:
        lines = payload.content.decode().splitlines()
        at = next(n for n, line in enumerate(lines) if f"{date}T" in line and "draftkings" in line)
        cells = lines[at].split(",")
        cells[3] = str(float(cells[3]) + 0.5)
        lines[at] = ",".join(cells)
        return replace(payload, content="\n".join(lines).encode())

    return change


@pytest.mark.parametrize("date", [TODAY, TOMORROW])
def test_a_correction_of_lines_makes_exactly_its_date_stale(home: Path, date: dt.date) -> None:
    platform = platform_in(home, points_lines=moved_lines(date))
    assert stale_dates(platform, CONTEXT) == []
    run(platform, "odds_points_lines", date)
    assert stale_dates(platform, LINES) == [date]
    assert stale_dates(platform, CONTEXT) == [date]
    for table in ("player_name_matches", *BUILT_LAST):
        run(platform, table, date)
    assert stale_dates(platform, CONTEXT) == []


def healed(payload: Payload) -> Payload:
    """A newer report on which a player is available after all."""
    found = json.loads(payload.content)
    hurt = next(r for r in _records(found) if str(r.get("status", "")).lower() == "out")
    hurt["status"] = "Available"
    at = payload.fetched_at + dt.timedelta(hours=1)
    return replace(payload, content=json.dumps(found).encode(), fetched_at=at)


def _records(found: object) -> Iterator[dict[str, object]]:
    if isinstance(found, dict):
        yield found
    for part in found.values() if isinstance(found, dict) else found:
        if isinstance(part, dict | list):
            yield from _records(part)


def test_a_correction_of_the_injury_report_makes_exactly_its_date_stale(home: Path) -> None:
    platform = platform_in(home, injury_report=healed)
    run(platform, "nbac_injury_report", TODAY)
    assert stale_dates(platform, POOL) == [TODAY]
    assert stale_dates(platform, CONTEXT) == [TODAY]


def without_a_game(date: dt.date) -> Callable[[Payload], Payload]:
    """A schedule that has put off one game of a date."""

    def change(payload: Payload) -> Payload:
        found = json.loads(payload.content)
        days = found["leagueSchedule"]["gameDates"]
        day = next(d for d in days if d["gameDate"].startswith(f"{date:%m/%d/%Y}"))
        day["games"][0] |= {"postponedStatus": "Y", "gameStatusText": "PPD"}
        at = payload.fetched_at + dt.timedelta(hours=1)
        return replace(payload, content=json.dumps(found).encode(), fetched_at=at)

    return change


@pytest.mark.parametrize(("date", "stale"), [(TOMORROW, [TOMORROW]), (TODAY, [TODAY, TOMORROW])])
def test_a_correction_of_the_schedule_makes_stale_what_rests_on_it(
    home: Path, date: dt.date, stale: list[dt.date]
) -> None:
    """Rest of tomorrow is counted from today's games, so that they count for both."""
    platform = platform_in(home, schedule=without_a_game(date))
    run(platform, "nbac_schedule", date)
    assert stale_dates(platform, CONTEXT) == stale
    for table in (*contracts(),):
        if contracts()[table].is_partitioned:
            run(platform, table, *stale)
    assert stale_dates(platform, CONTEXT) == []
    seen = Snapshot(platform.warehouse, TODAY)
    assert set(rows_of(platform, CONTEXT, date)["team"]) == set(seen.day(date).teams)
