"""Parser of BallDontLie's box scores of a date.

Belongs here: reading one answer. Does not belong here: judging whether a date is one of the bad
ones; its players' points are held against the final score later.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.league.calendar import canonical_team
from nba_pipeline.sources.reading.json_fields import items_of, with_fields
from nba_pipeline.sources.reading.layouts import layout, under
from nba_pipeline.sources.reading.numbers import decimal, decimals, whole, whole_numbers
from nba_pipeline.sources.reading.record import Record, read_each, text_of, text_or_none
from nba_pipeline.sources.reading.unpack import json_of
from nba_pipeline.sources.reading.values import iso_date, put_names

_COUNTS: Mapping[str, str] = {
    "fgm": "field_goals_made", "fga": "field_goals_attempted", "fg3m": "three_pointers_made",
    "fg3a": "three_pointers_attempted", "ftm": "free_throws_made", "fta": "free_throws_attempted",
    "oreb": "offensive_rebounds", "dreb": "defensive_rebounds", "reb": "rebounds",
    "ast": "assists", "stl": "steals", "blk": "blocks", "turnover": "turnovers",
    "pf": "personal_fouls", "pts": "points",
}  # fmt: skip
_DID_NOT_ENTER = ("", "00", "0:00", "-")
_COLUMNS = ("game_date", "team", "opponent", "name", "min", "plus_minus", *_COUNTS)


def box_scores(payload: Payload) -> pd.DataFrame:
    """Players who entered a game. The whole roster is listed: the others have no minutes.

    Returns:
        game_date, team, opponent, player_name, player_lookup, name_key, minutes_played (whole
        minutes), plus_minus (NULL in older answers) and the counts by their full names.

    Raises:
        PayloadError: another shape, or a value that is no number, date or team.
    """
    found = json_of(payload)
    games = found.get("data") if isinstance(found, dict) else None
    if not isinstance(games, list):
        raise PayloadError(f"{payload.label}: no list 'data'")
    _check(payload, games)
    lines = [line for of_game in read_each(payload, games, _of_game, "game") for line in of_game]
    raw = pd.DataFrame(lines, columns=list(_COLUMNS), dtype=object)
    frame = raw[["game_date", "team", "opponent"]].copy()
    put_names(payload, frame, raw["name"])
    frame["minutes_played"] = decimals(payload, raw["min"], "min")
    for theirs, ours in (*_COUNTS.items(), ("plus_minus", "plus_minus")):
        frame[ours] = whole_numbers(payload, raw[theirs], theirs)
    return frame


def _check(payload: Payload, games: list[Any]) -> None:
    sides = ("home_team", "visitor_team")
    with_fields(
        payload,
        games,
        ["date", *(f"{side}.abbreviation" for side in sides)],
        lists=[f"{side}.players" for side in sides],
    )
    teams = [game[side] for game in games for side in sides if isinstance(game.get(side), dict)]
    items_of(payload, teams, "players", ["min", "player.first_name", "player.last_name", *_COUNTS])


def _of_game(game: Record) -> list[dict[str, Any]]:
    date = iso_date(game["date"])
    home, away = (
        canonical_team(text_of(game[side]["abbreviation"]))
        for side in ("home_team", "visitor_team")
    )
    found = []
    for side, team, opponent in (("home_team", home, away), ("visitor_team", away, home)):
        for line in game[side].get("players") or []:
            counts = {name: whole(line[name]) for name in _COUNTS}
            minutes = (text_or_none(line["min"]) or "").strip()
            number = None if minutes in _DID_NOT_ENTER else decimal(minutes)
            if minutes in _DID_NOT_ENTER and not any(counts.values()):
                continue  # the whole roster is listed
            player = line["player"]
            names = (text_or_none(player.get(n)) or "" for n in ("first_name", "last_name"))
            found.append(
                {"game_date": date, "team": team, "opponent": opponent, **counts,
                 "name": " ".join(names).strip(), "min": number,
                 "plus_minus": whole(line.get("plus_minus"))}
            )  # fmt: skip
    return found


_TEAM = "id conference division city name full_name abbreviation players"
BDL_JSON = layout(
    Layout.BDL_JSON,
    parser=box_scores,
    fields=" ".join((
        "id date datetime season status period time postseason home_team_score visitor_team_score",
        *(f"{side}_{part}" for side in ("home", "visitor") for part in
          ("q1", "q2", "q3", "q4", "ot1", "ot2", "ot3", "timeouts_remaining", "in_bonus")),
        *(under(side, _TEAM) for side in ("home_team", "visitor_team")),
        under("players", "min fgm fga fg_pct fg3m fg3a fg3_pct ftm fta ft_pct oreb dreb reb ast "
              "stl blk turnover pf pts plus_minus "
              + under("player", "id first_name last_name position height weight jersey_number "
                      "college country draft_year draft_round draft_number")),
    )),
)  # fmt: skip
