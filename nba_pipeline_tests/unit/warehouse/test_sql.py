from __future__ import annotations

from pathlib import Path

import pytest
from sqlglot import exp

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.sql_files import SQL_ROOT, SqlError, expanded, load_sql, normalised
from nba_pipeline.warehouse.sql import to_duckdb

FILES = sorted(
    str(p.relative_to(SQL_ROOT).with_suffix(""))
    for p in SQL_ROOT.rglob("*.sql")
    if p.stem != "formulas"
)


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_inside_the_checked_subset(name: str) -> None:
    assert to_duckdb(load_sql(name))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("SELECT a / b FROM t", "SAFE_DIVIDE"),
        ("SELECT * FROM t", "name the columns"),
        ("SELECT EXTRACT(DAYOFWEEK FROM d) FROM t", "DAYOFWEEK"),
        ("SELECT COUNTIF(a) OVER (ORDER BY b) FROM t", "COUNTIF OVER"),
        ("SELECT x FROM UNNEST([1, 2]) AS x WITH OFFSET AS o", "OFFSET"),
    ],
)
def test_what_the_engines_read_differently_is_refused(text: str, word: str) -> None:
    with pytest.raises(SqlError, match=word):
        to_duckdb(text)


def test_layout_and_comments_are_no_part_of_a_version() -> None:
    assert normalised("SELECT a -- why\n FROM   t") == normalised("select a from t")
    assert normalised("SELECT a FROM t") != normalised("SELECT b FROM t")


def test_a_formula_is_part_of_the_version_of_what_calls_it() -> None:
    assert "0.44" in normalised("SELECT possessions_used(a, b, c) FROM t")


@pytest.mark.parametrize("name", [n for n in FILES if not n.startswith("checks/")])
def test_large_tables_are_read_by_date_only(name: str) -> None:
    """BigQuery refuses anything else of a table that requires a partition filter."""
    large = {c.name for c in contracts().values() if c.is_large}
    for table in expanded(load_sql(name)).find_all(exp.Table):
        if table.name in large:
            select = table.find_ancestor(exp.Select)
            assert select is not None
            where = select.args.get("where")
            assert where is not None and "game_date BETWEEN" in where.sql(), table.name


def test_a_missing_file_is_named() -> None:
    with pytest.raises(SqlError, match=r"nba_raw/none\.sql"):
        load_sql("nba_raw/none")


def test_no_value_is_formatted_into_a_file() -> None:
    for path in Path(SQL_ROOT).rglob("*.sql"):
        assert "{" not in path.read_text(encoding="utf-8"), path
