"""Every file in an archive's folder: read, known and refused, or known to nobody.

Belongs here: walking the folder once and counting, and which unknown files would have mattered.
Does not belong here: what is missing (``listing``) or printing (``cli``). A folder can hold
anything: what fits no pattern is counted by folder, with its first names.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nba_pipeline.landing.payload import Endpoint, SourceError
from nba_pipeline.sources.archive.listing import Archive
from nba_pipeline.sources.archive.manifest import OWN_NAME

_MAX_FILES = 1_000_000
"""Files that are looked at; with more it is not an archive's folder."""
SHOWN = 3
"""Names that are told of the unknown files of a folder, or of those refused for one reason."""
_DATE = re.compile(
    r"(?<!\d)(?:(?P<y>20\d\d)(?P<a>[-_.]?)(?P<m>\d\d)(?P=a)(?P<d>\d\d)"
    r"|(?P<m2>\d\d)(?P<b>[-_.])(?P<d2>\d\d)(?P=b)(?P<y2>20\d\d|\d\d))(?!\d)",
    re.ASCII,
)
"""A date in a file's name: ``2026-01-05``, ``20260105`` or ``01-05-26``."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Files of one folder that fit no pattern, by name."""

    folder: str
    names: tuple[str, ...]

    @property
    def files(self) -> int:
        """How many there are."""
        return len(self.names)

    @property
    def first(self) -> tuple[str, ...]:
        """Names that are told."""
        return self.names[:SHOWN]


@dataclass(frozen=True, slots=True)
class Survey:
    """Counts of an archive's files.

    Attributes:
        read: files that an entry reads.
        refused: files that are known and not read, by reason, with their paths.
        untimed: files that are read and whose quotes can be no lines, by reason.
        unknown: files that no pattern fits, by folder.
    """

    read: int
    refused: Mapping[str, tuple[str, ...]]
    untimed: Mapping[str, int]
    unknown: tuple[Unknown, ...]


def survey(archive: Archive) -> Survey:
    """Look at every file below the archive's folder.

    Raises:
        SourceError: the folder is not there, cannot be looked into, or is far too large.
    """
    own = {OWN_NAME, archive.inventory.name}
    read, untimed = 0, Counter[str]()
    refused, unknown = dict[str, list[str]](), dict[str, list[str]]()
    for number, name in enumerate(_files(archive.root)):
        if number == _MAX_FILES:
            raise SourceError(f"{archive.root}: more than {_MAX_FILES:,} files")
        found = archive.manifest.entry_of(name)
        if found is None and name not in own:
            folder, _, last = name.rpartition("/")
            unknown.setdefault(folder or ".", []).append(last)
        elif found is not None and found[0].refused:
            refused.setdefault(found[0].refused, []).append(name)
        elif found is not None:
            read += 1
            untimed.update([found[0].untimed] if found[0].untimed else [])
    told = (Unknown(folder, tuple(sorted(names))) for folder, names in unknown.items())
    reasons = {reason: tuple(sorted(names)) for reason, names in refused.items()}
    return Survey(read, reasons, untimed, tuple(sorted(told, key=lambda one: one.folder)))


def passed_over(
    archive: Archive, endpoints: Collection[Endpoint], dates: Collection[dt.date]
) -> tuple[Unknown, ...]:
    """Unknown files that may have been meant for these endpoints and dates.

    They lie beside files that are read for one of the endpoints, or have one of the dates in their
    name. What is in them nobody knows.

    Raises:
        SourceError: as of ``survey``.
    """
    entries = (e for e in archive.manifest.entries if set(e.endpoint) & set(endpoints))
    beside = {path.rpartition("/")[0] for entry in entries for path in entry.path}
    found = []
    for one in survey(archive).unknown:
        names = one.names if one.folder in beside else tuple(
            name for name in one.names if _dates_of(name) & set(dates)
        )  # fmt: skip
        if names:
            found.append(Unknown(one.folder, names))
    return tuple(found)


def _dates_of(name: str) -> set[dt.date]:
    found = set()
    for one in _DATE.finditer(name):
        year = int(one["y"] or one["y2"])
        month, day = int(one["m"] or one["m2"]), int(one["d"] or one["d2"])
        try:
            found.add(dt.date(year + 2000 * (year < 100), month, day))
        except ValueError:
            continue
    return found


def _files(root: Path) -> Iterator[str]:
    """Paths below ``root``; links to folders are followed, each folder once."""
    seen = set[tuple[int, int]]()

    def failed(error: OSError) -> None:
        raise SourceError(f"{error.filename}: {error.strerror}") from error

    for folder, below, names in os.walk(root, followlinks=True, onerror=failed):
        place = Path(folder).stat()
        if (place.st_dev, place.st_ino) in seen:
            below.clear()
            continue
        seen.add((place.st_dev, place.st_ino))
        prefix = Path(folder).relative_to(root).as_posix()
        yield from names if prefix == "." else (f"{prefix}/{name}" for name in names)
