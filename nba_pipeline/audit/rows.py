"""Rows that break a rule on their own: type, NULL, range, allowed values, row rules.

Belongs here: finding single bad rows with pandera and the contract's row rules. Does not belong
here: anything about a date as a whole (``audit``).
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import pandera_schema
from nba_pipeline.contracts.spec import WHOLE_TABLE, TableContract
from nba_pipeline.warehouse.engine import scratch

_DTYPES = {
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    pa.string(): pd.StringDtype("pyarrow"),
}


@dataclass(frozen=True, slots=True)
class BadCell:
    """One broken rule: where, which value, which rule.

    ``position`` is the row in the frame, ``entities`` the row's team and game, as far as it has
    them.
    """

    position: int
    date: dt.date
    key: str
    column: str
    value: str | None
    rule: str
    row_json: str
    entities: tuple[str, ...] = ()


@cache
def _schema(name: str) -> pandera.DataFrameSchema:
    return pandera_schema(contracts()[name])


def bad_cells(contract: TableContract, rows: pa.Table) -> list[BadCell]:
    """Every cell that breaks the contract; a row appears once per broken rule."""
    if not rows.num_rows:
        return []
    frame = rows.to_pandas(types_mapper=_DTYPES.get, date_as_object=True)
    found = [*_of_schema(contract, frame), *_of_rules(contract, rows)]
    if not found:
        return []
    wanted = sorted({position for position, *_ in found})
    texts = dict(zip(wanted, rows.take(wanted).to_pylist(), strict=True))
    return [
        BadCell(
            position=position,
            date=texts[position].get("game_date", WHOLE_TABLE),
            key=" ".join(str(texts[position][k]) for k in contract.key if k != "game_date"),
            column=column,
            value=None if value is None or value is pd.NA else str(value),
            rule=rule,
            row_json=json.dumps(texts[position], default=str),
            entities=tuple(
                str(texts[position][name])
                for name in ("team", "game_id")
                if texts[position].get(name) is not None
            ),
        )
        for position, column, value, rule in found
    ]


def _of_schema(contract: TableContract, frame: pd.DataFrame) -> list[tuple[int, str, Any, str]]:
    try:
        _schema(contract.name).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        whole = cases[cases["index"].isna()]
        if len(whole):  # a missing column or a wrong type is no bad row: the code is wrong
            raise TypeError(
                f"{contract.path}: rows do not have the contract's shape: "
                f"{whole[['column', 'check', 'failure_case']].to_dict('records')}"
            ) from errors
        return [
            (int(i), str(column), value, str(check))
            for i, column, value, check in zip(
                cases["index"], cases["column"], cases["failure_case"], cases["check"], strict=True
            )
        ]
    return []


def _of_rules(contract: TableContract, rows: pa.Table) -> list[tuple[int, str, Any, str]]:
    if not contract.audits.rules:
        return []
    numbered = rows.append_column("position_in_frame", pa.array(range(rows.num_rows)))
    found: list[tuple[int, str, Any, str]] = []
    with scratch() as con:
        con.register("numbered", numbered)
        for rule in contract.audits.rules:
            sql = (
                f"SELECT position_in_frame, CAST({rule.column} AS VARCHAR) FROM numbered "  # noqa: S608
                f"WHERE {rule.bad} ORDER BY 1"
            )
            found += [(p, rule.column, v, rule.name) for p, v in con.execute(sql).fetchall()]
    return found
