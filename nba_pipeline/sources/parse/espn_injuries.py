"""Parser of ESPN's page of injuries, as somebody took it at a moment: one table over all teams.

Belongs here: reading it, and what its words are on the league's report. Does not belong here: the
league's own report (``injury_report``), or game ids (``rows.people``). The page names no game: it
is read as what was said on its day of every team, and the schedule says which of them play.
"""

from __future__ import annotations

import re

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.league.calendar import EASTERN, TEAMS
from nba_pipeline.sources.reading.injury_frame import NOBODY, PLAYER, category_of
from nba_pipeline.sources.reading.layouts import layout
from nba_pipeline.sources.reading.record import text_of, text_or_none
from nba_pipeline.sources.reading.unpack import parquet_of
from nba_pipeline.sources.reading.values import mapped, moment, put_names, times, tricodes

_NEEDED = ["team", "player_name", "status", "description", "fetched_at"]
_STATUSES = {"out": "out", "suspension": "out", "doubtful": "doubtful",
             "day-to-day": "questionable", "questionable": "questionable",
             "probable": "probable"}  # fmt: skip
"""ESPN's words: who is day to day may play or not."""
_REASON = re.compile(r"^[^()]{1,60}\(([^()\d]+)\)")
"""What stands in brackets behind the name: ``Kuminga (knee) has been ruled out``."""
_NO_INJURY = "not injury related"


def espn_injuries(payload: Payload) -> pd.DataFrame:
    """Everybody on the page, and every team of which nobody is.

    Returns:
        The columns of ``injury_frame``; opponent and printed_tipoff are NULL, report_at is when the
        page was taken, and game_date its Eastern date.

    Raises:
        PayloadError: another shape, nobody on the page, more than one moment, or a value that is no
            team, name, status or time; the message has its row.
    """
    raw = parquet_of(payload, _NEEDED)
    if not len(raw):
        raise PayloadError(f"{payload.label}: has no rows: a page that lists nobody is none")
    frame = pd.DataFrame({"team": tricodes(payload, raw["team"])})
    put_names(payload, frame, raw["player_name"])
    frame["injury_status"] = mapped(payload, raw["status"], None, _status, required=True)
    reasons = mapped(payload, raw["description"], None, text_or_none)
    frame["injury_reason"] = reasons
    frame["injury_category"] = [_category(r) for r in reasons]
    taken = times(payload, mapped(payload, raw["fetched_at"], None, moment, required=True))
    moments = set(taken)
    if len(moments) != 1:
        raise PayloadError(f"{payload.label}: has pages of {len(moments)} moments")
    frame["team_report_status"] = PLAYER
    silent = pd.DataFrame({"team": sorted(set(TEAMS) - set(frame["team"]))})
    silent["team_report_status"] = NOBODY
    at = pd.Timestamp(taken.iloc[0])
    both = pd.concat([frame, silent], ignore_index=True)
    both["report_at"] = at
    both["game_date"] = at.tz_convert(EASTERN).date()
    both["opponent"] = None
    both["printed_tipoff"] = pd.Series(pd.NaT, both.index, "datetime64[ns, UTC]")
    return both


def _status(printed: object) -> str:
    found = _STATUSES.get(text_of(printed).strip().casefold())
    if found is None:
        raise ValueError("is no status of ESPN's page")
    return found


def _category(reason: object) -> str:
    """Kind of the reason behind the name; whatever part of a body stands there is an injury."""
    found = _REASON.search(reason) if isinstance(reason, str) else None
    if found is None or found[1] == _NO_INJURY:
        return "other"
    kind = category_of(found[1])
    return "injury" if kind == "other" else kind


ESPN_INJURIES_PARQUET = layout(
    Layout.ESPN_INJURIES_PARQUET,
    parser=espn_injuries,
    fields="team player_name position status description fetched_at",
)
