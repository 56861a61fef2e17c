"""The swap of one batch on BigQuery: guards, what is staged, and one transaction.

Belongs here: pure decisions over Arrow tables, and the text of the script. Does not belong here:
running jobs. The guards are asked before anything is staged, and asserted again inside the
transaction: of two runs on one date the service cancels one, or the assertion does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from nba_pipeline.contracts import ops
from nba_pipeline.contracts.render import Described
from nba_pipeline.contracts.spec import WHOLE_TABLE, TableContract
from nba_pipeline.warehouse.base import Batch, Outcome
from nba_pipeline.warehouse.engine import scratch
from nba_pipeline.warehouse.faults import planned
from nba_pipeline.warehouse.guards import Run, conflicts, lost_keys

RACE = "nba-lost-race"
COUNT = "nba-wrong-count"
INJECTED = "nba-injected-fault"
CONTENTION = (RACE, "concurrent update", "could not serialize", "is aborted")
# identifiers come from contracts; values are bound, or date literals made from date objects
# ruff: noqa: S608


@dataclass
class Swap:
    """One publish after its guards.

    Attributes:
        dates: dates whose rows are replaced.
        counts: rows and distinct keys of each of them.
        ledger: the rows that will be written, with those counts.
    """

    batch: Batch
    dates: list[dt.date]
    ledger: pa.Table
    counts: dict[dt.date, tuple[int, int]]
    lost_keys: dict[dt.date, list[str]] = field(default_factory=dict)
    conflicts: dict[dt.date, str] = field(default_factory=dict)

    @classmethod
    def guarded(cls, batch: Batch, run: Run) -> Swap:
        """Look at the warehouse once more and refuse dates that were outrun or would shrink."""
        outrun = conflicts(batch, run)
        lost = {d: k for d, k in lost_keys(batch, run).items() if d not in outrun}
        refused = set(outrun) | set(lost)
        dates = [d for d in batch.swap_dates if d not in refused]
        counts = _counts(batch, dates)
        ledger = _with_counts(_without(batch.ledger, "game_date", refused), counts)
        return cls(batch, dates, ledger, counts, lost, outrun)

    @property
    def run_id(self) -> str:
        """The run that publishes."""
        found = self.ledger["run_id"].to_pylist()
        return str(found[0]) if found else ""

    def outcome(self) -> Outcome:
        """What the publish did."""
        return Outcome(
            published={d: n for d, (n, _) in self.counts.items()},
            lost_keys=self.lost_keys,
            conflicts=self.conflicts,
        )

    def staged(self) -> dict[str, tuple[Described, pa.Table]]:
        """Tables to load before the script; empty ones are left out."""
        batch, refused = self.batch, set(self.lost_keys) | set(self.conflicts)
        rows = batch.rows
        if batch.contract.is_partitioned:
            wanted = pa.array(self.dates, pa.date32())
            rows = rows.filter(pc.is_in(rows["game_date"], wanted))
        elif not self.dates:
            rows = rows.slice(0, 0)
        found: dict[str, tuple[Described, pa.Table]] = {
            "rows": (batch.contract, rows),
            "ledger": (ops.LEDGER, self.ledger),
            "inputs": (ops.INPUTS, _without(batch.inputs, "game_date", refused)),
            "quarantine": (ops.QUARANTINE, _without(batch.quarantine, "game_date", refused)),
            "history": (ops.HISTORY, _without(batch.history, "target_date", refused)),
        }
        return {k: (t, r) for k, (t, r) in found.items() if r.num_rows}

    def script(self, staging: Mapping[str, str]) -> str:
        """The transaction, over the tables that were staged."""
        parts = ["BEGIN TRANSACTION", *self._assertions(staging), *self._rows(staging)]
        parts += [_fault("before_ledger", self), *self._bookkeeping(staging)]
        parts += [_fault("before_commit", self), "COMMIT TRANSACTION"]
        return ";\n".join(p for p in parts if p)

    def _assertions(self, staging: Mapping[str, str]) -> list[str]:
        found = []
        if "ledger" in staging:
            found.append(
                _assert(
                    f"SELECT COUNT(*) FROM {ops.LEDGER.path} AS l INNER JOIN {staging['ledger']} "
                    "AS s ON s.asset = l.asset AND s.game_date = l.game_date "
                    "WHERE l.attempt <> s.attempt - 1",
                    0,
                    RACE,
                )
            )
        if "inputs" in staging:
            found.append(
                _assert(
                    f"SELECT COUNT(*) FROM {staging['inputs']} AS i LEFT JOIN {ops.LEDGER.path} "
                    "AS l ON l.asset = i.upstream AND l.game_date = i.window_start WHERE "
                    "i.window_start = i.window_end AND COALESCE(l.version, '') <> i.version",
                    0,
                    RACE,
                )
            )
        return found

    def _rows(self, staging: Mapping[str, str]) -> list[str]:
        contract = self.batch.contract
        if not self.dates:
            return []
        where = _among("game_date", self.dates) if contract.is_partitioned else "TRUE"
        parts = [f"DELETE FROM {contract.path} WHERE {where}", _fault("mid_swap", self)]
        if "rows" in staging:
            parts.append(_insert(contract, staging["rows"]))
        total = sum(n for n, _ in self.counts.values())
        count = f"SELECT COUNT(*) FROM {contract.path} WHERE {where}"
        return [*parts, _fault("after_swap", self), _assert(count, total, COUNT)]

    def _bookkeeping(self, staging: Mapping[str, str]) -> list[str]:
        asset = self.batch.contract.name
        touched = self.ledger["game_date"].to_pylist()
        parts = []
        for key, table in (
            ("inputs", ops.INPUTS), ("quarantine", ops.QUARANTINE), ("ledger", ops.LEDGER),
        ):  # fmt: skip
            if touched:
                where = f"asset = '{asset}' AND {_among('game_date', touched)}"
                parts.append(f"DELETE FROM {table.path} WHERE {where}")
            if key == "ledger" and key in staging:
                parts.append(_insert_ledger(self.batch.contract, touched, staging[key]))
            elif key in staging:
                parts.append(_insert(table, staging[key]))
        if "history" in staging:
            parts.append(_insert(ops.HISTORY, staging["history"]))
        return parts


def _fault(point: str, swap: Swap) -> str:
    """A failing statement where the fault plan raises: the transaction runs at the service."""
    if planned(point, swap.batch.contract.name) == "raise":
        return f"SELECT ERROR('{INJECTED}')"
    return ""


def _assert(count: str, expected: int, otherwise: str) -> str:
    return f"SELECT IF(({count}) = {expected}, 0, ERROR('{otherwise}'))"


def _among(column: str, dates: list[dt.date]) -> str:
    """A condition of literals, so that partitions are pruned."""
    first, last = min(dates), max(dates)
    between = f"{column} BETWEEN DATE '{first}' AND DATE '{last}'"
    if (last - first).days + 1 == len(set(dates)):
        return between
    listed = ", ".join(f"DATE '{d}'" for d in sorted(set(dates)))
    return f"{between} AND {column} IN ({listed})"


def select_contents(contract: TableContract, where: str) -> str:
    """SELECT of ``game_date, n, checksum`` over the rows that meet a condition."""
    date = "game_date" if contract.is_partitioned else f"DATE '{WHOLE_TABLE}'"
    rows = f"SELECT {', '.join(contract.column_names)} FROM {contract.path} WHERE {where}"
    checksum = "CAST(BIT_XOR(FARM_FINGERPRINT(TO_JSON_STRING(t))) AS STRING)"
    return (
        f"SELECT {date} AS game_date, COUNT(*) AS n, CONCAT('bigquery:', {checksum}) AS checksum "
        f"FROM ({rows}) AS t GROUP BY 1"
    )


def _insert_ledger(contract: TableContract, dates: list[dt.date], source: str) -> str:
    """Ledger rows with the checksum of what the table holds in this transaction."""
    names = [n for n in ops.LEDGER.column_names if n != "checksum"]
    where = _among("game_date", dates) if contract.is_partitioned else "TRUE"
    return (
        f"INSERT INTO {ops.LEDGER.path} ({', '.join(names)}, checksum) "
        f"SELECT {', '.join(f's.{n}' for n in names)}, c.checksum FROM {source} AS s "
        f"LEFT JOIN ({select_contents(contract, where)}) AS c ON c.game_date = s.game_date"
    )


def _insert(table: Described, source: str) -> str:
    names = ", ".join(c.field.name for c in table.columns)
    return f"INSERT INTO {table.path} ({names}) SELECT {names} FROM {source}"


def _without(table: pa.Table, column: str, refused: set[dt.date]) -> pa.Table:
    if not refused:
        return table
    return table.filter(pc.invert(pc.is_in(table[column], pa.array(sorted(refused), pa.date32()))))


def _counts(batch: Batch, dates: list[dt.date]) -> dict[dt.date, tuple[int, int]]:
    contract = batch.contract
    date = "game_date" if contract.is_partitioned else f"DATE '{WHOLE_TABLE}'"
    with scratch() as con:
        con.register("given", batch.rows)
        found = con.execute(
            f"SELECT {date}, count(*), count(DISTINCT ({', '.join(contract.key)})) "
            "FROM given GROUP BY 1"
        ).fetchall()
    counts = {d: (n, k) for d, n, k in found}
    return {d: counts.get(d, (0, 0)) for d in dates}


def _with_counts(ledger: pa.Table, counts: Mapping[dt.date, tuple[int, int]]) -> pa.Table:
    dates = ledger["game_date"].to_pylist()
    for position, name in enumerate(("row_count", "distinct_keys")):
        old = ledger[name].to_pylist()
        new = [counts[d][position] if d in counts else v for d, v in zip(dates, old, strict=True)]
        index = ledger.schema.get_field_index(name)
        ledger = ledger.set_column(index, ledger.schema.field(index), pa.array(new, pa.int64()))
    return ledger
