"""Quotes of The Odds API and archived closing lines: shapes, signs, refusals."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pandas as pd
import pytest

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.sources.lookup import parse
from nba_pipeline_tests.support import NIGHT, endpoint_of

AT = dt.datetime(2026, 1, 4, tzinfo=dt.UTC)
# 00:40 UTC on the fourth is 19:40 Eastern on the third
TIPOFF, TAKEN = "2026-01-04T00:40:00Z", "2026-01-03T22:40:00Z"


def payload(layout: Layout, content: Any, key: str = "dates=2026-01-03..2026-01-03/x") -> Payload:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Payload("test", endpoint_of(layout), key, layout, AT, body)


def event(*markets: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "id": "e1", "commence_time": TIPOFF, "home_team": "Boston Celtics",
        "away_team": "New York Knicks",
        "bookmakers": [{"key": "draftkings", "last_update": TAKEN, "markets": list(markets)}],
        **changes,
    }  # fmt: skip


def points(over: float = -105, under: float = -125, **changes: Any) -> dict[str, Any]:
    outcomes = [
        {"name": side, "description": "Luka Dončić", "price": price, "point": 31.5}
        for side, price in (("Over", over), ("Under", under))
    ]
    return {"key": "player_points", "last_update": TAKEN, "outcomes": outcomes, **changes}


def spreads(home: float = -6.5, price: float = -110, **changes: Any) -> dict[str, Any]:
    outcomes = [
        {"name": "New York Knicks", "price": -112, "point": -home},
        {"name": "Boston Celtics", "price": price, "point": home},
    ]
    return {"key": "spreads", "last_update": TAKEN, "outcomes": outcomes, **changes}


def totals(total: float = 228.5) -> dict[str, Any]:
    outcomes = [{"name": s, "price": -108, "point": total} for s in ("Over", "Under")]
    return {"key": "totals", "last_update": TAKEN, "outcomes": outcomes}


def snapshot(data: Any) -> dict[str, Any]:
    return {"timestamp": "2026-01-03T22:55:00Z", "previous_timestamp": "x", "data": data}


def test_a_live_answer_is_timed_by_its_markets_and_a_historical_one_by_its_envelope() -> None:
    live = parse(payload(Layout.ODDS_API_PROPS_JSON, event(points()))).iloc[0]
    past = parse(payload(Layout.ODDS_API_PROPS_JSON, snapshot(event(points())))).iloc[0]
    for row in (live, past):
        assert (row["game_date"], row["home_team"], row["away_team"]) == (NIGHT, "BOS", "NYK")
        assert (row["bookmaker"], row["player_lookup"]) == ("draftkings", "lukadoncic")
        assert (row["points_line"], row["over_price"], row["under_price"]) == (31.5, -105, -125)
    assert live["snapshot_at"].isoformat() == "2026-01-03T22:40:00+00:00"
    assert past["snapshot_at"].isoformat() == "2026-01-03T22:55:00+00:00"


def test_decimal_odds_become_american() -> None:
    row = parse(payload(Layout.ODDS_API_PROPS_JSON, event(points(1.8, 2.05)))).iloc[0]
    assert (row["over_price"], row["under_price"]) == (-125, 105)


@pytest.mark.parametrize(
    ("prices", "key", "words"),
    [
        ((-110, 1.91), "x", "among decimal odds"),
        ((1.91, 1.91), "x/odds=american", "1.91 among american odds"),
        ((-110, -110), "x/odds=decimal", "among decimal odds"),
        ((-50, -110), "x/odds=american", "-50.0 among american odds"),
    ],
)
def test_a_mixture_of_odds_is_refused(prices: tuple[float, float], key: str, words: str) -> None:
    with pytest.raises(PayloadError, match=words):
        parse(payload(Layout.ODDS_API_PROPS_JSON, event(points(*prices)), key))


def test_a_game_has_one_row_per_book_with_the_spread_of_its_home_team() -> None:
    found = [event(spreads(-6.5), totals(228.5)), event(spreads(3.5), commence_time=TIPOFF[:-1])]
    rows = parse(payload(Layout.ODDS_API_GAMES_JSON, snapshot(found[:1])))
    assert len(rows) == 1
    row = rows.iloc[0]
    assert (row["home_spread"], row["home_spread_price"], row["away_spread_price"]) == (
        -6.5,
        -110,
        -112,
    )
    assert (row["game_total"], row["over_price"], row["under_price"]) == (228.5, -108, -108)
    alone = parse(payload(Layout.ODDS_API_GAMES_JSON, found[1])).iloc[0]
    assert alone["home_spread"] == 3.5
    assert alone.isna()["game_total"]


def test_an_answer_without_bookmakers_is_empty_and_one_of_another_market_is_wrong() -> None:
    empty = parse(payload(Layout.ODDS_API_GAMES_JSON, event(bookmakers=[])))
    assert len(empty) == 0
    assert {"game_date", "home_spread", "snapshot_at"} <= set(empty.columns)
    assert len(parse(payload(Layout.ODDS_API_PROPS_JSON, snapshot([])))) == 0
    with pytest.raises(PayloadError, match="no player_points, but spreads, totals"):
        parse(payload(Layout.ODDS_API_PROPS_JSON, event(spreads(), totals())))


def test_nothing_posted_has_no_rows() -> None:
    assert len(parse(payload(Layout.NOT_POSTED, b'{"status": 204}'))) == 0
    with pytest.raises(PayloadError, match="not the status"):
        parse(payload(Layout.NOT_POSTED, b'{"status": 200}'))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"message": "Unknown sport"}, "not an answer of The Odds API"),
        (b"<html>", "not JSON"),
        (event(spreads(), home_team="Seattle SuperSonics"), "Boston Celtics"),
        (event(spreads(), commence_time="tonight"), "time"),
        (event(spreads(price="even")), "price"),  # type: ignore[arg-type]
    ],
)
def test_an_answer_that_cannot_be_read_is_named(content: Any, words: str) -> None:
    with pytest.raises(PayloadError, match=words):
        parse(payload(Layout.ODDS_API_GAMES_JSON, content))


def test_a_market_without_its_time_is_refused() -> None:
    found = event(points(last_update=None))
    found["bookmakers"][0]["last_update"] = None
    with pytest.raises(PayloadError, match="without its time"):
        parse(payload(Layout.ODDS_API_PROPS_JSON, found))


SBR = "Date,Home,Away,OU,Spread,ML_Home,ML_Away\n"


def sbr(row: str) -> pd.Series:
    return parse(payload(Layout.SBR_GAMES_CSV, (SBR + row).encode())).iloc[0]


@pytest.mark.parametrize(
    ("season", "size", "home", "away", "spread"),
    [
        ("2021-22", 4.5, -160, 140, -4.5),
        ("2021-22", 4.5, 140, -160, 4.5),
        ("2022-23", -4.5, 140, -160, 4.5),  # signed in this season: home is the underdog
        ("2022-23", 4.5, -160, 140, -4.5),
        ("2021-22", 0, -125, 105, 0),
        ("2021-22", 4.5, -105, -115, 4.5),
    ],
)
def test_the_sign_of_a_spread_comes_from_the_moneylines(
    season: str, size: float, home: int, away: int, spread: float
) -> None:
    row = sbr(f"{season}-1101,Boston Celtics,New York Knicks,220,{size},{home},{away}\n")
    assert row["home_spread"] == spread
    assert row["game_total"] == 220


def test_a_spread_without_a_favourite_is_null() -> None:
    row = sbr("2021-22-1101,Boston Celtics,Charlotte Bobcats,220,2.5,-110,-110\u00a0\n")
    assert row.isna()["home_spread"]
    assert (row["away_team"], row["game_total"]) == ("CHA", 220)


def test_odd_dates_belong_to_their_season() -> None:
    line = "Boston Celtics,New York Knicks,220,2,-120,100\n"
    assert sbr(f"2021-22-1019,{line}")["game_date"] == dt.date(2021, 10, 19)
    assert sbr(f"2021-22-0616,{line}")["game_date"] == dt.date(2022, 6, 16)
    for wrong in ("2021-10-19", "2021-22-1341"):
        with pytest.raises(PayloadError, match="Date"):
            sbr(f"{wrong},{line}")


def consensus(*rows: tuple[str, float | None, float | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["commence_time", "spread_point", "total_point"])
    frame = frame.assign(home_team="Boston Celtics", away_team="New York Knicks", home_ml=311.1)
    content = io.BytesIO()
    frame.to_parquet(content)
    return parse(payload(Layout.CONSENSUS_GAMES_PARQUET, content.getvalue()))


def test_averaged_prices_are_never_read() -> None:
    rows = consensus((TIPOFF, -5.0, 226.0))
    assert [(r.home_spread, r.game_total, r.game_date) for r in rows.itertuples()] == [
        (-5, 226, NIGHT)
    ]
    assert not [c for c in rows if "price" in c or "ml" in c]


@pytest.mark.parametrize(
    ("start", "fault"),
    [
        ("2026-01-04T00:40:00Z", None),
        ("2026-01-04T00:40:53Z", "taken_in_game"),
        ("2026-01-04T00:41:00Z", "taken_in_game"),
        ("2026-01-04T00:45:00Z", None),
    ],
)
def test_a_line_with_a_real_start_was_taken_in_the_game(start: str, fault: str | None) -> None:
    (row,) = consensus((start, -5.0, 226.0)).to_dict("records")
    assert row["line_fault"] == fault
    assert (row["home_spread"], row["game_total"]) == (-5, 226)


def test_of_a_game_listed_twice_a_line_from_before_it_counts() -> None:
    early = consensus(("2026-01-04T00:10:42Z", 6.5, 206.0), (TIPOFF, -1.0, None))
    assert early["home_spread"].tolist() == [-1]
    assert early["line_fault"].tolist() == [None]


def test_a_game_listed_twice_keeps_the_row_with_both_lines_and_never_a_guess() -> None:
    assert consensus((TIPOFF, -3.0, None), (TIPOFF, -4.0, 221.0))["home_spread"].tolist() == [-4]
    assert len(consensus((TIPOFF, -3.0, 224.5), (TIPOFF, -12.5, 214.0))) == 0
    assert len(consensus((TIPOFF, None, None))) == 0
