"""Named failpoints, so that a test can break the platform exactly where it hurts.

Belongs here: reading the fault plan and acting at a failpoint. Does not belong here: any recovery.
The plan is the environment variable ``NBA_FAULTS``: ``point[:table]=action`` separated by ``;``,
with the actions ``kill`` (SIGKILL to this process), ``raise``, ``sleep:<seconds>`` and, where rows
pass, ``keep:<n>`` (all but the first n rows of each date are lost), ``times:<n>`` and
``set:<column>:<number>`` (in the first row). Without the variable a failpoint does nothing.
"""

from __future__ import annotations

import os
import signal
import time

import pyarrow as pa

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
"""Failpoints in the order in which a publish passes them."""


class InjectedFaultError(RuntimeError):
    """What the action ``raise`` raises."""


def failpoint(point: str, table: str) -> None:
    """Act as the plan says at ``point`` for ``table``.

    Raises:
        InjectedFaultError: the plan says ``raise``.
    """
    action = _action(point, table)
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "raise":
        raise InjectedFaultError(f"injected at {point} of {table}")
    elif action.startswith("sleep:"):
        time.sleep(float(action.removeprefix("sleep:")))


def distort(point: str, table: str, rows: pa.Table) -> pa.Table:
    """Rows as they leave a failpoint: all of them, unless the plan loses or repeats some."""
    action = _action(point, table)
    if action.startswith("times:"):
        return pa.concat_tables([rows] * int(action.removeprefix("times:")))
    if action.startswith("set:"):
        _, column, value = action.split(":")
        index = rows.schema.get_field_index(column)
        values = rows[column].to_pylist()
        values[0] = float(value)
        changed = pa.array(values).cast(rows.schema.field(index).type)
        return rows.set_column(index, column, changed)
    if not action.startswith("keep:"):
        return rows
    keep = int(action.removeprefix("keep:"))
    seen: dict[object, int] = {}
    mask = []
    for date in rows["game_date"].to_pylist():
        seen[date] = seen.get(date, 0) + 1
        mask.append(seen[date] <= keep)
    return rows.filter(pa.array(mask, pa.bool_()))


def _action(point: str, table: str) -> str:
    for entry in os.environ.get(VARIABLE, "").split(";"):
        where, _, action = entry.strip().partition("=")
        if where in (point, f"{point}:{table}"):
            return action
    return ""
