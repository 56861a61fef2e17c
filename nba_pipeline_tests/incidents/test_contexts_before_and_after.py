"""A context that is built before its games is the one that is built after them."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import Endpoint, Payload
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.snapshot import Snapshot, snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.incidents.season import CONTEXT, POOL, TEAMS, rows_of
from nba_pipeline_tests.support import (
    PLAYERS,
    TODAY,
    Tampered,
    edited_log,
    platform_in,
    run,
    simulated,
)


def test_contexts_are_the_same_before_and_after_the_games(home: Path) -> None:
    """Reports come out on the day itself, so that what they say is left out here."""
    later = TODAY + dt.timedelta(3)
    before = platform_in(home)
    early = {t: _unreported(rows_of(before, t, TODAY)) for t in (POOL, TEAMS, CONTEXT)}
    after = platform_in(home, today=later)
    _build_today(after)
    seen = Snapshot(after.warehouse, later)
    assert seen.verdict(PLAYERS, TODAY).state is State.COMPLETE
    assert seen.verdict(CONTEXT, TODAY).state is State.COMPLETE
    for table, was in early.items():
        assert len(was) > 0
        pd.testing.assert_frame_equal(was, _unreported(rows_of(after, table, TODAY)))


def _build_today(platform: Platform) -> None:
    for name, contract in contracts().items():
        run(platform, name, TODAY) if contract.is_partitioned else None


def _unreported(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows without what injury reports and transactions say."""
    said = ["injury_status", "injury_category", "injury_source", "report_at", "players_out",
            "players_questionable", "star_teammates_out", "star_tier_out"]  # fmt: skip
    return rows.drop(columns=said, errors="ignore")


def _silent_of_sites(payload: Payload) -> Payload:
    """A schedule that does not say where a game is played, as several of the league's do not."""
    found = json.loads(payload.content)
    for day in found["leagueSchedule"]["gameDates"]:
        for game in day["games"]:
            game["isNeutral"] = game["arenaCity"] = None
    return replace(payload, content=json.dumps(found).encode())


def _two_visitors(nba_game_id: str) -> Callable[[Payload], Payload]:
    """Game logs that print a game as it is printed of a neutral site."""

    def edit(row: dict[str, object]) -> bool:
        if row["GAME_ID"] == nba_game_id:
            row["MATCHUP"] = str(row["MATCHUP"]).replace(" vs. ", " @ ")
        return True

    return lambda payload: edited_log(payload, edit)


def test_a_context_does_not_change_for_what_is_known_of_the_site_after_the_game(
    home: Path,
) -> None:
    """The log of a game shows two visitors where it was nobody's home."""
    schedule = Tampered(simulated()[Endpoint.SCHEDULE], _silent_of_sites)
    before = platform_in(home, loaders={**simulated(), Endpoint.SCHEDULE: schedule})
    shutil.rmtree(home / "simulated" / "landing" / "simulated" / "schedule")
    game = snapshot_of(before).day(TODAY).games[0]
    _build_today(before)
    early = rows_of(before, TEAMS, TODAY)
    assert set(early.loc[early["game_id"] == game.game_id, "is_neutral"]) == {None}

    later = TODAY + dt.timedelta(1)
    loaders = {**simulated(later), Endpoint.SCHEDULE: schedule}
    for endpoint in (Endpoint.TEAM_GAMELOG, Endpoint.PLAYER_GAMELOG):
        loaders[endpoint] = Tampered(loaders[endpoint], _two_visitors(str(game.nba_game_id)))
    after = platform_in(home, today=later, loaders=loaders)
    _build_today(after)
    seen = snapshot_of(after)
    assert seen.day(TODAY).is_final
    assert seen.verdict(TEAMS, TODAY).state is State.COMPLETE
    known = rows_of(after, "nbac_schedule", TODAY).set_index("game_id").loc[game.game_id]
    assert known["is_neutral_in_log"] is True
    assert known["is_neutral"] is None
    pd.testing.assert_frame_equal(_unreported(early), _unreported(rows_of(after, TEAMS, TODAY)))
