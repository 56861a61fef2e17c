"""Named failpoints, so that a test can break the platform exactly where it hurts.

Belongs here: reading the fault plan and acting at a failpoint. Does not belong here: any recovery.
The plan is the environment variable ``NBA_FAULTS``: ``point[:table[@date]]=action`` separated by
``;``, with the actions ``kill`` (SIGKILL to this process), ``raise``, ``sleep:<seconds>`` and,
where rows pass, ``keep:<n>`` (all but the first n rows of each date are lost), ``times:<n>`` and
``set:<column>:<number>`` (in the first row of each date). Without it a failpoint does nothing.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import time

import pyarrow as pa
import pyarrow.compute as pc

VARIABLE = "NBA_FAULTS"

POINTS = (
    "staged",
    "before_swap",
    "mid_swap",
    "after_swap",
    "before_ledger",
    "before_commit",
    "after_commit",
)
"""Failpoints in the order in which a publish passes them.

``materialized`` lies behind them, between the materializations of a run and its evaluations.
"""


class InjectedFaultError(RuntimeError):
    """What the action ``raise`` raises."""


def failpoint(point: str, table: str) -> None:
    """Act as the plan says at ``point`` for ``table``.

    Raises:
        InjectedFaultError: the plan says ``raise``.
    """
    action = planned(point, table)
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "raise":
        raise InjectedFaultError(f"injected at {point} of {table}")
    elif action.startswith("sleep:"):
        time.sleep(float(action.removeprefix("sleep:")))


def distort(point: str, table: str, rows: pa.Table) -> pa.Table:
    """Rows as they leave a failpoint: all, unless the plan loses, repeats or breaks some."""
    if not os.environ.get(VARIABLE) or "game_date" not in rows.schema.names:
        return rows
    for date in sorted(set(rows["game_date"].to_pylist())):
        action = planned(point, table, date)
        if action:
            is_hit = pc.equal(rows["game_date"], pa.scalar(date, pa.date32()))
            hit = _distorted(rows.filter(is_hit), action)
            rows = pa.concat_tables([rows.filter(pc.invert(is_hit)), hit])
    return rows


def _distorted(rows: pa.Table, action: str) -> pa.Table:
    """Rows of one date after an action."""
    if action.startswith("times:"):
        return pa.concat_tables([rows] * int(action.removeprefix("times:")))
    if action.startswith("set:"):
        _, column, value = action.split(":")
        index = rows.schema.get_field_index(column)
        values = [float(value), *rows[column].to_pylist()[1:]]
        return rows.set_column(
            index, rows.schema.field(index), pa.array(values).cast(rows.schema.field(index).type)
        )
    if action.startswith("keep:"):
        return rows.slice(0, int(action.removeprefix("keep:")))
    return rows


def planned(point: str, table: str, date: dt.date | None = None) -> str:
    """The action of the plan at a point, empty when there is none."""
    for entry in os.environ.get(VARIABLE, "").split(";"):
        where, _, action = entry.strip().partition("=")
        if where in (point, f"{point}:{table}", f"{point}:{table}@{date}"):
            return action
    return ""
