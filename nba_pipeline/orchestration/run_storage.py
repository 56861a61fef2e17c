"""Dagster's SQLite run storage with its connections kept open.

Belongs here: the connection handling of the stock storage, as in ``event_log``, and of which code
location a run of the command line is: the timeline leaves out runs of none. Does not belong here:
what runs mean; tables and rows stay Dagster's own.
The stock class opens an engine, a connection and the file for each of the twenty statements of a
run. This touches private API of Dagster 1.13; with any other version the stock class is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import dagster
from dagster._core.definitions.repository_definition import SINGLETON_REPOSITORY_NAME
from dagster._core.remote_origin import (
    ManagedGrpcPythonEnvCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.storage.dagster_run import DagsterRun
from dagster._core.storage.runs import SqliteRunStorage
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event

from nba_pipeline.orchestration.event_log import BUSY_SECONDS, SUPPORTED, tune

LAUNCHED_BY = "nba/launched_by"
"""Tag of runs that no daemon and no web server launched."""

_REPOSITORY = RemoteRepositoryOrigin(
    ManagedGrpcPythonEnvCodeLocationOrigin(
        LoadableTargetOrigin(module_name="nba_pipeline.definitions"), location_name="nba_pipeline"
    ),
    SINGLETON_REPOSITORY_NAME,
)


class PooledSqliteRunStorage(SqliteRunStorage):
    """Stock tables over a pool of connections, ``synchronous=NORMAL``."""

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Any:
        """The pooled storage, or the stock one when Dagster is not the version it was made for."""
        wanted = cls if dagster.__version__.startswith(SUPPORTED) else SqliteRunStorage
        return wanted.from_local(inst_data=inst_data, **config_value)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection of the pool, in a transaction."""
        with self._engine.connect() as connection, connection.begin():
            yield connection

    def add_run(self, dagster_run: DagsterRun) -> DagsterRun:
        """Store a run; one of the command line as of the code location of ``workspace.yaml``."""
        if LAUNCHED_BY in dagster_run.tags and dagster_run.remote_job_origin is None:
            origin = RemoteJobOrigin(_REPOSITORY, dagster_run.job_name)
            dagster_run = dagster_run._replace(remote_job_origin=origin)
        return super().add_run(dagster_run)

    @cached_property
    def _engine(self) -> Engine:
        engine = create_engine(self._conn_string, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", tune)
        return engine

    def dispose(self) -> None:
        """Close all connections."""
        self._engine.dispose()
        super().dispose()
