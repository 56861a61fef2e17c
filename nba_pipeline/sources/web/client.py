"""Requests to a host: one at a time, paced, retried, limited in size.

Belongs here: which answers are worth another try, and that a key is seen by nobody but its source.
Does not belong here: what is asked (the loaders). A key may be a query parameter, and ``requests``
prints whole addresses: its errors are never passed on, its logs are cleaned. Nor is anything that a
host says beside its answer: a gateway may repeat the request in the reason of its status. An answer
that repeats the key has stars in its place, for it is stored and quoted in messages.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, quote_plus

import requests
from pydantic import SecretStr
from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from nba_pipeline.landing.payload import Layout, Payload, SourceError
from nba_pipeline.sources.loader import Loader
from nba_pipeline.sources.web.settings import WebSettings

TEMPORARY = frozenset((408, 429, 500, 502, 503, 504))
"""Answers worth another try; every other one but 200 is final."""

_CHUNK = 64 * 1024
_STARS = b"***"
_LEAST_KEY = 8
"""Characters of a key that an answer is searched for; a shorter text stands there by chance."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of an answer that was expected."""

    status: int
    content: bytes


class TemporaryError(SourceError):
    """A failure that another try may not have."""


class _Cleaner(logging.Filter):
    """Takes keys out of what the HTTP library logs."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: set[str] = set()

    def hide(self, secret: str) -> None:
        """Show stars for a secret, also where it is written as a part of an address."""
        self.secrets |= spellings(secret)

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        for secret in self.secrets:
            text = text.replace(secret, "***")
        record.msg, record.args = text, ()
        return True


def spellings(secret: str) -> set[str]:
    """A secret as it is, as a part of an address, and as JSON writes it."""
    escaped = json.dumps(secret)[1:-1]
    return {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), escaped}


_CLEANER = _Cleaner()
for _name in ("connectionpool", "connection", "response", "util.retry", "util.url"):
    logging.getLogger(f"urllib3.{_name}").addFilter(_CLEANER)


class WebClient:
    """Requests to one host.

    Args:
        settings: pace, tries and limits.
        headers: what every request carries; a secret is shown nowhere.
        query: secrets that every request carries as parameters.
        too_fast: statuses beside those of ``TEMPORARY`` by which this host says "too fast".
    """

    def __init__(
        self,
        settings: WebSettings,
        *,
        headers: Mapping[str, str | SecretStr] | None = None,
        query: Mapping[str, SecretStr] | None = None,
        too_fast: frozenset[int] = frozenset(),
    ) -> None:
        self.settings = settings
        self._headers = {k: _plain(v) for k, v in (headers or {}).items()}
        self._query = {k: _plain(v) for k, v in (query or {}).items()}
        given = (*(headers or {}).values(), *(query or {}).values())
        found = {k.get_secret_value() for k in given if isinstance(k, SecretStr)}
        self._stars = [
            text.encode() for k in found if len(k) >= _LEAST_KEY for text in spellings(k)
        ]
        self._temporary = TEMPORARY | too_fast
        self._lock = threading.Lock()
        self._last = 0.0

    def get(
        self,
        url: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        accepted: frozenset[int] = frozenset(),
    ) -> Answer:
        """The answer, if its status is 200 or one of ``accepted``.

        Raises:
            SourceError: no answer, another status (a redirect is one), or a larger body than
                allowed; the message names the address without its parameters.
        """
        retrying = Retrying(
            retry=retry_if_exception_type(TemporaryError),
            stop=stop_after_attempt(self.settings.attempts),
            wait=wait_random_exponential(multiplier=1, max=self.settings.max_wait),
            reraise=True,
        )
        return retrying(self._get_once, url, parameters or {}, accepted | {requests.codes.ok})

    def _get_once(
        self, url: str, parameters: Mapping[str, Any], accepted: frozenset[int]
    ) -> Answer:
        where = url.partition("?")[0]
        with self._lock:
            time.sleep(max(0.0, self._last + self.settings.min_interval - time.monotonic()))
            try:
                with requests.get(
                    url,
                    params={**parameters, **self._query},
                    headers=self._headers,
                    timeout=self.settings.timeout,
                    stream=True,
                    allow_redirects=False,  # a redirect would take the key elsewhere
                ) as response:
                    return self._answer(where, response, accepted)
            except (requests.RequestException, OSError, ValueError) as error:
                # its text holds the whole address, and so would an exception chained to it
                failure = type(error).__name__
            finally:
                self._last = time.monotonic()
        raise TemporaryError(f"{where}: no answer ({failure})")

    def _answer(self, where: str, response: requests.Response, accepted: frozenset[int]) -> Answer:
        status = response.status_code
        if status not in accepted:
            kind = TemporaryError if status in self._temporary else SourceError
            raise kind(f"{where} answered {status} {_meaning(status)}".rstrip())
        content, most = bytearray(), self.settings.max_bytes
        for chunk in response.iter_content(_CHUNK):
            content += chunk
            if len(content) > most:
                raise SourceError(f"{where} sends more than {most:,} bytes")
        return Answer(status, self._without_keys(bytes(content)))

    def _without_keys(self, content: bytes) -> bytes:
        for text in self._stars:
            content = content.replace(text, _STARS)
        return content


def received(loader: Loader, key: str, layout: Layout, content: bytes) -> Payload:
    """A payload that has come just now."""
    at = dt.datetime.now(dt.UTC).replace(microsecond=0)
    return Payload(loader.name, loader.endpoint, key, layout, at, content)


def _meaning(status: int) -> str:
    """What a status stands for, in our words and not in the host's."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _plain(value: str | SecretStr) -> str:
    """The value as it is sent; a secret is hidden in logs from now on."""
    if isinstance(value, str):
        return value
    secret = value.get_secret_value()
    _CLEANER.hide(secret)
    return secret
