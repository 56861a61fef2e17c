"""Bad cells: what SQL passes over is what pandera would pass too."""

from __future__ import annotations

import datetime as dt
import math
from random import Random
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from pandera.errors import SchemaErrors

from nba_pipeline.audit.rows import _DTYPES, bad_cells
from nba_pipeline.contracts.columns import Column
from nba_pipeline.contracts.field import Kind
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.contracts.validation import pandera_schema

CONTRACTS = list(contracts().values())


def _value(chance: Random, column: Column) -> Any:
    """A value that is often at or just beyond the column's bounds."""
    f = column.field
    if chance.random() < 0.06:
        return None
    if f.kind is Kind.DATE:
        return dt.date(2024, 1, chance.randint(1, 28))
    if f.kind is Kind.TIMESTAMP:
        return dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    if f.kind is Kind.BOOL:
        return chance.random() < 0.5
    if f.kind is Kind.STRING:
        return chance.choice([*(f.allowed or ("BOS", "x")), "", "no such word", "o'clock"])
    low, high = f.low if f.low is not None else -5, f.high if f.high is not None else 5
    step = 1 if f.kind is Kind.INT64 else 1e-9
    found = chance.choice([low, high, low - step, high + step, (low + high) / 2])
    if f.kind is Kind.INT64:
        return max(min(int(found), 2**63 - 1), -(2**63))
    return chance.choice([found, found, found, math.inf, -math.inf])


def _frame(contract: TableContract, chance: Random, rows: int) -> pa.Table:
    schema = arrow_schema(contract)
    return pa.table(
        [
            pa.array([_value(chance, c) for _ in range(rows)], f.type)
            for c, f in zip(contract.columns, schema, strict=True)
        ],
        schema=schema,
    )


def _by_pandera(contract: TableContract, rows: pa.Table) -> set[tuple[int, str, str]]:
    frame: pd.DataFrame = rows.to_pandas(types_mapper=_DTYPES.get, date_as_object=True)
    try:
        pandera_schema(contract).validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        return {
            (int(i), str(column), str(check))
            for i, column, check in zip(
                cases["index"], cases["column"], cases["check"], strict=True
            )
        }
    return set()


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda c: c.name)
def test_no_cell_is_passed_over(contract: TableContract) -> None:
    rules = {r.name for r in contract.audits.rules}
    # at once: pandera takes its time for every check, not for every row
    parts = [_frame(contract, Random(seed), 40) for seed in range(3)]
    rows = pa.concat_tables(parts)
    found = {
        (c.position, c.column, c.rule) for c in bad_cells(contract, rows) if c.rule not in rules
    }
    assert found == _by_pandera(contract, rows)
    assert {position // 40 for position, *_ in found} == {0, 1, 2}


def test_rows_of_another_shape_are_an_error_of_the_code() -> None:
    contract = contracts()["nbac_shots"]
    rows = _frame(contract, Random(1), 2)
    with pytest.raises(TypeError, match="nba_raw.nbac_shots"):
        bad_cells(contract, rows.drop_columns(["period"]))
