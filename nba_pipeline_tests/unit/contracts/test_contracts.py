from __future__ import annotations

import dataclasses
import datetime as dt
import re

import duckdb
import pytest
from syrupy.assertion import SnapshotAssertion

from nba_pipeline.contracts import ops
from nba_pipeline.contracts.columns import columns
from nba_pipeline.contracts.dictionary import FIELDS
from nba_pipeline.contracts.field import Field, Kind
from nba_pipeline.contracts.parts import CoverageFloor, Expectation, Expects, Payloads, Publishing
from nba_pipeline.contracts.registry import UnknownTableError, contract_of, contracts
from nba_pipeline.contracts.render import bigquery_ddl, counted_rows, duckdb_ddl, reference_page
from nba_pipeline.contracts.spec import Requirement, Window
from nba_pipeline.contracts.validation import pandera_schema
from nba_pipeline.landing.payload import Endpoint
from nba_pipeline.league.calendar import TEAMS as LEAGUE
from nba_pipeline.league.calendar import Day, DayKind, Game, GameStatus, SeasonType

TABLES = [*contracts().values(), *ops.TABLES]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": Kind.STRING, "low": 0.0},
        {"kind": Kind.INT64, "high": 2.0**70},
        {"kind": Kind.INT64, "low": 0.5},
        {"kind": Kind.FLOAT64, "low": 5, "high": 1},
        {"kind": Kind.FLOAT64, "allowed": ("a",)},
    ],
)
def test_a_range_that_its_type_cannot_hold_is_impossible(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="usage"):
        Field("usage", description="", **wrong)  # type: ignore[arg-type]


def test_the_value_that_killed_whole_dates_fits_its_column() -> None:
    field = FIELDS["usage_rate_raw"]
    assert field.kind is Kind.FLOAT64
    assert field.high is not None and field.high > 1329.8
    with duckdb.connect() as con:
        ddl = duckdb_ddl(contracts()["player_game_summary"]).replace("nba_analytics.", "")
        con.execute(ddl)
        kinds = dict(
            con.execute("SELECT column_name, data_type FROM information_schema.columns").fetchall()
        )
    assert kinds["usage_rate"] == "DOUBLE"


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_every_column_says_what_it_means(table) -> None:
    for column in table.columns:
        assert len(column.field.description) > 3, column.field.name


def test_every_field_of_the_dictionary_is_a_column_somewhere() -> None:
    used = {c.field.name for table in TABLES for c in table.columns}
    assert set(FIELDS) == used


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_ddl(table, snapshot: SnapshotAssertion) -> None:
    assert duckdb_ddl(table) == snapshot(name="duckdb")
    needs_filter = getattr(table, "is_large", False)
    ddl = bigquery_ddl(table, needs_filter=needs_filter)
    assert ("require_partition_filter" in ddl) is needs_filter
    assert ddl == snapshot(name="bigquery")


@pytest.mark.parametrize("contract", contracts().values(), ids=lambda c: c.name)
def test_the_rendered_schema_has_every_column(contract) -> None:
    schema = pandera_schema(contract)
    assert list(schema.columns) == list(contract.column_names)
    for column in contract.columns:
        assert schema.columns[column.field.name].nullable is not column.required
    page = reference_page(contract)
    assert all(f"| {name} |" in page for name in contract.column_names)


def test_an_unknown_table_is_named_with_its_neighbours() -> None:
    assert contract_of("nba_raw.nbac_schedule").name == "nbac_schedule"
    with pytest.raises(UnknownTableError, match="did you mean team_offense_game_summary"):
        contract_of("team_offence_game_summary")
    with pytest.raises(UnknownTableError):
        contract_of("nba_analytics.nbac_schedule")


def test_trailing_windows_end_the_day_before() -> None:
    date, start = dt.date(2025, 11, 20), dt.date(2025, 10, 21)
    trailing = Requirement(("a",), Window.TRAILING_DAYS, 14)
    assert trailing.span(date, start) == (dt.date(2025, 11, 6), dt.date(2025, 11, 19))
    season = Requirement(("a",), Window.SEASON_TO_DATE)
    assert season.span(date, start) == (start, dt.date(2025, 11, 19))
    assert season.span(start, start) is None


def test_a_requirement_that_cannot_be_judged_is_refused() -> None:
    for wrong, words in (
        ({"upstreams": ()}, "names no upstream"),
        ({"days": 3}, r"\('a',\): days belong to a trailing window"),
        ({"window": Window.TRAILING_DAYS}, r"\('a',\): days belong to a trailing window"),
        ({"min_coverage": 0.0}, r"\('a',\): coverage 0\.0 is not in \(0, 1\]"),
        ({"min_coverage": 1.1}, r"\('a',\): coverage 1\.1 is not in \(0, 1\]"),
    ):
        with pytest.raises(ValueError, match=words):
            Requirement(**{"upstreams": ("a",), **wrong})  # type: ignore[arg-type]


