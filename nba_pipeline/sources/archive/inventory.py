"""The inventory of an archive: the files that belong to it, whether they are there or not.

Belongs here: reading the list with limits. Does not belong here: looking for the files
(``listing``). A file of the inventory that is missing is a failure, never "no data"; one that is
not on it is read all the same.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nba_pipeline.landing.payload import SourceError
from nba_pipeline.sources.archive.manifest import Manifest, ManifestError
from nba_pipeline.sources.archive.regular import read_regular

_MAX_BYTES = 32 * 1024 * 1024
_MAX_FILES = 200_000
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Inventory:
    """Files by path below the archive's folder, each with the SHA-256 of its content or None.

    Attributes:
        name: the file that the list is in, empty when the archive has none.
    """

    name: str = ""
    files: Mapping[str, str | None] = field(default_factory=dict)


def load_inventory(root: Path, manifest: Manifest) -> Inventory:
    """The inventory that the manifest names; an archive under the packaged one may have none.

    Raises:
        ManifestError: it is not there, cannot be read, or is no such list.
    """
    if manifest.inventory is None:
        return Inventory()
    path = root / manifest.inventory
    if not manifest.needs_inventory and not path.exists() and not path.is_symlink():
        return Inventory()
    try:
        text = read_regular(path, _MAX_BYTES).content.decode()
        rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if "file" not in (rows.fieldnames or ()):
            raise ManifestError(f"{path}: an inventory has a column 'file'")
        found = dict(_entry(path, number, row) for number, row in enumerate(rows, start=2))
    except (SourceError, UnicodeDecodeError, csv.Error) as error:
        raise ManifestError(f"inventory of {manifest.label}: {error}") from error
    if len(found) > _MAX_FILES:
        raise ManifestError(f"{path}: more than {_MAX_FILES:,} files")
    return Inventory(manifest.inventory, found)


def _entry(path: Path, number: int, row: Mapping[str, str | None]) -> tuple[str, str | None]:
    name, digest = ((row.get(column) or "").strip() for column in ("file", "sha256"))
    if not name or any(part in ("", ".", "..") for part in name.split("/")):
        raise ManifestError(f"{path} line {number}: {name[:80]!r} is no path below the archive")
    if digest and not _DIGEST.fullmatch(digest.lower()):
        raise ManifestError(f"{path} line {number}: {digest[:80]!r} is no SHA-256")
    return name, digest.lower() or None
