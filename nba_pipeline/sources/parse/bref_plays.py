"""Parser of Basketball-Reference play-by-play: the printed table of a game, a game a line.

Belongs here: reading the six cells of a row and its text. Does not belong here: the league's own
feed (``league_plays``), or joining to the schedule (``rows.plays``). The table has no field
but the clock, the text and the score, so kinds of events, names and distances come from the text.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError, Place
from nba_pipeline.league.calendar import canonical_team
from nba_pipeline.sources.reading.aside import MOST, listed
from nba_pipeline.sources.reading.json_fields import items_of, with_fields
from nba_pipeline.sources.reading.layouts import layout
from nba_pipeline.sources.reading.numbers import whole
from nba_pipeline.sources.reading.places import shown
from nba_pipeline.sources.reading.record import text_of
from nba_pipeline.sources.reading.unpack import json_lines_of
from nba_pipeline.sources.reading.values import TEAM_NAMES, clock_seconds

_CITIES = {
    # the table prints the city alone; Los Angeles has two clubs and prints more
    **{
        name.removesuffix(" Trail Blazers" if team == "POR" else " " + name.split()[-1]): team
        for name, team in TEAM_NAMES.items()
        if team not in ("LAC", "LAL")
    },
    "LA Clippers": "LAC",
    "LA Lakers": "LAL",
}
_GAME_FIELDS = ("bref_id", "rows")
_HEAD = "Time"  # first cell of a period's head
_CELLS = 6  # clock, visitor's text and points, score, home side's points and text
_GAME = re.compile(r"(\d{4})(\d\d)(\d\d)\d([A-Z]{3})", re.ASCII)
_SCORE = re.compile(r"(\d{1,3})-(\d{1,3})", re.ASCII)

_SHOT = re.compile(
    r"(?P<player>.*?) ?\b(?P<result>makes|misses) (?P<worth>[23])-pt .+?"
    r"(?: from (?P<feet>[0-9]{1,3}) ft| (?P<rim>at rim))?"
    r"(?: \((?:assist by (?P<assist>.*?)|block by .*?) ?\))?"
)
_FREE_THROW = re.compile(r"(?P<player>.*?) ?\b(?P<result>makes|misses) (?:[a-z]+ )*free throw\b.*")
_HEAVE = re.compile(r"Team (?P<result>makes|misses) heave shot\b.*")
_FOUL = re.compile(r"(?P<kind>.*\b(?:foul|Foul).*?) by ?(?P<player>.*?)(?: \(drawn by.*)?")
_OTHERS = (
    ("rebound", re.compile(r"(?:Offensive|Defensive) rebound by (?P<player>.+)")),
    ("substitution", re.compile(r"(?P<player>.+) enters the game for .+")),
    ("turnover", re.compile(r"Turnover by ?(?P<player>.*?) ?\(.+\)")),
    ("timeout", re.compile(r".+ timeout")),
    ("violation", re.compile(r"Violation by (?P<player>.+?) \(.+\)")),
    ("jump_ball", re.compile(r"Jump ball: (?P<player>.+?) vs\. .+")),
    ("replay", re.compile(r"Instant Replay.*")),
    ("ejection", re.compile(r"(?P<player>.+) ejected from game")),
)
_OF_THE_FOULED = (
    "Shooting", "Personal", "Flagrant", "Away from play", "Def 3 sec", "Rescinded",
)  # fmt: skip
"""Fouls printed on the side of the fouled team; the others stand with the player's own."""

_OWN = frozenset(("shot", "free_throw", "rebound", "substitution"))
"""Events that are always printed on the player's own side: they say who plays for whom."""

_NAMES = [
    "game_date", "bref_game_id", "home_team", "away_team", "event_number", "period",
    "seconds_remaining", "team", "event_type", "description", "running_home_score",
    "running_away_score", "points", "is_made", "is_three", "shot_distance", "player_short_name",
    "assist_short_name",
]  # fmt: skip


