"""Every file in an archive's folder: read, known and refused, or known to nobody.

Belongs here: walking the folder once and counting. Does not belong here: what is missing
(``listing``) or printing (``cli``). A folder can hold anything: what fits no pattern is counted by
folder, with its first names.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nba_pipeline.landing.payload import SourceError
from nba_pipeline.sources.archive.listing import Archive
from nba_pipeline.sources.archive.manifest import OWN_NAME

_MAX_FILES = 1_000_000
"""Files that are looked at; with more it is not an archive's folder."""
_SHOWN = 3
"""Names of unknown files that are told of a folder."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Files of one folder that fit no pattern."""

    folder: str
    files: int
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """Counts of an archive's files.

    Attributes:
        read: files that an entry reads.
        refused: files that are known and not read, by reason.
        unknown: files that no pattern fits, by folder.
    """

    read: int
    refused: Mapping[str, int]
    unknown: tuple[Unknown, ...]


def survey(archive: Archive) -> Survey:
    """Look at every file below the archive's folder.

    Raises:
        SourceError: the folder is not there, cannot be looked into, or is far too large.
    """
    own = {OWN_NAME, archive.inventory.name}
    read, refused, unknown = 0, dict[str, int](), dict[str, list[str]]()
    for number, name in enumerate(_files(archive.root)):
        if number == _MAX_FILES:
            raise SourceError(f"{archive.root}: more than {_MAX_FILES:,} files")
        found = archive.manifest.entry_of(name)
        if found is None and name not in own:
            folder, _, last = name.rpartition("/")
            unknown.setdefault(folder or ".", []).append(last)
        elif found is not None and found[0].refused:
            refused[found[0].refused] = refused.get(found[0].refused, 0) + 1
        else:
            read += found is not None
    told = (Unknown(f, len(names), tuple(sorted(names)[:_SHOWN])) for f, names in unknown.items())
    return Survey(read, refused, tuple(sorted(told, key=lambda one: one.folder)))


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
