"""Fixtures that every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from nba_pipeline.platform import Platform
from nba_pipeline.snapshot import Snapshot
from nba_pipeline_tests.emulators import bigquery_emulator
from nba_pipeline_tests.real import real_platform
from nba_pipeline_tests.support import built_night, platform_in

REPO = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith(("NBA_", "DAGSTER_HOME"))]:
        if name not in ("NBA_ARCHIVES", "NBA_SOAK_ROUNDS", "NBA_LIVE_BIGQUERY_PROJECT"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def archives() -> Path:
    """Folder of the real archives; tests that need it are skipped, visibly, without it."""
    found = Path(os.environ.get("NBA_ARCHIVES") or REPO.parent / "shared" / "data")
    if not found.is_dir():
        pytest.skip("the real archives are not here; set NBA_ARCHIVES")
    return found


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
    """Five seasons of the real archives, every table built; once per worker."""
    return real_platform(tmp_path_factory.mktemp("real"), archives)


@pytest.fixture(scope="session")
def seen(real: Platform) -> Snapshot:
    """Where the real archives stand after one build of everything."""
    return Snapshot(real.warehouse)
