"""The connection to BigQuery, as a Dagster resource.

Belongs here: project, location, credentials and endpoint. Does not belong here: any job.
"""

from __future__ import annotations

from typing import Any

from dagster_gcp import BigQueryResource
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery
from pydantic import Field


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
