"""The landing zone: every payload exactly as received, never overwritten.

Belongs here: keys, immutability, digests. Does not belong here: what is in a payload (``sources``).
A payload is written once under a key that holds its time and digest; the same content is not
written again. A payload that could not be parsed stays, with a note beside it.
"""

from __future__ import annotations

import builtins
import datetime as dt
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nba_pipeline.landing.payload import Endpoint, Layout, Payload, PayloadError

_KEY = re.compile(r"^[A-Za-z0-9_=.:+-]+(/[A-Za-z0-9_=.:+-]+)*$")
_NAME = re.compile(r"^(\d{8}T\d{6}Z)\.([0-9a-f]{16})\.([a-z0-9_]+)$")
_TIME = "%Y%m%dT%H%M%SZ"


class ObjectStore(Protocol):
    """A place for immutable objects: a folder or a bucket."""

    def put_if_absent(self, key: str, content: bytes) -> bool:
        """Write an object whole unless the key exists; True when it was written."""

    def get(self, key: str) -> bytes:
        """Content of an object; KeyError when there is none."""

    def list(self, prefix: str) -> list[str]:
        """Keys under a prefix, sorted."""

    def all_keys(self) -> builtins.list[str]:
        """Every key, sorted."""

    def uri(self, key: str) -> str:
        """Where people find the object."""


class LocalStore:
    """Objects as files under a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put_if_absent(self, key: str, content: bytes) -> bool:
        """Write to a temporary file and link it in: readers never see half an object."""
        path = self._path(key)
        if path.exists():
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.link(partial, path)
        except FileExistsError:
            return False
        finally:
            Path(partial).unlink()
        return True

    def get(self, key: str) -> bytes:
        """Content of an object; KeyError when there is none."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            raise KeyError(key) from None

    def list(self, prefix: str) -> list[str]:
        """Keys under a folder, sorted."""
        return self._under(self._path(prefix))

    def all_keys(self) -> builtins.list[str]:
        """Every key, sorted."""
        return self._under(self.root)

    def _under(self, folder: Path) -> builtins.list[str]:
        if not folder.is_dir():
            return []
        files = (p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".part-"))
        return sorted(str(p.relative_to(self.root)) for p in files)

    def uri(self, key: str) -> str:
        """``file://`` address of the object."""
        return self._path(key).resolve().as_uri()

    def _path(self, key: str) -> Path:
        check_key(key)
        return self.root / key


def check_key(key: str) -> None:
    """Refuse a key that could leave the landing zone.

    Raises:
        ValueError: not a relative path of plain parts.
    """
    if not _KEY.match(key) or ".." in key.split("/"):
        raise ValueError(f"not a landing key: {key!r}")


@dataclass(frozen=True, slots=True)
class LandedPayload:
    """Where a payload lies and what it is; ``is_new`` is false when it was there before."""

    source: str
    endpoint: Endpoint
    request_key: str
    layout: Layout
    fetched_at: dt.datetime
    sha256: str
    size: int
    key: str
    is_new: bool = False


