"""What the parsers of injury reports share: from a report's entries to the platform's columns.

Belongs here: names, statuses, reasons and times of one entry, whatever printed it. Does not belong
here: finding the entries in a payload (``parse.injury_report``), or game ids (``rows.people``).
Times in a report are Eastern; a tip-off is printed without AM or PM. Games with a team outside the
league are left out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from nba_pipeline.contracts.fields.people import INJURY_STATUSES, TEAM_REPORT_STATUSES
from nba_pipeline.landing.payload import Payload, PayloadError
from nba_pipeline.league.calendar import EASTERN, TEAMS, canonical_team
from nba_pipeline.league.names import name_key, player_lookup
from nba_pipeline.sources.reading.places import shown
from nba_pipeline.sources.reading.values import TEAM_NAMES

PLAYER, NOT_SUBMITTED, NOBODY = TEAM_REPORT_STATUSES
"""What a report says of a team; ``nobody_listed`` is a game on the report without a line of it."""

_COLUMNS = ["game_date", "team", "opponent", "team_report_status", "player_name", "player_lookup",
            "name_key", "injury_status", "injury_reason", "injury_category", "report_at",
            "printed_tipoff"]  # fmt: skip
_MATCHUP = re.compile(r"([A-Z]{2,4})@([A-Z]{2,4})")
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)", re.ASCII)
_REASONS = (
    ("g league", "g_league"), ("suspension", "suspension"), ("suspended", "suspension"),
    ("personal", "personal"), ("injury/illness", "injury"), ("concussion", "injury"),
    ("rest", "rest"),
)  # fmt: skip


def category_of(reason: str) -> str:
    """Kind of a printed reason: one of ``INJURY_CATEGORIES``; ``other`` also when there is none."""
    text = reason.casefold()
    return next((kind for start, kind in _REASONS if text.startswith(start)), _inner(text))


def _inner(text: str) -> str:
    """Kind by a word that does not stand first: ``League Suspension``, ``Team Suspension``."""
    return "suspension" if "suspension" in text else "other"


def full_name(printed: str) -> str:
    """``Duke Jr., David`` as ``David Duke Jr.``; a name without comma stays."""
    last, comma, first = printed.partition(",")
    return f"{first.strip()} {last.strip()}" if comma else printed.strip()


def injury_frame(
    payload: Payload,
    entries: Iterable[dict[str, str]],
    report_at: dt.datetime,
    *,
    names_silent_teams: bool,
) -> pd.DataFrame:
    """Entries of one report as rows.

    Args:
        payload: where the entries are from, for messages.
        entries: date, time, matchup and, as far as printed, team, with their ``kind`` (one of the
            three statuses of a team); of a player also player, status and reason.
        report_at: when the report came out, UTC.
        names_silent_teams: the layout tells of every game, so that a team of a listed game without
            a line has nobody to report.

    Returns:
        One row per listed player (``team_report_status`` players_listed) and one per team without
        any (not_submitted, nobody_listed): game_date, team, opponent, player_name, player_lookup,
        name_key, injury_status, injury_reason, injury_category, report_at (UTC), printed_tipoff
        (UTC, NULL where the hour may be morning or evening).

    Raises:
        PayloadError: a value that is no date, matchup, team, status or name.
    """
    rows, games = [], {}
    for number, entry in enumerate(entries, start=1):
        where = f"{payload.label}: entry {number}"
        sides = _sides(where, entry.get("matchup", ""))
        if sides is None:
            continue
        date = eastern(where, entry.get("date", ""), "%m/%d/%Y").astimezone(EASTERN).date()
        tipoff = _tipoff(date, entry.get("time", ""))
        games[date, sides] = tipoff
        if "team" not in entry or entry["kind"] == NOBODY:
            continue
        team = _team(where, entry["team"], sides)
        row: dict[str, Any] = {
            "game_date": date, "team": team, "opponent": sides[team == sides[0]],
            "team_report_status": entry["kind"], "report_at": report_at, "printed_tipoff": tipoff,
        }  # fmt: skip
        if entry["kind"] == PLAYER:
            row |= _listed(where, entry)
        rows.append(row)
    if names_silent_teams:
        rows += _silent(games, rows, report_at)
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    for name in ("report_at", "printed_tipoff"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame


def _silent(
    games: dict[tuple[dt.date, tuple[str, str]], dt.datetime | None],
    rows: list[dict[str, Any]],
    report_at: dt.datetime,
) -> list[dict[str, Any]]:
    """Teams of the listed games that have no line at all."""
    spoken = {(r["game_date"], r["team"]) for r in rows}
    return [
        {"game_date": date, "team": team, "opponent": other, "team_report_status": NOBODY,
         "report_at": report_at, "printed_tipoff": tipoff}
        for (date, sides), tipoff in games.items()
        for team, other in (sides, sides[::-1])
        if (date, team) not in spoken
    ]  # fmt: skip


def _listed(where: str, entry: dict[str, str]) -> dict[str, Any]:
    status = entry.get("status", "").casefold()
    if status not in INJURY_STATUSES:
        raise PayloadError(f"{where}: status {shown(status)} of {shown(entry['player'])}")
    name = full_name(entry["player"])
    try:
        keys = {"player_lookup": player_lookup(name), "name_key": name_key(name)}
    except ValueError as error:
        raise PayloadError(f"{where}: {error}") from error
    reason = entry["reason"].strip()
    return keys | {
        "player_name": name, "injury_status": status, "injury_reason": reason or None,
        "injury_category": category_of(reason),
    }  # fmt: skip


def _sides(where: str, matchup: str) -> tuple[str, str] | None:
    """Away and home team; None for an exhibition."""
    found = _MATCHUP.fullmatch(matchup)
    if found is None:
        raise PayloadError(f"{where}: {shown(matchup)} is no matchup")
    try:
        return canonical_team(found[1]), canonical_team(found[2])
    except ValueError:
        return None


def _team(where: str, printed: str, sides: tuple[str, str]) -> str:
    team = printed if printed in TEAMS else TEAM_NAMES.get(printed)
    if team not in sides:
        raise PayloadError(f"{where}: {shown(printed)} does not play {'@'.join(sides)}")
    return team


def _tipoff(date: dt.date, printed: str) -> dt.datetime | None:
    """Games begin between noon and half past ten in the evening; eleven o'clock may be either."""
    found = _CLOCK.search(printed)
    if found is None or (hour := int(found[1])) == 11 or hour > 12:
        return None
    at = dt.time(hour % 12 + 12, int(found[2]))
    return dt.datetime.combine(date, at, EASTERN).astimezone(dt.UTC)


def eastern(where: str, text: str, form: str) -> dt.datetime:
    """UTC time of a printed Eastern one in ``strptime`` form; ``where`` it stands, for messages.

    Raises:
        PayloadError: not of that form.
    """
    try:
        local = dt.datetime.strptime(text, form)  # noqa: DTZ007
    except ValueError as error:
        raise PayloadError(f"{where}: {error}") from error
    return local.replace(tzinfo=EASTERN).astimezone(dt.UTC)
