"""Parsers of the league's injury report: the PDF itself, and the JSON of a program that read it.

Belongs here: finding the entries of either: who is listed, and which teams had not reported yet.
Does not belong here: what an entry says (``reading.injury_frame``), or game ids (``rows.people``).
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

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.sources.reading.injury_frame import (
    NOBODY,
    NOT_SUBMITTED,
    PLAYER,
    eastern,
    injury_frame,
)
from nba_pipeline.sources.reading.json_fields import items_of, with_fields
from nba_pipeline.sources.reading.layouts import layout, under
from nba_pipeline.sources.reading.numbers import whole
from nba_pipeline.sources.reading.record import Record, read_each, text_of, text_or_none
from nba_pipeline.sources.reading.unpack import json_of, unpacked

_RECORD = ("date", "gametime", "matchup", "team", "player", "status", "reason")
_HEADER = ["Game", "Date", "Game", "Time", "Matchup", "Team", "Player", "Name", "Current", "Status",
           "Reason"]  # fmt: skip
_STARTS = {"date": 0, "time": 2, "matchup": 4, "team": 5, "player": 6, "status": 8, "reason": 10}
_SLACK = 4.0  # points of a page; words of a column start a little right of its heading
_TITLE = re.compile(r"Injury Report: (\d\d/\d\d/\d\d) (\d\d:\d\d) ?([AP]M)", re.ASCII)
_FOOTER = re.compile(r"Page \d+ of ?\d+", re.ASCII)
_NOT_YET = "NOT YET SUBMITTED"
_HOURLY_MINUTE = 30  # a report of the hourly naming came out at half past


@dataclass(frozen=True, slots=True)
class _Word:
    page: int
    x: float
    y: float
    text: str


def pdf(payload: Payload) -> pd.DataFrame:
    """The report as the league publishes it.

    Returns:
        The columns of ``injury_frame``; every team of every game is in it.

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
            report_at = eastern(payload.label, " ".join(title.groups()), "%m/%d/%y %I:%M %p")
        elif [w.text for w in line] == _HEADER:
            starts = {name: line[n].x for name, n in _STARTS.items()}
        elif not _FOOTER.fullmatch(text):
            continue
        apart.add(place)
    if report_at is None or not starts:
        lacking = "heading of the table" if report_at else "title 'Injury Report: date time'"
        raise PayloadError(f"{payload.label}: no {lacking}")
    table = [w for w in words if (w.page, round(w.y)) not in apart]
    entries = _entries(payload, table, starts)
    return injury_frame(payload, entries, report_at, names_silent_teams=True)


def parsed_json(payload: Payload) -> pd.DataFrame:
    """JSON ``metadata`` and ``records[]`` of date, gametime, matchup, team, player, status, reason.

    It has listed players only: teams that had not reported are not in it. Its hour is the file's;
    such reports came out at half past.

    Returns:
        The columns of ``injury_frame``.

    Raises:
        PayloadError: another shape, an unknown status or a name without letters.
    """
    found = json_of(payload)
    if not isinstance(found, dict) or not isinstance(found.get("metadata"), dict):
        raise PayloadError(f"{payload.label}: no metadata, not a parsed injury report")
    with_fields(payload, [found], ["metadata.gamedate", "metadata.hour24"], lists=["records"])
    listed = items_of(payload, [found], "records", _RECORD)
    (hour,) = read_each(payload, [found["metadata"]], _hour, "metadata")
    report_at = eastern(f"{payload.label}: metadata 1", hour, "%Y%m%d %H:%M")
    entries = read_each(payload, listed, _record, "record")
    return injury_frame(payload, entries, report_at, names_silent_teams=False)


def _hour(head: Record) -> str:
    number = whole(head["hour24"])
    if number not in range(24):
        raise ValueError("is no hour")
    return f"{text_of(head['gamedate'])} {number:02d}:{_HOURLY_MINUTE}"


def _record(one: Record) -> dict[str, str]:
    printed = {name: text_or_none(one[name]) or "" for name in _RECORD}
    return {**printed, "time": printed["gametime"], "kind": PLAYER}


def _words(payload: Payload) -> Iterator[_Word]:
    """Words with their place, in the order in which the document prints them: cell by cell."""
    from pypdf import PdfReader

    found: list[_Word] = []
    try:
        for number, page in enumerate(PdfReader(io.BytesIO(unpacked(payload))).pages):

            def visit(
                text: str, cm: list[float], tm: list[float], *_: Any, number: int = number
            ) -> None:
                x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
                found.extend(_Word(number, x, y, word) for word in text.split())

            page.extract_text(visitor_text=visit)
    except PayloadError:
        raise
    except Exception as error:  # whatever a reader of damaged documents comes to
        raise PayloadError(f"{payload.label}: not a readable PDF: {error!r}") from error
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


INJURY_REPORT_PDF = layout(
    Layout.INJURY_REPORT_PDF,
    parser=pdf,
    fields="",  # a printed page: its headings are checked by its parser
)
INJURY_REPORT_JSON = layout(
    Layout.INJURY_REPORT_JSON,
    parser=parsed_json,
    fields=" ".join((
        under("metadata", "gamedate hour period hour24 season scrape_time run_id"),
        "parsing_stats records",
        under("records", "date gametime matchup team player status reason confidence"),
    )),
)  # fmt: skip
