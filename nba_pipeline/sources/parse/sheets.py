"""Parsers of game sheets as the league's own feeds print them: who played, who did not, and why.

Belongs here: BoxScoreTraditionalV3 as JSON and in two CSV archives, and the live feed's box score.
Does not belong here: gamebooks (``gamebook``); dates and opponents that a layout lacks, which
come from the schedule (``rows.sheets``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.sources.reading.json_fields import items_of, with_fields
from nba_pipeline.sources.reading.layouts import layout, under
from nba_pipeline.sources.reading.numbers import whole, whole_numbers
from nba_pipeline.sources.reading.record import Record, read_each, text_of, text_or_none
from nba_pipeline.sources.reading.sheet_frame import sheet_frame
from nba_pipeline.sources.reading.unpack import csv_of, json_of
from nba_pipeline.sources.reading.values import (
    iso_date,
    iso_dates,
    mapped,
    put_names,
    team_of,
    team_of_id,
)

_COUNTS: Mapping[str, str] = {
    "fieldGoalsMade": "field_goals_made", "fieldGoalsAttempted": "field_goals_attempted",
    "threePointersMade": "three_pointers_made",
    "threePointersAttempted": "three_pointers_attempted",
    "freeThrowsMade": "free_throws_made", "freeThrowsAttempted": "free_throws_attempted",
    "reboundsOffensive": "offensive_rebounds", "reboundsDefensive": "defensive_rebounds",
    "reboundsTotal": "rebounds", "assists": "assists", "steals": "steals", "blocks": "blocks",
    "turnovers": "turnovers", "foulsPersonal": "personal_fouls", "points": "points",
    "plusMinusPoints": "plus_minus",
}  # fmt: skip
_IDS_ONLY = {f"stats.{theirs}": ours for theirs, ours in _COUNTS.items()}
_TABLE = ("game_date", "gameId", "teamId", "personId", "personName", "position", "comment",
          "minutes")  # fmt: skip
_NAMES = ("id", "full_name")
_SIDES = ("homeTeam", "awayTeam")


def ids_csv(payload: Payload) -> pd.DataFrame:
    """BoxScoreTraditionalV3 rows with ids in place of names, without date, opponent and reason.

    Returns:
        The columns of ``sheet_frame``; names, game_date, is_starter and reason are NULL.

    Raises:
        PayloadError: another shape, or a value that is no number, team or time.
    """
    raw = csv_of(payload, ["team", "player", "game_id", "stats.minutes", *_IDS_ONLY])
    lines = raw.rename(columns={**_IDS_ONLY, "stats.minutes": "minutes", "player": "player_id"})
    lines["team"] = mapped(payload, raw["team"], "team", team_of_id, required=True)
    lines["nba_game_id"] = mapped(payload, raw["game_id"], "game_id", _game_id, required=True)
    return sheet_frame(payload, lines)


def names_csv(payload: Payload) -> pd.DataFrame:
    """List of players that belongs to an archive of ids.

    Returns:
        player_id, player_name, player_lookup, name_key.

    Raises:
        PayloadError: another shape, or a name without a letter.
    """
    raw = csv_of(payload, _NAMES)
    frame = pd.DataFrame({"player_id": whole_numbers(payload, raw["id"], "id")})
    put_names(payload, frame, raw["full_name"])
    return frame


def table_csv(payload: Payload) -> pd.DataFrame:
    """BoxScoreTraditionalV3 rows with names, dates and comments; a position is a starter's.

    Raises:
        PayloadError: another shape, or a value that is no number, date, team or time.
    """
    raw = csv_of(payload, [*_TABLE, *_COUNTS])
    names = {"personId": "player_id", "personName": "name", "comment": "reason"}
    lines = raw.rename(columns={**_COUNTS, **names})
    # by id: the tricodes are of their time (NOH)
    lines["team"] = mapped(payload, raw["teamId"], "teamId", team_of_id, required=True)
    lines["nba_game_id"] = mapped(
        payload, raw["gameId"], "gameId", lambda g: _game_id(text_of(g).zfill(10)), required=True
    )
    lines["game_date"] = iso_dates(payload, raw["game_date"])
    lines["is_starter"] = raw["position"].notna()
    return sheet_frame(payload, lines)


def traditional_json(payload: Payload) -> pd.DataFrame:
    """BoxScoreTraditionalV3 of one game; a game that has not begun has no rows.

    Raises:
        PayloadError: another shape, or a value that is no number, team or time.
    """
    found = json_of(payload)
    game = found.get("boxScoreTraditional") if isinstance(found, dict) else None
    if not isinstance(game, dict):
        raise PayloadError(f"{payload.label}: no boxScoreTraditional")
    read = ("firstName", "familyName", "position", "comment")
    listed = _players(payload, game, (), read)

    def line(player: Record) -> dict[str, Any]:
        names = (text_or_none(player[n]) for n in ("firstName", "familyName"))
        return {
            **_line(player),
            "name": " ".join(n.strip() for n in names if n).strip() or None,
            "is_starter": bool((text_or_none(player["position"]) or "").strip()),
            "reason": text_or_none(player["comment"]),
            "minutes": text_or_none(player["statistics"]["minutes"]),
        }

    return sheet_frame(payload, read_each(payload, listed, line, "player"))


def live_json(payload: Payload) -> pd.DataFrame:
    """Box score of the live feed: also who is inactive, with a code and often the injury.

    Raises:
        PayloadError: another shape, or a value that is no number, date, team or time.
    """
    found = json_of(payload)
    game = found.get("game") if isinstance(found, dict) else None
    if not isinstance(game, dict):
        raise PayloadError(f"{payload.label}: no game")
    read = ("name", "status", "starter", "played")
    listed = _players(payload, game, ["gameEt"], read)
    (date,) = read_each(payload, [game], lambda g: iso_date(g["gameEt"]), "game")

    def line(player: Record) -> dict[str, Any]:
        words = (player.get("notPlayingReason"), player.get("notPlayingDescription"))
        found = {
            **_line(player),
            "name": text_or_none(player["name"]),
            "game_date": date,
            "is_starter": _is_one(player["starter"]),
            "is_inactive": text_of(player["status"]) == "INACTIVE",
            "reason": " - ".join(text_of(w).strip() for w in words if w) or None,
        }
        if _is_one(player["played"]):
            found["minutes"] = text_or_none(player["statistics"]["minutes"])
        return found

    return sheet_frame(payload, read_each(payload, listed, line, "player"))


def _players(
    payload: Payload, game: dict[str, Any], of_game: Iterable[str], of_player: Iterable[str]
) -> list[dict[str, Any]]:
    """Every line of a game with its ``team`` and ``nba_game_id``; fields are of its layout."""
    needed = ["gameId", *of_game, *(f"{side}.teamTricode" for side in _SIDES)]
    with_fields(payload, [game], needed, lists=[f"{side}.players" for side in _SIDES])
    numbers = [f"statistics.{name}" for name in ("minutes", *_COUNTS)]
    teams = [game[side] for side in _SIDES if isinstance(game[side], dict)]
    items_of(payload, teams, "players", ["personId", *of_player, *numbers])
    (game_id,) = read_each(payload, [game], lambda g: _game_id(text_of(g["gameId"])), "game")
    found = []
    for side in _SIDES:
        team = game.get(side)
        if not isinstance(team, dict) or not isinstance(team.get("players"), list):
            raise PayloadError(f"{payload.label}: {side} has no list of players")
        of_all = {"team": team_of(payload, team.get("teamTricode"), side), "nba_game_id": game_id}
        found += [{**player, **of_all} for player in team["players"]]
    return found


def _line(player: Record) -> dict[str, Any]:
    numbers = player["statistics"]
    return {
        "nba_game_id": player["nba_game_id"],
        "team": player["team"],
        "player_id": whole(player["personId"]),
        **{ours: whole(numbers[theirs]) for theirs, ours in _COUNTS.items()},
    }


def _is_one(printed: Any) -> bool:
    if text_of(printed) not in ("0", "1"):
        raise ValueError("is neither 0 nor 1")
    return text_of(printed) == "1"


def _game_id(text: str) -> str:
    if len(text) != 10 or not (text.isascii() and text.isdigit()):
        raise ValueError("is not an official game id of ten digits")
    return text


_STATISTICS = (
    "minutes fieldGoalsMade fieldGoalsAttempted fieldGoalsPercentage threePointersMade "
    "threePointersAttempted threePointersPercentage freeThrowsMade freeThrowsAttempted "
    "freeThrowsPercentage reboundsOffensive reboundsDefensive reboundsTotal assists steals blocks "
    "turnovers foulsPersonal points plusMinusPoints"
)
_LIVE_STATISTICS = (
    f"{_STATISTICS} minutesCalculated blocksReceived foulsOffensive foulsDrawn foulsTechnical "
    "minus plus pointsFastBreak pointsInThePaint pointsSecondChance twoPointersAttempted "
    "twoPointersMade twoPointersPercentage"
)
SHEET_IDS_CSV = layout(
    Layout.SHEET_IDS_CSV,
    parser=ids_csv,
    fields=f"team player game_id {under('stats', _STATISTICS)}",
)
SHEET_NAMES_CSV = layout(
    Layout.SHEET_NAMES_CSV, parser=names_csv, fields="id full_name first_name last_name is_active"
)
SHEET_TABLE_CSV = layout(
    Layout.SHEET_TABLE_CSV,
    parser=table_csv,
    fields="season_year game_date gameId teamId teamCity teamName teamTricode teamSlug personId "
    f"personName position comment jerseyNum {_STATISTICS}",
    date_of=lambda row: iso_date(row["game_date"]),
)
SHEET_JSON = layout(
    Layout.SHEET_JSON,
    parser=traditional_json,
    fields=" ".join((
        "gameId awayTeamId homeTeamId",
        *(under(side, "teamId teamCity teamName teamTricode teamSlug players statistics starters "
                "bench") for side in _SIDES),
        under("players", "personId firstName familyName nameI playerSlug position comment "
              "jerseyNum " + under("statistics", _STATISTICS)),
    )),
)  # fmt: skip
SHEET_LIVE_JSON = layout(
    Layout.SHEET_LIVE_JSON,
    parser=live_json,
    fields=" ".join((
        "gameId gameTimeLocal gameTimeUTC gameTimeHome gameTimeAway gameEt duration gameCode "
        "gameStatusText gameStatus regulationPeriods period gameClock attendance sellout arena "
        "officials",
        *(under(side, "teamId teamName teamCity teamTricode score inBonus timeoutsRemaining "
                "periods players statistics") for side in _SIDES),
        under("players", "status order personId jerseyNum position starter oncourt played name "
              "nameI firstName familyName notPlayingReason notPlayingDescription "
              + under("statistics", _LIVE_STATISTICS)),
    )),
)  # fmt: skip
