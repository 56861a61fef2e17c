"""A game without a result hides no other game, and is not settled by silence."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nba_pipeline.landing.payload import Payload
from nba_pipeline.league.calendar import NIGHT_ENDS
from nba_pipeline.platform import Platform
from nba_pipeline.reports.standing import due_dates, standing
from nba_pipeline.settings import Settings
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.incidents.test_ledger_truth import by_hand
from nba_pipeline_tests.support import (
    NIGHT,
    OFFENSE,
    PLAYERS,
    Change,
    edited_log,
    fault,
    platform_in,
    rows,
    run_all,
    simulated,
)
from nba_pipeline_tests.templates import copy_of

MORNING = NIGHT + dt.timedelta(1)
BOXSCORES = "nbac_player_boxscores"
OPEN_GAME, OPEN_BOX = "0022500533", b"202601030DET"
"""One game of the night, as the league and as Basketball-Reference number it."""


def of_day(found: dict[str, Any], date: dt.date) -> dict[str, Any]:
    days = found["leagueSchedule"]["gameDates"]
    return next(d for d in days if d["gameDate"].startswith(f"{date:%m/%d/%Y}"))


def unplayed(game: dict[str, Any]) -> dict[str, Any]:
    sides = {s: {**game[s], "score": 0} for s in ("homeTeam", "awayTeam")}
    return {**game, "gameStatus": 1, "gameStatusText": "7:00 pm ET", **sides}


def one_open(payload: Payload) -> Payload:
    """The schedule with one game of the night without a result."""
    found = json.loads(payload.content)
    day = of_day(found, NIGHT)
    day["games"][0] = unplayed(day["games"][0])
    return replace(payload, content=json.dumps(found).encode())


def with_a_phantom(payload: Payload) -> Payload:
    """The schedule with one game more, of two teams that do not play on the night."""
    found = json.loads(payload.content)
    day = of_day(found, NIGHT)
    playing = {g[s]["teamTricode"] for g in day["games"] for s in ("homeTeam", "awayTeam")}
    free = [t for t in ("ATL", "BOS", "BKN", "CHA", "CHI", "CLE", "DAL", "DEN", "DET", "GSW",
                        "HOU", "IND", "LAC", "LAL", "MEM", "MIA", "MIL", "MIN", "NOP", "NYK")
            if t not in playing][:2]  # fmt: skip
    phantom = unplayed(day["games"][0]) | {"gameId": "0022509999"}
    for side, team in zip(("homeTeam", "awayTeam"), free, strict=True):
        phantom[side] = {"teamTricode": team, "score": 0}
    day["games"].append(phantom)
    return replace(payload, content=json.dumps(found).encode())


def without_the_game(payload: Payload) -> Payload:
    """A game log that does not have the open game yet."""
    return edited_log(payload, lambda row: row["GAME_ID"] != OPEN_GAME)


def without_its_box(payload: Payload) -> Payload:
    lines = payload.content.splitlines()
    kept = [line for line in lines if OPEN_BOX not in line]
    assert len(kept) == len(lines) - 1
    return replace(payload, content=b"\n".join(kept))


NOT_OVER: dict[str, Change] = {
    "schedule": one_open,
    "team_gamelog": without_the_game,
    "player_gamelog": without_the_game,
    "bref_boxscores": without_its_box,
}


def open_game(platform: Platform, date: dt.date) -> tuple[str, set[str]]:
    (game,) = snapshot_of(platform).day(date).open_games
    return game.game_id, {game.home_team, game.away_team}


@pytest.fixture
def night(tmp_path: Path) -> Platform:
    """The night itself: seven games are over, one is on."""

    def platform(home: Path) -> Platform:
        return platform_in(home, today=NIGHT, loaders=simulated(), **NOT_OVER)

    copy_of("night-not-over", tmp_path, lambda home: run_all(platform(home), NIGHT))
    return platform(tmp_path)


def test_finished_games_are_published_while_another_is_on(night: Platform) -> None:
    game, teams = open_game(night, NIGHT)
    for table in (BOXSCORES, OFFENSE, PLAYERS):
        verdict = snapshot_of(night).verdict(table, NIGHT)
        assert verdict.state is State.NOT_DUE
        assert verdict.is_good_so_far
        assert verdict.is_usable
        assert game in verdict.reasons[0]
        there = {r["team"] for r in rows(night, table, NIGHT)}
        assert len(there) == 14
        assert not there & teams


def test_a_game_without_a_result_is_late_the_morning_after(night: Platform) -> None:
    game, _ = open_game(night, NIGHT)
    morning = replace(night, settings=night.settings.model_copy(update={"today": MORNING}))
    snapshot = snapshot_of(morning)
    for table in (BOXSCORES, OFFENSE, PLAYERS):
        verdict = snapshot.verdict(table, NIGHT)
        assert verdict.state is State.LATE
        assert not verdict.is_settled
        assert verdict.is_usable  # what is final of it
        assert game in verdict.reasons[0]
    found = standing(snapshot, due_dates(snapshot, NIGHT, None, None))
    assert (NIGHT, PLAYERS) in found.bad
    assert any("late" in line for line in found.headlines)


def test_who_says_that_no_game_is_to_come_answers_for_the_late_date(night: Platform) -> None:
    morning = replace(night, settings=night.settings.model_copy(update={"today": MORNING}))
    by_hand(
        night,
        "INSERT INTO nba_orchestration.waivers (waiver_id, asset, game_date, scope, reason, owner, "
        f"granted_at, expires_at) SELECT 'w-' || a, a, DATE '{NIGHT}', 'publish', 'called off', "
        "'league desk', now(), now() + INTERVAL 30 DAY "
        f"FROM (SELECT unnest(['{OFFENSE}', '{PLAYERS}']) AS a)",
    )
    snapshot = snapshot_of(morning)
    for table in (OFFENSE, PLAYERS):
        verdict = snapshot.verdict(table, NIGHT)
        assert verdict.state is State.WAIVED
        assert "called off" in verdict.reasons[0]
    assert snapshot.verdict(BOXSCORES, NIGHT).state is State.LATE


def test_the_late_game_joins_when_its_result_is_in(night: Platform, tmp_path: Path) -> None:
    _, teams = open_game(night, NIGHT)
    later = platform_in(tmp_path, loaders=simulated(), today=MORNING)
    run_all(later, NIGHT)
    for table in (BOXSCORES, OFFENSE, PLAYERS):
        assert snapshot_of(later).verdict(table, NIGHT).state is State.COMPLETE
        assert teams <= {r["team"] for r in rows(later, table, NIGHT)}


def test_a_finished_game_that_is_lacking_is_partial_and_not_merely_open(tmp_path: Path) -> None:
    platform = platform_in(tmp_path, today=MORNING, loaders=simulated(), **NOT_OVER)
    with fault(f"staged:{BOXSCORES}=keep:40"):
        run_all(platform, NIGHT, upto=BOXSCORES)
    found = snapshot_of(platform).verdict(BOXSCORES, NIGHT)
    assert found.state is State.PARTIAL
    assert not found.is_usable


def test_a_phantom_game_is_late_for_ever_until_somebody_says_what_it_is(tmp_path: Path) -> None:
    platform = platform_in(
        tmp_path,
        today=NIGHT + dt.timedelta(30),
        loaders=simulated(),
        schedule=with_a_phantom,
    )
    run_all(platform, NIGHT)
    for table in (BOXSCORES, OFFENSE, PLAYERS):
        verdict = snapshot_of(platform).verdict(table, NIGHT)
        assert verdict.state is State.LATE
        assert {r["team"] for r in rows(platform, table, NIGHT)} == {
            t for g in snapshot_of(platform).day(NIGHT).finished.games
            for t in (g.home_team, g.away_team)
        }  # fmt: skip
    mended = platform_in(tmp_path, today=NIGHT + dt.timedelta(30), loaders=simulated())
    run_all(mended, NIGHT)
    for table in (BOXSCORES, OFFENSE, PLAYERS):
        assert snapshot_of(mended).verdict(table, NIGHT).state is State.COMPLETE


def test_a_league_date_ends_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """01:30 Eastern is still the night of the games; also when clocks change."""
    for utc, date in (
        ("2026-01-04T06:30", dt.date(2026, 1, 3)),
        ("2026-01-04T11:30", dt.date(2026, 1, 4)),
        ("2026-03-08T09:30", dt.date(2026, 3, 7)),
        ("2026-11-01T10:30", dt.date(2026, 10, 31)),
        ("2026-11-01T11:30", dt.date(2026, 11, 1)),
    ):
        moment = dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)

        class Clock(dt.datetime):
            @classmethod
            def now(cls, tz: dt.tzinfo | None = None, at: dt.datetime = moment) -> dt.datetime:
                return at.astimezone(tz)

        monkeypatch.setattr("nba_pipeline.settings.dt.datetime", Clock)
        assert Settings().league_today() == date, (utc, NIGHT_ENDS)
        monkeypatch.undo()
