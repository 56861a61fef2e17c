"""Parsers of the league's injury report: the PDF itself, and the JSON of a program that read it.

Belongs here: who is listed, as what and why, and which teams had not reported yet. Does not belong
here: game ids (``people_rows``). Times in a report are Eastern; a tip-off is printed without AM or
PM. Games with a team outside the league are left out.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from nba_pipeline.contracts.fields.people import INJURY_STATUSES, TEAM_REPORT_STATUSES
from nba_pipeline.landing.payload import Payload, PayloadError
from nba_pipeline.league.calendar import EASTERN, TEAMS, canonical_team
from nba_pipeline.league.names import name_key, player_lookup
from nba_pipeline.sources.reading.json_fields import items_of, with_fields
from nba_pipeline.sources.reading.unpack import json_of, unpacked
from nba_pipeline.sources.reading.values import TEAM_NAMES

PLAYER, NOT_SUBMITTED, NOBODY = TEAM_REPORT_STATUSES
"""What a report says of a team; ``nobody_listed`` is a game on the report without a line of it."""

_COLUMNS = ["game_date", "team", "opponent", "team_report_status", "player_name", "player_lookup",
            "name_key", "injury_status", "injury_reason", "injury_category", "report_at",
            "printed_tipoff"]  # fmt: skip
_RECORD = ("date", "gametime", "matchup", "team", "player", "status", "reason")
_HEADER = ["Game", "Date", "Game", "Time", "Matchup", "Team", "Player", "Name", "Current", "Status",
           "Reason"]  # fmt: skip
_STARTS = {"date": 0, "time": 2, "matchup": 4, "team": 5, "player": 6, "status": 8, "reason": 10}
_SLACK = 4.0  # points of a page; words of a column start a little right of its heading
_TITLE = re.compile(r"Injury Report: (\d\d/\d\d/\d\d) (\d\d:\d\d) ?([AP]M)")
_FOOTER = re.compile(r"Page \d+ of ?\d+")
_MATCHUP = re.compile(r"([A-Z]{2,4})@([A-Z]{2,4})")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)")
_NOT_YET = "NOT YET SUBMITTED"
_HOURLY_MINUTE = 30  # a report of the hourly naming came out at half past
_REASONS = (
    ("g league", "g_league"), ("suspension", "suspension"), ("suspended", "suspension"),
    ("personal", "personal"), ("injury/illness", "injury"), ("concussion", "injury"),
    ("rest", "rest"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Word:
    page: int
    x: float
    y: float
    text: str


def pdf(payload: Payload) -> pd.DataFrame:
    """The report as the league publishes it.

    Returns:
        One row per listed player (``team_report_status`` players_listed) and one per team without
        any (not_submitted, nobody_listed): game_date, team, opponent, player_name, player_lookup,
        name_key, injury_status, injury_reason, injury_category, report_at (UTC), printed_tipoff
        (UTC, NULL where the hour may be morning or evening).

    Raises:
        PayloadError: no PDF, or another layout; the message shows what could not be read.
    """
    words = list(_words(payload))
    lines: dict[tuple[int, float], list[_Word]] = {}
    for word in words:
        lines.setdefault((word.page, round(word.y)), []).append(word)
    starts: dict[str, float] = {}
    report_at: dt.datetime | None = None
    apart: set[tuple[int, float]] = set()
    for place, line in lines.items():
        text = " ".join(w.text for w in line)
        title = _TITLE.search(text)
        if title:
            report_at = _eastern(payload, " ".join(title.groups()), "%m/%d/%y %I:%M %p")
        elif [w.text for w in line] == _HEADER:
            starts = {name: line[n].x for name, n in _STARTS.items()}
        elif not _FOOTER.fullmatch(text):
            continue
        apart.add(place)
    if report_at is None or not starts:
        lacking = "heading of the table" if report_at else "title 'Injury Report: date time'"
        raise PayloadError(f"{payload.label}: no {lacking}")
    table = [w for w in words if (w.page, round(w.y)) not in apart]
    return _frame(payload, _entries(payload, table, starts), report_at)


def parsed_json(payload: Payload) -> pd.DataFrame:
    """JSON ``metadata`` and ``records[]`` of date, gametime, matchup, team, player, status, reason.

    It has listed players only: teams that had not reported are not in it. Its hour is the file's;
    such reports came out at half past.

    Returns:
        As ``pdf``.

    Raises:
        PayloadError: another shape, an unknown status or a name without letters.
    """
    found = json_of(payload)
    if not isinstance(found, dict) or not isinstance(found.get("metadata"), dict):
        raise PayloadError(f"{payload.label}: no metadata, not a parsed injury report")
    with_fields(payload, [found], ["metadata.gamedate", "metadata.hour24"], lists=["records"])
    listed = items_of(payload, [found], "records", _RECORD)
    try:
        head = found["metadata"]
        hour = f"{head['gamedate']} {int(head['hour24']):02d}:{_HOURLY_MINUTE}"
        report_at = _eastern(payload, hour, "%Y%m%d %H:%M")
        entries = [
            {**{k: r[k] for k in _RECORD}, "time": r["gametime"], "kind": PLAYER,
             "reason": r["reason"] or ""} for r in listed
        ]  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise PayloadError(f"{payload.label}: not a parsed injury report: {error!r}") from error
    return _frame(payload, entries, report_at)


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


def _words(payload: Payload) -> Iterator[_Word]:
    """Words with their place, in the order in which the document prints them: cell by cell."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    found: list[_Word] = []
    try:
        for number, page in enumerate(PdfReader(io.BytesIO(unpacked(payload))).pages):

            def visit(
                text: str, cm: list[float], tm: list[float], *_: Any, number: int = number
            ) -> None:
                x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
                found.extend(_Word(number, x, y, word) for word in text.split())

            page.extract_text(visitor_text=visit)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise PayloadError(f"{payload.label}: not a readable PDF: {error}") from error
    yield from found