class Landing:
    """Payloads in an object store.

    ``kept`` is a folder of this machine for what readers make of payloads; without it they read
    them again.
    """

    def __init__(self, store: ObjectStore, kept: Path | None = None) -> None:
        self.store = store
        self.kept = kept

    def land(self, payload: Payload) -> LandedPayload:
        """Keep a payload; content equal to the newest version is not written again."""
        newest = self.newest(payload.source, payload.endpoint, payload.request_key)
        digest = payload.sha256
        if newest is not None and digest.startswith(newest.sha256):
            return _landed(payload, digest, newest.key, newest.fetched_at, is_new=False)
        key = (
            f"{_folder(payload.source, payload.endpoint, payload.request_key)}/"
            f"{payload.fetched_at:{_TIME}}.{digest[:16]}.{payload.layout}"
        )
        is_new = self.store.put_if_absent(key, payload.content)
        return _landed(payload, digest, key, payload.fetched_at, is_new=is_new)

    def newest(self, source: str, endpoint: Endpoint, request_key: str) -> LandedPayload | None:
        """Newest version of a request; its digest is the sixteen characters of the key."""
        return next(iter(self.versions(source, endpoint, request_key)), None)

    def versions(
        self, source: str, endpoint: Endpoint, request_key: str
    ) -> Iterator[LandedPayload]:
        """Versions of a request, newest first."""
        folder = _folder(source, endpoint, request_key)
        for key in reversed(self.store.list(folder)):
            if _NAME.match(key.rsplit("/", 1)[-1]) and key.rsplit("/", 1)[0] == folder:
                yield _of_key(source, endpoint, request_key, key)

    def digests(self) -> set[str]:
        """First sixteen characters of the digest of every payload that is there."""
        return {found.group(2) for _, found in self._all()}

    def damaged(self) -> Iterator[tuple[str, str]]:
        """Payloads whose content is not what was landed: digest in the name, and where it lies."""
        for key, found in self._all():
            if not hashlib.sha256(self.store.get(key)).hexdigest().startswith(found.group(2)):
                yield found.group(2), self.store.uri(key)

    def _all(self) -> Iterator[tuple[str, re.Match[str]]]:
        for key in self.store.all_keys():
            if found := _NAME.match(key.rsplit("/", 1)[-1]):
                yield key, found

    def newest_of_all(self, source: str, endpoint: Endpoint) -> Iterator[LandedPayload]:
        """Newest version of every request of an endpoint."""
        root = f"{source}/{endpoint}"
        keys = self.store.list(root)
        for request in sorted({k.removeprefix(f"{root}/").rsplit("/", 1)[0] for k in keys}):
            newest = self.newest(source, endpoint, request)
            if newest is not None:
                yield newest

    def on_date(self, source: str, endpoint: Endpoint, date: dt.date) -> Iterator[LandedPayload]:
        """Every readable version of every request of one date, oldest first."""
        root = f"{source}/{endpoint}/"
        keys = self.store.list(f"{root}dates={date}..{date}")
        rejected = {k.removesuffix(".rejected") for k in keys if k.endswith(".rejected")}
        for key in sorted(keys, key=lambda k: k.rsplit("/", 1)[-1]):
            if key not in rejected and _NAME.match(key.rsplit("/", 1)[-1]):
                request_key = key.removeprefix(root).rsplit("/", 1)[0]
                yield _of_key(source, endpoint, request_key, key)

    def load(self, landed: LandedPayload) -> Payload:
        """A landed payload again.

        Raises:
            PayloadError: its content is not what was landed.
        """
        content = self.store.get(landed.key)
        if not hashlib.sha256(content).hexdigest().startswith(landed.sha256[:16]):
            raise PayloadError(f"{landed.key}: content does not match its digest")
        return Payload(
            landed.source, landed.endpoint, landed.request_key, landed.layout, landed.fetched_at,
            content,
        )  # fmt: skip

    def reject(self, landed: LandedPayload, reason: str) -> None:
        """Note beside a payload why it could not be read; the payload itself stays."""
        self.store.put_if_absent(f"{landed.key}.rejected", reason.encode())


def _folder(source: str, endpoint: Endpoint, request_key: str) -> str:
    return f"{source}/{endpoint}/{request_key}"


def _of_key(source: str, endpoint: Endpoint, request_key: str, key: str) -> LandedPayload:
    name = _NAME.match(key.rsplit("/", 1)[-1])
    if name is None:
        raise ValueError(f"not the name of a payload: {key!r}")
    time, digest, layout = name.groups()
    at = dt.datetime.strptime(time, _TIME).replace(tzinfo=dt.UTC)
    return LandedPayload(source, endpoint, request_key, Layout(layout), at, digest, 0, key)


def _landed(
    payload: Payload, digest: str, key: str, fetched_at: dt.datetime, *, is_new: bool
) -> LandedPayload:
    return LandedPayload(
        payload.source, payload.endpoint, payload.request_key, payload.layout, fetched_at, digest,
        len(payload.content), key, is_new,
    )  # fmt: skip
