"""Landed payloads against what was landed, and against the rows that were made of them.

Belongs here: re-hashing the landing zone, and payloads that rows name and nobody has. Does not
belong here: fetching them again (``nba backfill --again``); nothing is deleted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nba_pipeline.contracts.spec import WHOLE_TABLE, TableContract
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.snapshot import all_dates

_DIGEST = "payload_sha256"


@dataclass(frozen=True, slots=True)
class LandingFault:
    """A payload that is not what was landed, or is not there, with the dates made of it."""

    table: str
    dates: tuple[dt.date, ...]
    detail: str


def verify_landing(platform: Platform, tables: Sequence[TableContract]) -> list[LandingFault]:
    """Faults of the payloads behind raw tables.

    Raises:
        WarehouseError: a table could not be read.
    """
    damaged = dict(platform.landing.damaged())
    sound = platform.landing.digests() - set(damaged)
    found = []
    for contract in tables:
        if _DIGEST not in contract.column_names:
            continue
        made_of: dict[str, list[dt.date]] = {}
        for row in _payloads(platform, contract):
            made_of.setdefault(row[_DIGEST], []).append(row["game_date"])
        for digest, dates in sorted(made_of.items()):
            if digest[:16] in damaged:
                detail = f"{damaged[digest[:16]]} is not what was landed; delete it and build again"
            elif digest[:16] not in sound:
                detail = f"payload {digest[:16]} is not in the landing zone any more; build again"
            else:
                continue
            found.append(LandingFault(contract.name, tuple(sorted(dates)), detail))
    return found


def _payloads(platform: Platform, contract: TableContract) -> list[dict[str, Any]]:
    date = "game_date" if contract.is_partitioned else f"DATE '{WHOLE_TABLE}'"
    text = (
        f"SELECT DISTINCT {_DIGEST}, {date} AS game_date FROM {contract.path} "  # noqa: S608
        f"WHERE {_DIGEST} IS NOT NULL AND {all_dates(contract)}"
    )
    rows: list[dict[str, Any]] = platform.warehouse.query(text).to_pylist()
    return rows