def _entries(
    payload: Payload, words: Iterable[_Word], starts: dict[str, float]
) -> list[dict[str, str]]:
    """One mapping per listed player or team without one; cells of a group are printed once."""

    def column(word: _Word) -> str:
        left = [name for name, x in starts.items() if x <= word.x + _SLACK]
        if not left:
            raise PayloadError(f"{payload.label}: {word.text!r} is left of the table")
        return left[-1]

    found: list[dict[str, str]] = []
    seen: dict[str, str] = {}
    for name, run in itertools.groupby(words, column):
        text = _joined(w.text for w in run)
        if name in ("date", "time", "matchup", "team"):
            seen[name] = text
            if name == "matchup":
                seen.pop("team", None)
                found.append({**seen, "kind": NOBODY})
            elif name == "team":
                found.append({**seen, "kind": NOBODY})
        elif name == "player":
            found.append({**seen, "kind": PLAYER, "player": text, "reason": ""})
        elif name == "reason" and text == _NOT_YET:
            found.append({**seen, "kind": NOT_SUBMITTED})
        elif found and found[-1]["kind"] == PLAYER and not found[-1].get(name):
            found[-1][name] = text
        else:
            raise PayloadError(f"{payload.label}: {name} {text!r} belongs to no player")
    return found


def _joined(words: Iterable[str]) -> str:
    """Words of a cell as text; a word broken at its hyphen is put together again."""
    text = ""
    for word in words:
        broken = len(text) > 1 and text.endswith("-") and not text.endswith(" -")
        text += word if broken or not text else f" {word}"
    return text


def _frame(
    payload: Payload, entries: Iterable[dict[str, str]], report_at: dt.datetime
) -> pd.DataFrame:
    rows, games = [], {}
    for entry in entries:
        sides = _sides(payload, entry.get("matchup", ""))
        if sides is None:
            continue
        date = _eastern(payload, entry.get("date", ""), "%m/%d/%Y").astimezone(EASTERN).date()
        tipoff = _tipoff(date, entry.get("time", ""))
        games[date, sides] = tipoff
        if "team" not in entry or entry["kind"] == NOBODY:
            continue
        team = _team(payload, entry["team"], sides)
        row: dict[str, Any] = {
            "game_date": date, "team": team, "opponent": sides[team == sides[0]],
            "team_report_status": entry["kind"], "report_at": report_at, "printed_tipoff": tipoff,
        }  # fmt: skip
        if entry["kind"] == PLAYER:
            row |= _listed(payload, entry)
        rows.append(row)
    if payload.layout.value.endswith("pdf"):
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


def _listed(payload: Payload, entry: dict[str, str]) -> dict[str, Any]:
    status = entry.get("status", "").casefold()
    if status not in INJURY_STATUSES:
        raise PayloadError(f"{payload.label}: status {status!r} of {entry['player']!r}")
    name = full_name(entry["player"])
    try:
        keys = {"player_lookup": player_lookup(name), "name_key": name_key(name)}
    except ValueError as error:
        raise PayloadError(f"{payload.label}: {error}") from error
    reason = entry["reason"].strip()
    return keys | {
        "player_name": name, "injury_status": status, "injury_reason": reason or None,
        "injury_category": category_of(reason),
    }  # fmt: skip


def _sides(payload: Payload, matchup: str) -> tuple[str, str] | None:
    """Away and home team; None for an exhibition."""
    found = _MATCHUP.fullmatch(matchup)
    if found is None:
        raise PayloadError(f"{payload.label}: {matchup!r} is no matchup")
    try:
        return canonical_team(found[1]), canonical_team(found[2])
    except ValueError:
        return None


def _team(payload: Payload, printed: str, sides: tuple[str, str]) -> str:
    team = printed if printed in TEAMS else TEAM_NAMES.get(printed)
    if team not in sides:
        raise PayloadError(f"{payload.label}: {printed!r} does not play {'@'.join(sides)}")
    return team


def _tipoff(date: dt.date, printed: str) -> dt.datetime | None:
    """Games begin between noon and half past ten in the evening; eleven o'clock may be either."""
    found = _CLOCK.search(printed)
    if found is None or (hour := int(found[1])) == 11 or hour > 12:
        return None
    at = dt.time(hour % 12 + 12, int(found[2]))
    return dt.datetime.combine(date, at, EASTERN).astimezone(dt.UTC)


def _eastern(payload: Payload, text: str, form: str) -> dt.datetime:
    try:
        local = dt.datetime.strptime(text, form)  # noqa: DTZ007
    except ValueError as error:
        raise PayloadError(f"{payload.label}: {error}") from error
    return local.replace(tzinfo=EASTERN).astimezone(dt.UTC)
