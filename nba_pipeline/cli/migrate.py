"""``nba migrate``: copy a DuckDB history to BigQuery and prove that it is the same."""

from __future__ import annotations

from pathlib import Path

import click

from nba_pipeline.build.migrate import migrate as run_migration
from nba_pipeline.cli.common import (
    GOOD,
    NOT_GOOD,
    exits,
    make_settings,
    platform_options,
    print_grid,
)
from nba_pipeline.platform import bigquery_warehouse
from nba_pipeline.warehouse.duckdb.warehouse import DuckDBWarehouse


@click.command()
@platform_options
@exits
def migrate(home: Path | None, source: str | None, archives: Path | None) -> int:
    """Copy the DuckDB warehouse of --home to the empty BigQuery project of NBA_BIGQUERY_PROJECT.

    Rows, ledger, inputs, quarantine and run history move; counts and versions are verified.
    """
    settings = make_settings(home, source, archives)
    here = DuckDBWarehouse(settings.duckdb_path, lock_seconds=settings.lock_seconds)
    there = bigquery_warehouse(settings)
    moved = run_migration(
        here,
        there,
        settings.league_today(),
        progress=lambda name: click.echo(f"copying {name}", err=True),
    )
    print_grid(
        ["table", "dates", "rows", "wrong"],
        [[m.table, str(m.dates), str(m.rows), str(len(m.wrong) or "")] for m in moved],
    )
    wrong = [f"{m.table} {w}" for m in moved for w in m.wrong]
    for line in wrong[:20]:
        click.echo(line)
    return NOT_GOOD if wrong else GOOD
