"""What a SELECT reads is what its contract requires: a JOIN without a requirement would slip past
gate and staleness, and a window written twice would be judged by one length and read by another."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from nba_pipeline.contracts import ops
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import Requirement, Window
from nba_pipeline.contracts.sql_files import SQL_ROOT, SqlError, bound, load_sql, parameters
from nba_pipeline_tests.sql_reads import faults, path_of, tables_read, texts_of

DERIVED = [c for c in contracts().values() if c.landing is None]
FILES = sorted(str(p.relative_to(SQL_ROOT).with_suffix("")) for p in SQL_ROOT.rglob("*.sql"))
DATE = dt.date(2026, 1, 3)


@pytest.mark.parametrize("contract", DERIVED, ids=lambda c: c.name)
def test_a_select_reads_what_its_contract_requires(contract) -> None:
    assert faults(contract, texts_of(contract)) == []


def test_every_derived_table_and_every_file_is_looked_at() -> None:
    looked = {c.sql_path for c in DERIVED}
    looked |= {f"expected/{c.statement.file or c.name}" for c in DERIVED}
    tables = [n for n in FILES if n.startswith(("nba_", "expected/"))]
    assert set(tables) <= looked
    rest = {n.partition("/")[0] for n in FILES if n not in tables}
    assert rest == {"checks", "ops", "formulas"}


def test_rows_are_counted_apart_where_and_only_where_the_contract_says_so() -> None:
    for contract in DERIVED:
        counts = f"expected/{contract.statement.file or contract.name}" in FILES
        assert counts is contract.expectation.conserves_source_rows, contract.name


@pytest.mark.parametrize("name", [n for n in FILES if n.startswith("checks/")])
def test_a_check_reads_the_rows_in_hand_and_the_schedule_of_their_dates(name: str) -> None:
    assert {path_of(t) for t in tables_read(load_sql(name))} <= {
        "staged",
        "good",
        "scheduled_sides",
    }


@pytest.mark.parametrize("name", [n for n in FILES if n.startswith("ops/")])
def test_a_report_reads_tables_that_exist(name: str) -> None:
    known = {c.path for c in contracts().values()} | {t.path for t in ops.TABLES} | {"watched"}
    assert {path_of(t) for t in tables_read(load_sql(name))} <= known


POOL, TEAMS, SUMMARY = (
    contracts()[n]
    for n in ("game_player_pool", "upcoming_team_game_context", "player_game_summary")
)
NAMES, ROSTER_NAMES = (contracts()[f"{kind}_name_matches"] for kind in ("player", "roster"))


def altered(contract, old: str, new: str) -> list[str]:
    """The table's statements with ``old`` replaced in the first."""
    text, *others = texts_of(contract)
    assert old in text
    return [text.replace(old, new), *others]


@pytest.mark.parametrize(
    ("contract", "old", "new", "words"),
    [
        (
            SUMMARY,
            "LEFT JOIN teams_with_shots",
            "INNER JOIN nba_reference.teams AS m ON m.team = s.team\n  LEFT JOIN teams_with_shots",
            "reads nba_reference.teams without needing it",
        ),
        (
            SUMMARY,
            "FROM nba_raw.nbac_shots",
            "FROM nba_raw.bdl_player_boxscores",
            "reads nba_raw.bdl_player_boxscores without needing it",
        ),
        (
            SUMMARY,
            "FROM nba_raw.nbac_shots",
            "FROM nba_raw.bdl_player_boxscores",
            "needs nba_raw.nbac_shots and never reads it",
        ),
        (
            SUMMARY,
            "FROM nba_raw.nbac_shots",
            "FROM nbac_shots",
            "reads nbac_shots without needing it",
        ),
        (
            SUMMARY,
            "FROM nba_raw.nbac_shots",
            "FROM nba_analytics.nbac_shots",
            "reads nba_analytics.nbac_shots without needing it",
        ),
        # a table inside a condition is read like any other
        (
            SUMMARY,
            "WHERE b.game_date BETWEEN @start_date AND @end_date",
            "WHERE b.game_date BETWEEN @start_date AND @end_date\n"
            "  AND EXISTS (SELECT 1 FROM nba_reference.arenas)",
            "reads nba_reference.arenas without needing it",
        ),
        # lengths of windows
        (
            POOL,
            "DATE_SUB(@start_date, INTERVAL @player_game_summary_days DAY)",
            "DATE_SUB(@start_date, INTERVAL 365 DAY)",
            f"reads {SUMMARY.path} from DATE_SUB(@start_date, INTERVAL '365' DAY)",
        ),
        (
            POOL,
            "DATE_SUB(@start_date, INTERVAL @player_game_summary_days DAY)",
            "DATE_SUB(@start_date, INTERVAL @espn_rosters_days DAY)",
            f"reads {SUMMARY.path} from DATE_SUB(@start_date, INTERVAL (@espn_rosters_days)",
        ),
        (
            POOL,
            "r.game_date >= DATE_SUB(s.game_date, INTERVAL @espn_rosters_days DAY)",
            "r.game_date >= DATE_SUB(s.game_date, INTERVAL 90 DAY)",
            "writes 90 days, a window of its requirements",
        ),
        (
            POOL,
            "INTERVAL 200 DAY",
            "INTERVAL 400 DAY",
            "steps back 400 days, further than any of its windows",
        ),
        (
            TEAMS,
            "@nbac_schedule_days",
            "30",
            "never names @nbac_schedule_days",
        ),
        (
            SUMMARY,
            "WHERE b.game_date BETWEEN @start_date AND @end_date",
            "WHERE b.game_date BETWEEN DATE_SUB(@start_date, INTERVAL 1 DAY) AND @end_date",
            "reads nba_raw.bref_player_boxscores from DATE_SUB(@start_date, INTERVAL '1' DAY)",
        ),
        (
            SUMMARY,
            "WHERE b.game_date BETWEEN @start_date AND @end_date",
            "WHERE TRUE",
            "reads nba_raw.bref_player_boxscores without saying which dates",
        ),
        # one statement of two tables: each reads its own part
        (
            NAMES,
            "AND @end_date AND NOT @is_daily",
            "AND @end_date AND @is_daily",
            "needs nba_raw.odds_points_lines and never reads it",
        ),
        (
            ROSTER_NAMES,
            "AND @end_date AND NOT @is_daily",
            "AND @end_date",
            "reads nba_raw.odds_points_lines without needing it",
        ),
    ],
)
def test_an_altered_statement_is_found_out(contract, old: str, new: str, words: str) -> None:
    found = faults(contract, altered(contract, old, new))
    assert any(f.startswith(words) for f in found), found


