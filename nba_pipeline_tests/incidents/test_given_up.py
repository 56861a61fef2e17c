"""What a source no longer has is not given up: rows that were published stay, and that is told."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nba_pipeline.landing.payload import Endpoint, Payload
from nba_pipeline.league.calendar import Game
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.support import NIGHT, Tampered, platform_in, rows, run, verdict

SCHEDULE, BOXSCORES = "nbac_schedule", "nbac_player_boxscores"
Days = list[dict[str, Any]]


def a_later_schedule(edit: Callable[[Days, int], object]) -> Callable[[Payload], Payload]:
    """A schedule that came an hour later; ``edit`` gets its days and the place of the night."""

    def change(payload: Payload) -> Payload:
        found = json.loads(payload.content)
        days = found["leagueSchedule"]["gameDates"]
        place = next(n for n, d in enumerate(days) if d["gameDate"].startswith(f"{NIGHT:%m/%d/%Y}"))
        edit(days, place)
        at = payload.fetched_at + dt.timedelta(hours=1)
        return replace(payload, content=json.dumps(found).encode(), fetched_at=at)

    return change


def test_a_schedule_that_lost_a_played_game_leaves_the_published_one(built: Platform) -> None:
    before = rows(built, SCHEDULE, NIGHT)
    dropped = a_later_schedule(lambda days, night: days[night]["games"].pop(0))
    found = run(platform_in(built.settings.home, schedule=dropped), SCHEDULE, NIGHT)
    assert "no longer has 1 games that were played" in found.failed[NIGHT]
    assert rows(built, SCHEDULE, NIGHT) == before
    assert verdict(built, SCHEDULE, NIGHT).state is State.COMPLETE


def test_a_schedule_that_lost_the_whole_night_empties_nothing(built: Platform) -> None:
    before = rows(built, BOXSCORES, NIGHT)
    dropped = a_later_schedule(lambda days, night: days.pop(night))
    home = built.settings.home
    assert NIGHT in run(platform_in(home, schedule=dropped), SCHEDULE, NIGHT).failed
    assert not run(platform_in(home, schedule=dropped), BOXSCORES, NIGHT).bad
    assert rows(built, BOXSCORES, NIGHT) == before


def test_a_played_game_may_move_to_another_date(built: Platform) -> None:
    def move(days: Days, night: int) -> None:
        game = days[night]["games"].pop(0)
        late = NIGHT + dt.timedelta(1)
        game |= {key: f"{late}{str(game[key])[10:]}" for key in ("gameDateEst", "gameDateTimeUTC")}
        days[night + 1]["games"].append(game)

    found = run(platform_in(built.settings.home, schedule=a_later_schedule(move)), SCHEDULE, NIGHT)
    assert not found.failed
    assert len(rows(built, SCHEDULE, NIGHT)) == 7


class Forgetful(Tampered):
    """A source that has taken its files away."""

    def not_offered(self, game: Game) -> str | None:
        return f"{self.name}: the files are gone"


def test_rows_of_a_source_that_has_gone_stay_and_the_date_says_so(built: Platform) -> None:
    before = rows(built, BOXSCORES, NIGHT)
    gone = Forgetful(built.loaders[Endpoint.PLAYER_GAMELOG], lambda payload: payload)
    platform = replace(built, loaders={**built.loaders, Endpoint.PLAYER_GAMELOG: gone})
    found = run(platform, BOXSCORES, NIGHT)
    assert found.failed[NIGHT].endswith(f"its {len(before)} published rows stay")
    assert rows(built, BOXSCORES, NIGHT) == before
    assert verdict(built, BOXSCORES, NIGHT).state is State.COMPLETE
