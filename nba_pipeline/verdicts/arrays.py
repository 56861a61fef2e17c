"""Rows of the ledger and of what dates read, as arrays.

Belongs here: finding the rows of a table and its dates. Does not belong here: what they mean
(``board``), or reading them (``snapshot``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nba_pipeline.verdicts.schedule import UNIX
from nba_pipeline.verdicts.scope import Span
from nba_pipeline.verdicts.verdict import State

Ints = npt.NDArray[np.int64]

STATES: Sequence[State] = tuple(State)
"""States by code."""
CODES: Mapping[State, int] = {state: code for code, state in enumerate(STATES)}


class LedgerArrays:
    """Ledger rows as arrays, with an empty row at the end for the place -1."""

    def __init__(self, rows: pa.Table) -> None:
        self._assets = _texts(rows, "asset")
        self._dates = rows["game_date"].cast(pa.int32()).to_numpy().astype(np.int64)
        self.versions = np.append(_texts(rows, "version"), "")
        self.checksums = np.append(_texts(rows, "checksum"), "")
        self.code_versions = np.append(_texts(rows, "code_version"), "")
        self.config_hashes = np.append(_texts(rows, "config_hash"), "")
        codes = {str(state): code for state, code in CODES.items()}
        self.status = np.array([codes.get(s, -1) for s in rows["status"].to_pylist()] + [-1])
        self.row_count = np.append(pc.fill_null(rows["row_count"], 0).to_numpy(), 0)
        degraded = pc.fill_null(rows["is_degraded"], False).to_numpy(zero_copy_only=False)
        self.is_degraded = np.append(degraded.astype(np.bool_), False)
        self._order = np.argsort(self._assets, kind="stable")
        self._sorted = self._assets[self._order]
        self._places: dict[str, Ints] = {}

    def places(self, table: str, span: Span) -> Ints:
        """Position of each date's row, -1 without one."""
        if table not in self._places:
            bounds = (
                np.searchsorted(self._sorted, [table], "left"),
                np.searchsorted(self._sorted, [table], "right"),
            )
            mine = self._order[bounds[0][0] : bounds[1][0]]
            offset = self._dates[mine] - (span.first - UNIX).days
            inside = (offset >= 0) & (offset < span.days)
            found = np.full(span.days, -1, np.int64)
            found[offset[inside]] = mine[inside]
            self._places[table] = found
        return self._places[table]

    def checksums_at(self, places: Ints) -> list[str | None]:
        """Checksums of the rows at places; None where there is no row."""
        return [self.checksums[n] if n >= 0 else None for n in places]


@dataclass(frozen=True)
class Read:
    """What dates of a table read of one upstream: place of the date, window in days, version."""

    at: Ints
    start: Ints
    end: Ints
    version: npt.NDArray[np.object_]


class InputArrays:
    """Input rows as arrays."""

    def __init__(self, rows: pa.Table) -> None:
        self._rows = rows.sort_by([("asset", "ascending"), ("upstream", "ascending")])
        self._assets, self._upstreams = _texts(self._rows, "asset"), _texts(self._rows, "upstream")

    def by_upstream(self, table: str, span: Span) -> list[tuple[str, Read]]:
        """What a table's dates read of each upstream."""
        first, last = np.searchsorted(self._assets, [table, table + "\0"])
        mine = self._rows.slice(int(first), int(last - first))
        upstreams = self._upstreams[first:last]
        at = _days(mine, "game_date") - (span.first - UNIX).days
        start, end = _days(mine, "window_start"), _days(mine, "window_end")
        versions = _texts(mine, "version")
        found = []
        for upstream in dict.fromkeys(upstreams):
            here = (upstreams == upstream) & (at >= 0) & (at < span.days)
            found.append((upstream, Read(at[here], start[here], end[here], versions[here])))
        return found


def _texts(rows: pa.Table, name: str) -> npt.NDArray[np.object_]:
    found = np.empty(rows.num_rows, dtype=object)
    found[:] = rows[name].to_pylist()
    return found


def _days(rows: pa.Table, name: str) -> Ints:
    return np.asarray(rows[name].cast(pa.int32()).to_numpy().astype(np.int64))
