"""A source changes its fields: every kind is told apart, recorded and shown; nothing is guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nba_pipeline.cli.main import cli
from nba_pipeline.landing.payload import Endpoint, Payload
from nba_pipeline.reports.sources import Finding, drift_findings
from nba_pipeline.sources.reading.drift import DriftKind
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.incidents.test_bad_payloads import text_for_a_number
from nba_pipeline_tests.support import NIGHT, built_night, platform_in, rows, run, verdict

TABLE = "nbac_player_boxscores"
Damage = Callable[[bytes], bytes]


def nested_points(content: bytes) -> bytes:
    found = json.loads(content)
    part = found["resultSets"][0]
    at = part["headers"].index("PTS")
    for row in part["rowSet"]:
        row[at] = {"total": row[at]}
    return json.dumps(found).encode()


def one_more_field(content: bytes) -> bytes:
    found = json.loads(content)
    part = found["resultSets"][0]
    part["headers"].append("HEAVES")
    for row in part["rowSet"]:
        row.append(0)
    return json.dumps(found).encode()


def renamed(old: bytes, new: bytes) -> Damage:
    return lambda content: content.replace(b'"%s"' % old, b'"%s"' % new)


BREAKS: dict[str, tuple[Damage, str, str]] = {
    "missing": (renamed(b"STL", b"QQQ"), "STL", ""),
    "renamed": (renamed(b"OREB", b"OFF_REB"), "OREB", "now OFF_REB"),
    "nested": (nested_points, "PTS", "holds objects"),
    "type": (text_for_a_number, "MIN", ""),
}


def of_regular(damage: Damage) -> Callable[[Payload], Payload]:
    def change(payload: Payload) -> Payload:
        if not payload.request_key.endswith("type=regular"):
            return payload
        return replace(payload, content=damage(payload.content))

    return change


def nba(home: Path, *args: str) -> Result:
    env = {"NBA_ARCHIVES": None, "NBA_SOURCE": "simulated"}
    return CliRunner(env=env).invoke(cli, ["sources", "--home", str(home), *args])


def only(home: Path) -> Finding:
    (found,) = drift_findings(platform_in(home).warehouse)
    return found


@pytest.mark.parametrize("kind", BREAKS)
def test_what_cannot_be_read_is_refused_by_its_kind_and_recorded(tmp_path: Path, kind: str) -> None:
    damage, field_name, detail = BREAKS[kind]
    built_night(tmp_path)
    platform = platform_in(tmp_path, player_gamelog=of_regular(damage))
    before = rows(platform, TABLE)
    result = run(platform, TABLE, NIGHT)
    assert set(result.failed) == {NIGHT}
    assert field_name in result.failed[NIGHT]
    assert kind == "type" or f"{field_name} {kind}" in result.failed[NIGHT]
    assert rows(platform, TABLE) == before
    assert verdict(platform, TABLE, NIGHT).state is State.COMPLETE
    found = only(tmp_path)
    assert (found.drift.field_name, found.drift.kind) == (field_name, DriftKind(kind))
    assert found.drift.source == "simulated"
    assert found.drift.layout == "gamelog_json"
    assert found.drift.request_key == "season=2025-26/type=regular"
    assert detail in found.drift.detail
    assert found.is_open


def test_a_new_field_is_told_and_the_payload_is_read(tmp_path: Path) -> None:
    built_night(tmp_path)
    platform = platform_in(tmp_path, player_gamelog=of_regular(one_more_field))
    result = run(platform, TABLE, NIGHT)
    assert set(result.good) == {NIGHT}
    found = only(tmp_path)
    assert (found.drift.field_name, found.drift.kind) == ("HEAVES", DriftKind.NEW)
    assert not found.is_open
    shown = nba(tmp_path)
    assert shown.exit_code == 0, shown.output
    assert "told: simulated/player_gamelog gamelog_json: HEAVES new, 1 times" in shown.output


def test_sightings_are_counted_and_end_with_an_acknowledgement(tmp_path: Path) -> None:
    built_night(tmp_path)
    platform = platform_in(tmp_path, player_gamelog=of_regular(BREAKS["renamed"][0]))
    for _ in range(3):
        run(platform, TABLE, NIGHT)
    platform.warehouse.share()
    found = only(tmp_path)
    assert found.occurrences == 3
    assert found.first_seen_at < found.last_seen_at
    shown = nba(tmp_path)
    assert shown.exit_code == 1
    assert "OPEN: simulated/player_gamelog gamelog_json: OREB renamed (now OFF_REB)" in shown.output
    told = json.loads(nba(tmp_path, "--json").stdout)
    (drift,) = next(r["drift"] for r in told if r["endpoint"] == "player_gamelog")
    assert (drift["kind"], drift["occurrences"], drift["is_open"]) == ("renamed", 3, True)
    noted = nba(tmp_path, "--acknowledge", "OREB", "--reason", "the league renamed it")
    assert noted.exit_code == 0, noted.output
    assert "known: simulated/player_gamelog" in noted.output
    run(platform, TABLE, NIGHT)
    assert only(tmp_path).is_open


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--acknowledge", "OREB"), "belong together"),
        (("--acknowledge", "NONE", "--reason", "x"), "no open finding on 'NONE'; open: none"),
    ],
)
def test_an_acknowledgement_of_nothing_is_a_usage_error(
    tmp_path: Path, args: tuple[str, ...], words: str
) -> None:
    built_night(tmp_path)
    found = nba(tmp_path, *args)
    assert found.exit_code == 2
    assert words in found.output


def test_the_verb_says_what_was_landed_loaded_and_lost(tmp_path: Path) -> None:
    platform = built_night(tmp_path)
    run(platform, "bref_play_by_play", NIGHT)
    platform.warehouse.share()
    found = nba(tmp_path, "--json")
    assert found.exit_code == 0, found.output
    reports = {r["endpoint"]: r for r in json.loads(found.stdout)}
    assert set(reports) == {str(e) for e in Endpoint}
    log = reports["player_gamelog"]
    assert log["tables"] == [TABLE]
    assert (log["landed"], log["rejected"]) == (4, 0)
    assert log["fetched_at"].startswith("2026-01-06")
    assert log["loaded_at"]
    assert log["drift"] == []
    (lost,) = reports["bref_plays"]["unrecoverable"]
    assert (lost["first"], lost["dates"]) == (NIGHT.isoformat(), 1)
    assert "no play-by-play" in lost["reason"]


def test_an_object_inside_another_is_nested_not_missing(tmp_path: Path) -> None:
    built_night(tmp_path)

    def change(payload: Payload) -> Payload:
        found = json.loads(payload.content)
        for day in found["leagueSchedule"]["gameDates"]:
            for game in day["games"]:
                game["arena"] = {"arenaName": game.pop("arenaName")}
        return replace(payload, content=json.dumps(found).encode())

    result = run(platform_in(tmp_path, schedule=change), "nbac_schedule", NIGHT)
    assert "arenaName nested (now arena.arenaName)" in result.failed[NIGHT]
    assert only(tmp_path).drift.kind is DriftKind.NESTED


def test_a_column_of_a_text_file_is_told_too(tmp_path: Path) -> None:
    built_night(tmp_path)

    def change(payload: Payload) -> Payload:
        content = re.sub(rb"^ID,Abbreviation", b"ID,Team Abbreviation", payload.content)
        assert content != payload.content
        return replace(payload, content=content)

    result = run(platform_in(tmp_path, teams=change), "teams")
    assert "Abbreviation renamed (now Team Abbreviation)" in next(iter(result.failed.values()))
