"""The landing zone in a Google Cloud Storage bucket.

Belongs here: the five methods of ``ObjectStore`` over a bucket. Does not belong here: keys and
digests (``landing``). Objects are created only when absent, by the service's own precondition.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from google.api_core import exceptions

from nba_pipeline.landing.payload import SourceError
from nba_pipeline.landing.zone import check_key

_ADDRESS = re.compile(r"^gs://([a-z0-9][a-z0-9._-]{1,61}[a-z0-9])(?:/([A-Za-z0-9_./=-]*))?$")


class GcsStore:
    """Objects under ``gs://bucket/prefix``."""

    def __init__(self, address: str, client: Any = None) -> None:
        """The client is opened when first needed, with the environment's credentials.

        Raises:
            ValueError: not a bucket address.
        """
        match = _ADDRESS.match(address)
        if match is None:
            raise ValueError(f"not a bucket address like gs://bucket/prefix: {address!r}")
        self.bucket_name, prefix = match.group(1), match.group(2) or ""
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._client = client

    @property
    def _bucket(self) -> Any:
        if self._client is None:
            from google.cloud import storage

            self._client = storage.Client()
        return self._client.bucket(self.bucket_name)

    def put_if_absent(self, key: str, content: bytes) -> bool:
        """Write an object whole unless the key exists; True when it was written."""
        check_key(key)
        blob = self._bucket.blob(self.prefix + key)
        with self._translated(key):
            try:
                blob.upload_from_string(
                    content, content_type="application/octet-stream", if_generation_match=0
                )
            except exceptions.PreconditionFailed:
                return False
        return True

    def get(self, key: str) -> bytes:
        """Content of an object; KeyError when there is none."""
        check_key(key)
        with self._translated(key):
            try:
                return bytes(self._bucket.blob(self.prefix + key).download_as_bytes())
            except exceptions.NotFound:
                raise KeyError(key) from None

    def list(self, prefix: str) -> list[str]:
        """Keys under a folder, sorted."""
        check_key(prefix)
        return self._under(f"{self.prefix}{prefix}/", prefix)

    def all_keys(self) -> builtins.list[str]:
        """Every key, sorted."""
        return self._under(self.prefix, "all")

    def _under(self, prefix: str, what: str) -> builtins.list[str]:
        with self._translated(what):
            found = self._bucket.client.list_blobs(self.bucket_name, prefix=prefix)
            return sorted(b.name.removeprefix(self.prefix) for b in found)

    def uri(self, key: str) -> str:
        """``gs://`` address of the object."""
        check_key(key)
        return f"gs://{self.bucket_name}/{self.prefix}{key}"

    @contextmanager
    def _translated(self, key: str) -> Iterator[None]:
        """A bucket that fails is a source that fails, never an absent object."""
        try:
            yield
        except exceptions.GoogleAPICallError as error:
            raise SourceError(f"landing zone {self.uri(key)}: {error.message}") from error
