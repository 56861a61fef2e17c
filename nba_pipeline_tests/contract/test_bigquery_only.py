"""What is true of the BigQuery adapter alone: failures of the service, staging, limits, labels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from google.api_core import exceptions

from nba_pipeline.contracts import ops
from nba_pipeline.warehouse.base import WarehouseError
from nba_pipeline.warehouse.bigquery import quota as bigquery_quota
from nba_pipeline.warehouse.bigquery import warehouse as bigquery
from nba_pipeline.warehouse.bigquery.warehouse import STAGING, BigQueryWarehouse
from nba_pipeline.warehouse.faults import InjectedFaultError
from nba_pipeline_tests.contract.test_warehouse import (
    BOTH,
    TABLE,
    batch,
    count,
    team_row,
    teams,
)
from nba_pipeline_tests.emulators import empty_bigquery
from nba_pipeline_tests.support import fault
from nba_pipeline_tests.unit.league.test_calendar import DATE

NEW = [team_row("DEN"), team_row("UTA")]


@pytest.fixture
def warehouse(emulator: str) -> BigQueryWarehouse:
    found = empty_bigquery(emulator)
    found.ensure_tables()
    found.publish(batch(BOTH))
    return found


def staged(warehouse: BigQueryWarehouse) -> list[str]:
    return [t.table_id for t in warehouse.client.list_tables(STAGING)]


def failing(
    warehouse: BigQueryWarehouse,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    *,
    times: int = 99,
    after: bool = False,
) -> list[str]:
    """Make scripts fail, before or after the service has run them; the scripts that were sent."""
    sent: list[str] = []
    original: Callable[..., Any] = warehouse.client.query

    def query(sql: str, **kwargs: Any) -> Any:
        if "BEGIN TRANSACTION" not in sql:
            return original(sql, **kwargs)
        sent.append(sql)
        if len(sent) > times:
            return original(sql, **kwargs)
        if after:
            original(sql, **kwargs).result()
        raise error

    monkeypatch.setattr(warehouse.client, "query", query)
    return sent


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (exceptions.Forbidden("Quota exceeded: partition modifications"), "Quota exceeded"),
        (exceptions.Forbidden("Access Denied: bigquery.tables.updateData"), "Access Denied"),
        (exceptions.NotFound("Dataset nba-test:nba_raw"), "not found: .*nba_raw"),
        (exceptions.BadRequest("bytes billed above limit"), "bytes billed"),
        (ConnectionError("reset by peer"), "connection lost"),
    ],
)
def test_a_refusal_of_the_service_is_one_line_and_changes_nothing(
    warehouse: BigQueryWarehouse, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    sent = failing(warehouse, monkeypatch, error)
    with pytest.raises(WarehouseError, match=words):
        warehouse.publish(batch(NEW, attempt=2, seen=1))
    assert len(sent) == 1  # permissions and quota are not tried again here
    assert teams(warehouse) == ["BOS", "NYK"]
    assert staged(warehouse) == []


def test_a_cancelled_transaction_is_tried_again_and_publishes_once(
    warehouse: BigQueryWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled = exceptions.BadRequest("Transaction is aborted due to concurrent update against t")
    sent = failing(warehouse, monkeypatch, cancelled, times=2)
    outcome = warehouse.publish(batch(NEW, attempt=2, seen=1))
    assert outcome.published == {DATE: 2}
    assert len(sent) == 3
    assert teams(warehouse) == ["DEN", "UTA"]
    assert count(warehouse, ops.HISTORY.path) == 2


def test_a_race_that_is_lost_for_good_says_so(
    warehouse: BigQueryWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled = exceptions.BadRequest("Transaction is aborted due to concurrent update against t")
    failing(warehouse, monkeypatch, cancelled)
    with pytest.raises(WarehouseError, match="lost 4 races"):
        warehouse.publish(batch(NEW, attempt=2, seen=1))
    assert teams(warehouse) == ["BOS", "NYK"]


@pytest.mark.parametrize("error", [ConnectionError("reset"), exceptions.ServiceUnavailable("x")])
def test_an_answer_that_was_lost_after_the_commit_is_a_publish_and_not_written_twice(
    warehouse: BigQueryWarehouse, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    sent = failing(warehouse, monkeypatch, error, after=True)
    outcome = warehouse.publish(batch(NEW, attempt=2, seen=1))
    assert outcome.published == {DATE: 2}
    assert len(sent) == 1
    assert teams(warehouse) == ["DEN", "UTA"]
    assert count(warehouse, ops.HISTORY.path) == 2


def test_of_two_publishes_at_once_one_wins_and_the_other_says_so(emulator: str) -> None:
    first = empty_bigquery(emulator)
    first.ensure_tables()
    first.publish(batch(BOTH))
    racers = ["one", "two"]
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(
            pool.map(
                lambda run: replace(first).publish(batch(NEW, attempt=2, seen=1, run=run)), racers
            )
        )
    assert sorted(len(o.published) for o in outcomes) == [0, 1]
    assert sorted(len(o.conflicts) for o in outcomes) == [0, 1]
    assert teams(first) == ["DEN", "UTA"]
    assert count(first, ops.LEDGER.path) == 1


def test_who_came_first_between_look_and_commit_is_noticed_inside_the_transaction(
    warehouse: BigQueryWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other run commits after the guards were asked and before the script runs."""
    other = replace(warehouse)
    original = bigquery.failpoint

    def meanwhile(point: str, table: str) -> None:
        if point == "before_swap":
            monkeypatch.setattr(bigquery, "failpoint", original)
            rows = [team_row("LAL"), team_row("GSW")]
            other.publish(batch(rows, attempt=2, seen=1, run="other"))

    monkeypatch.setattr(bigquery, "failpoint", meanwhile)
    outcome = warehouse.publish(batch(NEW, attempt=2, seen=1))
    assert list(outcome.conflicts) == [DATE]
    assert teams(warehouse) == ["GSW", "LAL"]


