"""The check that JSON objects have the fields that their parser reads.

Belongs here: naming the fields of objects, of objects in them and of lists of objects, and telling
what holds something else than before. Does not belong here: the fields that a layout has
(its declaration in ``parse``) or the kinds of drift (``drift``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from nba_pipeline.landing.payload import Payload, PayloadError
from nba_pipeline.sources.reading.drift import DriftKind, check_fields
from nba_pipeline.sources.reading.layouts import being_read

_PLAIN, _LIST, _OBJECT = "a value", "a list", "objects"


def with_fields(
    payload: Payload,
    found: Sequence[Any],
    needed: Iterable[str],
    *,
    lists: Iterable[str] = (),
    inside: str = "",
) -> None:
    """Check JSON objects of one kind; fields of objects inside are named ``homeTeam.score``.

    Args:
        payload: where the objects are from.
        found: the objects; without any nothing is known and nothing is checked.
        needed: plain values that the parser reads.
        lists: lists that the parser reads.
        inside: where the objects lie: ``bookmakers.markets``, put before every name.

    Raises:
        PayloadError: something among them is no object.
        DriftError: a needed field is in none of them, or holds something else.
    """
    if not found:
        return
    prefix = f"{inside}." if inside else ""
    held: dict[str, set[str]] = {}
    for one in found:
        if not isinstance(one, Mapping):
            kind = type(one).__name__
            raise PayloadError(f"{payload.label}: {inside or 'the answer'} holds {kind}, no object")
        for name, kind in _named(prefix, one):
            held.setdefault(name, set()).add(kind)
    wanted, listed = [f"{prefix}{n}" for n in needed], [f"{prefix}{n}" for n in lists]
    broken = [
        (name, DriftKind.NESTED, f"holds {'objects' if _OBJECT in held[name] else 'lists'}")
        for name in wanted
        if held.get(name, set()) & {_LIST, _OBJECT}
    ] + [
        (name, DriftKind.TYPE, f"holds {sorted(held[name] - {_LIST})[0]}, not a list")
        for name in listed
        if held.get(name, set()) - {_LIST, ""}
    ]
    objects = being_read().objects
    closed = [n for n in held if n not in objects or held[n] - {"", _OBJECT}]
    check_fields(payload, closed, [*wanted, *listed], broken)


def items_of(
    payload: Payload,
    parents: Iterable[Mapping[str, Any]],
    inside: str,
    needed: Iterable[str],
    *,
    lists: Iterable[str] = (),
) -> list[Any]:
    """Objects of the lists that ``inside`` ends with, of all checked parents, checked themselves.

    Raises:
        PayloadError: something among them is no object.
        DriftError: a needed field is in none of them, or holds something else.
    """
    name = inside.rpartition(".")[2]
    found = [item for parent in parents for item in parent.get(name) or []]
    with_fields(payload, found, needed, lists=lists, inside=inside)
    return found


def _named(prefix: str, one: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names of an object's fields and what they hold; an object is opened unless it is listed."""
    fields = being_read().fields
    for name, value in one.items():
        full = f"{prefix}{name}"
        yield full, _kind(value)
        if isinstance(value, Mapping) and full not in fields:
            yield from _named(f"{full}.", value)


def _kind(value: object) -> str:
    """What a value is; NULL and an empty object say nothing."""
    if isinstance(value, Mapping):
        return _OBJECT if value else ""
    return _LIST if isinstance(value, list) else "" if value is None else _PLAIN
