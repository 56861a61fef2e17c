"""Which function makes rows of an endpoint's frames.

Belongs here: the choice. Does not belong here: the functions (``*_rows``). All
join to the schedule; what is not on it comes back by date, to be named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa

from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.landing.payload import Endpoint
from nba_pipeline.sources.rows.boards import bettingpros_rows, prizepicks_rows
from nba_pipeline.sources.rows.boxscores import Fetched, boxscore_rows
from nba_pipeline.sources.rows.game_lines import game_line_rows
from nba_pipeline.sources.rows.lines import line_rows
from nba_pipeline.sources.rows.people import injury_rows, roster_rows, transaction_rows
from nba_pipeline.sources.rows.plays import play_rows
from nba_pipeline.sources.rows.schedule_join import Days, Strangers
from nba_pipeline.sources.rows.sheets import sheet_rows

Shaper = Callable[[TableContract, Fetched, Days, Days], tuple[pa.Table, Strangers]]

_SHAPERS: Mapping[Endpoint, Shaper] = {
    Endpoint.POINTS_LINES: line_rows,
    Endpoint.INJURY_REPORT: injury_rows,
    Endpoint.INJURY_TRANSACTIONS: transaction_rows,
    Endpoint.ROSTERS: roster_rows,
    Endpoint.PRIZEPICKS_LINES: prizepicks_rows,
    Endpoint.BETTINGPROS_LINES: bettingpros_rows,
    Endpoint.GAME_LINES: game_line_rows,
    Endpoint.GAME_SHEETS: sheet_rows,
    Endpoint.BREF_PLAYS: play_rows,
    Endpoint.LEAGUE_PLAYS: play_rows,
}


def shape(
    contract: TableContract, fetched: Fetched, days: Days, scheduled: Days
) -> tuple[pa.Table, Strangers]:
    """Rows of ``days`` in the contract's Arrow schema, and by date what is not ``scheduled``.

    Raises:
        PayloadError: a value cannot be stored as its column's type.
    """
    shaper = _SHAPERS.get(contract.endpoint, boxscore_rows) if contract.endpoint else boxscore_rows
    return shaper(contract, fetched, days, scheduled)
