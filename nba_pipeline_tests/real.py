"""What tests on the real archives share: their dates, and building every table once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from nba_pipeline.build.door import build
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.league.calendar import FIRST_GAME_DATE
from nba_pipeline.platform import Platform, build_platform
from nba_pipeline.settings import Settings, SourceMode
from nba_pipeline_tests.templates import parsed_once

LAST = dt.date(2025, 12, 31)
DATES = [FIRST_GAME_DATE + dt.timedelta(n) for n in range((LAST - FIRST_GAME_DATE).days + 1)]
FULL_SEASONS = (2021, 2022, 2023, 2024)
NO_BOX_SCORE = [
    dt.date(2024, 12, 17),
    dt.date(2025, 4, 15),
    dt.date(2025, 4, 16),
    dt.date(2025, 4, 18),
]
"""The Cup final and the play-in of 2024-25: no archive has a box score of them."""


def platform_of(home: Path, archives: Path) -> Platform:
    """A home on the archives, as of their last date."""
    settings = Settings(home=home, source=SourceMode.ARCHIVES, archives=archives, today=LAST)
    parsed_once(settings)
    return build_platform(settings)


def real_platform(home: Path, archives: Path) -> Platform:
    """The archives, with every table built on every date."""
    platform = platform_of(home, archives)
    build_all(platform, run_id="real")
    return platform


def build_all(platform: Platform, *, run_id: str) -> None:
    """Every table on every date, in the chunks of a large backfill."""
    for name, contract in contracts().items():
        dates = DATES if contract.is_partitioned else [WHOLE_TABLE]
        for start in range(0, len(dates), 400):
            build(platform, name, dates[start : start + 400], run_id=run_id)


def query(platform: Platform, text: str) -> list[dict[str, object]]:
    """Rows of a statement."""
    return platform.warehouse.query(text).to_pylist()
