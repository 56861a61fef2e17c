"""Markets that show the present only: what was landed once is read again, whatever its layout."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload
from nba_pipeline.league.calendar import Game
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.support import NIGHT, TODAY, platform_in, rows, run, simulated, verdict
from nba_pipeline_tests.unit.sources.test_parse_boards import bp_line, offer
from nba_pipeline_tests.unit.sources.test_parse_markets import AT

LINES = "bettingpros_points_lines"
GONE = f"shown on the day only: no lines of {NIGHT}"


@dataclass
class Site:
    """Answers of BettingPros or The Odds API for one date, until they are gone."""

    endpoint: Endpoint
    answers: list[tuple[str, Layout, object]] = field(default_factory=list)
    name: str = "site"

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        for key, layout, found in self.answers:
            content = json.dumps(found).encode()
            yield Payload(self.name, self.endpoint, f"dates={NIGHT}..{NIGHT}/{key}", layout, AT,
                          content)  # fmt: skip

    def not_offered(self, game: Game) -> str | None:
        return None if self.answers else GONE


def test_events_and_offers_of_yesterday_still_make_rows(tmp_path: Path) -> None:
    site = Site(Endpoint.BETTINGPROS_LINES)
    platform = platform_in(tmp_path, loaders={**simulated(), site.endpoint: site})
    run(platform, "nbac_schedule", NIGHT)
    game = snapshot_of(platform).day(NIGHT).games[0]
    event = {"id": 20879, "sport": "NBA", "scheduled": f"{NIGHT} 23:30:00",
             "home": game.home_team, "visitor": game.away_team}  # fmt: skip
    quote = bp_line(31.5, updated=f"{NIGHT} 22:00:00")
    site.answers = [
        ("kind=events", Layout.BETTINGPROS_EVENTS_JSON, {"events": [event]}),
        ("kind=offers/page=1", Layout.BETTINGPROS_OFFERS_JSON,
         {"offers": [offer((12, quote, quote))]}),
    ]  # fmt: skip
    run(platform, LINES, NIGHT)
    first = rows(platform, LINES, NIGHT)
    assert [(r["game_id"], r["minutes_before_tipoff"]) for r in first] == [(game.game_id, 90)]
    site.answers = []
    assert run(platform, LINES, NIGHT).results[NIGHT].state is State.COMPLETE
    assert rows(platform, LINES, NIGHT) == first


@pytest.mark.parametrize(("date", "state"), [(NIGHT, State.PARTIAL), (TODAY, State.NOT_DUE)])
def test_nothing_posted_is_a_hole_after_the_games_and_none_before(
    tmp_path: Path, date: dt.date, state: State
) -> None:
    site = Site(Endpoint.GAME_LINES, [("event=e1", Layout.NOT_POSTED, {"status": 204})])
    platform = platform_in(tmp_path, loaders={**simulated(), site.endpoint: site})
    run(platform, "nbac_schedule", NIGHT, TODAY)
    run(platform, "odds_game_lines", NIGHT, TODAY)
    assert verdict(platform, "odds_game_lines", date).state is state
