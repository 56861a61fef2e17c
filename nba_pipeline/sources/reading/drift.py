"""Drift of a payload's layout: fields that are new, missing, renamed, nested or of another type.

Belongs here: telling the kinds apart, and handing findings to whoever records them. Does not belong
here: which fields a layout has (its declaration in ``parse``) or storing findings
(``build.publish``).
A new field is told and the payload is read; with any other kind the payload cannot be read and is
refused, so that what was published before stays.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from enum import StrEnum

from nba_pipeline.landing.payload import Payload, PayloadError, Place, one_line
from nba_pipeline.sources.reading.layouts import being_read

_CLOSE = 0.76
"""Least likeness of two names of one field: OREB and OFF_REB have 0.8, OREB and DREB 0.75."""
_COMPARED = 300
"""Unknown names among which a missing one is looked for: thrice what the widest layout has. With
more it is another kind of file, and each comparison costs."""
_LONGEST = 80
"""Characters of a name that are kept; names come from outside."""
_SHOWN = 5
"""New fields of a payload that are told by name; the others are counted."""


class DriftKind(StrEnum):
    """How a field differs from what the parser of the layout knows."""

    NEW = "new"
    MISSING = "missing"
    RENAMED = "renamed"
    NESTED = "nested"
    TYPE = "type"

    @property
    def breaks(self) -> bool:
        """Whether the payload cannot be read."""
        return self is not DriftKind.NEW


@dataclass(frozen=True, slots=True)
class Drift:
    """One field of one payload that is not as it was."""

    source: str
    endpoint: str
    layout: str
    request_key: str
    field_name: str
    kind: DriftKind
    detail: str = ""

    @property
    def text(self) -> str:
        """``OREB renamed (now OFF_REB)``."""
        return f"{self.field_name} {self.kind}" + (f" ({self.detail})" if self.detail else "")


class DriftError(PayloadError):
    """A payload cannot be read because its layout has drifted; the message names the kinds."""

    def __init__(
        self, message: str, drift: Sequence[Drift], bad: Mapping[Place, str] | None = None
    ) -> None:
        super().__init__(message, bad)
        self.drift = tuple(drift)


_COLLECTING: ContextVar[list[Drift] | None] = ContextVar("collecting_drift", default=None)


@contextmanager
def collecting() -> Iterator[list[Drift]]:
    """Everything that is reported inside; an outer collection gets nothing of it."""
    found: list[Drift] = []
    token = _COLLECTING.set(found)
    try:
        yield found
    finally:
        _COLLECTING.reset(token)


def report(found: Iterable[Drift]) -> None:
    """Hand findings to the collection in progress, each once; without one they are dropped."""
    collection = _COLLECTING.get()
    if collection is not None:
        known = set(collection)
        collection.extend(d for d in dict.fromkeys(found) if d not in known)


def together(found: Sequence[Drift]) -> tuple[Drift, ...]:
    """Findings of one payload with its new fields as one: how many there are, and the first."""
    new = [d for d in found if d.kind is DriftKind.NEW]
    if len(new) < 2:
        return tuple(found)
    names = ", ".join(d.field_name for d in new[:_SHOWN])
    more = f" and {len(new) - _SHOWN:,} more" if len(new) > _SHOWN else ""
    one = replace(new[0], detail=f"{len(new):,} new fields: {names}{more}")
    return (*(d for d in found if d.kind is not DriftKind.NEW), one)


def drift(payload: Payload, field_name: str, kind: DriftKind, detail: str = "") -> Drift:
    """A finding about a payload."""
    return Drift(
        payload.source, str(payload.endpoint), str(payload.layout), payload.request_key,
        one_line(field_name)[:_LONGEST], kind, one_line(detail)[: 10 * _LONGEST],
    )  # fmt: skip


def check_fields(
    payload: Payload,
    present: Iterable[str],
    needed: Iterable[str],
    broken: Iterable[tuple[str, DriftKind, str]] = (),
) -> None:
    """Report new fields of a payload, and refuse it when a needed one is not there.

    Args:
        payload: what was read.
        present: its fields, joined by dots where they lie in one another.
        needed: fields that the parser reads.
        broken: fields whose values cannot be read, each with kind and detail.

    Raises:
        DriftError: names what is missing, renamed or nested, and what was not expected.
    """
    here, wanted = dict.fromkeys(str(c).strip() for c in present), dict.fromkeys(needed)
    known = being_read().fields
    other = [c for c in here if c not in wanted and c not in known]
    findings = [drift(payload, *b) for b in broken]
    missing = [c for c in wanted if c not in here]
    unclaimed = dict.fromkeys(other)
    for name in missing:
        near = list(itertools.islice(unclaimed, _COMPARED))
        found, renamed = _told(payload, name, here, near)
        unclaimed.pop(renamed or "", None)
        findings.append(found)
    # an object that nobody knows is one finding, not one per field in it
    closed = [c for c in unclaimed if c.rpartition(".")[0] not in unclaimed]
    report(drift(payload, c, DriftKind.NEW) for c in closed)
    if not findings:
        return
    parts = []
    if missing:
        parts.append(f"missing columns {', '.join(missing)}")
        parts.append(f"unexpected: {', '.join(other[:8]) or 'none'}")
    parts.append(f"drift: {', '.join(d.text for d in findings)}")
    raise DriftError(f"{payload.label}: {'; '.join(parts)}", findings)


def _told(
    payload: Payload, name: str, here: Iterable[str], other: Sequence[str]
) -> tuple[Drift, str | None]:
    """A missing field: somewhere deeper, under another name (which goes with it), or nowhere."""
    parent, _, last = name.rpartition(".")
    start = name.removesuffix(last)
    within = [c for c in here if c.startswith(f"{name}.")] + [
        c for c in other if c.startswith(start) and c[len(start) :].endswith(f".{last}")
    ]
    if within:
        return drift(payload, name, DriftKind.NESTED, f"now {within[0]}"), None
    # names are compared without what all fields of one object have in common
    beside = {_plain(c.rpartition(".")[2]): c for c in other if c.rpartition(".")[0] == parent}
    elsewhere = {_plain(c): c for c in other if c.rpartition(".")[2] == last}
    for word, found in ((last, beside), (name, elsewhere)):
        near = difflib.get_close_matches(_plain(word), found, n=1, cutoff=_CLOSE)
        if near:
            now = found[near[0]]
            return drift(payload, name, DriftKind.RENAMED, f"now {now}"), now
    return drift(payload, name, DriftKind.MISSING), None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())
