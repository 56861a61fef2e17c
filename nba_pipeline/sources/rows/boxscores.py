"""From fetched payloads to rows of a raw table.

Belongs here: landing what was fetched, parsing it, and putting the schedule's game ids, home teams
and season types on the rows. Does not belong here: parsing a layout (``parse_*``) or judging rows.
The newest payload per request counts; a payload that cannot be read is kept aside and costs the
dates it covers, never others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import pandas as pd
import pyarrow as pa

from nba_pipeline.contracts.field import Kind
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.landing.payload import DateRange, Endpoint, Payload, PayloadError, SourceError
from nba_pipeline.landing.zone import LandedPayload, Landing
from nba_pipeline.league.calendar import Day
from nba_pipeline.sources.loader import ByDateLoader, DailyLoader, Loader
from nba_pipeline.sources.parse.parsers import parse
from nba_pipeline.sources.reading.drift import Drift, DriftError, collecting, report
from nba_pipeline.sources.rows.schedule_join import Strangers, named_by_date, sides

_DOWN_AFTER = 3
"""Dates refused in a row after which a source is taken to be down and not asked again."""


@dataclass
class Fetched:
    """Frames of the readable payloads of one fetch, and the dates that unreadable ones cost."""

    frames: list[tuple[LandedPayload, pd.DataFrame]] = field(default_factory=list)
    failed: list[tuple[DateRange, str]] = field(default_factory=list)

    def failures(self, dates: Iterable[dt.date]) -> dict[dt.date, str]:
        """The failed ones among ``dates``, with the reason."""
        return {d: reason for d in dates for span, reason in self.failed if d in span}


def fetch(landing: Landing, loader: Loader, span: DateRange) -> Fetched:
    """Fetch, land and parse everything a loader has for a range.

    Raises:
        SourceError: the source failed as a whole.
    """
    found = Fetched()
    if not (isinstance(loader, ByDateLoader) and loader.asks_by_date):
        _fetch(landing, loader, span, found)
        return found
    in_a_row = 0
    for date in span.dates():
        try:
            _fetch(landing, loader, DateRange(date, date), found)
            in_a_row = 0
        except SourceError as error:
            in_a_row += 1
            is_down = in_a_row == _DOWN_AFTER
            found.failed.append((DateRange(date, span.last if is_down else date), str(error)))
            if is_down:
                break
    return found


def _fetch(landing: Landing, loader: Loader, span: DateRange, found: Fetched) -> None:
    for payload in loader.fetch(span):
        landed = landing.land(payload)
        try:
            frame, told = _parsed(_Cached(payload))
            report(told)
            found.frames.append((landed, frame))
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
                frame, _ = _parsed(_Cached(payload))
            except PayloadError as error:
                found.failed.append((DateRange(date, date), str(error)))
                continue
            found.frames.append((replace(landed, sha256=payload.sha256), frame))
            held |= set(frame["game_date"].unique()) if len(frame) else {date}
    return held


def collected(fetched: Fetched, dates: Iterable[dt.date]) -> pd.DataFrame:
    """Parsed rows of the dates with ``fetched_at`` and ``payload_sha256``; empty when none."""
    wanted, parts = list(dates), []
    for landed, frame in fetched.frames:
        part = frame[frame["game_date"].isin(wanted)]
        if len(part):
            parts.append(stamped(landed, part))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def stamped(landed: LandedPayload, frame: pd.DataFrame) -> pd.DataFrame:
    """A frame with the fetched_at and payload_sha256 of its payload."""
    at = pd.Timestamp(landed.fetched_at)
    return frame.assign(fetched_at=at, payload_sha256=landed.sha256)


class _Cached:
    """A payload hashed by its content, so that a season is parsed once per process."""

    def __init__(self, payload: Payload) -> None:
        self.payload = payload
        self._key = (payload.sha256, payload.layout, payload.request_key)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Cached) and other._key == self._key


@lru_cache(maxsize=24)
def _parsed(cached: _Cached) -> tuple[pd.DataFrame, tuple[Drift, ...]]:
    """The frame, and the new fields that were met while reading."""
    with collecting() as told:
        frame = parse(cached.payload)
    return frame, tuple(told)


def _span_of(payload: Payload, asked: DateRange) -> DateRange:
    if payload.asked_dates:
        return payload.asked_dates
    year = payload.asked_season
    if year:
        return DateRange(dt.date(year, 9, 1), dt.date(year + 1, 8, 31))
    return asked


def offered_day(loader: Loader, day: Day) -> Day:
    """The day with only those games that the source will ever have."""
    games = tuple(g for g in day.games if loader.not_offered(g) is None)
    return Day(day.date, day.kind, games, day.note)


def not_offered_reason(loader: Loader, contract: TableContract, day: Day) -> str:
    """Why nothing of the day can ever be had; empty when anything can."""
    if not contract.expectation.follows_schedule:
        if not isinstance(loader, DailyLoader):
            raise TypeError(f"{loader.name}/{loader.endpoint} does not say what it has by date")
        return loader.not_offered_on(day.date) or ""
    reasons = [loader.not_offered(g) for g in day.games]
    if not reasons or any(r is None for r in reasons):
        return ""
    return "; ".join(dict.fromkeys(r for r in reasons if r))


def boxscore_rows(
    contract: TableContract,
    fetched: Fetched,
    days: Mapping[dt.date, Day],
    scheduled: Mapping[dt.date, Day],
) -> tuple[pa.Table, Strangers]:
    """Rows of a box-score table for ``days``, and by date the teams that are not on the schedule.

    Parsed frames are joined to the schedule by date and team; the vendor's own game id never
    joins, and home and away come from the schedule. Exact repetitions of a row are collapsed,
    contradicting ones stay and fail the audit. ``days`` are the games that the source will ever
    have whole; what it has of other ``scheduled`` games is left out without a word.
    """
    frame = collected(fetched, days)
    if not len(frame):
        return arrow_schema(contract).empty_table(), {}
    content = [c for c in frame.columns if c not in ("fetched_at", "payload_sha256")]
    frame = frame.sort_values("fetched_at", kind="stable").drop_duplicates(content, keep="last")
    if "field_goals_attempted" in frame:
        frame = _fullest(frame)
    merged = frame.drop(
        columns=[c for c in ("game_id", "season_year", "season_type", "is_home") if c in frame]
    ).merge(sides(days), on=["game_date", "team"], how="left", suffixes=("", "_by_schedule"))
    known = merged["game_id"].notna() & (merged["opponent"] == merged["opponent_by_schedule"])
    pair = ["game_date", "team", "opponent"]
    listed = sides(scheduled).rename(columns={"opponent_by_schedule": "opponent"})[pair]
    is_listed = pd.MultiIndex.from_frame(merged[pair]).isin(pd.MultiIndex.from_frame(listed))
    unknown = merged[~known & ~is_listed]
    strangers = named_by_date(unknown["game_date"], unknown["team"])
    return to_arrow(contract, _named(contract, merged[known])), strangers


def _fullest(frame: pd.DataFrame) -> pd.DataFrame:
    """A compact layout repeats games of the full one: a team's payload with shot counts wins.

    The whole payload: a single row without shots is for the audit to judge.
    """
    has_shots, team = frame["field_goals_attempted"].notna(), [frame["game_date"], frame["team"]]
    here = has_shots.groupby([*team, frame["payload_sha256"]]).transform("any")
    return frame[here | ~has_shots.groupby(team).transform("any")]


def _named(contract: TableContract, frame: pd.DataFrame) -> pd.DataFrame:
    """The parsers' names as the contract has them."""
    renamed = frame.rename(columns={"won": "is_win", "source_usage_pct": "source_usage_rate"})
    if contract.endpoint is Endpoint.TEAM_GAMELOG:
        renamed = renamed.rename(columns={"minutes_played": "team_minutes"})
    if "is_degraded" in contract.column_names:
        renamed["is_degraded"] = renamed["field_goals_attempted"].isna()
    return renamed


def to_arrow(contract: TableContract, frame: pd.DataFrame) -> pa.Table:
    """A frame in the contract's Arrow schema; a column that the source lacks is NULL.

    Raises:
        PayloadError: a value cannot be stored as the column's type.
    """
    schema = arrow_schema(contract)
    arrays = []
    for column, wanted in zip(contract.columns, schema, strict=True):
        name = column.field.name
        if name not in frame:
            arrays.append(pa.nulls(len(frame), wanted.type))
            continue
        values = frame[name]
        if column.field.kind is Kind.TIMESTAMP:
            values = pd.to_datetime(values, utc=True)
        try:
            arrays.append(pa.array(values, wanted.type, from_pandas=True))
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise PayloadError(f"{contract.path}.{name}: {error}") from error
    return pa.table(arrays, schema=schema)
