"""Telling Dagster what the ledger has published and Dagster lacks, or shows otherwise.

Belongs here: comparing by data version and check, and telling of exactly the dates that differ.
Does not belong here: deciding what is true (the ledger is), what Dagster shows (``shown``), or what
an event looks like (``events``). A process that dies between publish and events leaves Dagster
behind; a deleted history leaves it empty. A table is told of by a run of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import dagster as dg

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.orchestration.events import partition_key
from nba_pipeline.orchestration.shown import (
    Shown,
    dates_of,
    is_other,
    shown_of,
    tell_in_run,
    unfinished_runs,
    versions_of,
)
from nba_pipeline.orchestration.told import GREEN, Told, published, told_of_verdict
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.snapshot import Snapshot, snapshot_of
from nba_pipeline.verdicts.verdict import LedgerRow

SETTLE = dt.timedelta(minutes=2)
"""A run tells within seconds of publishing; of a younger publish it may still be about to."""


class Gap(StrEnum):
    """What Dagster lacks of a date."""

    EVENT = "no materialization"
    VERSION = "another data version"
    CHECK = "completeness not evaluated"
    VERDICT = "another verdict"


@dataclass(frozen=True, slots=True)
class Lacking:
    """A date that Dagster does not know, or not as it is by the ledger.

    Attributes:
        told: what it is told.
        waits_for: a run that has not ended and will tell of the date itself; empty when none.
    """

    table: str
    date: dt.date
    gap: Gap
    told: Told
    waits_for: str = ""


@dataclass
class Reconciliation:
    """What was found and done.

    Attributes:
        published: dates that the ledger has as published.
        told: dates that Dagster was told of.
        left: dates that it still lacks, those of unfinished runs among them.
    """

    published: int = 0
    told: list[Lacking] = field(default_factory=list)
    left: list[Lacking] = field(default_factory=list)


def reconcile(
    platform: Platform,
    instance: dg.DagsterInstance,
    tables: Sequence[str],
    *,
    only_look: bool = False,
    settle: dt.timedelta = SETTLE,
) -> Reconciliation:
    """Tell Dagster of every published date that it lacks; again, and there is nothing to tell.

    Args:
        platform: whose ledger is the truth.
        instance: what is told.
        tables: the tables to compare.
        only_look: tell nothing.
        settle: how long a run that has not ended may take from publishing to telling.

    Raises:
        WarehouseError: the ledger could not be read.
    """
    snapshot = snapshot_of(platform, tables=tables)
    unfinished = unfinished_runs(instance)
    found = Reconciliation()
    for table in tables:
        found.published += sum(bool(published(r)) for r in snapshot.rows(table).values())
        known = list(_lacking(instance, snapshot, table, unfinished, settle))
        ready = {lack.date: lack for lack in known if not lack.waits_for}
        if ready and not only_look:
            told = {d: _bare(lack) for d, lack in ready.items()}
            tell_in_run(instance, table, {table: told})
            known = list(_lacking(instance, snapshot, table, unfinished, settle))
            found.told += [lack for lack in ready.values() if lack not in known]
        found.left += known
    return found


def _bare(lack: Lacking) -> Told:
    """What a date is told: without a materialization where Dagster has it."""
    has_it = lack.gap in (Gap.CHECK, Gap.VERDICT)
    return replace(lack.told, version="") if has_it else lack.told


def _lacking(
    instance: dg.DagsterInstance,
    snapshot: Snapshot,
    table: str,
    unfinished: set[str],
    settle: dt.timedelta,
) -> Iterator[Lacking]:
    contract, rows = contracts()[table], snapshot.rows(table)
    versions, shown = versions_of(instance, contract), shown_of(instance, snapshot, table)
    dates = set(rows) | dates_of(snapshot, table, shown)
    for date, state in snapshot.states(table, sorted(dates)).items():
        key, row = partition_key(date), rows.get(date)
        known, version = shown.get(key), versions.get(key)
        if state in GREEN and known and known.is_green and row and row.version == version:
            continue
        told = told_of_verdict(snapshot.verdict(table, date), row)
        gap = _gap(told, version, known)
        if gap is not None:
            waits_for = _waits_for(told, row, known, unfinished, settle)
            yield Lacking(table, date, gap, told, waits_for)


def _waits_for(
    told: Told,
    row: LedgerRow | None,
    shown: Shown | None,
    unfinished: set[str],
    settle: dt.timedelta,
) -> str:
    """The run that will tell of a date itself; empty when none will.

    An evaluation that comes before the one that another run has planned would hide it.
    """
    by, at = told.published_by, row.published_at if row else None
    if by in unfinished and at is not None and dt.datetime.now(dt.UTC) - at < settle:
        return by
    planned = shown.info.latest_planned_run_id if shown and shown.is_open else by
    return planned if planned in unfinished and planned != by else ""


def _gap(told: Told, version: str | None, shown: Shown | None) -> Gap | None:
    """What Dagster lacks of a date, or shows otherwise."""
    if told.version and version is None:
        return Gap.EVENT
    if told.version and version != told.version:
        return Gap.VERSION
    if shown is None or not shown.is_answer:
        # of what is lost there is a check only: the interface shows no materialization of it
        return Gap.CHECK if version is not None or told.is_lost else None
    return Gap.VERDICT if is_other(shown, told) else None
