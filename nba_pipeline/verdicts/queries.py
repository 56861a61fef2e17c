"""What a snapshot asks the warehouse.

Belongs here: the statements and their parameters. Does not belong here: what the answers mean
(``board``), or who asks (``snapshot``).
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from nba_pipeline.contracts.registry import calendar, contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.contracts.sql_files import load_sql
from nba_pipeline.verdicts.contents import Contents
from nba_pipeline.verdicts.scope import Span
from nba_pipeline.warehouse.base import ContentQuery, Query


def queries(read: Mapping[str, Span], *, recount: bool) -> list[Query | ContentQuery]:
    """Ledger, inputs, games, starts of seasons, waivers and, last, what is in the tables."""
    dated = [span for name, span in read.items() if contracts()[name].is_partitioned]
    first, last = min(s.first for s in dated), max(s.last for s in dated)
    known = {"first_date": first, "last_date": last}
    assets = {**known, "assets": list(read), "whole_table": WHOLE_TABLE}
    scheduled = read[calendar().name]
    games = {"first_date": scheduled.first, "last_date": scheduled.last}
    found: list[Query | ContentQuery] = [
        (load_sql("ops/ledger_rows"), assets),
        (load_sql("ops/input_rows"), assets),
        (load_sql("ops/scheduled_games"), games),
        (load_sql("ops/season_starts"), {}),
        (load_sql("ops/waivers_in_force"), {}),
    ]
    if recount:
        spans = ((contracts()[name], s.first, s.last) for name, s in read.items())
        found.append(ContentQuery(tuple(spans)))
    return found


def contents_of(rows: pa.Table, read: Mapping[str, Span]) -> dict[str, Contents]:
    """What is in the tables, by table and date."""
    found = {name: Contents({}, {}) for name in read}
    for asset, date, n, checksum in zip(*rows.to_pydict().values(), strict=True):
        found[asset].counts[date] = n
        found[asset].checksums[date] = checksum
    return found
