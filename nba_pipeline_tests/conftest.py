"""Fixtures that every test may ask for."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.snapshot import Snapshot, snapshot_of
from nba_pipeline_tests.emulators import bigquery_emulator
from nba_pipeline_tests.real import platform_of, real_platform
from nba_pipeline_tests.support import built_night, platform_in
from nba_pipeline_tests.templates import shared_folder

REPO = Path(__file__).resolve().parents[1]
_ARCHIVES = Path(os.environ.get("NBA_ARCHIVES") or REPO.parent / "shared" / "data").resolve()
_REAL_HOME = os.environ.get("NBA_REAL_HOME")
_SHARED = ExitStack()


def pytest_configure() -> None:
    gc.set_threshold(100_000, 20, 100)  # a worker's heap is large and searched in vain
    _SHARED.enter_context(shared_folder())


def pytest_unconfigure() -> None:
    _SHARED.close()


_ONE_WORKER = {"real": ("test_real_",), "emulator": ("test_warehouse.", "test_bigquery")}
"""Beginnings of files that share what takes long to make: five seasons, a BigQuery emulator."""


class _Scheduling(LoadScopeScheduling):
    """A file's tests share a worker, and so do files that share what takes long to make."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        name = Path(file).name
        return next((s for s, begin in _ONE_WORKER.items() if name.startswith(begin)), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _Scheduling:
    config.option.loadscopereorder = False  # many tests are not long tests
    return _Scheduling(config, log)


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for five real seasons is the real-data job's; the longest come first.

    So no worker is left alone with them at the end.
    """
    for item in items:
        if "real" in getattr(item, "fixturenames", ()):
            item.add_marker("real")
    longest = (
        "test_real_",
        "test_daemon",  # waits most of the time: the others have the cores
        "test_warehouse.",
        "test_bigquery_only",
        "test_bigquery.",
        "test_bigquery_real",  # by now the archives are parsed, where all of them are read
        "test_cli",
        "test_contexts.",
        "test_crashes",
        "test_docs",
        "test_ranged",
        "test_event_batches",
        "test_days_without",
        "test_adding_a_table",
        "test_kept",
    )

    def rank(item: pytest.Item) -> int:
        found = (n for n, start in enumerate(longest) if item.path.name.startswith(start))
        return next(found, len(longest))

    items.sort(key=rank)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith(("NBA_", "DAGSTER_HOME"))]:
        if name not in ("NBA_SOAK_ROUNDS", "NBA_LIVE_BIGQUERY_PROJECT"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def archives() -> Path:
    """Folder of the real archives; tests that need it are skipped, visibly, without it."""
    if not _ARCHIVES.is_dir():
        pytest.skip("the real archives are not here; set NBA_ARCHIVES")
    return _ARCHIVES


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    """A BigQuery emulator for the whole session of a worker."""
    with bigquery_emulator() as url:
        yield url


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    """An empty platform on the simulated league."""
    return platform_in(tmp_path / "home")


@pytest.fixture
def built(tmp_path: Path) -> Platform:
    """The night of 2026-01-03, every table complete."""
    return built_night(tmp_path / "home")


@pytest.fixture(scope="session")
def real(archives: Path, tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """Five seasons of the real archives, every table built: a copy of NBA_REAL_HOME, or here."""
    home = tmp_path_factory.mktemp("real")
    if not _REAL_HOME:
        return real_platform(home, archives)
    shutil.copytree(_REAL_HOME, home, ignore=shutil.ignore_patterns("dagster"), dirs_exist_ok=True)
    return platform_of(home, archives)


@pytest.fixture(scope="session")
def seen(real: Platform) -> Snapshot:
    """Where the real archives stand after one build of everything."""
    return snapshot_of(real)
