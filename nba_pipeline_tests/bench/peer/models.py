"""The derived tables as SQLMesh models, generated from their contracts.

Belongs here: text of models, audits and project. Does not belong here: running them. Nothing is
typed twice: statement, parameters, key, NULLs and ranges are the contract's, so that the peer does
the same work. SQLMesh is not imported.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import sqlglot
import yaml
from sqlglot import exp

from nba_pipeline.contracts.field import Field, Kind
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.contracts.sql_files import bound, load_sql
from nba_pipeline.warehouse.sql import to_duckdb
from nba_pipeline_tests.bench.selects import derived, given

_TYPES = {
    Kind.STRING: "TEXT",
    Kind.INT64: "BIGINT",
    Kind.FLOAT64: "DOUBLE",
    Kind.BOOL: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.TIMESTAMP: "TIMESTAMPTZ",
}
_BOUNDS = ("start_date", "end_date")
"""Parameters that name the interval; SQLMesh has macros of the same names and meaning."""


def statement(contract: TableContract) -> str:
    """The table's SELECT for DuckDB, with the contract's parameters in it.

    Raises:
        SqlError: a parameter that neither the interval nor the contract gives.
    """
    text = load_sql(contract.sql_path)
    values = bound(text, contract.sql_parameters(dt.date.min, dt.date.max))

    def bind(node: exp.Expression) -> exp.Expression:
        if not isinstance(node, exp.Placeholder):
            return node
        is_bound = node.name in _BOUNDS
        return exp.var(f"@{node.name}") if is_bound else exp.convert(values[node.name])

    tree = sqlglot.parse_one(to_duckdb(text), read="duckdb")
    return str(tree.transform(bind).sql(dialect="duckdb", pretty=True))


def ranges(field: Field) -> list[str]:
    """Conditions that a value which is not NULL meets: range, allowed values, pattern."""
    found = []
    if field.low is not None:
        found.append(f"{field.name} >= {_exact(field, field.low)}")
    if field.high is not None:
        found.append(f"{field.name} <= {_exact(field, field.high)}")
    if field.allowed:
        values = ", ".join(exp.convert(v).sql(dialect="duckdb") for v in field.allowed)
        found.append(f"{field.name} IN ({values})")
    if field.pattern:
        pattern = exp.convert(field.pattern).sql(dialect="duckdb")
        found.append(f"REGEXP_MATCHES({field.name}, {pattern})")
    return found


def _exact(field: Field, bound: float) -> str:
    return str(int(bound) if field.kind is Kind.INT64 else float(bound))


def audits(contract: TableContract) -> dict[str, tuple[str, list[str]]]:
    """SQLMesh's audit by name: its argument and the values, all from the contract.

    One audit of each kind reads the rows once, where one per column would read them anew.
    """
    required = [c.field.name for c in contract.columns if c.required]
    criteria = [r for c in contract.columns for r in ranges(c.field)]
    return {
        "unique_combination_of_columns": ("columns", list(contract.key)),
        "not_null": ("columns", required),
        "forall": ("criteria", criteria),
    }


def model(contract: TableContract, *, start: dt.date, batch_size: int | None) -> str:
    """A SQLMesh model, incremental by time range; an audit that fails is told and stops nothing."""
    columns = ",\n    ".join(f"{c.field.name} {_TYPES[c.field.kind]}" for c in contract.columns)
    batches = f",\n    batch_size {batch_size}" if batch_size else ""
    listed = ",\n    ".join(
        f"{name}({argument} := ({', '.join(values)}), blocking := false)"
        for name, (argument, values) in audits(contract).items()
        if values
    )
    return f"""MODEL (
  name {contract.path},
  dialect duckdb,
  kind INCREMENTAL_BY_TIME_RANGE (
    time_column (game_date, '%Y-%m-%d'){batches}
  ),
  start '{start}',
  cron '@daily',
  grain ({", ".join(contract.key)}),
  columns (
    {columns}
  ),
  audits (
    {listed}
  )
);

{statement(contract)}
"""


def write_project(folder: Path, database: Path, *, start: dt.date, batch_size: int | None) -> None:
    """A SQLMesh project of every derived table over ``database``, which holds all others."""
    (folder / "models").mkdir(parents=True, exist_ok=True)
    config = {
        "gateways": {
            "bench": {
                "connection": {
                    "type": "duckdb",
                    "database": str(database),
                    "connector_config": {"TimeZone": "UTC"},
                },
                "state_connection": {
                    "type": "duckdb",
                    "database": str(database.with_suffix(".state.duckdb")),
                },
            }
        },
        "default_gateway": "bench",
        "disable_anonymized_analytics": True,
        "model_defaults": {"dialect": "duckdb", "start": str(start)},
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    external = [
        {"name": c.path, "columns": {x.field.name: _TYPES[x.field.kind] for x in c.columns}}
        for c in given()
    ]
    (folder / "external_models.yaml").write_text(yaml.safe_dump(external), encoding="utf-8")
    for contract in derived():
        text = model(contract, start=start, batch_size=batch_size)
        (folder / "models" / f"{contract.name}.sql").write_text(text, encoding="utf-8")
