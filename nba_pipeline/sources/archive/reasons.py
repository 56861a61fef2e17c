"""Why an archive does not hold a game or a date, in words that name the period.

Belongs here: telling a season without files from one that ends, begins late, or has some dates
only. Does not belong here: whether it is held (``files``). A reason is the same for as many dates
as possible: that is how they are counted together.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from nba_pipeline.landing.payload import DateRange, Endpoint
from nba_pipeline.league.calendar import SeasonType, season_label
from nba_pipeline.sources.archive.files import ArchiveFile, overlap

_FEW = 3
"""Dates that are named one by one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is not held: a date of a season, and the kind of game where it is one."""

    date: dt.date
    season_year: int
    kind: SeasonType | None = None


def why_not(endpoint: Endpoint, files: Sequence[ArchiveFile], asked: Asked) -> str:
    """``shots of regular games in 2021-22 only to game 0022100580``."""
    what, season = str(endpoint).replace("_", " "), season_label(asked.season_year)
    found = [f for f in files if f.is_of(asked.season_year) and not f.is_companion]
    if not found:
        return f"no {what} of {season}"
    if asked.kind is not None:
        kind = f"{str(asked.kind).replace('_', '-')} games in {season}"
        if any(len(f.kinds) < len(SeasonType) for f in found):
            season = kind
        found = [f for f in found if asked.kind in f.kinds]
        if not found:
            return f"no {what} of {kind}"
    if all(file.game for file in found):
        return f"{what} of {season} only of {len(found)} game{'s' * (len(found) > 1)}"
    last_games = [file.last_game_id for file in found if file.last_game_id]
    if last_games:
        return f"{what} of {season} only to game {max(last_games)}"
    spans = [span for file in found for span in _spans(file, asked.season_year)]
    return _by_dates(what, season, spans, asked.date)


def _by_dates(what: str, period: str, spans: Sequence[DateRange], date: dt.date) -> str:
    if not spans:
        return f"no {what} of {period}"
    first, last = min(span.first for span in spans), max(span.last for span in spans)
    if len({span.first for span in spans}) <= _FEW and all(s.first == s.last for s in spans):
        dates = sorted({str(span.first) for span in spans})
        return f"{what} of {period} only of {', '.join(dates)}"
    if date < first:
        return f"{what} of {period} only from {first}"
    if date > last:
        return f"{what} of {period} only to {last}"
    days = calendar.monthrange(date.year, date.month)[1]
    month = DateRange(date.replace(day=1), date.replace(day=days))
    if any(overlap(span, month) for span in spans):
        return f"{what} of {date:%Y-%m} only of some dates"
    return f"no {what} of {date:%Y-%m}"


def _spans(file: ArchiveFile, season_year: int) -> list[DateRange]:
    """Dates of a season that a file holds."""
    year = DateRange(dt.date(season_year, 9, 1), dt.date(season_year + 1, 8, 31))
    held = overlap(file.held, year)
    if held is None:
        return []
    found = file.inside if file.looks_inside else None
    if found is None:
        return [held]
    if file.entry.inside == "dates":
        return [DateRange(date, date) for date in sorted(found.dates) if date in held]
    return [DateRange(held.first, min(held.last, found.last))] if held.first <= found.last else []
