"""The Dagster instance that the command line writes its runs to, so that the UI shows them.

Belongs here: finding the instance. Does not belong here: launching (``runner``).
``dagster.yaml`` puts its state under ``.nba/dagster`` of the folder in which ``dagster dev`` runs;
the command line, ``nba ui`` among it, puts it under the same folder of ``NBA_HOME``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import yaml
from dagster._core.instance import InstanceRef

from nba_pipeline.files import folder_of

_CONFIG = "dagster.yaml"
_DEFAULT_HOME = ".nba/"
_NO_CAPTURE = {
    "compute_logs": {
        "module": "dagster._core.storage.noop_compute_log_manager",
        "class": "NoOpComputeLogManager",
    }
}
"""Whoever runs the command line reads its output there; capturing takes four processes a run."""


@contextmanager
def dagster_instance(home: Path, **parts: Any) -> Iterator[dg.DagsterInstance]:
    """The instance of ``DAGSTER_HOME``, or the repository's with its state under ``home``.

    ``parts`` take the place of others in ``dagster.yaml``, as its launcher of runs.
    """
    if os.environ.get("DAGSTER_HOME"):
        with dg.DagsterInstance.get() as instance:
            yield instance
        return
    folder = home.resolve() / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    overrides = storage_overrides(home) | _NO_CAPTURE | parts
    ref = InstanceRef.from_dir(str(folder), config_dir=str(folder_of(_CONFIG)), overrides=overrides)
    with dg.DagsterInstance.from_ref(ref) as instance:
        yield instance


def interface_home(home: Path) -> Path:
    """A ``DAGSTER_HOME`` for the interface with the history of the command line under ``home``."""
    folder = home.resolve() / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    config = yaml.safe_load((folder_of(_CONFIG) / _CONFIG).read_text(encoding="utf-8"))
    text = yaml.safe_dump(config | storage_overrides(home), sort_keys=False)
    (folder / _CONFIG).write_text(text, encoding="utf-8")
    return folder


def storage_overrides(home: Path) -> dict[str, Any]:
    """The storages of ``dagster.yaml`` with ``home`` in the place of ``.nba``."""
    config = yaml.safe_load((folder_of(_CONFIG) / _CONFIG).read_text(encoding="utf-8"))
    found = {}
    for key, value in config.items():
        base_dir = (value.get("config") or {}).get("base_dir", "")
        if base_dir.startswith(_DEFAULT_HOME):
            moved = str(home.resolve() / base_dir.removeprefix(_DEFAULT_HOME))
            found[key] = {**value, "config": {**value["config"], "base_dir": moved}}
    return found
