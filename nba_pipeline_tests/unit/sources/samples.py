"""A small good payload of every layout, and its cells under other values.

A sample is decoded once into plain lists and mappings, so that one value of it can be replaced and
the whole be written again in the same form.
"""

from __future__ import annotations

import copy
import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Endpoint, Layout, Payload
from nba_pipeline.league.calendar import TEAMS
from nba_pipeline.sources.parse.reference import ALIAS_COLUMNS
from nba_pipeline_tests.support import endpoint_of, simulated
from nba_pipeline_tests.unit.sources.test_parse import HORFORD, LOG_HEAD, bref_line, v2_game
from nba_pipeline_tests.unit.sources.test_parse_boards import FOURTH, bp_line, offer
from nba_pipeline_tests.unit.sources.test_parse_gamebook import bdl, bdl_player, book
from nba_pipeline_tests.unit.sources.test_parse_injury_report import DEN, MIL, SAS, document, page
from nba_pipeline_tests.unit.sources.test_parse_markets import event, points, spreads, totals
from nba_pipeline_tests.unit.sources.test_parse_people import athlete
from nba_pipeline_tests.unit.sources.test_parse_plays import (
    OTHERS,
    START,
    THREE,
    action,
    bref,
    host,
    league,
    visitor,
)
from nba_pipeline_tests.unit.sources.test_parse_props import LINES, OUTCOMES, SIDES, TAKEN, TIPOFF
from nba_pipeline_tests.unit.sources.test_parse_sheets import (
    as_csv,
    ids_row,
    live,
    table_row,
    traditional,
    v3_player,
)
from nba_pipeline_tests.unit.sources.test_parse_shots import ARCHIVE, LEAGUE

AT = dt.datetime(2026, 1, 4, tzinfo=dt.UTC)
KEY = "season=2025-26/dates=2026-01-03..2026-01-03/file=raw_20260103_224000"
Path = tuple[str | int, ...]
CSV, JSON, JSON_LINES, PARQUET, BYTES = "csv", "json", "json lines", "parquet", "bytes"


ON_PAGE = {
    "team": "Boston Celtics", "player_name": "Neemias Queta", "position": "C",
    "status": "Day-To-Day", "description": "Queta (toe) won't play Sunday versus the Magic.",
    "fetched_at": "2026-01-03T10:35:53",
}  # fmt: skip


ON_BOARD = {
    "gameId": "0022500542", "gameCode": "20260110/MINCLE", "gameStatus": 3,
    "gameStatusText": "Final               ", "homeTeam": {"teamTricode": "CLE", "score": 146},
    "awayTeam": {"teamTricode": "MIN", "score": 134},
}  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """A payload as lists and mappings; a table is a list of mappings."""

    layout: Layout
    form: str
    content: Any

    def payload(self, content: Any = None) -> Payload:
        """The payload, with another content in the same form."""
        body = encoded(self.form, self.content if content is None else content)
        return Payload("test", endpoint_of(self.layout), KEY, self.layout, AT, body)

    def cells(self) -> list[tuple[Path, Any]]:
        """Every value that is no list and no mapping, with its path."""
        return [] if self.form == BYTES else list(_cells(self.content, ()))

    def changed(self, path: Path, value: Any) -> Any:
        """The content with another value at a path."""
        content = copy.deepcopy(self.content)
        inner = content
        for part in path[:-1]:
            inner = inner[part]
        inner[path[-1]] = value
        return content


def encoded(form: str, content: Any) -> bytes:
    """Content in its form; of a table all rows have the columns of the first."""
    if form == JSON:
        return json.dumps(content).encode()
    if form == JSON_LINES:
        return "\n".join(json.dumps(one) for one in content).encode()
    if form == PARQUET:
        body = io.BytesIO()
        pd.DataFrame(content).to_parquet(body, index=False)
        return body.getvalue()
    if form == CSV:
        text = io.StringIO()
        writer = csv.DictWriter(text, list(content[0]))
        writer.writeheader()
        writer.writerows(content)
        return text.getvalue().encode()
    return bytes(content)


