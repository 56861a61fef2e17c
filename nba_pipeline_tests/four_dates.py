"""Four dates around the night of 2026-01-03 with all that is read built, and nothing computed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from nba_pipeline.platform import Platform
from nba_pipeline_tests.support import LAST_INPUT, NIGHT, platform_in, start_from

DATES = [NIGHT + dt.timedelta(n) for n in (-2, -1, 0, 1)]
KEYS = [d.isoformat() for d in DATES]
RANGE = {
    "dagster/asset_partition_range_start": KEYS[0],
    "dagster/asset_partition_range_end": KEYS[-1],
}
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def built_inputs(home: Path) -> Platform:
    """A platform with the raw and reference tables of the four dates."""
    platform = platform_in(home)
    start_from(platform, *DATES, upto=LAST_INPUT)
    return platform