def test_a_contract_that_contradicts_itself_is_refused() -> None:
    contract = contracts()["team_offense_game_summary"]
    for wrong in (
        {"key": ("game_date", "possession_arrow")},
        {"columns": (*contract.columns, contract.columns[0])},
        {"key": ("team",)},
        {"landing": Payloads(Endpoint.SHOTS)},
        {
            "columns": tuple(c for c in contract.columns if c.field.name != "team"),
            "key": ("game_date",),
        },
    ):
        with pytest.raises(ValueError, match="team_offense_game_summary"):
            dataclasses.replace(contract, **wrong)  # type: ignore[arg-type]
    with pytest.raises(KeyError, match="possession_arrow"):
        columns("possession_arrow")


@pytest.mark.parametrize(
    ("part", "wrong", "words"),
    [
        (Publishing, {"tolerance": 1.0}, "tolerance 1.0"),
        (Publishing, {"tolerance": -0.1}, "tolerance -0.1"),
        (Expectation, {"rows_per_team": (9, 8)}, "at least 9 and at most 8"),
        (Expectation, {"rows_per_team": (0, 8)}, "at least 0"),
        (Expectation, {"history_days": -1}, "negative"),
    ],
)
def test_a_part_that_nothing_could_meet_is_refused(part, wrong, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        part(**wrong)


def test_a_day_makes_each_kind_of_table_expect_something_else() -> None:
    game = Game(
        *("20260103_BOS_NYK", dt.date(2026, 1, 3), 2025, SeasonType.REGULAR, "NYK", "BOS"),
        GameStatus.SCHEDULED,
    )
    day = Day(game.game_date, DayKind.GAMES, (game,))
    wanted = {
        Expects.TEAMS: ("team", ("BOS", "NYK")),
        Expects.GAMES: ("game_id", ("20260103_BOS_NYK",)),
        Expects.ANY: (None, ("BOS", "NYK")),
        Expects.ALL_TEAMS: ("team", LEAGUE),
        Expects.NOTHING: (None, ()),
    }
    assert set(wanted) == set(Expects)
    for entities, found in wanted.items():
        expectation = Expectation(entities)
        assert (expectation.named_in, expectation.entities_of(day)) == found


def test_every_table_has_the_column_that_names_what_it_expects() -> None:
    for contract in contracts().values():
        named_in = contract.expectation.named_in
        assert named_in is None or named_in in contract.column_names, contract.name
    assert contracts()["odds_points_lines"].entities == ("game_id",)
    assert contracts()["nbac_shots"].entities == ("team", "game_id")
    assert [contracts()[n].side for n in ("nbac_shots", "odds_game_lines")] == ["team", None]


@pytest.mark.parametrize("excused", [(), ("no_minutes",)])
def test_a_row_of_which_nobody_can_say_whether_it_counts_does_not(excused: tuple[str, ...]) -> None:
    """Minutes may be unknown: a condition on them is then neither true nor false."""
    floor = CoverageFloor("usage_rate", 0.95, "minutes_played > 0", "why", excused)
    found = duckdb.sql(
        f"SELECT {counted_rows(floor)} FROM (VALUES (NULL, 'no_minutes'), (12.5, NULL), "
        "(0.0, NULL)) AS t(minutes_played, why)"
    ).fetchall()
    assert found == [(False,), (True,), (False,)]


def test_code_version_is_of_meaning_not_of_layout() -> None:
    contract = contracts()["team_offense_game_summary"]
    same = dataclasses.replace(contract, description="other words", owners=("team:x",))
    assert same.code_version == contract.code_version
    statement = dataclasses.replace(contract.statement, text=contract.statement.text + " LIMIT 1")
    other_sql = dataclasses.replace(contract, statement=statement)
    assert other_sql.code_version != contract.code_version
    assert other_sql.config_hash == contract.config_hash
    laxer = dataclasses.replace(
        contract, publishing=Publishing(tolerance=0.1, tolerance_reason="x")
    )
    assert laxer.config_hash != contract.config_hash


@pytest.mark.parametrize("wrong", [(0.05, ""), (0.05, " "), (0.0, "because")])
def test_a_tolerance_has_a_reason(wrong: tuple[float, str]) -> None:
    with pytest.raises(ValueError, match="reason"):
        Publishing(tolerance=wrong[0], tolerance_reason=wrong[1])
