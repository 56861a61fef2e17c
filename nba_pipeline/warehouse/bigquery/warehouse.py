"""BigQuery adapter: staged load jobs, then one transaction for data and bookkeeping.

Belongs here: jobs, datasets, staging and what an error means. Does not belong here: the statements
of the swap (``swap``), or any rule about what may be published. Load jobs go to private
staging tables only, so that a backfill uses none of a table's daily partition modifications.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq
from google.cloud import bigquery
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from nba_pipeline.contracts import ops
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import Described, bigquery_ddl
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.contracts.sql_files import bound, expanded, load_sql
from nba_pipeline.warehouse.base import Batch, ContentQuery, Outcome, Query, WarehouseError
from nba_pipeline.warehouse.bigquery import quota as bigquery_quota
from nba_pipeline.warehouse.bigquery.client import BigQueryConnection, translated
from nba_pipeline.warehouse.bigquery.shape import missing_columns
from nba_pipeline.warehouse.bigquery.swap import CONTENTION, INJECTED, Swap, select_contents
from nba_pipeline.warehouse.faults import InjectedFaultError, failpoint
from nba_pipeline.warehouse.guards import read_back
from nba_pipeline.warehouse.sql import check_subset

STAGING = "nba_staging"
_STAGING_HOURS = 24
_AT_ONCE = 10  # the client's pool of connections
_TYPES: Mapping[type, str] = {
    bool: "BOOL", int: "INT64", float: "FLOAT64", str: "STRING", dt.datetime: "TIMESTAMP",
    dt.date: "DATE",
}  # fmt: skip
_LABEL = re.compile(r"[^a-z0-9_-]")
# identifiers come from contracts and from this module, never from input; values are bound
# ruff: noqa: S608


class _ContentionError(Exception):
    """Another transaction was faster; look again and try again."""


@dataclass
class BigQueryWarehouse:
    """Warehouse in one BigQuery project.

    Attributes:
        connection: project, location and credentials, as dagster-gcp configures them.
        max_bytes_billed: limit of every query job; a job that would bill more is refused by the
            service before it runs.
        source: where the rows come from; datasets of another source are refused, so that a
            simulated league never mixes with the real one.
        attempts: tries of a publish that lost a race.
    """

    connection: BigQueryConnection
    max_bytes_billed: int = 100 * 1024**3
    source: str = "archives"
    attempts: int = 4
    kind: str = field(default="bigquery", init=False)
    _ready: bool = field(default=False, init=False)

    @cached_property
    def client(self) -> bigquery.Client:
        """The client, opened when first needed."""
        return self.connection.client()

    def ensure_tables(self) -> list[str]:
        """Create datasets, tables and columns; looks once per instance: what was not there."""
        if self._ready:
            return []
        tables: list[Described] = [*contracts().values(), *ops.TABLES]
        large = {c.path for c in contracts().values() if c.is_large}
        with translated("create datasets and tables"):
            there = {d.dataset_id for d in self.client.list_datasets()}
            for name in sorted({t.path.split(".")[0] for t in tables} | {STAGING}):
                if name not in there:
                    self._create_dataset(name)
                elif name != STAGING:
                    self._check_source(name)
            known = {
                f"{t.dataset_id}.{t.table_id}"
                for name in {t.path.split(".")[0] for t in tables}
                for t in self.client.list_tables(name)
            }
        for table in tables:
            if table.path not in known:
                self._run(bigquery_ddl(table, needs_filter=table.path in large), table.path)
        with translated("read columns of tables"):
            lacking = missing_columns(self.client, [t for t in tables if t.path in known])
        for path, statement in lacking:
            self._run(statement, path)
        if f"{ops.DATASET}.backfill_status" not in known:
            status = load_sql("ops/backfill_status")
            self._run(f"CREATE VIEW {ops.DATASET}.backfill_status AS {status}", ops.DATASET)
        self._sweep()
        self._ready = True
        return [*(t.path for t in tables if t.path not in known), *(path for path, _ in lacking)]

    def _create_dataset(self, name: str) -> None:
        dataset = bigquery.Dataset(f"{self.client.project}.{name}")
        dataset.location = self.connection.location or "US"
        dataset.labels = {"app": "nba_pipeline", "source": self.source}
        if name == STAGING:
            dataset.default_table_expiration_ms = _STAGING_HOURS * 3600 * 1000
        self.client.create_dataset(dataset, exists_ok=True)

    def _sweep(self) -> None:
        """Drop what a killed run left in staging; the service would, a day later."""
        oldest = dt.datetime.now(dt.UTC) - dt.timedelta(hours=_STAGING_HOURS)
        with translated("sweep staging tables"):
            for table in self.client.list_tables(STAGING):
                if table.created is not None and table.created < oldest:
                    self.client.delete_table(table.reference, not_found_ok=True)

    def _check_source(self, name: str) -> None:
        found = self.client.get_dataset(f"{self.client.project}.{name}").labels.get("source")
        if found is not None and found != self.source:
            raise WarehouseError(
                f"bigquery: dataset {name} holds {found} data, this run brings {self.source}; "
                "use another project"
            )

    def query(self, text: str, params: Mapping[str, object] | None = None) -> pa.Table:
        """Rows of a GoogleSQL SELECT with bound ``@parameters``."""
        tree = expanded(text)
        check_subset(tree)
        sql = tree.sql(dialect="bigquery", comments=False)
        return self._run(sql, "query", bound(text, params or {}))

    def query_all(self, queries: Sequence[Query | ContentQuery]) -> list[pa.Table]:
        """Rows of several SELECTs; a publish between them is caught by its conflict check."""
        with ThreadPoolExecutor(min(len(queries), _AT_ONCE)) as pool:
            return list(pool.map(self._answer, queries))

    def _answer(self, query: Query | ContentQuery) -> pa.Table:
        if not isinstance(query, ContentQuery):
            return self.query(*query)
        return self._run(query.statement(select_contents, "@"), "contents", query.parameters)

    def publish(self, batch: Batch) -> Outcome:
        """Guard, stage, swap in one transaction, read back; a lost race is looked at again."""
        self.ensure_tables()
        retrying = Retrying(
            retry=retry_if_exception_type(_ContentionError),
            stop=stop_after_attempt(self.attempts),
            wait=wait_random_exponential(multiplier=0.1, max=5),
            reraise=True,
        )
        try:
            return retrying(self._publish_once, batch)
        except _ContentionError as error:
            raise WarehouseError(
                f"{batch.contract.path}: lost {self.attempts} races; nothing was changed: {error}"
            ) from error

    def _publish_once(self, batch: Batch) -> Outcome:
        name = batch.contract.name
        swap = Swap.guarded(batch, self.query)
        with self._staged(swap.staged()) as staging:
            failpoint("before_swap", name)
            try:
                self._run(swap.script(staging), name)
            except WarehouseError as error:
                self._settle(swap, error)
        failpoint("after_commit", name)
        counts = {d: n for d, (n, _) in swap.counts.items()}
        read_back(batch.contract, counts, self.query)
        return swap.outcome()

    def _settle(self, swap: Swap, error: WarehouseError) -> None:
        """What a failed script means: already committed, outrun, or nothing changed."""
        if INJECTED in str(error):
            raise InjectedFaultError(str(error)) from error
        if self._is_committed(swap):
            return  # the answer was lost, not the commit
        if any(word in str(error) for word in CONTENTION):
            raise _ContentionError(str(error)) from error
        raise error

    def _is_committed(self, swap: Swap) -> bool:
        """Whether every ledger row of this very attempt is there."""
        if not swap.ledger.num_rows:
            return False
        found = self.query(
            f"SELECT game_date, attempt FROM {ops.LEDGER.path} "
            "WHERE asset = @asset AND run_id = @run_id",
            {"asset": swap.batch.contract.name, "run_id": swap.run_id},
        ).to_pylist()
        wanted = {(r["game_date"], r["attempt"]) for r in swap.ledger.to_pylist()}
        return wanted <= {(r["game_date"], r["attempt"]) for r in found}

    def record(self, rows: pa.Table, table: ops.OpsTable = ops.HISTORY) -> None:
        """Append to a bookkeeping table."""
        self.ensure_tables()
        if not rows.num_rows:
            return
        with self._staged({"rows": (table, rows)}) as staging:
            names = ", ".join(table.column_names)
            self._run(
                f"INSERT INTO {table.path} ({names}) SELECT {names} FROM {staging['rows']}",
                table.name,
            )

    def share(self) -> None:
        """Readers never hold BigQuery; there is nothing to copy."""

    def held(self) -> AbstractContextManager[None]:
        """A service needs no opening."""
        return nullcontext()

    def plan_cost(self, contract: TableContract, dates: Sequence[dt.date]) -> str:
        """Jobs and partitions that building the dates will use.

        Raises:
            WarehouseError: more than the service allows, with the split that is allowed.
        """
        text = bigquery_quota.plan(contract, dates)
        if not contract.statement.text or not dates:
            return text
        given = contract.sql_parameters(min(dates), max(dates))
        config = bigquery.QueryJobConfig(
            dry_run=True,
            use_query_cache=False,
            query_parameters=_parameters(bound(contract.statement.text, given)),
            labels=_labels(contract.name),
        )
        with translated(f"plan {contract.path}"):
            job = self.client.query(contract.statement.text, job_config=config)
        return f"{text}; its SELECT reads {(job.total_bytes_processed or 0) / 1e6:,.0f} MB"

    @contextmanager
    def _staged(self, tables: Mapping[str, tuple[Described, pa.Table]]) -> Iterator[dict[str, str]]:
        """Tables loaded under names of their own; dropped at the end, expired by the service."""
        token = uuid.uuid4().hex[:12]
        names = {key: f"{STAGING}.{key}_{token}" for key in tables}
        try:
            with ThreadPoolExecutor(max(len(tables), 1)) as pool:
                list(pool.map(lambda k: self._load(names[k], *tables[k]), tables))
            yield names
        finally:
            with translated("drop staging tables"):
                for name in names.values():
                    self.client.delete_table(f"{self.client.project}.{name}", not_found_ok=True)

    def _load(self, name: str, table: Described, rows: pa.Table) -> None:
        buffer = io.BytesIO()
        pq.write_table(rows.select([c.field.name for c in table.columns]), buffer)
        buffer.seek(0)
        schema = [bigquery.SchemaField(c.field.name, str(c.field.kind)) for c in table.columns]
        config = bigquery.LoadJobConfig(
            source_format=bigquery.SourceFormat.PARQUET,
            schema=schema,
            write_disposition=bigquery.WriteDisposition.WRITE_EMPTY,
            labels=_labels(name),
        )
        target = bigquery.TableReference.from_string(f"{self.client.project}.{name}")
        with translated(f"load {table.path}"):
            self.client.load_table_from_file(buffer, target, job_config=config).result()

    def _run(self, sql: str, label: str, params: Mapping[str, object] | None = None) -> pa.Table:
        config = bigquery.QueryJobConfig(
            query_parameters=_parameters(params or {}),
            maximum_bytes_billed=self.max_bytes_billed,
            labels=_labels(label),
        )
        with translated(label):
            rows = self.client.query(sql, job_config=config).result()
            return rows.to_arrow(create_bqstorage_client=self.connection.endpoint is None)


def _parameters(
    params: Mapping[str, object],
) -> list[bigquery.ScalarQueryParameter | bigquery.ArrayQueryParameter]:
    return [
        bigquery.ArrayQueryParameter(k, _TYPES[type(v[0])] if v else "STRING", v)
        if isinstance(v, list)
        else bigquery.ScalarQueryParameter(k, _TYPES[type(v)], cast("Any", v))
        for k, v in params.items()
    ]


def _labels(name: str) -> dict[str, str]:
    return {"app": "nba_pipeline", "part": _LABEL.sub("_", name.lower())[:60]}
