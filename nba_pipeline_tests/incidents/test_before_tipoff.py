"""What exists before the games: quotes that cannot be asked for again, and dates not begun."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload
from nba_pipeline.league.calendar import Game
from nba_pipeline.platform import Platform
from nba_pipeline.sources.reading.values import TEAM_NAMES
from nba_pipeline.verdicts.planner import plan_table
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.support import NIGHT, TODAY, platform_in, run, simulated, verdict

LINES = "odds_points_lines"
TOMORROW = TODAY + dt.timedelta(1)
HEAD = "event_id,player,market,line,bookmaker,game,game_time,over_odds,under_odds\n"


@dataclass
class LiveBook:
    """A bookmaker that shows only what it quotes now: one snapshot per fetch, none of the past."""

    quotes: dict[dt.date, str] = field(default_factory=dict)
    reason: str | None = None
    name: str = "book"
    endpoint: Endpoint = Endpoint.POINTS_LINES

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        for date in dates.dates():
            if date in self.quotes:
                taken = f"dates={date}..{date}/file=raw_{date:%Y%m%d}_120000"
                at = dt.datetime.combine(date, dt.time(12), dt.UTC)
                yield Payload(self.name, self.endpoint, taken, Layout.PROPS_LINES_CSV, at,
                              (HEAD + self.quotes[date]).encode())  # fmt: skip

    def not_offered(self, game: Game) -> str | None:
        return self.reason


def quote(platform: Platform, date: dt.date, line: float) -> str:
    first = snapshot_of(platform).day(date).games[0]
    names = {team: name for name, team in TEAM_NAMES.items()}
    title = f"{names[str(first.away_team)]} @ {names[str(first.home_team)]}"
    return f"x,Luka Dončić,player_points,{line},draftkings,{title},{date}T23:30:00Z,-110,-110\n"


def with_book(home: Path, book: LiveBook) -> Platform:
    return platform_in(home, loaders={**simulated(), Endpoint.POINTS_LINES: book})


def lines_of(platform: Platform, date: dt.date) -> list[float]:
    text = f"SELECT points_line FROM nba_raw.{LINES} WHERE game_date = @date ORDER BY 1"
    return [r["points_line"] for r in platform.warehouse.query(text, {"date": date}).to_pylist()]


def test_quotes_that_are_gone_from_the_source_stay_in_the_table(tmp_path: Path) -> None:
    book = LiveBook()
    platform = with_book(tmp_path, book)
    run(platform, "nbac_schedule", NIGHT)
    book.quotes = {NIGHT: quote(platform, NIGHT, 30.5)}
    assert run(platform, LINES, NIGHT).results[NIGHT].row_count == 1
    # the next morning the book has nothing of that night any more, and says so
    book.quotes, book.reason = {}, "the book shows the present only"
    again = run(platform, LINES, NIGHT)
    assert again.results[NIGHT].state is State.COMPLETE
    assert lines_of(platform, NIGHT) == [30.5]


def test_a_date_that_was_never_seen_is_unrecoverable_not_empty(tmp_path: Path) -> None:
    platform = with_book(tmp_path, LiveBook(reason="the book shows the present only"))
    run(platform, "nbac_schedule", NIGHT)
    run(platform, LINES, NIGHT)
    found = verdict(platform, LINES, NIGHT)
    assert found.state is State.UNRECOVERABLE
    assert found.reasons == ("the book shows the present only",)


def test_nothing_posted_before_the_games_is_not_a_hole_and_after_them_it_is(
    tmp_path: Path,
) -> None:
    platform = with_book(tmp_path, LiveBook())
    run(platform, "nbac_schedule", NIGHT, TOMORROW)
    found = run(platform, LINES, NIGHT, TOMORROW)
    assert found.not_due == {TOMORROW: "nothing is posted yet"}
    assert verdict(platform, LINES, TOMORROW).state is State.NOT_DUE
    assert found.results[NIGHT].state is State.PARTIAL
    assert verdict(platform, LINES, NIGHT).state is State.PARTIAL


def test_lines_of_open_games_are_asked_for_again_and_the_newest_is_added(tmp_path: Path) -> None:
    book = LiveBook()
    platform = with_book(tmp_path, book)
    run(platform, "nbac_schedule", TOMORROW)
    book.quotes = {TOMORROW: quote(platform, TOMORROW, 28.5)}
    run(platform, LINES, TOMORROW)
    assert verdict(platform, LINES, TOMORROW).state is State.COMPLETE
    step = plan_table(snapshot_of(platform), LINES, [TOMORROW])
    assert dict(step.reasons) == {"news may be in": 1}
    book.quotes = {TOMORROW: quote(platform, TOMORROW, 29.5)}
    run(platform, LINES, TOMORROW)
    assert lines_of(platform, TOMORROW) == [28.5, 29.5]


def test_box_scores_of_tomorrow_are_not_due(tmp_path: Path) -> None:
    platform = platform_in(tmp_path)
    run(platform, "nbac_schedule", TOMORROW)
    found = run(platform, "nbac_player_boxscores", TOMORROW)
    assert list(found.not_due) == [TOMORROW]
    assert verdict(platform, "nbac_player_boxscores", TOMORROW).state is State.NOT_DUE