def bref_plays(payload: Payload) -> pd.DataFrame:
    """Every printed row of the games of a payload; the head of a period becomes its first event.

    A head after which the clock does not jump back is a slip of the print and starts nothing.

    Returns:
        game_date, bref_game_id, home_team, away_team, event_number (the source's row),
        period, seconds_remaining (seconds), team (of the player who acts, NULL at the start of a
        period), event_type, description, running_home_score, running_away_score, points,
        is_made (attempts only), is_three (shots only), shot_distance (feet), player_short_name,
        assist_short_name.

    Raises:
        PayloadError: another shape, or a team that is none; the message has the game and the row.
    """
    events: list[dict[str, Any]] = []
    games = json_lines_of(payload)
    with_fields(payload, games, ["bref_id"], lists=["rows"])
    items_of(payload, games, "rows", ["row"], lists=["cells"])
    bad = dict[Place, str]()
    for number, game in listed("line", games):
        where = f"{payload.label}: line {number}"
        missing = [k for k in _GAME_FIELDS if k not in game]
        try:
            if missing:
                raise ValueError(f"lacks {', '.join(missing)}")
            found = list(_events(text_of(game["bref_id"]), game["rows"]))
        except (ValueError, TypeError, KeyError) as error:
            bad["line", number] = f"{where}, {shown(game.get('bref_id'))}: {error}"
            continue
        events += _with_own_sides(found)
    if bad:
        raise PayloadError(next(iter(bad.values())), bad if len(bad) <= MOST else None)
    frame = pd.DataFrame(events, columns=_NAMES)
    whole = ("event_number", "period", "running_home_score", "running_away_score", "points")
    return frame.astype(
        {**dict.fromkeys(whole, "Int64"), "is_made": "boolean", "is_three": "boolean",
         "shot_distance": "Float64", "seconds_remaining": "Float64"}
    )  # fmt: skip


