"""What a snapshot asks the warehouse.

Belongs here: the statements and their parameters. Does not belong here: what the answers mean
(``board``), or who asks (``snapshot``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pyarrow as pa

from nba_pipeline.contracts.registry import calendar, contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.contracts.sql_files import load_sql
from nba_pipeline.verdicts.scope import Span
from nba_pipeline.warehouse.base import Query


def queries(read: Mapping[str, Span], *, recount: bool) -> list[Query]:
    """Ledger, inputs, games, starts of seasons, waivers and, last, rows of tables now."""
    dated = [span for name, span in read.items() if contracts()[name].is_partitioned]
    first, last = min(s.first for s in dated), max(s.last for s in dated)
    known = {"first_date": first, "last_date": last}
    assets = {**known, "assets": list(read), "whole_table": WHOLE_TABLE}
    scheduled = read[calendar().name]
    games = {"first_date": scheduled.first, "last_date": scheduled.last}
    found: list[Query] = [
        (load_sql("ops/ledger_rows"), assets),
        (load_sql("ops/input_rows"), assets),
        (load_sql("ops/scheduled_games"), games),
        (load_sql("ops/season_starts"), {}),
        (load_sql("ops/waivers_in_force"), {}),
    ]
    if recount:
        found.append(_count(read))
    return found


def _count(read: Mapping[str, Span]) -> Query:
    """Rows of all tables by date, in one statement; large tables refuse one that names no dates."""
    parts, params = [], dict[str, object]()
    spans = list(dict.fromkeys(read.values()))
    for number, span in enumerate(spans):
        params |= {f"first_{number}": span.first, f"last_{number}": span.last}
    for name, span in read.items():
        contract, number = contracts()[name], spans.index(span)
        date, where = "game_date", f"game_date BETWEEN @first_{number} AND @last_{number}"
        if not contract.is_partitioned:
            date, where = f"@first_{number}", f"@first_{number} = @last_{number}"
        parts.append(
            f"SELECT '{name}' AS asset, {date} AS game_date, COUNT(*) AS n "  # noqa: S608
            f"FROM {contract.path} WHERE {where} GROUP BY 1, 2"
        )
    return " UNION ALL ".join(parts), params


def counts_of(rows: pa.Table, read: Mapping[str, Span]) -> dict[str, dict[dt.date, int]]:
    """Counted rows by table and date."""
    found: dict[str, dict[dt.date, int]] = {name: {} for name in read}
    for asset, date, n in zip(*rows.to_pydict().values(), strict=True):
        found[asset][date] = n
    return found
