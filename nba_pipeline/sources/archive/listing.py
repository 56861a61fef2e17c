"""The files of an archive that are there, and those that should be.

Belongs here: looking into the folders that the manifest's patterns name, and noticing when they
have changed. Does not belong here: what a file holds (``files``), or files that fit no pattern
(``survey``). A folder is looked into again as soon as its time says that something came or went.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from nba_pipeline.landing.payload import Endpoint, SourceError
from nba_pipeline.sources.archive.entry import Entry, Statement
from nba_pipeline.sources.archive.files import ArchiveFile
from nba_pipeline.sources.archive.inventory import Inventory, load_inventory
from nba_pipeline.sources.archive.manifest import OWN_NAME, Manifest, ManifestError, load_manifest
from nba_pipeline.sources.archive.pattern import Named, Pattern
from nba_pipeline.sources.archive.reasons import Asked, why_not

_MAX_FILES = 200_000
"""Files in the folders of one pattern; more is another folder than was meant."""
_MAX_NAME = 200
"""Longest file name: it becomes part of a landing key."""
_TICK_NS = 2_000_000_000
"""Coarsest clock of a file system: what changed within a tick of looking may change unseen."""


class Stamps:
    """Files and folders with the times of their last change."""

    def __init__(self) -> None:
        self._taken = time.time_ns()
        self._modified: dict[str, int | None] = {}
        self._are_settled = True

    def add(self, path: Path) -> None:
        """Remember a path as it is now; what was remembered before stays."""
        name = os.fspath(path)
        if name not in self._modified:
            at = self._modified[name] = _modified(name)
            self._are_settled &= at is None or abs(self._taken - at) > _TICK_NS

    def are_current(self) -> bool:
        """Whether nothing has changed since; what had just changed may have done so again."""
        return self._are_settled and all(_modified(p) == at for p, at in self._modified.items())


@dataclass(frozen=True)
class Listing:
    """Files of one endpoint, in the order of the manifest, and the folders that they were in."""

    files: tuple[ArchiveFile, ...]
    stamps: Stamps
    _reasons: dict[Asked, str] = field(default_factory=dict, compare=False)
    _on: dict[dt.date, tuple[ArchiveFile, ...]] = field(default_factory=dict, compare=False)

    def why_not(self, endpoint: Endpoint, asked: Asked) -> str:
        """Why no file holds what was asked for; many games have one answer."""
        if asked not in self._reasons:
            self._reasons[asked] = why_not(endpoint, self.files, asked)
        return self._reasons[asked]

    def on(self, date: dt.date) -> tuple[ArchiveFile, ...]:
        """Files that may hold a date, as far as their names say; each date is asked for often."""
        if date not in self._on:
            found = (f for f in self.files if f.held is None or date in f.held)
            self._on[date] = tuple(found)
        return self._on[date]


@dataclass
class Archive:
    """A folder with its manifest and inventory, which are read once.

    Raises:
        ManifestError: one of them cannot be used.
    """

    root: Path
    manifest: Manifest = field(init=False)
    inventory: Inventory = field(init=False)
    _stamps: Stamps = field(init=False)
    _listings: dict[Endpoint, Listing] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Read manifest and inventory."""
        self._stamps = Stamps()
        self._stamps.add(self.root / OWN_NAME)
        self.manifest = load_manifest(self.root)
        if self.manifest.inventory is not None:
            self._stamps.add(self.root / self.manifest.inventory)
        self.inventory = load_inventory(self.root, self.manifest)

    def is_current(self) -> bool:
        """Whether manifest and inventory are still those that were read."""
        return self._stamps.are_current()

    def listing(self, endpoint: Endpoint) -> Listing:
        """Files of an endpoint as they are now.

        Raises:
            SourceError: the archive's folder is not there, or a folder cannot be looked into.
        """
        kept = self._listings.get(endpoint)
        if kept is None or not kept.stamps.are_current():
            kept = self._listings[endpoint] = self._taken(endpoint)
        return kept

    def _taken(self, endpoint: Endpoint) -> Listing:
        if not self.root.is_dir():
            raise SourceError(f"{endpoint}: no folder {self.root}")
        stamps = Stamps()
        files = [
            self._file(entry, named, name, stamps)
            for one in self.manifest.entries
            if endpoint in one.endpoint
            for name in self._names(one, stamps)
            for entry, named in [self.manifest.entry_of(name) or (None, None)]
            if entry is one and named is not None
        ]
        return Listing(tuple(_apart(files)), stamps)

    def _names(self, entry: Entry, stamps: Stamps) -> list[str]:
        """Paths of an entry's files: those that are there, and those of the inventory."""
        found = {n for pattern in entry.patterns for n in _matches(self.root, pattern, stamps)}
        return sorted(found.union(name for name in self.inventory.files if entry.read(name)))

    def _file(self, entry: Entry, named: Named, name: str, stamps: Stamps) -> ArchiveFile:
        path = self.root / name
        but = entry.but.get(path.name)
        if but is not None and but.bytes is not None:
            stamps.add(path)
            if path.is_file() and path.stat().st_size != but.bytes:
                but = None
        file = ArchiveFile(path, name, entry, named, but or Statement())
        try:
            file.held  # noqa: B018 computed now, so that a contradiction is told now
        except ValueError as error:
            raise ManifestError(f"{self.manifest.label}: {name}: {error}") from error
        return replace(file, fault=self._fault(file))

    def _fault(self, file: ArchiveFile) -> str:
        """Why a file cannot be read, as far as can be told without opening it."""
        if len(file.path.name) > _MAX_NAME:
            return f"{file.path}: its name is longer than {_MAX_NAME} characters"
        if not os.path.lexists(file.path):
            return f"{file.path}: not there, but on the list {self.inventory.name}"
        return "" if file.path.is_file() else f"{file.path}: not a regular file"


