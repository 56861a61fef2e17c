"""The peer's models are the contracts' own: statement, key, NULLs and ranges of every table."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pytest
import sqlglot
import yaml
from sqlglot import exp

from nba_pipeline.contracts.field import Field, Kind
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.contracts.sql_files import SqlError
from nba_pipeline.warehouse.engine import scratch
from nba_pipeline_tests.bench.peer import models
from nba_pipeline_tests.bench.peer.models import audits, model, ranges, statement, write_project
from nba_pipeline_tests.bench.selects import derived, given

START = dt.date(2021, 10, 19)
each_table = pytest.mark.parametrize("contract", derived(), ids=lambda c: c.name)


def test_all_tables_are_derived_or_given() -> None:
    assert len(derived()) >= 9
    assert {c.name for c in (*derived(), *given())} == set(contracts())
    assert all(c.landing is None for c in derived())


@each_table
def test_key_and_nulls_are_audited_as_the_contract_says(contract: TableContract) -> None:
    found = audits(contract)
    assert found["unique_combination_of_columns"] == ("columns", list(contract.key))
    required = {c.field.name for c in contract.columns if c.required}
    assert set(found["not_null"][1]) == required >= set(contract.key)
    text = model(contract, start=START, batch_size=None)
    for name, (argument, values) in found.items():
        assert f"{name}({argument} := ({', '.join(values)}), blocking := false)" in text


@each_table
def test_every_range_has_a_criterion_that_finds_what_is_outside(contract: TableContract) -> None:
    criteria = audits(contract)["forall"][1]
    for field in (c.field for c in contract.columns):
        own = ranges(field)
        assert set(own) <= set(criteria)
        bounds = (field.low, field.high, field.allowed or None, field.pattern or None)
        assert len(own) == sum(b is not None for b in bounds)
        for outside in _outside(field):
            assert any(not _holds(c, field, outside) for c in own), f"{field.name} = {outside}"
        assert all(_holds(c, field, None) is None for c in own)
        if field.low is not None and field.high is not None:
            assert all(_holds(c, field, field.high) and _holds(c, field, field.low) for c in own)


def _outside(field: Field) -> list[object]:
    step = 1 if field.kind is Kind.INT64 else 1e-6
    return [
        *([] if field.low is None else [field.low - step]),
        *([] if field.high is None else [field.high + step]),
        *(["no such value"] if field.allowed or field.pattern else []),
    ]


def _holds(criterion: str, field: Field, value: object) -> object:
    row = f"SELECT CAST($value AS {models._TYPES[field.kind]}) AS {field.name}"
    with scratch() as con:
        found = con.execute(f"SELECT {criterion} FROM ({row})", {"value": value}).fetchone()
    assert found is not None
    return found[0]


@each_table
def test_the_statement_is_bound_to_the_interval_and_the_contract(contract: TableContract) -> None:
    text = statement(contract)
    assert "@start_date" in text
    assert "@end_date" in text
    assert "$" not in text
    plain = text.replace("@start_date", f"DATE '{START}'").replace("@end_date", f"DATE '{START}'")
    tree = sqlglot.parse_one(plain, read="duckdb")
    assert not list(tree.find_all(exp.Placeholder, exp.Parameter))
    assert set(tree.named_selects) == set(contract.column_names)


def test_tables_that_share_a_statement_differ_in_what_is_bound() -> None:
    one, two = (contracts()[n] for n in ("player_name_matches", "roster_name_matches"))
    assert one.sql_path == two.sql_path
    assert statement(one) != statement(two)


def test_a_parameter_that_nothing_gives_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TableContract, "sql_parameters", lambda *_: {})
    with pytest.raises(SqlError, match="no value for @end_date, @is_daily, @start_date"):
        statement(contracts()["player_name_matches"])


def test_a_project_has_every_table_once(tmp_path: Path) -> None:
    write_project(tmp_path, tmp_path / "peer.duckdb", start=START, batch_size=1)
    files = {p.stem: p.read_text(encoding="utf-8") for p in (tmp_path / "models").glob("*.sql")}
    assert set(files) == {c.name for c in derived()}
    assert all("batch_size 1\n" in text for text in files.values())
    external = yaml.safe_load((tmp_path / "external_models.yaml").read_text(encoding="utf-8"))
    assert {t["name"] for t in external} == {c.path for c in given()}
    whole = model(derived()[0], start=START, batch_size=None)
    assert "batch_size" not in whole
    assert "sqlmesh" not in sys.modules
