"""From quotes to rows: sides turned, teams found or not guessed, running games told apart."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from nba_pipeline.audit.rows import bad_cells
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.landing.payload import Layout, Payload
from nba_pipeline.landing.zone import LandedPayload
from nba_pipeline.league.calendar import day_of
from nba_pipeline.sources.lookup import parse, shape
from nba_pipeline.sources.rows.frames import Fetched
from nba_pipeline_tests.support import NIGHT
from nba_pipeline_tests.unit.league.test_calendar import game
from nba_pipeline_tests.unit.sources.test_parse_boards import FIRST, FOURTH, SECOND, bp_line, offer
from nba_pipeline_tests.unit.sources.test_parse_markets import (
    AT,
    SBR,
    event,
    payload,
    points,
    spreads,
    totals,
)

Rows = tuple[list[dict[str, Any]], dict[dt.date, list[str]]]


def rows(table: str, *payloads: Payload) -> Rows:
    frames = [
        (
            LandedPayload(p.source, p.endpoint, p.request_key, p.layout, AT, p.sha256, 1, "k"),
            parse(p),
        )
        for p in payloads
    ]
    days = {NIGHT: day_of(NIGHT, [game()], covered=True)}
    found, strangers = shape(contracts()[table], Fetched(frames), days, days)
    return found.to_pylist(), strangers


def game_lines(*found: Any) -> Rows:
    return rows("odds_game_lines", *(payload(Layout.ODDS_API_GAMES_JSON, f) for f in found))


def taken(at: str, *markets: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"timestamp": at, "data": event(*markets, **changes)}


SWAPPED = {"home_team": "New York Knicks", "away_team": "Boston Celtics"}


def test_every_snapshot_of_a_game_stays_and_running_ones_are_negative() -> None:
    found, _ = game_lines(
        taken("2026-01-03T15:00:00Z", spreads(-5.5)),
        taken("2026-01-04T01:40:00Z", spreads(-20.5)),
        taken("2026-01-03T23:40:00Z", spreads(-6.5), totals()),
    )
    quotes = {r["snapshot_key"]: (r["home_spread"], r["minutes_before_tipoff"]) for r in found}
    assert quotes == {
        "2026-01-03T15:00:00Z": (-5.5, 580),
        "2026-01-03T23:40:00Z": (-6.5, 60),
        "2026-01-04T01:40:00Z": (-20.5, -60),
    }


def test_the_same_snapshot_fetched_twice_is_one_row() -> None:
    one = taken("2026-01-03T15:00:00Z", spreads(-5.5))
    assert len(game_lines(one, one)[0]) == 1


def test_swapped_sides_turn_the_spread_and_its_prices() -> None:
    """The visitors of the schedule are listed at home and favoured by 6.5."""
    quote = spreads(6.5, -115)  # Boston +6.5 at -115, New York -6.5 at -112
    found, strangers = game_lines(taken("2026-01-03T15:00:00Z", quote, **SWAPPED))
    row = found[0]
    assert (row["home_team"], row["away_team"], row["home_spread"]) == ("BOS", "NYK", 6.5)
    assert (row["home_spread_price"], row["away_spread_price"]) == (-115, -112)
    assert strangers == {}


def test_a_closing_line_has_no_time_and_says_so() -> None:
    text = f"{SBR}2025-26-0103,Boston Celtics,New York Knicks,220,4.5,-160,140\n"
    found, _ = rows("odds_game_lines", payload(Layout.SBR_GAMES_CSV, text.encode()))
    row = found[0]
    assert (row["snapshot_key"], row["home_spread"], row["game_total"]) == ("closing", -4.5, 220)
    assert (row["snapshot_at"], row["minutes_before_tipoff"], row["home_spread_price"]) == (
        None,
        None,
        None,
    )


def test_a_quote_of_a_running_game_says_so() -> None:
    found, _ = game_lines(
        taken("2026-01-03T15:00:00Z", spreads(-5.5)), taken("2026-01-04T01:40:00Z", spreads(-20.5))
    )
    assert [r["line_fault"] for r in found] == [None, "taken_in_game"]


@pytest.mark.parametrize(
    ("total", "spread", "kept"),
    [
        (220, 4.5, (-4.5, 220, None)),
        (32.5, 4.5, (-4.5, 32.5, "impossible")),
        (220, 23, (-23, 220, "impossible")),
        (900, 4.5, (-4.5, None, "impossible")),
        (220, 999, (None, 220, "impossible")),
        (900, 999, (None, None, "impossible")),
    ],
)
def test_an_impossible_closing_line_stays_and_says_so(
    total: float, spread: float, kept: tuple[float | None, float | None, str | None]
) -> None:
    """Nothing of it is quarantined, so that whoever misses a line is told why."""
    text = f"{SBR}2025-26-0103,Boston Celtics,New York Knicks,{total},{spread},-160,140\n"
    found, _ = rows("odds_game_lines", payload(Layout.SBR_GAMES_CSV, text.encode()))
    assert (found[0]["home_spread"], found[0]["game_total"], found[0]["line_fault"]) == kept
    contract = contracts()["odds_game_lines"]
    assert bad_cells(contract, pa.Table.from_pylist(found, arrow_schema(contract))) == []


def test_a_game_that_is_not_played_is_named() -> None:
    other = taken("2026-01-03T15:00:00Z", spreads(), home_team="Utah Jazz", away_team="Miami Heat")
    other["data"]["bookmakers"][0]["markets"] = [totals()]
    assert game_lines(other) == ([], {NIGHT: ["MIA@UTA"]})


def test_the_first_time_of_a_points_line_is_kept_with_its_last_quote() -> None:
    found, _ = rows(
        "odds_points_lines",
        *(
            payload(Layout.ODDS_API_PROPS_JSON, taken(at, points(over)))
            for at, over in (
                ("2026-01-03T15:00:00Z", -101),
                ("2026-01-03T23:40:00Z", -103),
                ("2026-01-03T20:00:00Z", -102),
                ("2026-01-04T01:40:00Z", -999),
            )
        ),
    )
    assert [(r["over_price"], r["minutes_before_tipoff"]) for r in found] == [(-103, 60)]
    assert found[0]["first_snapshot_at"].isoformat() == "2026-01-03T15:00:00+00:00"
    assert found[0]["snapshot_at"].isoformat() == "2026-01-03T23:40:00+00:00"


def boards(*found: tuple[str, list[dict[str, Any]]]) -> Rows:
    return rows(
        "prizepicks_points_lines",
        *(
            payload(Layout.PRIZEPICKS_JSON, {"scrapedAt": at, "props": props})
            for at, props in found
        ),
    )


def test_the_kind_of_a_line_is_part_of_it_and_the_last_board_counts() -> None:
    demon = {**FOURTH, "oddsType": "demon"}
    found, strangers = boards(
        ("2026-01-03T15:00:00Z", [FOURTH, demon]),
        ("2026-01-03T17:00:00Z", [FOURTH]),
    )
    assert strangers == {}
    by_kind = {r["line_kind"]: r for r in found}
    assert by_kind["standard"]["snapshot_at"].hour == 17
    assert by_kind["standard"]["first_snapshot_at"].hour == 15
    assert by_kind["demon"]["snapshot_at"].hour == 15
    assert {r["bookmaker"] for r in found} == {"prizepicks"}
    assert {(r["home_team"], r["away_team"]) for r in found} == {("BOS", "NYK")}


def test_an_entry_without_teams_takes_those_of_another_board_or_is_named() -> None:
    stranger = {**SECOND, "player": "Nobody Knows"}
    found, strangers = boards(
        ("2026-01-03T15:00:00Z", [FIRST, SECOND, stranger]),
        ("2026-01-03T17:00:00Z", [FOURTH]),
    )
    assert {r["line_kind"]: r["game_id"] for r in found} == {
        "demon": "20260103_NYK_BOS",
        "standard": "20260103_NYK_BOS",
    }
    assert strangers == {NIGHT: ["Nobody Knows, no team"]}


def test_two_teams_for_one_name_are_not_chosen_between() -> None:
    other = {**FOURTH, "teamCode": "UTA", "opponentCode": "MIA"}
    found, strangers = boards(
        ("2026-01-03T15:00:00Z", [SECOND]), ("2026-01-03T17:00:00Z", [FOURTH, other])
    )
    assert [r["line_kind"] for r in found] == ["standard"]
    assert strangers == {NIGHT: ["MIA@UTA", "Luka Dončić, no team"]}


EVENTS = {"events": [{"id": 20879, "sport": "NBA", "scheduled": "2026-01-04 00:40:00",
                      "home": "BOS", "visitor": "NYK"}]}  # fmt: skip


def test_offers_find_their_game_by_the_event_and_know_a_running_one() -> None:
    late = bp_line(33.5, updated="2026-01-04 01:40:00")
    found, strangers = rows(
        "bettingpros_points_lines",
        payload(Layout.BETTINGPROS_EVENTS_JSON, EVENTS),
        payload(
            Layout.BETTINGPROS_OFFERS_JSON,
            {"offers": [offer((12, bp_line(31.5), bp_line(31.5)), (19, late, late))]},
        ),
    )
    assert strangers == {}
    lines = {r["bookmaker"]: (r["points_line"], r["minutes_before_tipoff"]) for r in found}
    assert lines == {"draftkings": (31.5, 150), "betmgm": (33.5, -60)}
    assert {r["market_opening_points_line"] for r in found} == {30.5}


def test_offers_of_an_unknown_event_are_named_and_give_no_rows() -> None:
    other = payload(Layout.BETTINGPROS_OFFERS_JSON,
                    {"offers": [offer((12, bp_line(31.5), None), event_id=1)]})  # fmt: skip
    events = payload(Layout.BETTINGPROS_EVENTS_JSON, EVENTS)
    lost = {NIGHT: ["event 1, unknown"]}
    assert rows("bettingpros_points_lines", events, other) == ([], lost)
    assert rows("bettingpros_points_lines", other) == ([], lost)
    assert rows("bettingpros_points_lines", events) == ([], {})
