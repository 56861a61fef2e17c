"""``nba explain``: why a date of a table is what it is, down to the first cause."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from nba_pipeline.cli.common import (
    GOOD,
    NOT_GOOD,
    GameDate,
    Table,
    exits,
    make_settings,
    platform_options,
    print_json,
    reading_snapshot,
    reading_warehouse,
)
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.verdicts.gate import ask
from nba_pipeline.verdicts.messages import backfill_command, refusal_text, verdict_line
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.warehouse.base import Warehouse

_ATTEMPTS_SQL = """
SELECT started_at, status, rows_staged, rows_written, rows_quarantined, expected_rows, run_id,
  error_message
FROM nba_orchestration.processor_run_history
WHERE processor = @table AND target_date = @date
ORDER BY started_at DESC
LIMIT 5
"""


@click.command()
@click.argument("table", type=Table())
@click.argument("date", type=GameDate(), required=False)
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")
@platform_options
@exits
def explain(
    table: str,
    date: dt.date | None,
    as_json: bool,
    home: Path | None,
    source: str | None,
    archives: Path | None,
) -> int:
    """Explain the verdict of TABLE on DATE: reasons, what it reads, attempts, next command."""
    contract = contracts()[table]
    if contract.is_partitioned and date is None:
        raise click.UsageError(f"{table} has a verdict per game date; name one")
    when = date if contract.is_partitioned and date else WHOLE_TABLE
    settings = make_settings(home, source, archives)
    warehouse = reading_warehouse(settings)
    day = date or settings.league_today()
    snapshot = reading_snapshot(settings, warehouse, tables=[table], dates=(day, day))
    verdict = snapshot.verdict(table, when)
    attempts = warehouse.query(_ATTEMPTS_SQL, {"table": table, "date": when}).to_pylist()
    upstream = _upstream(snapshot, table, when)
    if as_json:
        print_json(
            {
                "table": table,
                "date": when,
                "state": verdict.state,
                "reasons": verdict.reasons,
                "is_degraded": verdict.is_degraded,
                "upstream": upstream,
                "attempts": attempts,
            }
        )
    else:
        click.echo(verdict_line(table, when, verdict))
        for line in upstream:
            click.echo(f"  reads {line}")
        _print_attempts(attempts)
        if not verdict.is_settled:
            click.echo(_next(warehouse, snapshot, table, when))
    return GOOD if verdict.is_settled else NOT_GOOD


def _upstream(
    snapshot: Snapshot, table: str, date: dt.date, level: int = 0, told: set[str] | None = None
) -> list[str]:
    """Verdicts of what the date reads; bad ones are followed to their causes, each once."""
    lines: list[str] = []
    told = set() if told is None else told
    for upstream in contracts()[table].upstreams:
        when = date if contracts()[upstream].is_partitioned else WHOLE_TABLE
        if upstream in told:
            continue
        told.add(upstream)
        verdict = snapshot.verdict(upstream, when)
        lines.append("  " * level + verdict_line(upstream, when, verdict))
        if not verdict.is_settled:
            lines += _upstream(snapshot, upstream, when, level + 1, told)
    return lines


def _print_attempts(attempts: list[dict[str, object]]) -> None:
    for a in attempts:
        click.echo(
            f"  attempt {a['started_at']:%Y-%m-%d %H:%M:%S} {a['status']}: staged "
            f"{a['rows_staged']}, wrote {a['rows_written']}, quarantined {a['rows_quarantined']}, "
            f"run {str(a['run_id'])[:8]}"
        )
        if a["error_message"]:
            click.echo(f"    {str(a['error_message']).splitlines()[0]}")


def _next(warehouse: Warehouse, snapshot: Snapshot, table: str, date: dt.date) -> str:
    report = ask(snapshot, contracts()[table], [date])
    if date in report.refused:
        return refusal_text(report.refused[date])
    return f"next: {backfill_command([table], [date], downstream=True)}"
