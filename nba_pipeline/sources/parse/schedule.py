"""Parsers of schedule snapshots in their five layouts.

Belongs here: reading one snapshot as it is. Does not belong here: which snapshot counts, and what
box scores add to an old one (``rows.schedule_merge``).
Every parser gives the columns of ``reading.schedule_frame``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.sources.reading.json_fields import with_fields
from nba_pipeline.sources.reading.layouts import layout, under
from nba_pipeline.sources.reading.record import Record, read_each, text_of, text_or_none
from nba_pipeline.sources.reading.schedule_frame import from_eastern, schedule_frame, status_of
from nba_pipeline.sources.reading.unpack import csv_of, json_of, records
from nba_pipeline.sources.reading.values import iso_date

_LEAGUE_V2 = (
    "gameId", "gameDateEst", "gameStatus", "gameStatusText", "postponedStatus", "gameDateTimeUTC",
    "arenaName", "arenaCity", "homeTeam.teamTricode", "homeTeam.score", "awayTeam.teamTricode",
    "awayTeam.score",
)  # fmt: skip
_SNAKE_LIST = ("game_id", "date_est", "home_tricode", "away_tricode", "game_status",
               "datetime_utc", "arena_name", "arena_city")  # fmt: skip
_LSCD = ("gid", "gdte", "h.ta", "v.ta", "h.s", "v.s", "st", "stt", "gdtutc", "utctm", "an", "ac")


def league_v2(payload: Payload) -> pd.DataFrame:
    """The league's present schedule: ``leagueSchedule.gameDates[].games[]``.

    Raises:
        PayloadError: another shape; the message names the game.
    """
    found = json_of(payload)
    try:
        games = [g for day in found["leagueSchedule"]["gameDates"] for g in day["games"]]
    except (KeyError, TypeError) as error:
        raise PayloadError(f"{payload.label}: no leagueSchedule.gameDates[].games[]") from error
    _check(payload, games, _LEAGUE_V2)
    (taken,) = read_each(payload, [found], _taken, "answer")

    def row(g: Record) -> dict[str, Any]:
        home, away = g["homeTeam"], g["awayTeam"]
        words = (text_or_none(g.get(name)) for name in ("gameLabel", "gameSubLabel"))
        label = " ".join(word for word in words if word)
        return {
            "nba_game_id": g["gameId"],
            "game_date": g["gameDateEst"],
            "home_team": home["teamTricode"],
            "away_team": away["teamTricode"],
            "game_status": status_of(
                text_of(g["gameStatus"]),
                text_or_none(g["gameStatusText"]) or "",
                text_or_none(g["postponedStatus"]) or "",
            ),
            "home_score": home["score"],
            "away_score": away["score"],
            "tipoff_utc": g["gameDateTimeUTC"],
            "is_neutral": g.get("isNeutral"),
            "arena_name": g["arenaName"],
            "arena_city": g["arenaCity"],
            "label": label or g.get("seriesText"),
        }

    return schedule_frame(payload, games, row, taken=taken)


def _taken(found: Record) -> dt.date | None:
    """Date on which the league wrote the answer, where it says so."""
    printed = (found.get("meta") or {}).get("time")
    return iso_date(printed) if printed else None


def flat_v2(payload: Payload) -> pd.DataFrame:
    """The same schedule as CSV, keys joined by dots; times are Eastern though marked Z.

    Raises:
        PayloadError: another shape; the message names the game.
    """
    needed = ["gameId", "gameStatusText", "gameDateTimeEst", "postponedStatus", "seriesText",
              "homeTeam.teamTricode", "awayTeam.teamTricode", "homeTeam.score", "awayTeam.score",
              "arenaName", "arenaCity"]  # fmt: skip
    frame = csv_of(payload, needed)

    def row(g: Record) -> dict[str, Any]:
        text = g["gameStatusText"] or ""
        is_final = text.startswith("Final")
        series = g["seriesText"] or ""
        return {
            "nba_game_id": g["gameId"],
            "game_date": g["gameDateTimeEst"],
            "home_team": g["homeTeam.teamTricode"],
            "away_team": g["awayTeam.teamTricode"],
            "game_status": status_of(
                "3" if is_final else "1", text, text_or_none(g["postponedStatus"]) or ""
            ),
            "home_score": g["homeTeam.score"],
            "away_score": g["awayTeam.score"],
            "tipoff_utc": from_eastern(text_of(g["gameDateTimeEst"])),
            # a game of a series has another text there, wherever it is
            "is_neutral": True if "Neutral" in series else None,
            "arena_name": g["arenaName"],
            "arena_city": g["arenaCity"],
            "label": series,
        }

    return schedule_frame(payload, records(frame), row)


def snake_list(payload: Payload) -> pd.DataFrame:
    """A JSON list of games with snake_case keys and no scores.

    Raises:
        PayloadError: another shape; the message names the game.
    """
    games = json_of(payload)
    if not isinstance(games, list):
        raise PayloadError(f"{payload.label}: not a list of games")
    _check(payload, games, _SNAKE_LIST)

    def row(g: Record) -> dict[str, Any]:
        words = (text_or_none(g.get(name)) for name in ("game_label", "game_subtype"))
        label = " ".join(word for word in words if word)
        return {
            "nba_game_id": g["game_id"],
            "game_date": g["date_est"],
            "home_team": g["home_tricode"],
            "away_team": g["away_tricode"],
            "game_status": status_of(
                text_of(g["game_status"]), text_or_none(g.get("game_status_text")) or "", ""
            ),
            "home_score": None,
            "away_score": None,
            "tipoff_utc": g["datetime_utc"],
            "is_neutral": None,
            "arena_name": g["arena_name"],
            "arena_city": g["arena_city"],
            "label": label,
        }

    return schedule_frame(payload, games, row)


def lscd(payload: Payload) -> pd.DataFrame:
    """The league's old full schedule: ``lscd[].mscd.g[]``.

    Raises:
        PayloadError: another shape; the message names the game.
    """
    found = json_of(payload)
    try:
        games = [g for month in found["lscd"] for g in month["mscd"]["g"]]
    except (KeyError, TypeError) as error:
        raise PayloadError(f"{payload.label}: no lscd[].mscd.g[]") from error
    _check(payload, games, _LSCD)

    def row(g: Record) -> dict[str, Any]:
        return {
            "nba_game_id": g["gid"],
            "game_date": g["gdte"],
            "home_team": g["h"]["ta"],
            "away_team": g["v"]["ta"],
            "game_status": status_of(text_of(g["st"]), text_of(g["stt"]), ""),
            "home_score": g["h"]["s"],
            "away_score": g["v"]["s"],
            "tipoff_utc": _utc(g),
            "is_neutral": None,
            "arena_name": g["an"],
            "arena_city": g["ac"],
            "label": g.get("seri"),
        }

    return schedule_frame(payload, games, row)


def _utc(g: Record) -> str | None:
    clock = text_of(g["utctm"])
    return f"{text_of(g['gdtutc'])}T{clock}:00Z" if ":" in clock else None


def nbahx(payload: Payload) -> pd.DataFrame:
    """CSV of the old schedule: gid, etdate, ettime, an, ac, st, stt, h.ta, v.ta, h.s, v.s.

    Raises:
        PayloadError: another shape; the message names the game.
    """
    needed = ["gid", "etdate", "ettime", "an", "ac", "st", "stt", "h.ta", "v.ta", "h.s", "v.s",
              "seri"]  # fmt: skip
    frame = csv_of(payload, needed)

    def row(g: Record) -> dict[str, Any]:
        return {
            "nba_game_id": g["gid"],
            "game_date": g["etdate"],
            "home_team": g["h.ta"],
            "away_team": g["v.ta"],
            "game_status": status_of(text_of(g["st"]), text_or_none(g["stt"]) or "", ""),
            "home_score": g["h.s"],
            "away_score": g["v.s"],
            "tipoff_utc": from_eastern(f"{text_of(g['etdate'])}T{text_of(g['ettime'])}"),
            "is_neutral": None,
            "arena_name": g["an"],
            "arena_city": g["ac"],
            "label": g["seri"],
        }

    return schedule_frame(payload, records(frame), row)


def _check(payload: Payload, games: Sequence[Any], needed: Iterable[str]) -> None:
    if games and all(isinstance(g, dict) for g in games):
        with_fields(payload, games, needed)


_TEAM = "teamId teamName teamCity teamTricode teamSlug wins losses score seed"
_BROADCASTERS = (
    "nationalTv nationalRadio nationalOtt homeTv homeRadio homeOtt awayTv awayRadio awayOtt "
    "intlTv intlRadio intlOtt"
)
SCHEDULE_LEAGUE_V2 = layout(
    Layout.SCHEDULE_LEAGUE_V2,
    parser=league_v2,
    date_of=lambda game: iso_date(game["gameDateEst"]),
    fields=" ".join((
        "gameId gameCode gameStatus gameStatusText gameSequence gameDateEst gameTimeEst "
        "gameDateTimeEst gameDateUTC gameTimeUTC gameDateTimeUTC awayTeamTime homeTeamTime day "
        "monthNum weekNumber weekName ifNecessary seriesGameNumber gameLabel gameSubLabel "
        "seriesText arenaName arenaState arenaCity postponedStatus branchLink gameSubtype "
        "isNeutral pointsLeaders",
        under("homeTeam", _TEAM),
        under("awayTeam", _TEAM),
        *(f"broadcasters.{name}Broadcasters" for name in _BROADCASTERS.split()),
    )),
)  # fmt: skip
SCHEDULE_FLAT_V2 = layout(
    Layout.SCHEDULE_FLAT_V2,
    parser=flat_v2,
    date_of=lambda game: iso_date(game["gameDateTimeEst"]),
    fields="gameId gameCode gameStatusText gameDateTimeEst weekNumber weekName ifNecessary "
    "seriesText seriesGameNumber arenaName arenaCity postponedStatus branchLink "
    "homeTeam.teamTricode awayTeam.teamTricode homeTeam.teamId awayTeam.teamId homeTeam.score "
    "awayTeam.score",
)
SCHEDULE_SNAKE_LIST = layout(
    Layout.SCHEDULE_SNAKE_LIST,
    parser=snake_list,
    date_of=lambda game: iso_date(game["date_est"]),
    fields="game_id season_year game_label game_subtype game_status game_status_text date_utc "
    "time_utc datetime_utc date_est time_est datetime_est home_team_id home_tricode home_city "
    "home_name away_team_id away_tricode away_city away_name arena_name arena_city arena_state "
    "broadcasters_national",
)
SCHEDULE_LSCD = layout(
    Layout.SCHEDULE_LSCD,
    parser=lscd,
    date_of=lambda game: iso_date(game["gdte"]),
    fields="gid gcode seri is gdte htm vtm etm an ac as st stt bd.b v.tid v.re v.ta v.tn v.tc v.s "
    "h.tid h.re h.ta h.tn h.tc h.s gdtutc utctm ppdst seq ptsls.pl",
)
SCHEDULE_NBAHX = layout(
    Layout.SCHEDULE_NBAHX,
    parser=nbahx,
    date_of=lambda game: iso_date(game["etdate"]),
    fields="gid gcode etdate ettime seri an ac st stt h.tid v.tid h.ta v.ta h.s v.s seas",
)
