"""Parsers of schedule snapshots in their five layouts.

Belongs here: reading one snapshot as it is. Does not belong here: which snapshot counts, and what
box scores add to an old one (``schedule_merge``).
Every parser gives one row per listed game, exhibitions included: nba_game_id, game_date,
season_year, season_type, home_team, away_team (NULL while unknown), game_status, home_score,
away_score (NULL unless final), tipoff_utc, is_neutral, arena_name, arena_city, label, as_of.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Payload, PayloadError
from nba_pipeline.league.calendar import (
    EASTERN,
    TEAMS,
    TRICODE_ALIASES,
    GameStatus,
    season_type_of,
    season_year_of,
)
from nba_pipeline.sources.reading.json_fields import with_fields
from nba_pipeline.sources.reading.unpack import csv_of, json_of, records

_STATUS = {"1": GameStatus.SCHEDULED, "2": GameStatus.LIVE, "3": GameStatus.FINAL}
_LEAGUE_V2 = (
    "gameId", "gameDateEst", "gameStatus", "gameStatusText", "postponedStatus", "gameDateTimeUTC",
    "arenaName", "arenaCity", "homeTeam.teamTricode", "homeTeam.score", "awayTeam.teamTricode",
    "awayTeam.score",
)  # fmt: skip
_SNAKE_LIST = ("game_id", "date_est", "home_tricode", "away_tricode", "game_status",
               "datetime_utc", "arena_name", "arena_city")  # fmt: skip
_LSCD = ("gid", "gdte", "h.ta", "v.ta", "h.s", "v.s", "st", "stt", "gdtutc", "utctm", "an", "ac")
Raw = Mapping[str, Any]


def league_v2(payload: Payload) -> pd.DataFrame:
    """The league's present schedule: ``leagueSchedule.gameDates[].games[]``.

    Raises:
        PayloadError: another shape; the message names the game.
    """
    found = json_of(payload)
    try:
        games = [g for day in found["leagueSchedule"]["gameDates"] for g in day["games"]]
        taken = found.get("meta", {}).get("time", "")
    except (KeyError, TypeError, AttributeError) as error:
        raise PayloadError(f"{payload.label}: no leagueSchedule.gameDates[].games[]") from error
    _check(payload, games, _LEAGUE_V2)

    def row(g: Raw) -> dict[str, Any]:
        home, away = g["homeTeam"], g["awayTeam"]
        label = " ".join(p for p in (g.get("gameLabel"), g.get("gameSubLabel")) if p)
        return {
            "nba_game_id": g["gameId"],
            "game_date": g["gameDateEst"][:10],
            "home_team": home["teamTricode"],
            "away_team": away["teamTricode"],
            "game_status": _status(str(g["gameStatus"]), g["gameStatusText"], g["postponedStatus"]),
            "home_score": home["score"],
            "away_score": away["score"],
            "tipoff_utc": g["gameDateTimeUTC"],
            "is_neutral": g.get("isNeutral"),
            "arena_name": g["arenaName"],
            "arena_city": g["arenaCity"],
            "label": label or g.get("seriesText"),
        }

    return _frame(payload, games, row, taken=taken[:10])


def flat_v2(payload: Payload) -> pd.DataFrame:
    """The same schedule as CSV, keys joined by dots; times are Eastern though marked Z.

    Raises:
        PayloadError: another shape; the message names the game.
    """
    needed = ["gameId", "gameStatusText", "gameDateTimeEst", "postponedStatus", "seriesText",
              "homeTeam.teamTricode", "awayTeam.teamTricode", "homeTeam.score", "awayTeam.score",
              "arenaName", "arenaCity"]  # fmt: skip
    frame = csv_of(payload, needed)

    def row(g: Raw) -> dict[str, Any]:
        text = g["gameStatusText"] or ""
        is_final = text.startswith("Final")
        series = g["seriesText"] or ""
        return {
            "nba_game_id": g["gameId"],
            "game_date": g["gameDateTimeEst"][:10],
            "home_team": g["homeTeam.teamTricode"],
            "away_team": g["awayTeam.teamTricode"],
            "game_status": _status("3" if is_final else "1", text, g["postponedStatus"]),
            "home_score": g["homeTeam.score"],
            "away_score": g["awayTeam.score"],
            "tipoff_utc": _from_eastern(g["gameDateTimeEst"]),
            "is_neutral": "Neutral" in series,
            "arena_name": g["arenaName"],
            "arena_city": g["arenaCity"],
            "label": series,
        }

    return _frame(payload, records(frame), row)


def snake_list(payload: Payload) -> pd.DataFrame:
    """A JSON list of games with snake_case keys and no scores.

    Raises:
        PayloadError: another shape; the message names the game.
    """
    games = json_of(payload)
    if not isinstance(games, list):
        raise PayloadError(f"{payload.label}: not a list of games")
    _check(payload, games, _SNAKE_LIST)

    def row(g: Raw) -> dict[str, Any]:
        label = " ".join(p for p in (g.get("game_label"), g.get("game_subtype")) if p)
        return {
            "nba_game_id": g["game_id"],
            "game_date": g["date_est"][:10],
            "home_team": g["home_tricode"],
            "away_team": g["away_tricode"],
            "game_status": _status(str(g["game_status"]), g.get("game_status_text") or "", ""),
            "home_score": None,
            "away_score": None,
            "tipoff_utc": g["datetime_utc"],
            "is_neutral": None,
            "arena_name": g["arena_name"],
            "arena_city": g["arena_city"],
            "label": label,
        }

    return _frame(payload, games, row)


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

    def row(g: Raw) -> dict[str, Any]:
        return {
            "nba_game_id": g["gid"],
            "game_date": g["gdte"],
            "home_team": g["h"]["ta"],
            "away_team": g["v"]["ta"],
            "game_status": _status(str(g["st"]), g["stt"], ""),
            "home_score": g["h"]["s"],
            "away_score": g["v"]["s"],
            "tipoff_utc": f"{g['gdtutc']}T{g['utctm']}:00Z" if ":" in g["utctm"] else None,
            "is_neutral": None,
            "arena_name": g["an"],
            "arena_city": g["ac"],
            "label": g.get("seri"),
        }

    return _frame(payload, games, row)


def nbahx(payload: Payload) -> pd.DataFrame:
    """CSV of the old schedule: gid, etdate, ettime, an, ac, st, stt, h.ta, v.ta, h.s, v.s.

    Raises:
        PayloadError: another shape; the message names the game.
    """
    needed = ["gid", "etdate", "ettime", "an", "ac", "st", "stt", "h.ta", "v.ta", "h.s", "v.s",
              "seri"]  # fmt: skip
    frame = csv_of(payload, needed)

    def row(g: Raw) -> dict[str, Any]:
        return {
            "nba_game_id": g["gid"],
            "game_date": g["etdate"],
            "home_team": g["h.ta"],
            "away_team": g["v.ta"],
            "game_status": _status(g["st"], g["stt"] or "", ""),
            "home_score": g["h.s"],
            "away_score": g["v.s"],
            "tipoff_utc": _from_eastern(f"{g['etdate']}T{g['ettime']}"),
            "is_neutral": None,
            "arena_name": g["an"],
            "arena_city": g["ac"],
            "label": g["seri"],
        }

    return _frame(payload, records(frame), row)


def _check(payload: Payload, games: Sequence[Any], needed: Iterable[str]) -> None:
    if games and all(isinstance(g, dict) for g in games):
        with_fields(payload, games, needed)


def _frame(
    payload: Payload,
    games: Iterable[Raw],
    row: Callable[[Raw], dict[str, Any]],
    *,
    taken: str = "",
) -> pd.DataFrame:
    rows = []
    for number, game in enumerate(games, start=1):
        try:
            rows.append(_cleaned(row(game)))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise PayloadError(f"{payload.label}: game {number}: {error!r}") from error
    if not rows:
        raise PayloadError(f"{payload.label}: a schedule without games")
    frame = pd.DataFrame(rows)
    twice = frame.loc[frame["nba_game_id"].duplicated(), "nba_game_id"]
    if len(twice):
        raise PayloadError(f"{payload.label}: game {twice.iloc[0]} is listed twice")
    frame["as_of"] = _as_of(frame, taken)
    return frame


def _cleaned(row: dict[str, Any]) -> dict[str, Any]:
    """Types and placeholders.

    A team that is not one of the 30 is unknown, "Final" without a score is no result, and the score
    of a running game is no final score.
    """
    kind = season_type_of(row["nba_game_id"])
    row["season_type"], row["season_year"] = kind, season_year_of(row["nba_game_id"])
    row["game_date"] = dt.date.fromisoformat(row["game_date"])
    for side in ("home_team", "away_team"):
        code = TRICODE_ALIASES.get(row[side], row[side])
        row[side] = code if code in TEAMS else None
    scores = [_score(row[s]) for s in ("home_score", "away_score")]
    has_result = None not in scores and any(scores)
    if row["game_status"] is GameStatus.FINAL and not has_result:
        row["game_status"] = GameStatus.SCHEDULED
    is_final = row["game_status"] is GameStatus.FINAL
    row["home_score"], row["away_score"] = scores if is_final else (None, None)
    tipoff = row["tipoff_utc"]
    row["tipoff_utc"] = pd.Timestamp(tipoff).tz_convert("UTC") if tipoff else None
    row["label"] = row["label"] or None
    for name in ("arena_name", "arena_city"):
        row[name] = row[name] or None
    return row


def _score(value: object) -> int | None:
    return int(str(value)) if value not in (None, "") else None


def _status(code: str, text: str, postponed: str) -> GameStatus:
    """Postponed and cancelled say so in the text; the flag P or Y in ``postponedStatus``."""
    word = text.strip().casefold()
    if word.startswith("cancel"):
        return GameStatus.CANCELLED
    if word.startswith(("ppd", "postponed")) or postponed in ("P", "Y"):
        return GameStatus.POSTPONED
    return _STATUS.get(code, GameStatus.SCHEDULED)


def _from_eastern(text: str) -> str | None:
    """UTC time of an Eastern wall clock; midnight stands for "to be decided"."""
    wall = dt.datetime.fromisoformat(text.removesuffix("Z"))
    if wall.hour == wall.minute == 0:
        return None
    return wall.replace(tzinfo=EASTERN).astimezone(dt.UTC).isoformat()


def _as_of(frame: pd.DataFrame, taken: str) -> dt.date:
    """Date of the snapshot: of its newest result, or before its first game; later if it says so."""
    final = frame.loc[frame["game_status"] == GameStatus.FINAL, "game_date"]
    known: dt.date = final.max() if len(final) else frame["game_date"].min() - dt.timedelta(1)
    return max(known, dt.date.fromisoformat(taken)) if taken else known
