"""The connection to BigQuery, as a Dagster resource, and what its errors mean.

Belongs here: project, location, credentials, endpoint, and one line per error. Does not belong
here: any job.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from dagster_gcp import BigQueryResource
from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery
from pydantic import Field

from nba_pipeline.warehouse.base import WarehouseError


class BigQueryConnection(BigQueryResource):
    """``BigQueryResource`` with an endpoint, for an emulator.

    Credentials are those of the environment (workload identity or
    ``GOOGLE_APPLICATION_CREDENTIALS``); an endpoint of one's own gets none, so that no secret ever
    leaves for it.
    """

    endpoint: str | None = Field(default=None, description="Address of an emulator.")

    def client(self) -> bigquery.Client:
        """A client of its own; the caller closes it with the process."""
        options: dict[str, Any] = {}
        if self.endpoint:
            options = {
                "client_options": {"api_endpoint": self.endpoint},
                "credentials": AnonymousCredentials(),  # type: ignore[no-untyped-call]
            }
        return bigquery.Client(project=self.project, location=self.location, **options)


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Errors of the service as one line that says what to do; the client has retried by then."""
    try:
        yield
    except exceptions.Forbidden as error:
        raise WarehouseError(f"bigquery: {what}: refused by the service: {_line(error)}") from error
    except exceptions.NotFound as error:
        raise WarehouseError(
            f"bigquery: {what}: not found: {_line(error)}; check project and location"
        ) from error
    except (exceptions.GoogleAPICallError, exceptions.RetryError) as error:
        raise WarehouseError(f"bigquery: {what}: {_line(error)}") from error
    except (requests.RequestException, ConnectionError) as error:
        raise WarehouseError(f"bigquery: {what}: connection lost: {_line(error)}") from error


def _line(error: Exception) -> str:
    message = getattr(error, "message", "") or str(error)
    return message.strip().splitlines()[0][:400]
