"""Every kind of drift is told in sheets, markets and people, at the level that the parser reads."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from nba_pipeline.landing.payload import Endpoint, Layout, Payload, PayloadError
from nba_pipeline.reports.sources import drift_findings
from nba_pipeline.sources.lookup import parse
from nba_pipeline.sources.reading.drift import Drift, DriftError, DriftKind, collecting
from nba_pipeline_tests.support import NIGHT, endpoint_of, platform_in, run
from nba_pipeline_tests.unit.sources.test_parse_boards import FOURTH, bp_line, offer
from nba_pipeline_tests.unit.sources.test_parse_gamebook import bdl, bdl_player
from nba_pipeline_tests.unit.sources.test_parse_markets import AT, event, points, spreads
from nba_pipeline_tests.unit.sources.test_parse_people import athlete
from nba_pipeline_tests.unit.sources.test_parse_sheets import traditional, v3_player

Record = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A payload, where its records are, and a field of theirs under a new name."""

    content: Any
    records: str
    named: str
    field: str
    now: str


def body(payload: Payload) -> Any:
    return json.loads(payload.content)


REPORTED = {"date": "01/03/2026", "gametime": "07:30 (ET)", "matchup": "MIL@SAS", "team": "SAS",
            "player": "Duke Jr., David", "status": "Out", "reason": "G League"}  # fmt: skip
CASES: dict[Layout, Case] = {
    Layout.SHEET_JSON: Case(
        body(traditional(v3_player("12:00"))), "boxScoreTraditional.homeTeam.players",
        "players", "comment", "comments",
    ),
    Layout.BDL_JSON: Case(
        body(bdl(bdl_player("12"))), "data.home_team.players", "players", "turnover", "turnovers"
    ),
    Layout.ODDS_API_PROPS_JSON: Case(
        event(points()), "bookmakers.markets.outcomes", "bookmakers.markets.outcomes",
        "price", "prices",
    ),
    Layout.ODDS_API_GAMES_JSON: Case(
        [event(spreads())], "bookmakers.markets", "bookmakers.markets", "key", "keys"
    ),
    Layout.PRIZEPICKS_JSON: Case(
        {"scrapedAt": "2026-01-03T17:00:00Z", "props": [FOURTH]}, "props", "props",
        "player", "playerr",
    ),
    Layout.BETTINGPROS_OFFERS_JSON: Case(
        {"offers": [offer((10, bp_line(31.5), bp_line(31.5)))]},
        "offers.selections.books.lines", "offers.selections.books.lines", "updated", "updated_at",
    ),
    Layout.ESPN_ROSTER_JSON: Case(
        {"team": {"abbreviation": "BOS", "athletes": [athlete()]}}, "team.athletes",
        "team.athletes", "fullName", "full_name",
    ),
    Layout.INJURY_REPORT_JSON: Case(
        {"metadata": {"gamedate": "20260103", "hour24": "17"}, "records": [REPORTED]}, "records",
        "records", "status", "statuses",
    ),
}  # fmt: skip


def records(content: Any, path: str) -> Iterator[Record]:
    """Objects at a path, through lists on the way."""
    if isinstance(content, list):
        for item in content:
            yield from records(item, path)
    elif path:
        first, _, rest = path.partition(".")
        yield from records(content[first], rest)
    else:
        yield content


def read(layout: Layout, change: Callable[[Record, Case], None]) -> tuple[Drift, ...]:
    """What is told of a payload whose records are all changed."""
    case = CASES[layout]
    content = copy.deepcopy(case.content)
    changed = list(records(content, case.records))
    assert changed
    for record in changed:
        change(record, case)
    return told_of(layout, content)


def told_of(layout: Layout, content: Any) -> tuple[Drift, ...]:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    key = "dates=2026-01-03..2026-01-03"
    payload = Payload("test", endpoint_of(layout), key, layout, AT, raw)
    with collecting() as told:
        try:
            parse(payload)
        except DriftError as error:
            return error.drift
    assert all(not d.kind.breaks for d in told)
    return tuple(told)


def found(drift: tuple[Drift, ...]) -> list[tuple[str, DriftKind, str]]:
    return [(d.field_name, d.kind, d.detail) for d in drift]


def drop(record: Record, case: Case) -> None:
    del record[case.field]


def rename(record: Record, case: Case) -> None:
    record[case.now] = record.pop(case.field)


def nest(record: Record, case: Case) -> None:
    record[case.field] = {"value": record[case.field]}


