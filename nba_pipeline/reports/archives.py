"""What is known of an archive as a folder: what is read of it, what is missing, what nobody knows.

Belongs here: putting the survey of the folder and the state of every endpoint together, and dates
that were declared lost and are there now. Does not belong here: payloads and drift (``sources``),
printing (``cli.sources``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import Endpoint
from nba_pipeline.league.calendar import Day
from nba_pipeline.sources.archive.listing import archive_at
from nba_pipeline.sources.archive.loader import ArchiveLoader
from nba_pipeline.sources.archive.survey import Survey, survey
from nba_pipeline.sources.loader import KeepingLoader, Loader, offered_days
from nba_pipeline.sources.own.fixed import NothingLoader
from nba_pipeline.verdicts.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class ArchiveReport:
    """One archive.

    Attributes:
        manifest, inventory: where they stand; an archive may have no inventory.
        listed: files on the inventory.
        faults: files that should be read and cannot, each with its endpoint and reason.
        empty: endpoints of which the folder has no file.
    """

    root: Path
    manifest: str
    inventory: str
    listed: int
    survey: Survey
    faults: tuple[str, ...]
    empty: tuple[Endpoint, ...]


@dataclass(frozen=True, slots=True)
class OfferedNow:
    """Dates that a table's ledger has as lost for good, and that its source offers now."""

    table: str
    dates: tuple[dt.date, ...]


def archive_report(root: Path, loaders: Mapping[Endpoint, Loader]) -> ArchiveReport:
    """The archive in a folder.

    Raises:
        SourceError: its manifest cannot be used, or a folder cannot be looked into.
    """
    archive = archive_at(root)
    faults, empty = [], []
    for endpoint, loader in loaders.items():
        files = archive.listing(endpoint).files if isinstance(loader, ArchiveLoader) else ()
        faults += [f"{loader.name}/{endpoint}: {file.fault}" for file in files if file.fault]
        if not files and isinstance(loader, ArchiveLoader | NothingLoader):
            empty.append(endpoint)
    return ArchiveReport(
        root, archive.manifest.label, archive.inventory.name, len(archive.inventory.files),
        survey(archive), tuple(faults), tuple(empty),
    )  # fmt: skip


def offered_now(
    snapshot: Snapshot,
    loaders: Mapping[Endpoint, Loader],
    tables: Iterable[str] | None = None,
    dates: Collection[dt.date] | None = None,
) -> list[OfferedNow]:
    """What a new file, or a new source, has of dates that were settled as lost.

    Args:
        snapshot: of the tables and dates.
        loaders: what each source has.
        tables: those that are asked about; all without it.
        dates: likewise.
    """
    found = []
    for name in contracts() if tables is None else tables:
        contract = contracts()[name]
        loader = loaders.get(contract.endpoint) if contract.endpoint else None
        if loader is None or not contract.is_partitioned:
            continue
        keeping = loader if isinstance(loader, KeepingLoader) else None
        notes: dict[dt.date, str] = {}
        days: list[Day] = []
        for date, note in snapshot.recorded_as_lost(name).items():
            if dates is not None and date not in dates:
                continue
            # lost by the source's own word, which it may take back; no other loss is asked about
            if not note.startswith(f"{loader.name}: "):
                continue
            day = snapshot.expected_day(contract, date)
            if day.games or not contract.expectation.follows_schedule:
                notes[date] = note
                days.append(day)
        offered = [
            day.date
            for day in offered_days(loader, contract, days)
            if keeping is None or notes[day.date] != keeping.nothing_on(day.date)
        ]
        if offered:
            found.append(OfferedNow(name, tuple(sorted(offered))))
    return found