def test_staging_is_empty_after_every_end(warehouse: BigQueryWarehouse) -> None:
    assert staged(warehouse) == []
    for point in ("before_swap", "mid_swap", "before_commit"):
        with fault(f"{point}=raise"), pytest.raises(InjectedFaultError):
            warehouse.publish(batch(NEW, attempt=2, seen=1))
        assert staged(warehouse) == []


def test_what_a_killed_run_left_is_swept(
    warehouse: BigQueryWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse._load(f"{STAGING}.rows_left", TABLE, batch(BOTH).rows)
    replace(warehouse).ensure_tables()
    assert staged(warehouse) == ["rows_left"]  # it may belong to a run that is alive
    monkeypatch.setattr(bigquery, "_STAGING_HOURS", 0)
    replace(warehouse).ensure_tables()
    assert staged(warehouse) == []


def test_staging_expires_by_itself(warehouse: BigQueryWarehouse) -> None:
    dataset = warehouse.client.get_dataset(STAGING)
    assert dataset.default_table_expiration_ms == 24 * 3600 * 1000


def test_every_job_is_labelled_and_limited(
    warehouse: BigQueryWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    for name in ("query", "load_table_from_file"):
        original = getattr(warehouse.client, name)

        def spy(*args: Any, _original: Any = original, **kwargs: Any) -> Any:
            seen.append(kwargs["job_config"])
            return _original(*args, **kwargs)

        monkeypatch.setattr(warehouse.client, name, spy)
    warehouse.publish(batch(NEW, attempt=2, seen=1))
    assert len(seen) > 5
    assert all(config.labels["app"] == "nba_pipeline" for config in seen)
    queries = [c for c in seen if hasattr(c, "maximum_bytes_billed")]
    assert queries
    assert {c.maximum_bytes_billed for c in queries} == {warehouse.max_bytes_billed}


def test_loads_never_touch_a_published_table(
    warehouse: BigQueryWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Load jobs count against a table's partition modifications; DML does not."""
    targets: list[str] = []
    original = warehouse.client.load_table_from_file

    def spy(file: Any, target: Any, **kwargs: Any) -> Any:
        targets.append(target.dataset_id)
        return original(file, target, **kwargs)

    monkeypatch.setattr(warehouse.client, "load_table_from_file", spy)
    warehouse.publish(batch(NEW, attempt=2, seen=1))
    warehouse.record(batch(NEW).history)
    assert set(targets) == {STAGING}
    assert len(targets) <= 6


def test_a_simulated_league_does_not_enter_real_datasets(emulator: str) -> None:
    empty_bigquery(emulator, source="archives").ensure_tables()
    simulated = BigQueryWarehouse(
        BigQueryWarehouse(empty_connection(emulator)).connection, source="simulated"
    )
    with pytest.raises(WarehouseError, match="holds archives data, this run brings simulated"):
        simulated.ensure_tables()


def empty_connection(url: str) -> Any:
    from nba_pipeline.warehouse.bigquery.client import BigQueryConnection
    from nba_pipeline_tests.emulators import PROJECT

    return BigQueryConnection(project=PROJECT, location="US", endpoint=url)


def test_the_plan_states_jobs_and_refuses_what_the_service_would(
    warehouse: BigQueryWarehouse,
) -> None:
    dates = [DATE + dt.timedelta(n) for n in range(1600)]
    text = warehouse.plan_cost(TABLE, dates)
    assert "10 load jobs into staging" in text
    assert "2 transactions of at most 800 partitions" in text
    assert "0 partition modifications by load" in text
    first = dt.date(2000, 1, 1)
    whole = [first + dt.timedelta(n) for n in range(bigquery_quota.PARTITIONS_A_TABLE)]
    assert "13 transactions" in warehouse.plan_cost(TABLE, whole)
    with pytest.raises(
        WarehouseError, match=r"10,001 dates, .*split them among 2 projects of at most 5,001"
    ):
        warehouse.plan_cost(TABLE, [*whole, whole[-1] + dt.timedelta(1)])


def test_a_hundred_thousand_rows_are_swapped_whole(warehouse: BigQueryWarehouse) -> None:
    rows = [team_row("BOS", payload_sha256=f"{n:064d}", nba_game_id=None) for n in range(100_000)]
    outcome = warehouse.publish(batch(rows, attempt=2, seen=1))
    assert outcome.published == {DATE: 100_000}
    assert count(warehouse, TABLE.path) == 100_000
