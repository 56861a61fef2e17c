"""Boards of PrizePicks and offers of BettingPros: four ages, pairs, books and refusals."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from nba_pipeline.landing.payload import Layout, PayloadError
from nba_pipeline.sources.lookup import parse
from nba_pipeline_tests.support import NIGHT
from nba_pipeline_tests.unit.sources.test_parse_markets import payload


def board(*props: dict[str, Any], **changes: Any) -> pd.DataFrame:
    found = {"scrapedAt": "2026-01-03T17:00:00.5Z", "props": list(props), **changes}
    return parse(payload(Layout.PRIZEPICKS_JSON, found))


FIRST = {"player": "Luka Dončić", "stat": "Points", "line": 31.5, "sport": "NBA"}
SECOND = {**FIRST, "startTime": "2026-01-03T19:40:00.000-05:00", "oddsType": "demon"}
THIRD = {**FIRST, "startTime": "01/03/26 06:40 PM CST", "oddsType": "standard",
         "Team": "New York Knicks", "Opponent": "Boston Celtics"}  # fmt: skip
FOURTH = {**THIRD, "startTime": "never read", "startTimeIso": "2026-01-03T19:40:00.000-05:00",
          "teamCode": "NYK", "opponentCode": "BOS"}  # fmt: skip


def test_four_ages_of_a_board_are_read() -> None:
    first, second, third, fourth = board(FIRST, SECOND, THIRD, FOURTH).to_dict("records")
    assert first["game_date"] is pd.NaT or first["game_date"] is None
    assert first["line_kind"] is None
    for row in (second, third, fourth):
        assert row["game_date"] == NIGHT
        assert row["tipoff_utc"].isoformat() == "2026-01-04T00:40:00+00:00"
    assert (second["line_kind"], second["team"]) == ("demon", None)
    assert (third["team"], third["opponent"]) == (fourth["team"], fourth["opponent"])
    assert (fourth["team"], fourth["opponent"], fourth["line_kind"]) == ("NYK", "BOS", "standard")
    assert fourth["snapshot_at"].isoformat() == "2026-01-03T17:00:00.500000+00:00"


def test_pairs_other_statistics_and_other_sports_are_left_out() -> None:
    pair = {**FOURTH, "player": "Luka Dončić + Josh Hart", "Team": "NYK/BOS", "teamCode": "NYK/BOS"}
    rebounds, other = {**FOURTH, "stat": "Rebounds"}, {**FOURTH, "sport": "WNBA"}
    assert len(board(pair, rebounds, other, FOURTH)) == 1
    assert len(board()) == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"line": "many"}, "line"),
        ({"startTimeIso": "01/03/26 tonight"}, "entry"),
        ({"teamCode": "SEA"}, "not an NBA team: 'SEA'"),
        ({"player": "..."}, "no letters"),
    ],
)
def test_an_entry_that_cannot_be_read_is_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(PayloadError, match=words):
        board({**FOURTH, **change})


def test_something_else_is_not_a_board() -> None:
    with pytest.raises(PayloadError, match="not a PrizePicks board"):
        parse(payload(Layout.PRIZEPICKS_JSON, [1]))
    with pytest.raises(PayloadError, match="props.stat missing"):
        board({"player": "A", "line": 1, "sport": "NBA"})


def bp_line(line: float, cost: int = -110, **changes: Any) -> dict[str, Any]:
    return {"line": line, "cost": cost, "updated": "2026-01-03 22:10:00", "active": True, **changes}


def offer(*books: tuple[int, dict[str, Any], dict[str, Any] | None], **changes: Any) -> Any:
    opening = {"line": 30.5, "cost": -110, "created": "2026-01-02 15:00:00", "book_id": 10}
    over = [{"id": b, "lines": [line]} for b, line, _ in books]
    under = [{"id": b, "lines": [line]} for b, _, line in books if line]
    return {
        "event_id": 20879, "market_id": 156,
        "participants": [{"name": "Luka Dončić", "player": {"team": "LAL"}}],
        "selections": [
            {"selection": "over", "opening_line": opening, "books": over},
            {"selection": "under", "opening_line": opening, "books": under},
        ],
        **changes,
    }  # fmt: skip


def offers(*found: Any) -> pd.DataFrame:
    return parse(payload(Layout.BETTINGPROS_OFFERS_JSON, {"offers": list(found)}))


def test_offers_are_rows_per_book_with_both_prices_and_the_opening_line() -> None:
    rows = offers(
        offer((10, bp_line(31.5, -105), bp_line(31.5, -125)), (0, bp_line(31), None)),
        offer((99, bp_line(40), None)),  # a site that is no bookmaker
    )
    by_book = {r["bookmaker"]: r for r in rows.to_dict("records")}
    assert set(by_book) == {"fanduel", "consensus"}
    row = by_book["fanduel"]
    assert (row["points_line"], row["over_price"], row["under_price"]) == (31.5, -105, -125)
    assert (row["market_opening_points_line"], row["is_line_active"]) == (30.5, True)
    assert row["market_opening_at"].isoformat() == "2026-01-02T15:00:00+00:00"
    assert row["snapshot_at"].isoformat() == "2026-01-03T22:10:00+00:00"
    assert "team" not in rows  # the team there is that of today


def test_lines_that_differ_by_side_and_lines_taken_off_are_told_apart() -> None:
    rows = offers(offer((12, bp_line(31.5, is_off=True), bp_line(30.5, active=False))))
    assert rows["points_line"].tolist() == [30.5, 31.5]
    assert rows["is_line_active"].tolist() == [False, False]
    assert rows["over_price"].isna().tolist() == [True, False]


def test_another_market_is_refused() -> None:
    with pytest.raises(PayloadError, match="'More' is neither over nor under"):
        offers({**offer(), "selections": [{**offer()["selections"][0], "selection": "More",
                "books": [{"id": 12, "lines": [bp_line(31.5)]}]}]})  # fmt: skip
    with pytest.raises(PayloadError, match="market_id = 157 is not 156"):
        offers(offer(market_id=157))
    with pytest.raises(PayloadError, match="offers.market_id missing"):
        offers({})
    with pytest.raises(PayloadError, match="offer 2 lacks market_id"):
        offers(offer(), {})
    with pytest.raises(PayloadError, match="no list 'offers'"):
        parse(payload(Layout.BETTINGPROS_OFFERS_JSON, {"message": "Forbidden"}))
    assert len(offers()) == 0


def test_events_carry_teams_and_the_eastern_date() -> None:
    found = {"id": 20879, "sport": "NBA", "scheduled": "2026-01-04 00:40:00", "home": "BOS",
             "visitor": "NYK"}  # fmt: skip
    rows = parse(payload(Layout.BETTINGPROS_EVENTS_JSON, {"events": [found]})).to_dict("records")
    assert [(r["event_id"], r["game_date"], r["home_team"], r["away_team"]) for r in rows] == [
        (20879, NIGHT, "BOS", "NYK")
    ]
    with pytest.raises(PayloadError, match="not an NBA team"):
        parse(payload(Layout.BETTINGPROS_EVENTS_JSON, {"events": [{**found, "home": "SEA"}]}))
