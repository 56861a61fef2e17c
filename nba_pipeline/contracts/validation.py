"""The pandera schema of a table's rows.

Belongs here: type, NULL, range, allowed values and pattern of every column. Does not belong here:
other notations of a contract (``render``): everybody needs them, and pandera takes half a second to
import.
"""

from __future__ import annotations

import pandera.pandas as pandera

from nba_pipeline.contracts.columns import Column
from nba_pipeline.contracts.field import Kind
from nba_pipeline.contracts.spec import TableContract

_PANDERA = {
    Kind.STRING: "string[pyarrow]",
    Kind.INT64: "Int64",
    Kind.FLOAT64: "Float64",
    Kind.BOOL: "boolean",
}


def pandera_schema(contract: TableContract) -> pandera.DataFrameSchema:
    """Pandera schema: type, NULL, range, allowed values and pattern of every column."""
    return pandera.DataFrameSchema(
        {c.field.name: _pandera_column(c) for c in contract.columns},
        strict=True,
        name=contract.path,
    )


def _pandera_column(column: Column) -> pandera.Column:
    f = column.field
    checks = []
    if f.low is not None:
        checks.append(pandera.Check.ge(f.low))
    if f.high is not None:
        checks.append(pandera.Check.le(f.high))
    if f.allowed:
        checks.append(pandera.Check.isin(f.allowed))
    if f.pattern:
        checks.append(pandera.Check.str_matches(f.pattern))
    return pandera.Column(
        _PANDERA.get(f.kind), checks, nullable=not column.required, description=f.description
    )