def _events(bref_id: str, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Events of one game, with the side that each is printed on as its team.

    Raises:
        ValueError: a row cannot be read; the message has its number.
    """
    date = _date_of(bref_id)
    home = canonical_team(bref_id[-3:])
    game = {"game_date": date, "bref_game_id": bref_id}
    period, score, clock = 0, (0, 0), 0.0
    for number, row in enumerate(rows):
        where = f"row {row.get('row')}"
        cells = _cells(row, where)
        event: dict[str, Any] = {"team": None, "points": 0}
        if cells[0] == _HEAD:
            away, printed = _city(cells[1], where), _city(cells[5], where)
            if printed != home:
                raise ValueError(f"{where} has {printed} as the home team")
            game |= {"home_team": home, "away_team": away}
            if not period or _clock_jumps(rows[number + 1 :], clock):
                period += 1
                clock = 720.0 if period <= 4 else 300.0
                event |= {"event_type": "period", "description": f"Start of period {period}"}
            else:
                event |= {"event_type": "other", "description": "Head of a period printed again"}
            event["seconds_remaining"] = clock
        else:
            if not period:
                raise ValueError(f"{where} comes before the head of the first period")
            event = _event(cells, where, {1: game["away_team"], 5: game["home_team"]})
            score, clock = event.pop("score"), event["seconds_remaining"]
        yield {
            **game, **event, "event_number": whole(row["row"]), "period": period,
            "running_away_score": score[0], "running_home_score": score[1],
        }  # fmt: skip


def _date_of(bref_id: str) -> dt.date:
    found = _GAME.fullmatch(bref_id)
    if found is None:
        raise ValueError("is not a game id of date and home team")
    year, month, day, _ = found.groups()
    return dt.date(int(year), int(month), int(day))


def _cells(row: dict[str, Any], where: str) -> list[str]:
    found = row["cells"]
    if not isinstance(found, list) or not all(isinstance(c, str) for c in found):
        raise ValueError(f"{where}: cells are no texts")
    if len(found) != _CELLS:
        raise ValueError(f"{where} has {len(found)} cells, not {_CELLS}")
    return [c.strip() for c in found]


def _clock_jumps(rest: list[dict[str, Any]], clock: float) -> bool:
    """Whether the next event has more time left than the last: the head stands at a real start."""
    for row in rest:
        where = f"row {row.get('row')}"
        following = _cells(row, where)[0]
        if following != _HEAD:
            return _clock(following, where) > clock
    return False


def _event(cells: list[str], where: str, teams: Mapping[int, Any]) -> dict[str, Any]:
    score = _SCORE.fullmatch(cells[3])
    if score is None:
        raise ValueError(f"{where}: {cells[3]!r} is not a score")
    if bool(cells[1]) == bool(cells[5]):
        raise ValueError(f"{where} has a text on both sides or on none")
    side = 1 if cells[1] else 5
    points = cells[2 if side == 1 else 4]
    return {
        "seconds_remaining": _clock(cells[0], where), "team": teams[side],
        "description": cells[side], "points": _points(points, where),
        "score": (int(score[1]), int(score[2])), **_read(cells[side]),
    }  # fmt: skip


def _clock(printed: str, where: str) -> float:
    try:
        return clock_seconds(printed)
    except ValueError as error:
        raise ValueError(f"{where}: clock {printed!r} {error}") from error


def _points(printed: str, where: str) -> int:
    try:
        return whole(printed) or 0
    except ValueError as error:
        raise ValueError(f"{where}: points {printed!r} {error}") from error


def _read(text: str) -> dict[str, Any]:
    """What the text of an event says; a text of no known form is an ``other`` event."""
    for event_type, pattern in (("shot", _SHOT), ("free_throw", _FREE_THROW), ("heave", _HEAVE)):
        found = pattern.fullmatch(text)
        if found is None:
            continue
        said = found.groupdict()
        read = {"event_type": event_type, "is_made": said["result"] == "makes",
                "player_short_name": _person(said.get("player"))}  # fmt: skip
        if event_type == "shot":
            feet = 0.0 if said["rim"] else float(said["feet"]) if said["feet"] else None
            read |= {"is_three": said["worth"] == "3", "shot_distance": feet,
                     "assist_short_name": _person(said["assist"])}  # fmt: skip
        elif event_type == "heave":
            read["is_three"] = True
        return read
    for event_type, pattern in (*_OTHERS, ("foul", _FOUL)):
        found = pattern.fullmatch(text)
        if found:
            player = _person(found.groupdict().get("player"))
            return {"event_type": event_type, "player_short_name": player}
    return {"event_type": "other"}


def _with_own_sides(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Fouls and ejections under the team of the player who is named, not of the one fouled."""
    plays_for: dict[str, set[str]] = {}
    for e in events:
        if e["event_type"] in _OWN and e.get("player_short_name"):
            plays_for.setdefault(e["player_short_name"], set()).add(e["team"])
    for e in events:
        if e["event_type"] not in ("foul", "ejection"):
            continue
        teams = plays_for.get(e.get("player_short_name") or "", set())
        if len(teams) == 1:
            (e["team"],) = teams
        elif e["description"].startswith(_OF_THE_FOULED):
            e["team"] = e["away_team"] if e["team"] == e["home_team"] else e["home_team"]
    return events


def _person(name: str | None) -> str | None:
    return name if name and name != "Team" else None


def _city(name: str, where: str) -> str:
    if name not in _CITIES:
        raise ValueError(f"{where}: not a city of an NBA team: {name!r}")
    return _CITIES[name]


BREF_PLAYS_JSONL = layout(
    Layout.BREF_PLAYS_JSONL,
    parser=bref_plays,
    fields="bref_id rows rows.row rows.cells",
    date_of=lambda game: _date_of(game["bref_id"]),
)
