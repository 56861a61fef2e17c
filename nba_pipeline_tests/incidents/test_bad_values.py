"""One impossible value costs one row, never a date; overtime is no impossible value."""

from __future__ import annotations

import pytest

from nba_pipeline.landing.payload import Payload
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.e2e.test_cli import nba
from nba_pipeline_tests.support import (
    NIGHT,
    OFFENSE,
    PLAYERS,
    edited_log,
    fault,
    platform_in,
    rows,
    run,
    simulated,
    start_from,
    verdict,
)


def test_a_usage_rate_of_1329_8_costs_its_row_and_no_other(platform: Platform) -> None:
    start_from(platform, NIGHT, upto="team_defense_game_summary")
    clean = platform_in(platform.settings.home / "clean", loaders=simulated())
    start_from(clean, NIGHT)
    with fault(f"staged:{PLAYERS}=set:usage_rate:1329.8"):
        result = run(platform, PLAYERS, NIGHT)
    assert result.results[NIGHT].quarantined == 1
    assert len(rows(platform, PLAYERS)) == len(rows(clean, PLAYERS)) - 1
    found = verdict(platform, PLAYERS, NIGHT)
    assert found.state is State.COMPLETE
    assert "1 rows quarantined" in found.reasons
    aside = platform.warehouse.query(
        "SELECT column_name, bad_value, row_key, row_json FROM nba_orchestration.quarantined_rows"
    ).to_pylist()
    assert [(r["column_name"], r["bad_value"]) for r in aside] == [("usage_rate", "1329.8")]
    assert aside[0]["row_key"] in aside[0]["row_json"]


def test_too_many_bad_rows_refuse_the_date_and_are_listed(built: Platform) -> None:
    """A team row has no tolerance: half a game of teams is of no use."""
    before = rows(built, OFFENSE)
    with fault(f"staged:{OFFENSE}=set:possessions:7"):
        result = run(built, OFFENSE, NIGHT)
    assert "possessions = 7.0 breaks" in result.bad[NIGHT]
    assert rows(built, OFFENSE) == before


def test_the_quarantine_empties_when_the_date_is_good_again(built: Platform) -> None:
    with fault(f"staged:{PLAYERS}=set:usage_rate:1329.8"):
        run(built, PLAYERS, NIGHT)
    run(built, PLAYERS, NIGHT)
    left = built.warehouse.query("SELECT COUNT(*) AS n FROM nba_orchestration.quarantined_rows")
    assert left.to_pylist() == [{"n": 0}]
    assert "quarantined" not in str(verdict(built, PLAYERS, NIGHT).reasons)


def test_overtime_usage_uses_the_minutes_that_were_played(tmp_path) -> None:
    loaders = simulated()
    season = next(iter(loaders.values())).league.season(2025)
    date = min(
        g.date
        for g in season.fixtures
        if g.nba_game_id in season.boxes and season.boxes[g.nba_game_id].overtimes
    )
    platform = platform_in(tmp_path, loaders=loaders)
    start_from(platform, date)
    found = rows(platform, PLAYERS, date)
    overtime = [r for r in found if r["team_minutes"] > 240]
    assert overtime
    for team in {r["team"] for r in overtime}:
        mates = [r for r in overtime if r["team"] == team]
        used = {
            r["player_lookup"]: r["field_goals_attempted"]
            + 0.44 * r["free_throws_attempted"]
            + r["turnovers"]
            for r in mates
        }
        for r in mates:
            if r["minutes_played"]:
                by_hand = (
                    100
                    * used[r["player_lookup"]]
                    * (r["team_minutes"] / 5)
                    / (r["minutes_played"] * sum(used.values()))
                )
                assert r["usage_rate_raw"] == pytest.approx(by_hand)
        minutes = sum(r["minutes_played"] for r in mates)
        weighted = sum(r["minutes_played"] * (r["usage_rate_raw"] or 0) for r in mates) / minutes
        assert weighted == pytest.approx(20, abs=0.6)


def test_a_cell_that_costs_a_published_row_is_named_with_its_rule(built: Platform) -> None:
    """One impossible cell over good rows: the row stays, and value, rule and row are told."""

    def impossible(payload: Payload) -> Payload:
        def edit(row: dict[str, object]) -> bool:
            if row["GAME_DATE"] == NIGHT.isoformat() and row["PLAYER_ID"] == player["player_id"]:
                row["AST"] = 10**9
            return True

        return edited_log(payload, edit)

    table = "nbac_player_boxscores"
    before = rows(built, table, NIGHT)
    player = before[0]
    bad = platform_in(built.settings.home, player_gamelog=impossible)
    message = run(bad, table, NIGHT).bad[NIGHT]
    assert "would lose 1 published keys" in message
    assert f"{player['player_id']}" in message
    assert "assists = 1000000000 breaks less_than_or_equal_to(" in message
    assert rows(built, table, NIGHT) == before
    text = (
        "SELECT row_key, bad_value, rule FROM nba_orchestration.quarantined_rows WHERE asset = @t"
    )
    kept = built.warehouse.query(text, {"t": table}).to_pylist()
    assert {r["bad_value"] for r in kept} == {"1000000000"}
    told = nba("explain", table, str(NIGHT), home=built.settings.home)
    assert "assists = 1000000000 breaks less_than" in told.stdout
    assert not run(built, table, NIGHT).bad
    assert built.warehouse.query(text, {"t": table}).num_rows == 0
