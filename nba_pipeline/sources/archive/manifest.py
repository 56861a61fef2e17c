"""The manifest of an archive: which files there may be, and which entry a file belongs to.

Belongs here: reading it with limits, and errors that name file and entry. Does not belong here:
what an entry says (``entry``) or looking for files (``files``). An archive's own manifest is
``nba_archive.toml`` in its folder; without one the packaged ``known.toml`` is in force.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files as resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, Field, ValidationError, model_validator

from nba_pipeline.landing.payload import Endpoint, SourceError
from nba_pipeline.sources.archive.entry import Entry, Strict
from nba_pipeline.sources.archive.pattern import Named
from nba_pipeline.sources.archive.regular import read_regular

OWN_NAME = "nba_archive.toml"
"""Name of an archive's own manifest."""
_PACKAGED = "known.toml"

_MAX_BYTES = 1024 * 1024
"""Largest manifest; the packaged one is under 20 KB."""
_SHOWN = 5
"""Errors of a manifest that are told at once."""


class ManifestError(SourceError):
    """A manifest cannot be read or is wrong; the message names file, entry and cause."""


def _plain(reason: str) -> str:
    if set("{}") & set(reason.replace("{season}", "")):
        raise ValueError("a reason may have {season} in it, and no other braces")
    return reason


class EndpointNote(Strict):
    """What is said of an endpoint as a whole.

    Attributes:
        source: name of the source as stored with each row.
        absent: why the archive has nothing of it; ``{season}`` is the one that is asked for.
    """

    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")] = "archive"
    absent: Annotated[str, Field(min_length=5, max_length=300), AfterValidator(_plain)] | None = (
        None
    )


class _Form(Strict):
    """A manifest as it is written."""

    extends: Literal["known"] | None = None
    inventory: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$")] | None = None
    fetched_at: AwareDatetime | None = None
    endpoints: Mapping[Endpoint, EndpointNote] = {}
    files: Annotated[tuple[Entry, ...], Field(max_length=1000)] = ()

    @model_validator(mode="after")
    def _check(self) -> _Form:
        if self.fetched_at and not self.inventory:
            raise ValueError("fetched_at is of the files of an inventory; there is none")
        return self


@dataclass(frozen=True)
class Manifest:
    """The manifest in force for an archive.

    Attributes:
        label: where it stands, for messages.
        entries: in the order in which they are asked: the first that a name fits counts.
        endpoints: what is said of endpoints as a whole.
        inventory: CSV beside it of the files that belong to the archive: ``file``, ``sha256``.
        needs_inventory: whether the archive itself says that it has one.
        fetched_at: when the files of the inventory were fetched.
    """

    label: str
    entries: tuple[Entry, ...]
    endpoints: Mapping[Endpoint, EndpointNote]
    inventory: str | None
    needs_inventory: bool
    fetched_at: dt.datetime | None

    def note(self, endpoint: Endpoint) -> EndpointNote:
        """What is said of an endpoint."""
        return self.endpoints.get(endpoint, EndpointNote())

    def entry_of(self, path: str) -> tuple[Entry, Named] | None:
        """The entry that a file belongs to, and what its name says; None when it fits none."""
        for entry in self.entries:
            named = entry.read(path)
            if named:
                return entry, named
        return None


def load_manifest(root: Path) -> Manifest:
    """The manifest in force for an archive.

    Raises:
        ManifestError: it cannot be read, is no TOML, or says something that cannot be.
    """
    path = root / OWN_NAME
    label = f"packaged {_PACKAGED}"
    if not path.exists() and not path.is_symlink():
        return _in_force(label, _packaged(label), needs_inventory=False)
    try:
        content = read_regular(path, _MAX_BYTES).content
    except SourceError as error:
        raise ManifestError(str(error)) from error
    own = _parsed(content, str(path))
    if own.extends is None:
        return _in_force(str(path), own, needs_inventory=own.inventory is not None)
    known = _packaged(label)
    has_own = own.inventory is not None
    both = known.model_copy(
        update={
            "files": (*own.files, *known.files),
            "endpoints": {**known.endpoints, **own.endpoints},
            **({"inventory": own.inventory, "fetched_at": own.fetched_at} if has_own else {}),
        }
    )
    return _in_force(str(path), both, needs_inventory=has_own)


def manifest_text(root: Path) -> str:
    """The manifest as it is written: the archive's own, else the packaged one.

    Raises:
        SourceError: it cannot be read.
    """
    own = root / OWN_NAME
    content = read_regular(own, _MAX_BYTES).content if own.exists() else _packaged_bytes()
    return content.decode(errors="replace")


def _packaged_bytes() -> bytes:
    return (resources(__package__) / _PACKAGED).read_bytes()


def _in_force(label: str, form: _Form, *, needs_inventory: bool) -> Manifest:
    return Manifest(
        label, form.files, form.endpoints, form.inventory, needs_inventory, form.fetched_at
    )


def _packaged(label: str) -> _Form:
    return _parsed(_packaged_bytes(), label)


def _parsed(content: bytes, label: str) -> _Form:
    try:
        told = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ManifestError(f"{label}: not TOML: {error}") from error
    try:
        return _Form.model_validate(told)
    except ValidationError as error:
        found = error.errors()
        texts = [f"{_place(told, one['loc'])}: {one['msg']}" for one in found[:_SHOWN]]
        more = [f"and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
        raise ManifestError(f"{label}: {'; '.join(texts + more)}") from error


def _place(told: Mapping[str, Any], place: tuple[int | str, ...]) -> str:
    """``files[3] (shots/{season}.parquet) layout``: where an error is, in words."""
    words: list[str] = []
    for part in place:
        if isinstance(part, int):
            words[-1:] = [f"{words[-1] if words else ''}[{part}]"]
        else:
            words.append(part)
    if len(place) > 1 and place[0] == "files" and isinstance(place[1], int):
        entry = told["files"][place[1]]
        path = entry.get("path") if isinstance(entry, dict) else None
        first = path[0] if isinstance(path, list) and path else path
        words.insert(1, f"({str(first)[:80]})")
    return " ".join(words) or "the manifest"
