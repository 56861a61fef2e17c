"""The completeness check executed on its own, as *Execute all* does: nothing is built.

Belongs here: telling what the verdicts say now, of the dates of the run or of all dates that
Dagster shows. Does not belong here: a run that builds (``factory``).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import dagster as dg

from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.orchestration.events import COMPLETE_CHECK, asset_key, origin_of, tell
from nba_pipeline.orchestration.partitions import date_of
from nba_pipeline.orchestration.shown import differences, tell_all
from nba_pipeline.orchestration.told import GREEN, description_of, told_of_verdict
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.messages import subject
from nba_pipeline.verdicts.snapshot import Snapshot, snapshot_of
from nba_pipeline.verdicts.verdict import State


def tell_again(
    context: dg.AssetExecutionContext, contract: TableContract, platform: Platform
) -> None:
    """Tell every date whose verdict is another one than is shown, and a summary of all dates.

    Such a run has no partition, or the dates that somebody chose for it. It ends well also where
    the check fails: it did what it was asked for.

    Raises:
        WarehouseError: the warehouse could not be read.
    """
    dates = _dates_of(context, contract)
    snapshot = snapshot_of(platform, tables=[contract.name], dates=dates)
    states = snapshot.states(contract.name, dates or sorted(snapshot.rows(contract.name)))
    origin = origin_of(context)
    if dates:  # planned by this run: what is not told would stay planned
        now = {d: snapshot.verdict(contract.name, d) for d in states}
        told = {d: told_of_verdict(v, snapshot.row(contract.name, d)) for d, v in now.items()}
        bare = {d: replace(t, version="") for d, t in told.items()}
        tell(context.instance, origin, contract, bare)
    else:
        found = differences(context.instance, snapshot, {contract.name: None})
        tell_all(context.instance, origin, found)
    summary = _summary(contract, snapshot, states)
    tell(context.instance, origin, contract, {}, rechecked=[summary])


def _dates_of(context: dg.AssetExecutionContext, contract: TableContract) -> Sequence[dt.date]:
    if contract.is_partitioned and (context.has_partition_key or context.has_partition_key_range):
        return [date_of(key) for key in context.partition_keys]
    return []


def _summary(
    contract: TableContract, snapshot: Snapshot, states: Mapping[dt.date, State]
) -> dg.AssetCheckResult:
    """All dates in one evaluation; a warning where nobody can do anything about the bad ones."""
    bad = [d for d, state in states.items() if state not in GREEN]
    worst = next((d for d in bad if states[d] is not State.UNRECOVERABLE), bad[0] if bad else None)
    text = f"{len(bad)} of {len(states)} dates not good"
    if worst is not None:
        why = description_of(told_of_verdict(snapshot.verdict(contract.name, worst), None))
        text += f"; {subject(contract.name, worst)} {why}"
    only_lost = all(states[d] is State.UNRECOVERABLE for d in bad)
    return dg.AssetCheckResult(
        asset_key=asset_key(contract),
        check_name=COMPLETE_CHECK,
        passed=not bad and bool(states),
        severity=dg.AssetCheckSeverity.WARN if only_lost else dg.AssetCheckSeverity.ERROR,
        description=text if states else "no date was ever built",
        metadata={f"{state}_dates": n for state, n in Counter(states.values()).most_common()},
    )
