"""Bookkeeping that was lost: tables and columns beside a ledger that tells of dates.

Belongs here: what each loss means and what brings it back. Does not belong here: making the tables
(``warehouse``), or dates whose reads or checksums are lacking now (``verdicts``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nba_pipeline.contracts import ops
from nba_pipeline.contracts.sql_files import load_sql
from nba_pipeline.verdicts.messages import backfill_command
from nba_pipeline.warehouse.base import Warehouse

_MEANS = {
    ops.INPUTS.path: "what dates read is not known, and they are stale",
    ops.QUARANTINE.path: "what was kept aside is not known",
    ops.WAIVERS.path: "no waiver is in force; grant again what is still to hold: nba waive",
    ops.HISTORY.path: "attempts before now are not known, and nothing brings them back",
    ops.DRIFT.path: "fields that changed are seen again when their payloads are read",
    f"{ops.LEDGER.path}.checksum": "checksums were written where versions vouch for the rows",
}


@dataclass(frozen=True, slots=True)
class LostBookkeeping:
    """A table or column that was not there: its path, what that means, and what to type."""

    path: str
    detail: str
    command: str = ""


def lost_bookkeeping(warehouse: Warehouse, made: Sequence[str]) -> list[LostBookkeeping]:
    """What of ``made`` is bookkeeping that something must have been written into.

    Args:
        warehouse: it has the tables again.
        made: paths of tables and columns that had to be made; of a new warehouse that is all.

    Raises:
        WarehouseError: the ledger could not be read.
    """
    wanted = [p for p in made if p.startswith(f"{ops.DATASET}.")]
    if not wanted or not warehouse.query(load_sql("ops/last_known_date"))["last_date"][0].is_valid:
        return []
    return [
        LostBookkeeping(p, _MEANS.get(p, "what it told is lost"), _command(warehouse, p))
        for p in wanted
    ]


def _command(warehouse: Warehouse, path: str) -> str:
    if path == ops.INPUTS.path:
        return backfill_command([], [])
    if path != ops.QUARANTINE.path:
        return ""
    rows = warehouse.query(load_sql("ops/dates_with_rows_aside")).to_pydict()
    tables = list(dict.fromkeys(rows["processor"]))
    return f"{backfill_command(tables, rows['target_date'])} --again" if tables else ""
