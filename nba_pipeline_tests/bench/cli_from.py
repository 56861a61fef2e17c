"""``nba`` with another first game date: ``python -m nba_pipeline_tests.bench.cli_from DATE ...``.

The date is set before any module takes it, so that Dagster's partitions begin there too.
"""

from __future__ import annotations

import datetime as dt
import sys

from nba_pipeline.league import calendar


def main() -> None:
    """Run the command line as if the league's first date were the first argument."""
    calendar.FIRST_GAME_DATE = dt.date.fromisoformat(sys.argv.pop(1))
    from nba_pipeline.cli.main import cli

    cli(prog_name="nba")


if __name__ == "__main__":
    main()