def _cells(found: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(found, dict):
        for name, value in found.items():
            yield from _cells(value, (*path, name))
    elif isinstance(found, list):
        for place, value in enumerate(found):
            yield from _cells(value, (*path, place))
    else:
        yield path, found


def _csv(layout: Layout, text: str) -> Sample:
    return Sample(layout, CSV, list(csv.DictReader(io.StringIO(text))))


def _json(layout: Layout, payload: Payload | bytes) -> Sample:
    return Sample(
        layout, JSON, json.loads(payload.content if isinstance(payload, Payload) else payload)
    )


def _envelope(layout: Layout, name: str, *rows: dict[str, Any]) -> Sample:
    found = {"name": name, "headers": list(rows[0]), "rowSet": [list(r.values()) for r in rows]}
    return Sample(layout, JSON, {"resultSets": [found]})


def _simulated(endpoint: Endpoint, layout: Layout) -> bytes:
    """What the simulated league prints in a layout."""
    from nba_pipeline.landing.payload import DateRange
    from nba_pipeline_tests.support import NIGHT

    loader = simulated()[endpoint]
    return next(p.content for p in loader.fetch(DateRange(NIGHT, NIGHT)) if p.layout is layout)


def _rows(endpoint: Endpoint, layout: Layout, number: int) -> str:
    """The head and the first rows of a simulated CSV file."""
    return "\n".join(_simulated(endpoint, layout).decode().splitlines()[: number + 1])


_LOG = dict(zip(LOG_HEAD.split(","), HORFORD.split(","), strict=True))
_NUMBERS = {k: int(v) if v.lstrip("-").isdigit() and k != "GAME_ID" else v for k, v in _LOG.items()}
_BASIC = (
    "PLAYER_ID PLAYER_NAME TEAM_ABBREVIATION GAME_DATE MATCHUP WL MIN PTS REB AST STL BLK TOV "
    "PLUS_MINUS"
)
_COMPACT = {k: _LOG[k] for k in _BASIC.split()} | {"SEASON_TYPE": "Playoffs"}
_NBAHX = (
    "gid,gcode,etdate,ettime,seri,an,ac,st,stt,h.tid,v.tid,h.ta,v.ta,h.s,v.s,seas\n"
    "0022100001,20211019/BKNMIL,2021-10-19,19:30:00,,Fiserv Forum,Milwaukee,3,Final,1,2,MIL,BKN,"
    "127,104,21-22\n"
)
_FLAT = {"gameId": "0022400061", "gameStatusText": "Final", "postponedStatus": "N",
         "gameDateTimeEst": "2024-10-22T19:30:00Z", "seriesText": "",
         "homeTeam.teamTricode": "BOS", "awayTeam.teamTricode": "NYK", "homeTeam.score": "132",
         "awayTeam.score": "109", "arenaName": "TD Garden", "arenaCity": "Boston"}  # fmt: skip
_SNAKE = {"game_id": "0022500001", "date_est": "2025-10-21T00:00:00Z", "home_tricode": "OKC",
          "away_tricode": "HOU", "game_status": 1, "game_status_text": "7:30 pm ET",
          "datetime_utc": "2025-10-21T23:30:00Z", "arena_name": "Paycom Center",
          "arena_city": "Oklahoma City", "game_label": "", "game_subtype": ""}  # fmt: skip
_LSCD = {"gid": "0022400061", "gdte": "2024-10-22", "h": {"ta": "BOS", "s": "132"},
         "v": {"ta": "NYK", "s": "109"}, "st": "3", "stt": "Final", "gdtutc": "2024-10-22",
         "utctm": "23:30", "an": "TD Garden", "ac": "Boston"}  # fmt: skip
_SBR = (
    "Date,Home,Away,OU,Spread,ML_Home,ML_Away\n"
    "2021-22-1101,Boston Celtics,New York Knicks,220,4.5,-160,140\n"
)
_CONSENSUS = {"commence_time": TIPOFF, "home_team": "Boston Celtics", "home_ml": -200.0,
              "away_team": "New York Knicks", "spread_point": -4.5,
              "total_point": 221.5}  # fmt: skip
_REPORTED = {"date": "01/03/2026", "gametime": "07:30 (ET)", "matchup": "MIL@SAS", "team": "SAS",
             "player": "Duke Jr., David", "status": "Out", "reason": "G League"}  # fmt: skip
_TRANSACTION = {"Date": "2025-01-03", "Team": "Celtics", "Acquired": "", "Notes": "placed on IL",
                "Relinquished": "• Al Horford / Alfred Horford"}  # fmt: skip
_PLAYER = {"PERSON_ID": 201143, "DISPLAY_FIRST_LAST": "Al Horford", "ROSTERSTATUS": 1,
           "FROM_YEAR": "2007", "TO_YEAR": "2025", "TEAM_ABBREVIATION": "BOS"}  # fmt: skip
_INDEXED = {"PERSON_ID": 201143, "PLAYER_FIRST_NAME": "Al", "PLAYER_LAST_NAME": "Horford",
            "TEAM_ABBREVIATION": "BOS", "JERSEY_NUMBER": "42", "POSITION": "C-F", "HEIGHT": "6-8",
            "WEIGHT": "240"}  # fmt: skip
_PROFILE = {"PLAYER_ID": "201143", "PLAYER_NAME": "Al Horford", "BIRTHDATE": "1986-06-03T00:00:00",
            "HEIGHT": "6-8", "WEIGHT": "240", "POSITION": "Center-Forward",
            "JERSEY": "42"}  # fmt: skip
_POSITION = {"PLAYER_ID": "201143", "POSITION": "C", "TeamID": "1610612738"}
_ALIAS = dict.fromkeys(ALIAS_COLUMNS, "") | {
    "player_name": "Alfred Horford", "name_status": "resolved", "player_id": "201143",
    "reason": "the same", "owner": "me", "decided_at": "2026-01-03T10:00:00Z",
}  # fmt: skip
_TEAM_LIST = [{"ID": str(1610612737 + n), "Abbreviation": t, "Full Name": f"Team {t}",
               "NICKNAME": t, "City": "Town"} for n, t in enumerate(TEAMS)]  # fmt: skip
_EVENT = {"id": 20879, "sport": "NBA", "home": "BOS", "visitor": "NYK",
          "scheduled": "2026-01-04 00:40:00"}  # fmt: skip
_CLOCKS = (visitor("A. Able makes 3-pt jump shot from 26 ft (assist by B. Baker)", "+3", "3-0"),
           host("Defensive rebound by C. Cole", "", "3-0", "10:40.0"))  # fmt: skip
_OUTCOMES = list(csv.DictReader(io.StringIO(OUTCOMES.format(tipoff=TIPOFF, taken=TAKEN))))


def _arenas() -> str:
    from importlib.resources import files

    return (files("nba_pipeline.sources.own") / "seeds" / "arenas.csv").read_text(encoding="utf-8")


@cache
def samples() -> dict[Layout, Sample]:
    """A sample of every layout."""
    return {s.layout: s for s in (
        Sample(Layout.SCHEDULE_LEAGUE_V2, JSON, {"meta": {"time": "2024-10-23T00:00:00Z"},
               "leagueSchedule": {"gameDates": [{"games": [v2_game()]}]}}),
        Sample(Layout.SCHEDULE_FLAT_V2, CSV, [_FLAT]),
        Sample(Layout.SCHEDULE_SNAKE_LIST, JSON, [_SNAKE]),
        Sample(Layout.SCHEDULE_LSCD, JSON, {"lscd": [{"mscd": {"g": [_LSCD]}}]}),
        _csv(Layout.SCHEDULE_NBAHX, _NBAHX),
        _envelope(Layout.GAMELOG_JSON, "LeagueGameLog", _NUMBERS, _NUMBERS | {"PTS": 12}),
        Sample(Layout.GAMELOG_CSV, CSV, [_LOG, _LOG | {"PTS": "12"}]),
        Sample(Layout.GAMELOG_PARQUET, PARQUET, [_NUMBERS, _NUMBERS | {"PTS": 12}]),
        Sample(Layout.GAMELOG_COMPACT_CSV, CSV, [_COMPACT]),
        Sample(Layout.BREF_JSONL, JSON_LINES, [json.loads(bref_line())]),
        Sample(Layout.SHOTS_PARQUET, PARQUET, [ARCHIVE, ARCHIVE | {"SECS_LEFT": 10}]),
        _envelope(Layout.SHOTS_JSON, "Shot_Chart_Detail", LEAGUE),
        Sample(Layout.PROPS_OUTCOMES_CSV, CSV, _OUTCOMES),
        _csv(Layout.PROPS_SIDES_CSV, SIDES.format(tipoff=TIPOFF)),
        _csv(Layout.PROPS_LINES_CSV, LINES.format(tipoff=TIPOFF)),
        Sample(Layout.ODDS_API_PROPS_JSON, JSON, event(points())),
        Sample(Layout.ODDS_API_GAMES_JSON, JSON, [event(spreads(), totals())]),
        Sample(Layout.NOT_POSTED, JSON, {"status": 204}),
        Sample(Layout.PRIZEPICKS_JSON, JSON,
               {"scrapedAt": "2026-01-03T17:00:00Z", "props": [FOURTH]}),
        Sample(Layout.BETTINGPROS_EVENTS_JSON, JSON, {"events": [_EVENT]}),
        Sample(Layout.BETTINGPROS_OFFERS_JSON, JSON,
               {"offers": [offer((10, bp_line(31.5), bp_line(31.5)))]}),
        _csv(Layout.SBR_GAMES_CSV, _SBR),
        Sample(Layout.CONSENSUS_GAMES_PARQUET, PARQUET, [_CONSENSUS]),
        _csv(Layout.SHEET_IDS_CSV, as_csv(ids_row(203999, "36:47"), ids_row(2, ""))),
        Sample(Layout.SHEET_NAMES_CSV, CSV, [{"id": "203999", "full_name": "Nikola Jokić"}]),
        _csv(Layout.SHEET_TABLE_CSV, as_csv(table_row("Nikola Jokić", "36:47"))),
        _json(Layout.SHEET_JSON, traditional(v3_player("12:00"))),
        _json(Layout.SHEET_LIVE_JSON, live()),
        _json(Layout.SHEET_GAMEBOOK_JSON, book()),
        _json(Layout.BDL_JSON, bdl(bdl_player("38", pts=25, reb=7))),
        Sample(Layout.BREF_PLAYS_JSONL, JSON_LINES, [json.loads(bref(*_CLOCKS).content)]),
        _json(Layout.LEAGUE_PLAYS_JSON, league(START, OTHERS, action(3, "3pt", **THREE))),
        _envelope(Layout.PLAYERS_JSON, "CommonAllPlayers", _PLAYER),
        Sample(Layout.ALIASES_CSV, CSV, [_ALIAS]),
        _envelope(Layout.PLAYER_INDEX_JSON, "PlayerIndex", _INDEXED),
        Sample(Layout.PLAYER_POSITIONS_CSV, CSV, [_POSITION]),
        Sample(Layout.PLAYER_PROFILES_CSV, CSV, [_PROFILE]),
        _csv(Layout.ARENAS_CSV, _arenas()),
        Sample(Layout.INJURY_REPORT_PDF, BYTES, document(page([MIL, SAS, DEN]))),
        Sample(Layout.INJURY_REPORT_JSON, JSON, {
            "metadata": {"gamedate": "20260103", "hour24": "17"}, "records": [_REPORTED]}),
        Sample(Layout.SCOREBOARD_JSON, JSON, {"scoreboard": {"games": [ON_BOARD]}}),
        Sample(Layout.ESPN_INJURIES_PARQUET, PARQUET, [ON_PAGE]),
        Sample(Layout.TRANSACTIONS_CSV, CSV, [_TRANSACTION]),
        Sample(Layout.ESPN_ROSTER_JSON, JSON,
               {"team": {"abbreviation": "BOS", "athletes": [athlete()]}}),
        Sample(Layout.TEAMS_CSV, CSV, _TEAM_LIST),
    )}  # fmt: skip
