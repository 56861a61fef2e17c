"""Parser of the league's live scoreboard of a day.

Belongs here: reading its final games. Does not belong here: what a schedule makes of them
(``rows.schedule_merge``). A game that is not final when the board was taken is left out: of it the
board says nothing that lasts.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.league.calendar import (
    GameStatus,
    canonical_team,
    season_type_of,
    season_year_of,
)
from nba_pipeline.sources.reading.json_fields import with_fields
from nba_pipeline.sources.reading.layouts import layout, under
from nba_pipeline.sources.reading.numbers import whole
from nba_pipeline.sources.reading.record import Record, read_each, text_of
from nba_pipeline.sources.reading.schedule_frame import status_of
from nba_pipeline.sources.reading.unpack import json_of
from nba_pipeline.sources.reading.values import iso_date

_NEEDED = ("gameId", "gameCode", "gameStatus", "gameStatusText", "homeTeam.teamTricode",
           "homeTeam.score", "awayTeam.teamTricode", "awayTeam.score")  # fmt: skip
_COLUMNS = ["game_date", "season_year", "nba_game_id", "season_type", "home_team", "away_team",
            "home_score", "away_score"]  # fmt: skip
_MOST = 250
"""Points of a team that a board may show; the most ever were 186."""


def scoreboard(payload: Payload) -> pd.DataFrame:
    """Final games of ``scoreboard.games[]`` that are of the league.

    Returns:
        game_date (of the game's code, Eastern), season_year, nba_game_id, season_type, home_team,
        away_team, home_score, away_score (points).

    Raises:
        PayloadError: another shape, or a final game without teams or a result; the message names
            the game.
    """
    found = json_of(payload)
    board = found.get("scoreboard") if isinstance(found, dict) else None
    games = board.get("games") if isinstance(board, dict) else None
    if not isinstance(games, list):
        raise PayloadError(f"{payload.label}: no scoreboard.games[]")
    with_fields(payload, games, _NEEDED)
    rows = [row for row in read_each(payload, games, _game, "game") if row is not None]
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    for name in ("home_score", "away_score"):
        frame[name] = frame[name].astype("Int64")
    return frame


def _game(one: Record) -> dict[str, Any] | None:
    status = status_of(text_of(str(one["gameStatus"])), text_of(one["gameStatusText"]).strip(), "")
    if status is not GameStatus.FINAL:
        return None
    number = text_of(one["gameId"])
    kind, year = season_type_of(number), season_year_of(number)
    if not kind.counts:
        return None  # exhibitions, some of them against teams of no league
    home, away = one["homeTeam"], one["awayTeam"]
    teams = [canonical_team(text_of(side["teamTricode"])) for side in (home, away)]
    scores = [_points(side["score"]) for side in (home, away)]
    printed = text_of(one["gameCode"])
    date = iso_date(f"{printed[:4]}-{printed[4:6]}-{printed[6:8]}")
    return dict(zip(_COLUMNS, (date, year, number, str(kind), *teams, *scores), strict=True))


def _points(printed: Any) -> int:
    found = whole(printed)
    if found is None or not 0 < found <= _MOST:
        raise ValueError("is no result")
    return found


def _date_of(game: Any) -> Any:
    return iso_date(f"{game['gameCode'][:4]}-{game['gameCode'][4:6]}-{game['gameCode'][6:8]}")


_TEAM = ("teamId teamName teamCity teamTricode wins losses score seed inBonus timeoutsRemaining "
         "periods")  # fmt: skip
SCOREBOARD_JSON = layout(
    Layout.SCOREBOARD_JSON,
    parser=scoreboard,
    fields=" ".join((
        "gameId gameCode gameStatus gameStatusText period gameClock gameTimeUTC gameEt "
        "regulationPeriods ifNecessary seriesGameNumber gameLabel gameSubLabel seriesText "
        "seriesConference poRoundDesc gameSubtype isNeutral gameLeaders pbOdds",
        under("homeTeam", _TEAM),
        under("awayTeam", _TEAM),
    )),
    date_of=_date_of,
)  # fmt: skip