_ARCHIVES: dict[Path, Archive] = {}


def archive_at(root: Path) -> Archive:
    """The archive in a folder; the loaders of its endpoints share what was read of it.

    Raises:
        ManifestError: manifest or inventory cannot be used.
    """
    kept = _ARCHIVES.get(root)
    if kept is None or not kept.is_current():
        kept = _ARCHIVES[root] = Archive(root)
    return kept


def _matches(root: Path, pattern: Pattern, stamps: Stamps) -> Iterator[str]:
    """Paths below ``root`` that look like a pattern, whatever they are.

    Raises:
        SourceError: a folder cannot be looked into, or holds too much.
    """
    folders = [""]
    for number, part in enumerate(pattern.parts):
        is_last, found = number == len(pattern.parts) - 1, list[str]()
        for folder in folders:
            names = _names_in(root / folder, stamps) if part.regex else [part.text]
            found += [f"{folder}{name}" for name in names if part.fits(name)]
        if is_last:
            plain = (name for name in found if part.regex or _is_there(root / name, stamps))
            yield from plain
        folders = [f"{name}/" for name in found]


def _names_in(folder: Path, stamps: Stamps) -> list[str]:
    stamps.add(folder)
    try:
        names = [path.name for path in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise SourceError(f"{folder}: {error.strerror}") from error
    if len(names) > _MAX_FILES:
        raise SourceError(f"{folder}: more than {_MAX_FILES:,} files")
    return names


def _is_there(path: Path, stamps: Stamps) -> bool:
    stamps.add(path.parent)
    return os.path.lexists(path)


def _modified(path: str) -> int | None:
    """When a file or folder changed last, in nanoseconds; None when it is not there."""
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 asked for every game: half the time
    except OSError:
        return None


def _apart(files: Iterable[ArchiveFile]) -> Iterator[ArchiveFile]:
    """The files; of two that answer one request nobody knows which counts."""
    known: dict[str, ArchiveFile] = {}
    for file in files:
        first = known.setdefault(file.request_key, file)
        if first is not file and not file.fault:
            text = f"answers the same request as {first.path}: {file.request_key}"
            yield replace(file, fault=f"{file.path}: {text}")
        else:
            yield file
