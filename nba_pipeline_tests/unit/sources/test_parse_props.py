"""Points lines: three flattenings of one market, the clock, and which quote is kept."""

from __future__ import annotations

import datetime as dt

import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload, PayloadError
from nba_pipeline.landing.zone import LandedPayload
from nba_pipeline.league.calendar import day_of
from nba_pipeline.sources.lookup import parse
from nba_pipeline.sources.rows.frames import Fetched
from nba_pipeline.sources.rows.lines import line_rows
from nba_pipeline_tests.support import NIGHT, simulated
from nba_pipeline_tests.unit.league.test_calendar import game

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
OUTCOMES = (
    ",outcomes_name,outcomes_description,outcomes_price,outcomes_point,commence_time,home_team,"
    "away_team,bookmakers.key,bookmakers.markets.key,bookmakers.markets.last_update\n"
    "0,Over,Luka Dončić,-105,31.5,{tipoff},Boston Celtics,New York Knicks,draftkings,"
    "player_points,{taken}\n"
    "1,Under,Luka Dončić,-125,31.5,{tipoff},Boston Celtics,New York Knicks,draftkings,"
    "player_points,{taken}\n"
    "2,Over,Luka Dončić,-110,8.5,{tipoff},Boston Celtics,New York Knicks,draftkings,"
    "player_assists,{taken}\n"
)
SIDES = (
    "market,bookmaker,player,side,line,price,home_team,away_team,game_id,commence_time\n"
    "player_points,PrizePicks,Luka Dončić,Over,31.5,-137,Boston Celtics,New York Knicks,x,"
    "{tipoff}\n"
)
LINES = (
    "event_id,player,market,line,bookmaker,game,game_time,over_odds,under_odds\n"
    "x,Luka Dončić,player_points,31.5,draftkings,New York Knicks @ Boston Celtics,{tipoff},-105,"
    "-125\n"
    "x,Luka Dončić,player_double_double,,draftkings,New York Knicks @ Boston Celtics,{tipoff},-105,"
    "\n"
)
# 00:40 UTC on the fourth is 19:40 Eastern on the third
TIPOFF, TAKEN = "2026-01-04T00:40:00Z", "2026-01-03T22:40:00Z"


def payload(layout: Layout, text: str, key: str = "dates=2026-01-03..2026-01-03/file=a") -> Payload:
    body = text.format(tipoff=TIPOFF, taken=TAKEN).encode()
    return Payload("test", Endpoint.POINTS_LINES, key, layout, AT, body)


@pytest.mark.parametrize(
    ("layout", "text", "key"),
    [
        (Layout.PROPS_OUTCOMES_CSV, OUTCOMES, "file=data_points_2026-01-03"),
        (Layout.PROPS_LINES_CSV, LINES, "file=raw_20260103_224000"),
    ],
)
def test_two_flattenings_say_the_same(layout: Layout, text: str, key: str) -> None:
    frame = parse(payload(layout, text, key))
    assert len(frame) == 1  # other markets are left out
    row = frame.iloc[0]
    assert row["game_date"] == NIGHT
    assert (row["home_team"], row["away_team"]) == ("BOS", "NYK")
    assert (row["bookmaker"], row["player_lookup"]) == ("draftkings", "lukadoncic")
    assert (row["points_line"], row["over_price"], row["under_price"]) == (31.5, -105, -125)
    assert row["snapshot_at"].isoformat() == "2026-01-03T22:40:00+00:00"


def test_a_file_without_times_has_none_and_a_single_side_has_one_price() -> None:
    row = parse(payload(Layout.PROPS_SIDES_CSV, SIDES)).iloc[0]
    assert row.isna()["snapshot_at"]
    assert row["over_price"] == -137
    assert row.isna()["under_price"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Boston Celtics", "Seattle SuperSonics", "Seattle SuperSonics"),
        ("31.5", "many", "line"),
        ("{tipoff}", "tonight", "time"),
        ("Luka Dončić", "...", "no letters"),
        ("commence_time", "start_time", "missing columns commence_time"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(old: str, new: str, words: str) -> None:
    with pytest.raises(PayloadError, match=words):
        parse(payload(Layout.PROPS_OUTCOMES_CSV, OUTCOMES.replace(old, new)))


def rows(*payloads: Payload) -> tuple[list[dict[str, object]], dict[dt.date, list[str]]]:
    frames = [
        (
            LandedPayload(p.source, p.endpoint, p.request_key, p.layout, AT, p.sha256, 1, "k"),
            parse(p),
        )
        for p in payloads
    ]
    days = {NIGHT: day_of(NIGHT, [game()], covered=True)}
    table, strangers = line_rows(contracts()["odds_points_lines"], Fetched(frames), days, days)
    return table.to_pylist(), strangers


def quoted(taken: str, price: int) -> Payload:
    text = OUTCOMES.replace("{taken}", taken).replace("-105", str(price))
    return payload(Layout.PROPS_OUTCOMES_CSV, text)


def test_the_last_quote_before_tip_off_is_kept_and_no_running_game() -> None:
    found, _ = rows(
        quoted("2026-01-03T20:00:00Z", -101),
        quoted("2026-01-04T01:30:00Z", -999),
        quoted("2026-01-03T23:40:00Z", -103),
    )
    assert [(r["over_price"], r["minutes_before_tipoff"]) for r in found] == [(-103, 60)]
    assert found[0]["game_id"] == "20260103_NYK_BOS"


def test_odds_of_a_running_game_alone_are_marked_by_their_minutes() -> None:
    found, _ = rows(quoted("2026-01-04T01:40:00Z", -999))
    assert [r["minutes_before_tipoff"] for r in found] == [-60]


def test_a_side_that_is_neither_over_nor_under_is_refused() -> None:
    text = OUTCOMES.replace("{taken}", "2026-01-03T20:00:00Z").replace(",Under,", ",under,")
    with pytest.raises(PayloadError, match="row 2: outcomes_name = 'under' is neither"):
        parse(payload(Layout.PROPS_OUTCOMES_CSV, text))


def test_a_game_that_is_not_on_the_schedule_is_named() -> None:
    other = OUTCOMES.replace("Boston Celtics", "Utah Jazz")
    found, strangers = rows(payload(Layout.PROPS_OUTCOMES_CSV, other))
    assert found == []
    assert strangers == {NIGHT: ["NYK@UTA"]}


def test_books_that_swap_the_sides_of_a_neutral_site_are_understood() -> None:
    swapped = (
        OUTCOMES.replace("Boston Celtics", "X")
        .replace("New York Knicks", "Boston Celtics")
        .replace("X", "New York Knicks")
    )
    found, strangers = rows(payload(Layout.PROPS_OUTCOMES_CSV, swapped))
    assert len(found) == 1
    assert strangers == {}


def test_simulated_lines_are_taken_before_every_game() -> None:
    loader = simulated()[Endpoint.POINTS_LINES]
    frame = parse(next(iter(loader.fetch(DateRange(NIGHT, NIGHT)))))
    assert (frame["snapshot_at"] < frame["tipoff_utc"]).all()
    assert set(frame["bookmaker"]) == {"draftkings", "fanduel"}
