"""What tests of checks share: names of tables, auditing rows of the night, damaging them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pyarrow as pa

from nba_pipeline.audit.dates import AuditReport, audit
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.league.calendar import Day
from nba_pipeline_tests.checks_of_checks.sheet_cases import BDL, SHEETS
from nba_pipeline_tests.support import DEFENSE, NIGHT, OFFENSE, PLAYERS

Row = dict[str, object]
PLAYER_LOG, BREF, TEAM_LOG = (
    "nbac_player_boxscores",
    "bref_player_boxscores",
    "nbac_team_boxscore",
)
TEAM_TABLES = (TEAM_LOG, OFFENSE, DEFENSE)
PLAYER_TABLES = (PLAYER_LOG, BREF, SHEETS, BDL, PLAYERS)


Night = tuple[dict[str, list[Row]], Day]


def audited(
    table: str, rows: list[Row], day: Day, expected: dict[dt.date, int] | None = None
) -> AuditReport:
    contract = contracts()[table]
    schema = arrow_schema(contract)
    frame = pa.Table.from_pylist(rows, schema=schema)
    if table == "nbac_schedule":
        day = replace(day, games=())
    return audit(contract, frame, {NIGHT: day}, expected_rows=expected)


def copied(rows: list[Row]) -> list[Row]:
    return [dict(r) for r in rows]


def first(rows: list[Row], **changes: object) -> str:
    """Change the first row; its team is the culprit."""
    rows[0].update(changes)
    return str(rows[0]["team"])


def scorer_lost(rows: list[Row]) -> str:
    top = max(rows, key=lambda r: int(str(r["points"] or 0)))
    rows.remove(top)
    return str(top["team"])
