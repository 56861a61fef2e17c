"""The same rows have the same content in whatever order an engine adds them up.

A version that moves by itself makes every reader stale, and a second backfill would not end with
nothing to do.
"""

from __future__ import annotations

import random

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from nba_pipeline.contracts.dictionary import FIELDS
from nba_pipeline.contracts.field import Kind
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.sql_files import expanded
from nba_pipeline_tests.sql_reads import texts_of

DERIVED = [c for c in contracts().values() if c.landing is None]
SUMS = (exp.Sum, exp.Avg)
UNORDERED = (exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.Variance, exp.VariancePop, exp.Corr)


def float_sums(text: str) -> list[str]:
    """Aggregates whose last digits depend on the order of rows."""
    tree = sqlglot.parse_one(text, read="bigquery")
    found = [n for n in tree.find_all(*SUMS) if any(map(_is_float, n.find_all(exp.Column)))]
    found += list(tree.find_all(*UNORDERED))
    return [n.sql(dialect="bigquery") for n in found]


def _is_float(column: exp.Column) -> bool:
    field = FIELDS.get(column.name)
    return field is not None and field.kind is Kind.FLOAT64


@pytest.mark.parametrize("contract", DERIVED, ids=lambda c: c.name)
def test_no_select_adds_floats_in_the_order_of_the_rows(contract) -> None:
    for text in texts_of(contract):
        assert float_sums(text) == []


@pytest.mark.parametrize("sum_of_floats", ["AVG(pace)", "SUM(minutes_played)", "STDDEV(points)"])
def test_such_a_sum_would_be_found(sum_of_floats: str) -> None:
    assert float_sums(f"SELECT {sum_of_floats} AS x FROM t") == [sum_of_floats]


def results(aggregate: str, values: list[float]) -> set[object]:
    """What an aggregate gives of the same values in forty orders."""
    sql = expanded(f"SELECT {aggregate} AS found FROM t").sql(dialect="duckdb")
    con = duckdb.connect()
    found = set()
    for seed in range(40):
        shuffled = random.Random(seed).sample(values, len(values))  # noqa: S311
        con.execute(
            "CREATE OR REPLACE TABLE t AS SELECT x, round(x)::BIGINT AS n"
            " FROM (SELECT unnest(?::DOUBLE[]) AS x)",
            [shuffled],
        )
        found.add(con.execute(sql).fetchone())
    return found


RATES = [27.123456789, 13.1, 31.7, 8.3333333333, 22.9, 45.45454545, 17.77, 29.3]


@pytest.mark.parametrize(
    ("ours", "plain"),
    [("average(x)", "AVG(x)"), ("total(x)", "SUM(x)"), ("sample_deviation(n)", "STDDEV_SAMP(n)")],
)
def test_the_order_changes_no_digit(ours: str, plain: str) -> None:
    (only,) = results(ours, RATES)
    assert len(results(plain, RATES)) > 1
    assert only[0] == pytest.approx(min(results(plain, RATES))[0], abs=1e-9)


@pytest.mark.parametrize("nothing", ["average(x)", "total(x)", "sample_deviation(n)"])
def test_nothing_has_no_mean(nothing: str) -> None:
    assert results(nothing, []) == {(None,)}


def test_one_value_has_no_deviation() -> None:
    assert results("sample_deviation(n)", [7.0]) == {(None,)}
