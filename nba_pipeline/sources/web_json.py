"""Requests to interfaces that answer in JSON and want a key.

Belongs here: pacing, retries, limits, and that a key is seen by nobody but the source. Does not
belong here: what is asked (``web_odds``, ``web_bettingpros``). A key may be a query parameter, and
``requests`` prints whole addresses: its errors are never passed on, its logs are cleaned.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests
from pydantic import SecretStr
from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from nba_pipeline.sources.base import SourceError

if TYPE_CHECKING:
    from nba_pipeline.sources.web import WebSettings

_TEMPORARY = frozenset((408, 429, 500, 502, 503, 504))
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of an answer that was expected."""

    status: int
    content: bytes


class _TemporaryError(SourceError):
    """A failure that another try may not have."""


class _Cleaner(logging.Filter):
    """Takes keys out of what the HTTP library logs."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        for secret in self.secrets:
            text = text.replace(secret, "***")
        record.msg, record.args = text, ()
        return True


_CLEANER = _Cleaner()
logging.getLogger("urllib3.connectionpool").addFilter(_CLEANER)


class JsonClient:
    """Requests to one source: one at a time, paced, retried, limited."""

    def __init__(
        self,
        settings: WebSettings,
        *,
        headers: Mapping[str, SecretStr] | None = None,
        query: Mapping[str, SecretStr] | None = None,
    ) -> None:
        self.settings = settings
        self._headers = {k: v.get_secret_value() for k, v in (headers or {}).items()}
        self._query = {k: v.get_secret_value() for k, v in (query or {}).items()}
        _CLEANER.secrets.update((*self._headers.values(), *self._query.values()))
        self._lock = threading.Lock()
        self._last = 0.0

    def get(
        self, url: str, parameters: Mapping[str, Any], *, accepted: frozenset[int] = frozenset()
    ) -> Answer:
        """The answer, if its status is 200 or one of ``accepted``.

        Raises:
            SourceError: no answer, another status, or a larger body than allowed.
        """
        retrying = Retrying(
            retry=retry_if_exception_type(_TemporaryError),
            stop=stop_after_attempt(self.settings.attempts),
            wait=wait_random_exponential(multiplier=1, max=self.settings.max_wait),
            reraise=True,
        )
        return retrying(self._get_once, url, parameters, accepted | {requests.codes.ok})

    def _get_once(
        self, url: str, parameters: Mapping[str, Any], accepted: frozenset[int]
    ) -> Answer:
        with self._lock:
            time.sleep(max(0.0, self._last + self.settings.min_interval - time.monotonic()))
            failure = ""
            try:
                return self._answer(url, parameters, accepted)
            except requests.RequestException as error:
                # its text holds the whole address, and so would an exception chained to it
                failure = type(error).__name__
            finally:
                self._last = time.monotonic()
            raise _TemporaryError(f"{url}: {failure}")

    def _answer(self, url: str, parameters: Mapping[str, Any], accepted: frozenset[int]) -> Answer:
        with requests.get(
            url,
            params={**parameters, **self._query},
            headers=self._headers,
            timeout=self.settings.timeout,
            stream=True,
            allow_redirects=False,
        ) as response:
            if response.status_code not in accepted:
                kind = _TemporaryError if response.status_code in _TEMPORARY else SourceError
                raise kind(f"{url} answered {response.status_code} {response.reason}")
            content = bytearray()
            for chunk in response.iter_content(_CHUNK):
                content += chunk
                if len(content) > self.settings.max_bytes:
                    raise SourceError(f"{url} sends more than {self.settings.max_bytes:,} bytes")
            return Answer(response.status_code, bytes(content))
