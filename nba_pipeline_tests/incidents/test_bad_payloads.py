"""A payload that cannot be read is kept, named and never taken for "no data"."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from nba_pipeline.landing.payload import Endpoint, Payload, SourceError
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.support import (
    NIGHT,
    OFFENSE,
    PLAYERS,
    built_night,
    platform_in,
    rows,
    run,
    run_all,
    verdict,
)


def edited(content: bytes, date: dt.date, minutes: object) -> bytes:
    """A game log with other minutes in the first row of a date."""
    found = json.loads(content)
    part = found["resultSets"][0]
    at, of = part["headers"].index("MIN"), part["headers"].index("GAME_DATE")
    next(row for row in part["rowSet"] if str(row[of]).startswith(str(date)))[at] = minutes
    return json.dumps(found).encode()


def text_for_a_number(content: bytes) -> bytes:
    """Minutes of one player of the night."""
    return edited(content, NIGHT, "DNP")


DAMAGE = {
    "truncated": (lambda c: c[: len(c) // 2], "not JSON"),
    "empty": (lambda c: b"", "empty payload"),
    "an error page": (lambda c: b"<html>429 Too Many Requests</html>", "starts '<html>429"),
    "another shape": (lambda c: b'{"resultSets": []}', "no result set"),
    "a renamed column": (lambda c: c.replace(b'"OREB"', b'"OFF_REB"'), "missing columns OREB"),
    "a text for a number": (text_for_a_number, "MIN"),
    "truncated gzip": (lambda c: b"\x1f\x8b\x08\x00" + c[:100], "gzip"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_payload_fails_its_dates_and_keeps_what_was_published(
    tmp_path: Path, what: str
) -> None:
    damage, words = DAMAGE[what]
    built_night(tmp_path)

    def change(payload: Payload) -> Payload:
        if not payload.request_key.endswith("type=regular"):
            return payload
        return replace(payload, content=damage(payload.content))

    platform = platform_in(tmp_path, player_gamelog=change)
    before = rows(platform, "nbac_player_boxscores")
    result = run(platform, "nbac_player_boxscores", NIGHT)
    assert set(result.failed) == {NIGHT}
    assert words in result.failed[NIGHT]
    assert "simulated/player_gamelog/season=2025-26/type=regular" in result.failed[NIGHT]
    assert rows(platform, "nbac_player_boxscores") == before
    assert verdict(platform, PLAYERS, NIGHT).state is State.COMPLETE
    notes = [k for k in platform.landing.store.list("simulated") if k.endswith(".rejected")]
    assert len(notes) == 1
    assert words in platform.landing.store.get(notes[0]).decode()


def test_a_row_that_cannot_be_read_costs_its_date_and_no_other(tmp_path: Path) -> None:
    before = NIGHT - dt.timedelta(1)

    def change(payload: Payload) -> Payload:
        if not payload.request_key.endswith("type=regular"):
            return payload
        return replace(payload, content=edited(payload.content, before, "twelve"))

    platform = platform_in(tmp_path, player_gamelog=change)
    run(platform, "nbac_schedule", before, NIGHT)
    result = run(platform, "nbac_player_boxscores", before, NIGHT)
    assert set(result.good) == {NIGHT}
    assert set(result.failed) == {before}
    told = result.failed[before]
    assert "simulated/player_gamelog/season=2025-26/type=regular: row " in told
    assert "MIN = 'twelve' is not a number" in told
    assert {r["game_date"] for r in rows(platform, "nbac_player_boxscores")} == {NIGHT}


def test_the_damage_is_real(tmp_path: Path) -> None:
    """Each change above changes something."""
    loader = platform_in(tmp_path).loaders[Endpoint.PLAYER_GAMELOG]
    from nba_pipeline.landing.payload import DateRange

    payload = next(iter(loader.fetch(DateRange(NIGHT, NIGHT))))
    for damage, _ in DAMAGE.values():
        assert damage(payload.content) != payload.content


def test_a_source_that_fails_is_not_a_source_without_data(tmp_path: Path) -> None:
    def down(payload: Payload) -> Payload:
        raise SourceError(f"{payload.label}: connection refused")

    platform = platform_in(tmp_path, player_gamelog=down, bref_boxscores=down)
    run_all(platform, NIGHT)
    assert verdict(platform, "nbac_player_boxscores", NIGHT).state is State.MISSING
    assert verdict(platform, OFFENSE, NIGHT).state is State.COMPLETE
    result = run(platform, PLAYERS, NIGHT)
    assert "nbac_player_boxscores" in result.bad[NIGHT]
    assert "bref_player_boxscores" in result.bad[NIGHT]
    history = platform.warehouse.query(
        "SELECT error_class, error_message FROM nba_orchestration.processor_run_history "
        "WHERE processor = 'nbac_player_boxscores'"
    ).to_pylist()
    assert {r["error_class"] for r in history} == {"SourceFailed"}
    assert "connection refused" in history[0]["error_message"]


def test_a_damaged_schedule_leaves_the_published_one(built: Platform, tmp_path: Path) -> None:
    before = rows(built, "nbac_schedule")
    platform = platform_in(
        built.settings.home, schedule=lambda p: replace(p, content=p.content[:1000])
    )
    result = run(platform, "nbac_schedule", NIGHT)
    assert "not JSON" in result.failed[NIGHT]
    assert rows(platform, "nbac_schedule") == before
    assert verdict(platform, PLAYERS, NIGHT).state is State.COMPLETE
