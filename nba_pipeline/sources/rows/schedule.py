"""From frames of schedules to rows of the games that count, and what is known of other dates.

Belongs here: seasons from their snapshots and, only where those do not reach, from witnesses; which
dates a schedule speaks of. Does not belong here: fetching either (``sources.schedule``), or the
rules of merging (``schedule_merge``).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa

from nba_pipeline.contracts.spec import TableContract
from nba_pipeline.landing.payload import DateRange, Endpoint
from nba_pipeline.landing.zone import LandedPayload
from nba_pipeline.league.calendar import GameStatus, season_label, season_year_on
from nba_pipeline.sources.rows.frames import Fetched, newest_of, stamped, to_arrow
from nba_pipeline.sources.rows.schedule_merge import (
    SeasonSchedule,
    apply_results,
    game_id_of,
    independent_results,
    official_results,
    scoreboard_results,
    season_schedule,
)

Witnesses = Callable[[DateRange], Mapping[Endpoint, Fetched]]
"""Frames of the witnesses' endpoints for a range, fetched when they are asked for."""


@dataclass
class ScheduleRows:
    """Schedule rows of a range.

    Attributes:
        rows: games that count, in the contract's Arrow schema.
        notes: what is to be known of a date: exhibitions, postponements, moves, contradictions.
    """

    rows: pa.Table
    seasons: Mapping[int, SeasonSchedule]
    notes: dict[dt.date, str]
    failed: list[tuple[DateRange, str]] = field(default_factory=list)

    def covers(self, date: dt.date) -> bool:
        """Whether a schedule speaks of the date, be it only by silence inside its season."""
        season = self.seasons.get(season_year_on(date))
        if season is None or any(date in span for span, _ in self.failed):
            return False
        return date <= season.last_date or season.is_over

    def why_not(self, date: dt.date) -> str:
        """Why no schedule speaks of the date."""
        for span, reason in self.failed:
            if date in span:
                return reason
        year = season_year_on(date)
        season = self.seasons.get(year)
        if season is None:
            return f"no schedule of {season_label(year)} was given by the source"
        return f"the schedule of {season_label(year)} ends on {season.last_date}"


def schedule_rows(
    contract: TableContract, fetched: Fetched, span: DateRange, witnesses: Witnesses
) -> ScheduleRows:
    """The schedule of every season that the range touches.

    Raises:
        SourceError: a witness failed as a whole.
    """
    snapshots: dict[int, list[tuple[LandedPayload, pd.DataFrame]]] = {}
    for landed, frame in fetched.frames:
        for year, part in frame.groupby("season_year"):
            snapshots.setdefault(int(str(year)), []).append((landed, part))
    failed = list(fetched.failed)
    seasons: dict[int, SeasonSchedule] = {}
    for year, found in sorted(snapshots.items()):
        season = season_schedule([(landed.key, landed.fetched_at, f) for landed, f in found])
        last = min(span.last, dt.date(year + 1, 8, 31))
        if season.needs_witness(last):
            failed += _add_witnesses(witnesses, season)
        seasons[year] = season
    frame = _frame(seasons)
    return ScheduleRows(to_arrow(contract, frame), seasons, _notes(seasons), failed)


def _add_witnesses(witnesses: Witnesses, season: SeasonSchedule) -> list[tuple[DateRange, str]]:
    """Results from box scores, the league's own first, then from live scoreboards.

    Failures cost the dates they cover.
    """
    year = season.season_year
    asked = witnesses(DateRange(dt.date(year, 10, 1), dt.date(year + 1, 8, 31)))
    official = _joined(asked[Endpoint.TEAM_GAMELOG], year)
    ids = _joined(asked[Endpoint.PLAYER_GAMELOG], year)
    independent = _joined(asked[Endpoint.BREF_BOXSCORES], year, by_date=True)
    others = []
    if independent is not None:
        others = independent_results(newest_of(independent, ["game_date", "team"]))
    if official is not None:
        apply_results(season, official_results(official, ids, others))
    apply_results(season, others)
    board = _joined(asked[Endpoint.SCOREBOARD], year)
    if board is not None:
        apply_results(season, scoreboard_results(board))
    return [f for found in asked.values() for f in found.failed]


def _joined(fetched: Fetched, season_year: int, *, by_date: bool = False) -> pd.DataFrame | None:
    """Rows of a season, those of the newest payload first."""
    frames = []
    for landed, frame in sorted(fetched.frames, key=lambda f: f[0].fetched_at, reverse=True):
        years = frame["game_date"].map(season_year_on) if by_date else frame["season_year"]
        frames.append(stamped(landed, frame[years == season_year]))
    frames = [f for f in frames if len(f)]
    return pd.concat(frames, ignore_index=True) if frames else None


def _frame(seasons: Mapping[int, SeasonSchedule]) -> pd.DataFrame:
    rows = [
        {**game, "game_id": game_id_of(game), "schedule_snapshot": season.snapshot}
        for season in seasons.values()
        for game in season.counting()
    ]
    if not rows:
        return pd.DataFrame()
    frame = pd.DataFrame(rows).sort_values(["game_date", "game_id"], ignore_index=True)
    for name in ("season_type", "game_status", "final_witness"):
        frame[name] = frame[name].map(lambda v: None if v is None or pd.isna(v) else str(v))
    for name in ("home_score", "away_score"):
        frame[name] = frame[name].astype("Int64")
    return frame


def _notes(seasons: Mapping[int, SeasonSchedule]) -> dict[dt.date, str]:
    found: dict[dt.date, list[str]] = {}
    for season in seasons.values():
        for date, texts in season.notes.items():
            found.setdefault(date, []).extend(texts)
        exhibitions = Counter(
            (g["game_date"], g["season_type"])
            for g in season.games.values()
            if not g["season_type"].counts
        )
        for (date, kind), n in sorted(exhibitions.items()):
            what = str(kind).replace("_", "-")
            found.setdefault(date, []).append(f"{n} {what} game{'s' * (n > 1)}, not counted")
        for game in season.counting():
            if game["game_status"] in (GameStatus.POSTPONED, GameStatus.CANCELLED):
                text = f"{game['away_team']}-{game['home_team']} {game['game_status']}"
                found.setdefault(game["game_date"], []).append(text)
    return {date: "; ".join(texts) for date, texts in found.items()}
