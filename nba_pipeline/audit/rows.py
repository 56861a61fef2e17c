"""Rows that break a rule on their own: type, NULL, range, allowed values, row rules.

Belongs here: finding single bad rows with pandera and the contract's row rules. Does not belong
here: anything about a date as a whole (``audit``).
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from nba_pipeline.contracts.render import arrow_schema, suspect_rows
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

    ``position`` is the row in the frame, ``entities`` names what the row is a part of.
    """

    position: int
    date: dt.date
    key: str
    column: str
    value: str | None
    rule: str
    row_json: str
    entities: tuple[str, ...] = ()


def bad_cells(contract: TableContract, rows: pa.Table) -> list[BadCell]:
    """Every cell that breaks the contract; a row appears once per broken rule.

    SQL finds the rows that may be bad, of millions in one pass; pandera says what is wrong with
    them.

    Raises:
        TypeError: the rows do not have the contract's columns and types.
    """
    if not rows.num_rows:
        return []
    if rows.schema != arrow_schema(contract):  # no bad row: the code is wrong
        raise TypeError(f"{contract.path}: rows do not have the contract's shape: {rows.schema}")
    suspects = _suspects(contract, rows)
    if not len(suspects):
        return []
    picked = rows.take(suspects)
    frame = picked.to_pandas(types_mapper=_DTYPES.get, date_as_object=True)
    found = [
        (int(suspects[n]), column, value, rule)
        for n, column, value, rule in (*_of_schema(contract, frame), *_of_rules(contract, picked))
    ]
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
                for name in contract.entities
                if texts[position].get(name) is not None
            ),
        )
        for position, column, value, rule in found
    ]


def _suspects(contract: TableContract, rows: pa.Table) -> npt.NDArray[np.int64]:
    """Places of the rows that may break something."""
    conditions = [suspect_rows(contract), *(f"({rule.bad})" for rule in contract.audits.rules)]
    numbered = rows.append_column("position_in_frame", pa.array(np.arange(rows.num_rows)))
    with scratch() as con:
        con.register("numbered", numbered)
        found = con.execute(
            f"SELECT position_in_frame FROM numbered WHERE {' OR '.join(conditions)} ORDER BY 1"  # noqa: S608
        ).fetchnumpy()["position_in_frame"]
    return np.asarray(found, np.int64)


def _of_schema(contract: TableContract, frame: pd.DataFrame) -> list[tuple[int, str, Any, str]]:
    from pandera.errors import SchemaErrors

    from nba_pipeline.contracts.validation import pandera_schema

    try:
        pandera_schema(contract).validate(frame, lazy=True)
    except SchemaErrors as errors:
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
