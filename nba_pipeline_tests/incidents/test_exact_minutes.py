"""Minutes to a tenth are a second source's: it may come late, change or fail."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from nba_pipeline.landing.payload import Payload
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

EXACT = "bref_player_boxscores"


def sources(platform: Platform) -> dict[str, int]:
    """Rows of the night by the source of their minutes."""
    found = [str(r["minutes_source"]) for r in rows(platform, PLAYERS, NIGHT)]
    return {name: found.count(name) for name in sorted(set(found))}


def read(platform: Platform) -> list[object]:
    """How often the night's summary is recorded as having read the second source."""
    found = platform.warehouse.query(
        "SELECT COUNT(*) AS n FROM nba_orchestration.partition_inputs WHERE asset = @asset "
        "AND game_date = @date AND upstream = @upstream",
        {"asset": PLAYERS, "date": NIGHT, "upstream": EXACT},
    )
    return found["n"].to_pylist()


def longer(payload: Payload) -> Payload:
    """The second source corrects everybody's minutes by three seconds, to what they round from."""

    def edited(line: str) -> str:
        game = json.loads(line)
        for player in game["players"]:
            shift = 0.05 if player["mp"] % 1 < 0.45 or 0.5 <= player["mp"] % 1 < 0.95 else -0.05
            player["mp"] = round(player["mp"] + shift, 2)
        return json.dumps(game)

    lines = payload.content.decode().splitlines()
    return replace(payload, content="\n".join(edited(x) for x in lines if x).encode())


def test_the_second_source_is_read_and_recorded_although_the_first_is_complete(
    built: Platform,
) -> None:
    assert verdict(built, "nbac_player_boxscores", NIGHT).state is State.COMPLETE
    assert set(sources(built)) == {"bref"}
    assert read(built) == [1]
    assert all(r["is_starter"] is not None for r in rows(built, PLAYERS, NIGHT))


def test_a_change_of_the_second_source_makes_the_summary_stale(tmp_path: Path) -> None:
    built_night(tmp_path)
    platform = platform_in(tmp_path, bref_boxscores=longer)
    before = {r["player_lookup"]: r["minutes_played"] for r in rows(platform, PLAYERS, NIGHT)}
    run(platform, EXACT, NIGHT)
    found = verdict(platform, PLAYERS, NIGHT)
    assert found.state is State.STALE
    assert f"{EXACT} {NIGHT} changed since it was read" in found.reasons
    assert verdict(platform, OFFENSE, NIGHT).state is State.COMPLETE  # it never read the players
    run(platform, "player_name_matches", NIGHT)
    assert not run(platform, PLAYERS, NIGHT).bad
    after = {r["player_lookup"]: r["minutes_played"] for r in rows(platform, PLAYERS, NIGHT)}
    assert set(after) == set(before)
    assert all(after[name] != minutes for name, minutes in before.items())


def test_where_it_is_the_only_source_it_is_recorded_once(tmp_path: Path) -> None:
    platform = platform_in(tmp_path, player_gamelog=lambda _: None)
    run_all(platform, NIGHT)
    assert verdict(platform, PLAYERS, NIGHT).state is State.COMPLETE
    assert {r["source"] for r in rows(platform, PLAYERS, NIGHT)} == {"bref"}
    assert read(platform) == [1]


def test_without_the_second_source_the_night_is_complete_with_whole_minutes(
    tmp_path: Path,
) -> None:
    platform = platform_in(tmp_path, bref_boxscores=lambda _: None)
    run_all(platform, NIGHT)
    assert verdict(platform, PLAYERS, NIGHT).state is State.COMPLETE
    assert sources(platform) == {"nbac": len(rows(platform, "nbac_player_boxscores", NIGHT))}
    found = rows(platform, PLAYERS, NIGHT)
    assert {r["is_starter"] for r in found} == {None}
    assert all(float(str(r["minutes_played"])).is_integer() for r in found if r["minutes_played"])
    # it comes a day late: the night is built again by itself
    late = platform_in(tmp_path)
    run(late, EXACT, NIGHT)
    run(late, "player_name_matches", NIGHT)
    assert verdict(late, PLAYERS, NIGHT).state is State.STALE
    assert not run(late, PLAYERS, NIGHT).bad
    assert set(sources(late)) == {"bref"}
