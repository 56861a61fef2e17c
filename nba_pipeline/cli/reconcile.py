"""``nba reconcile``: tell Dagster of published dates that it lacks, and say of which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nba_pipeline.cli.common import (
    GOOD,
    NOT_GOOD,
    Table,
    exits,
    make_platform,
    platform_options,
    print_grid,
    print_json,
    table_names,
)

if TYPE_CHECKING:
    from nba_pipeline.orchestration.reconcile import Lacking, Reconciliation


@click.command()
@click.option("--table", "tables", type=Table(), multiple=True, help="Only these tables.")
@click.option("--dry-run", is_flag=True, help="Say what Dagster lacks and tell it nothing.")
@click.option("--json", "as_json", is_flag=True, help="JSON on stdout.")
@platform_options
@exits
def reconcile(
    tables: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    home: Path | None,
    source: str | None,
    archives: Path | None,
) -> int:
    """Tell Dagster of every published date that it lacks, or knows with another version.

    After a crash between publishing and events, or with a new history. Nothing is built.
    """
    from nba_pipeline.orchestration.instance import dagster_instance
    from nba_pipeline.orchestration.reconcile import reconcile as run_reconciliation

    platform = make_platform(home, source, archives)
    with dagster_instance(platform.settings.home) as instance:
        found = run_reconciliation(platform, instance, table_names(tables), only_look=dry_run)
    if as_json:
        print_json([_as_dict(lack, "told") for lack in found.told]
                   + [_as_dict(lack, "lacking") for lack in found.left])  # fmt: skip
    else:
        _print(found)
    return NOT_GOOD if found.left else GOOD


def _as_dict(lack: Lacking, outcome: str) -> dict[str, object]:
    return {
        "table": lack.table,
        "date": lack.date,
        "gap": lack.gap,
        "outcome": outcome,
        "version": lack.told.version,
        "published_by": lack.told.published_by,
        "waits_for": lack.waits_for or None,
    }


def _print(found: Reconciliation) -> None:
    if found.told:
        _print_counts("told", found.told)
    if found.left:
        _print_counts("lacking", found.left)
    click.echo(
        f"{found.published} dates are published; Dagster was told of {len(found.told)} and lacks "
        f"{len(found.left)}"
    )
    waiting = Counter(lack.waits_for for lack in found.left if lack.waits_for)
    for run_id, dates in waiting.items():
        click.echo(
            f"{dates} of them wait for run {run_id}, which has not ended; if its process is gone, "
            "cancel it in Dagster and reconcile again"
        )
    if len(found.left) > sum(waiting.values()):
        click.echo("next: nba reconcile")


def _print_counts(title: str, lacking: Sequence[Lacking]) -> None:
    counts = Counter((lack.table, lack.gap) for lack in lacking)
    rows = [[table, gap, str(dates)] for (table, gap), dates in counts.items()]
    print_grid(["table", "what", "dates"], rows, title=title)
