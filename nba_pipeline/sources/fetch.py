"""Fetching: ask a loader, land what it gives, read it.

Belongs here: landing every payload before it is read, what an unreadable one and a refused request
cost, and keeping what was parsed. Does not belong here: reading a layout (``parse``) or making rows
(``rows``). The newest payload per request counts; a payload that cannot be read is kept aside and
costs the dates it covers, never others.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from nba_pipeline.landing.payload import DateRange, Payload, PayloadError, SourceError
from nba_pipeline.landing.zone import Landing
from nba_pipeline.sources.feeds import FEEDS
from nba_pipeline.sources.kept import LEAST_BYTES, KeptFrames, as_kept
from nba_pipeline.sources.loader import ByDateLoader, Loader, PartError
from nba_pipeline.sources.lookup import parse_dates, parser_version
from nba_pipeline.sources.reading.drift import Drift, DriftError, collecting, report, together
from nba_pipeline.sources.rows.frames import Fetched

_DOWN_AFTER = 3
"""Dates refused in a row after which a source is taken to be down and not asked again."""

# whoever writes into a frame of the cache gets a copy of what he writes to: pandas 3 does it always
pd.set_option("mode.copy_on_write", True)


def fetch(
    landing: Landing, loader: Loader, span: DateRange, wanted: DateRange | None = None
) -> Fetched:
    """Fetch, land and parse everything a loader has for a range.

    Args:
        landing: where payloads go.
        loader: who is asked.
        span: game dates that are asked for.
        wanted: game dates whose rows are needed, where it is fewer than a payload has. Of a feed
            whose rows of a date rest on nothing else, other rows may be left out.

    Raises:
        SourceError: the source failed as a whole.
    """
    found = Fetched()
    if not (isinstance(loader, ByDateLoader) and loader.asks_by_date):
        try:
            _fetch(landing, loader, span, found, wanted)
        except PartError as error:
            found.failed += error.lost
        return found
    in_a_row = 0
    for date in span.dates():
        try:
            _fetch(landing, loader, DateRange(date, date), found, wanted)
            in_a_row = 0
        except SourceError as error:
            in_a_row += 1
            is_down = in_a_row == _DOWN_AFTER
            found.failed.append((DateRange(date, span.last if is_down else date), str(error)))
            if is_down:
                break
    return found


def _fetch(
    landing: Landing, loader: Loader, span: DateRange, found: Fetched, wanted: DateRange | None
) -> None:
    for payload in loader.fetch(span):
        landed = landing.land(payload)
        try:
            frame, told, lost = _read(payload, landing, wanted)
            report(told)
            found.frames.append((landed, frame))
            if lost:
                landing.reject(landed, "; ".join(f"{d} lost: {why}" for d, why in lost.items()))
            found.failed += [(DateRange(date, date), why) for date, why in lost.items()]
        except PayloadError as error:
            report(error.drift if isinstance(error, DriftError) else ())
            landing.reject(landed, str(error))
            found.failed.append((_span_of(payload, span), str(error)))


def landed_before(
    landing: Landing, loader: Loader, dates: Iterable[dt.date], found: Fetched
) -> set[dt.date]:
    """Add to ``found`` every earlier payload of the dates in the landing zone.

    Returns:
        The dates of which anything was ever seen: rows, or an answer that there are none. A file
        that is only named after a date says nothing about it.
    """
    known = {landed.key for landed, _ in found.frames}
    held = {d for _, frame in found.frames for d in frame["game_date"].unique()}
    for date in dates:
        for landed in landing.on_date(loader.name, loader.endpoint, date):
            if landed.key in known:
                continue
            try:
                payload = landing.load(landed)
                frame, _, lost = _read(payload, landing, None)
                found.failed += [(DateRange(d, d), why) for d, why in lost.items() if d == date]
            except PayloadError as error:
                found.failed.append((DateRange(date, date), str(error)))
                continue
            found.frames.append((replace(landed, sha256=payload.sha256), frame))
            held |= set(frame["game_date"].unique()) if len(frame) else {date}
    return held


Parsed = tuple[pd.DataFrame, tuple[Drift, ...], Mapping[dt.date, str]]
"""A frame, what was told of its fields, and the dates of records that could not be read."""

_IN_MEMORY = 64 * 1024 * 1024
"""Bytes of payloads whose frames a process holds on to: the large ones of one season, for tables
that share a feed, or the small ones of many dates, which are kept nowhere else."""

_memory: OrderedDict[tuple[str, ...], tuple[Parsed, int]] = OrderedDict()


def _read(payload: Payload, landing: Landing, wanted: DateRange | None) -> Parsed:
    """The frame, of which nothing that is done to it stays: from memory, from disk, or parsed."""
    key = (payload.sha256, payload.endpoint, payload.layout, payload.request_key)
    kept = landing.kept if len(payload.content) >= LEAST_BYTES else None
    if key not in _memory:
        code = parser_version(payload)
        if kept is not None:
            dates = wanted if FEEDS[payload.endpoint].rows.is_by_date else None
            found = KeptFrames(kept).read(payload, code, dates)
            if found is not None:
                return *found, {}
        with collecting() as told:
            read = parse_dates(payload)
        told += [d for e in read.errors if isinstance(e, DriftError) for d in e.drift]
        parsed = as_kept(read.frame), together(told), read.lost
        _memory[key] = parsed, len(payload.content)
        while len(_memory) > 1 and sum(size for _, size in _memory.values()) > _IN_MEMORY:
            _memory.popitem(last=False)
        # what lost a date is read again: somebody may be mending it
        if kept is not None and not read.lost:
            KeptFrames(kept).keep(payload, code, *parsed[:2])
    _memory.move_to_end(key)
    (frame, drift, lost), _ = _memory[key]
    return frame.copy(deep=False), drift, lost


def _span_of(payload: Payload, asked: DateRange) -> DateRange:
    if payload.asked_dates:
        return payload.asked_dates
    year = payload.asked_season
    if year:
        return DateRange(dt.date(year, 9, 1), dt.date(year + 1, 8, 31))
    return asked
