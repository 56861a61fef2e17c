"""Requests to JSON interfaces that need a key: one at a time, paced, retried, limited.

Belongs here: how to ask. Does not belong here: what to ask for. The key travels in a header and is
in no message, no request key and no payload.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

import requests
from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from nba_pipeline.sources.base import SourceError

_TEMPORARY = frozenset((408, 429, 500, 502, 503, 504))
_CHUNK = 64 * 1024


class _TemporaryError(SourceError):
    """A failure that another try may not have."""


class HttpClient:
    """One service; ``name`` is how messages call it."""

    def __init__(
        self,
        name: str,
        *,
        timeout: float,
        attempts: int,
        min_interval: float,
        max_wait: float,
        max_bytes: int,
    ) -> None:
        self.name = name
        self.timeout = timeout
        self.min_interval = min_interval
        self.max_bytes = max_bytes
        self._lock = threading.Lock()
        self._last = 0.0
        self._retrying = Retrying(
            retry=retry_if_exception_type(_TemporaryError),
            stop=stop_after_attempt(attempts),
            wait=wait_random_exponential(multiplier=1, max=max_wait),
            reraise=True,
        )

    def get(self, url: str, parameters: Mapping[str, str], headers: Mapping[str, str]) -> bytes:
        """Body of the answer.

        Raises:
            SourceError: no answer, an answer other than 200, or a larger one than allowed.
        """
        return self._retrying.copy()(self._get_once, url, parameters, headers)

    def _get_once(
        self, url: str, parameters: Mapping[str, str], headers: Mapping[str, str]
    ) -> bytes:
        with self._lock:
            time.sleep(max(0.0, self._last + self.min_interval - time.monotonic()))
            try:
                with requests.get(
                    url,
                    params=dict(parameters),
                    headers=dict(headers),
                    timeout=self.timeout,
                    stream=True,
                    allow_redirects=False,  # a redirect would take the key elsewhere
                ) as answer:
                    return self._body(answer)
            except requests.RequestException as error:
                kind = type(error).__name__
                raise _TemporaryError(f"{self.name}: no answer ({kind})") from error
            finally:
                self._last = time.monotonic()

    def _body(self, answer: requests.Response) -> bytes:
        status = answer.status_code
        if status != requests.codes.ok:
            kind = _TemporaryError if status in _TEMPORARY else SourceError
            raise kind(f"{self.name} answered {status} {answer.reason}")
        content = bytearray()
        for part in answer.iter_content(_CHUNK):
            content += part
            if len(content) > self.max_bytes:
                raise SourceError(f"{self.name} sends more than {self.max_bytes:,} bytes")
        return bytes(content)