@pytest.mark.parametrize(
    ("contract", "more", "words"),
    [
        (
            SUMMARY,
            Requirement(("arenas",), Window.WHOLE_TABLE),
            "needs nba_reference.arenas and never reads it",
        ),
        (
            SUMMARY,
            Requirement(("espn_rosters",), Window.TRAILING_DAYS, 5),
            "never names @espn_rosters_days",
        ),
        (
            ROSTER_NAMES,
            Requirement(("odds_points_lines",)),
            "needs nba_raw.odds_points_lines and never",
        ),
        # the calendar speaks for tables on the schedule only
        (
            ROSTER_NAMES,
            Requirement(("nbac_schedule",)),
            "needs nba_raw.nbac_schedule and never reads it",
        ),
    ],
)
def test_a_requirement_that_nobody_reads_is_found_out(
    contract, more: Requirement, words: str
) -> None:
    needy = replace(contract, requirements=(*contract.requirements, more))
    assert any(f.startswith(words) for f in faults(needy, texts_of(needy)))


def test_a_lost_requirement_is_found_out() -> None:
    for contract in DERIVED:
        for lost in contract.requirements:
            rest = tuple(r for r in contract.requirements if r is not lost)
            found = faults(replace(contract, requirements=rest), texts_of(contract))
            reads = {t.name for text in texts_of(contract) for t in tables_read(text)}
            # one table may be a choice among others and needed beside them
            unneeded = set(lost.upstreams) - {u for r in rest for u in r.upstreams}
            assert bool(found) is bool(reads & unneeded), (contract.name, lost)


def test_one_function_gives_all_parameters_of_a_tables_statements() -> None:
    given = POOL.sql_parameters(DATE, DATE + dt.timedelta(1))
    assert given == {
        "start_date": DATE,
        "end_date": DATE + dt.timedelta(1),
        "player_game_summary_days": 365,
        "roster_name_matches_days": 365,
        "espn_rosters_days": 90,
        "pst_transactions_days": 365,
    }
    assert ROSTER_NAMES.sql_parameters(DATE, DATE)["is_daily"] is True
    for contract in DERIVED:
        named = [parameters(text) for text in texts_of(contract)]
        assert frozenset().union(*named) == set(contract.sql_parameters(DATE, DATE))


def test_a_longer_window_is_read_and_makes_dates_stale() -> None:
    longer = replace(
        POOL,
        requirements=tuple(
            replace(r, days=91) if r.upstreams == ("espn_rosters",) else r
            for r in POOL.requirements
        ),
    )
    assert longer.sql_parameters(DATE, DATE)["espn_rosters_days"] == 91
    assert longer.config_hash != POOL.config_hash


def test_a_parameter_with_two_meanings_is_refused() -> None:
    weeks = tuple(Requirement(("arenas",), Window.TRAILING_DAYS, n) for n in (7, 14))
    with pytest.raises(ValueError, match="team_game_context: two meanings of .* arenas_days"):
        replace(TEAMS, requirements=(*TEAMS.requirements, *weeks))
    statement = replace(TEAMS.statement, parameters=(("nbac_schedule_days", 3),))
    with pytest.raises(ValueError, match="two meanings of the parameter nbac_schedule_days"):
        replace(TEAMS, statement=statement)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SELECT a FROM t WHERE b = @team_days", {"team_days"}),
        ("SELECT a FROM t WHERE b = @team AND c = @team_days", {"team", "team_days"}),
        ("SELECT '@team' AS a FROM t -- @season", set()),
        ("SELECT a FROM t WHERE d > DATE_SUB(@day, INTERVAL @n DAY)", {"day", "n"}),
        ("SELECT possessions(@a, b) FROM t", {"a"}),
    ],
)
def test_parameters_are_found_by_syntax(text: str, names: set[str]) -> None:
    assert parameters(text) == names
    given = {"team": 1, "team_days": 2, "day": 3, "n": 4, "a": 5, "b": 6}
    assert bound(text, given) == {k: v for k, v in given.items() if k in names}


def test_a_parameter_without_a_value_is_named_before_any_engine_sees_it() -> None:
    with pytest.raises(SqlError, match=r"no value for @a, @c: SELECT x FROM t WHERE"):
        bound("SELECT x FROM t\n  WHERE x IN (@a, @b, @c)", {"b": 1})


@pytest.mark.parametrize("name", ["upcoming_team_game_context", "upcoming_player_game_context"])
def test_the_schedule_is_read_as_far_back_as_any_box_score(name: str) -> None:
    """Else a game without a box score would be no game at all."""
    lengths = contracts()[name].sql_parameters(DATE, DATE)
    windows = {n: days for n, days in lengths.items() if n.endswith("_game_summary_days")}
    assert windows
    assert lengths["nbac_schedule_days"] >= max(windows.values())
    # a season to date, its rest and its streaks are inside the window
    assert lengths["nbac_schedule_days"] >= 300