def move(record: Record, case: Case) -> None:
    record["details"] = {case.field: record.pop(case.field)}


def add(record: Record, _: Case) -> None:
    record["heaves"] = {"made": 0, "missed": {"late": 1}}


@pytest.mark.parametrize("layout", CASES)
def test_a_payload_as_it_was_has_nothing_to_tell(layout: Layout) -> None:
    assert read(layout, lambda record, case: None) == ()


@pytest.mark.parametrize("layout", CASES)
@pytest.mark.parametrize(
    ("change", "kind", "detail"),
    [
        (drop, DriftKind.MISSING, ""),
        (rename, DriftKind.RENAMED, "now {path}.{now}"),
        (nest, DriftKind.NESTED, "holds objects"),
        (move, DriftKind.NESTED, "now {path}.details.{field}"),
    ],
)
def test_a_field_that_cannot_be_read_is_told_by_its_kind(
    layout: Layout, change: Callable[[Record, Case], None], kind: DriftKind, detail: str
) -> None:
    case = CASES[layout]
    words = detail.format(path=case.named, now=case.now, field=case.field)
    assert found(read(layout, change)) == [(f"{case.named}.{case.field}", kind, words)]


@pytest.mark.parametrize("layout", CASES)
def test_a_new_object_is_told_once_and_the_payload_is_read(layout: Layout) -> None:
    assert found(read(layout, add)) == [(f"{CASES[layout].named}.heaves", DriftKind.NEW, "")]


def test_a_list_that_became_an_object_is_of_another_type() -> None:
    athletes = {"abbreviation": "BOS", "athletes": {"101": athlete()}}
    (told,) = told_of(Layout.ESPN_ROSTER_JSON, {"team": athletes})
    assert (told.field_name, told.kind) == ("team.athletes", DriftKind.TYPE)
    assert told.detail == "holds objects, not a list"


def test_a_list_of_something_else_than_objects_is_refused() -> None:
    with pytest.raises(PayloadError, match=r"team\.athletes holds str, no object"):
        told_of(
            Layout.ESPN_ROSTER_JSON, {"team": {"abbreviation": "BOS", "athletes": ["Luka Dončić"]}}
        )


def test_what_is_empty_in_one_payload_is_not_new() -> None:
    whole = athlete(college={}, position=None, experience={}, injuries=None)
    told = told_of(Layout.ESPN_ROSTER_JSON, {"team": {"abbreviation": "BOS", "athletes": [whole]}})
    assert told == ()


def test_a_known_object_that_became_a_value_is_told() -> None:
    content = copy.deepcopy(CASES[Layout.ODDS_API_PROPS_JSON].content)
    told = told_of(Layout.ODDS_API_PROPS_JSON, content | {"bookmakers": "none"})
    assert found(told) == [("bookmakers", DriftKind.TYPE, "holds a value, not a list")]
    lines = copy.deepcopy(CASES[Layout.BETTINGPROS_OFFERS_JSON].content)
    for selection in lines["offers"][0]["selections"]:
        selection["opening_line"] = None
    assert told_of(Layout.BETTINGPROS_OFFERS_JSON, lines) == ()


TABLES: dict[str, tuple[Endpoint, bytes, bytes, str, DriftKind]] = {
    "nbac_game_sheets": (
        Endpoint.GAME_SHEETS, b",comment,", b",comments,", "comment", DriftKind.RENAMED,
    ),
    "prizepicks_points_lines": (
        Endpoint.PRIZEPICKS_LINES, b'"player":', b'"athlete":', "props.player", DriftKind.MISSING,
    ),
    "espn_rosters": (
        Endpoint.ROSTERS, b'"fullName":', b'"full_name":', "team.athletes.fullName",
        DriftKind.RENAMED,
    ),
}  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_what_is_told_of_sheets_markets_and_people_is_recorded(tmp_path: Path, table: str) -> None:
    endpoint, old, new, field_name, kind = TABLES[table]

    def change(payload: Payload) -> Payload:
        assert old in payload.content
        return replace(payload, content=payload.content.replace(old, new))

    platform = platform_in(tmp_path, **{str(endpoint): change})
    run(platform, "nbac_schedule", NIGHT)
    result = run(platform, table, NIGHT)
    assert set(result.failed) == {NIGHT}
    told = {(f.drift.field_name, f.drift.kind) for f in drift_findings(platform.warehouse)}
    assert told == {(field_name, kind)}
    assert f"{field_name} {kind}" in result.failed[NIGHT]
