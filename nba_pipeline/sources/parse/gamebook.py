"""Parser of gamebooks: the official sheet of a game, already turned from PDF into JSON.

Belongs here: reading one gamebook. Does not belong here: resolving the inactive players, whom a
gamebook prints by last name only; the printed name is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.league.calendar import canonical_team
from nba_pipeline.sources.reading.json_fields import items_of, with_fields
from nba_pipeline.sources.reading.layouts import layout, under
from nba_pipeline.sources.reading.numbers import whole
from nba_pipeline.sources.reading.record import Record, read_each, text_of, text_or_none
from nba_pipeline.sources.reading.sheet_frame import COUNTS, sheet_frame
from nba_pipeline.sources.reading.unpack import json_of
from nba_pipeline.sources.reading.values import TEAM_NAMES, iso_date

_TRICODES = {name.casefold(): team for name, team in TEAM_NAMES.items()}
_THEIRS = {"rebounds": "total_rebounds"}
_LISTS: Mapping[str, str] = {
    "active_players": "stats", "dnp_players": "dnp_reason", "inactive_players": "reason",
}  # fmt: skip
_RUN_ON = re.compile(r"\)\s*Inactive:.*", re.DOTALL)


def gamebook(payload: Payload) -> pd.DataFrame:
    """One gamebook.

    Returns:
        The columns of ``sheet_frame``; player_id, nba_game_id and is_starter are NULL.

    Raises:
        PayloadError: another shape, a value that is no number, date, team or time, or a list of
            inactive players that cannot be told apart from the other team's.
    """
    found = json_of(payload)
    with_fields(payload, [found], ["date", "home_team", "away_team"], lists=_LISTS)
    for name, part in _LISTS.items():
        told = [f"stats.{_THEIRS.get(n, n)}" for n in ("minutes", *COUNTS)]
        needed = ["name", "team", *(told if part == "stats" else [part])]
        items_of(payload, [found], name, needed)
    ((date, *sides),) = read_each(payload, [found], _game, "gamebook")
    lines = [
        {**line, "game_date": date}
        for name, part in _LISTS.items()
        for line in _of_list(payload, name, found[name], part)
    ]
    strangers = sorted({line["team"] for line in lines} - set(sides))
    if strangers:
        raise PayloadError(f"{payload.label}: {strangers[0]} is not in {found.get('matchup')}")
    return sheet_frame(payload, lines)


def _game(found: Record) -> tuple[Any, ...]:
    sides = (canonical_team(text_of(found[side])) for side in ("home_team", "away_team"))
    return (iso_date(found["date"]), *sides)


def _of_list(payload: Payload, name: str, players: Any, part: str) -> list[dict[str, Any]]:
    def line(player: Record) -> dict[str, Any]:
        team = _TRICODES.get(text_of(player["team"]).casefold())
        if team is None:
            raise ValueError(f"not an NBA team: {player['team']!r}")
        found: dict[str, Any] = {
            "team": team,
            "name": text_or_none(player["name"]),
            "is_inactive": name == "inactive_players",
        }
        if part == "stats":
            numbers = player[part]
            found |= {c: whole(numbers.get(_THEIRS.get(c, c))) for c in COUNTS}
            found["minutes"] = text_or_none(numbers.get("minutes"))
        else:
            found["reason"] = text_or_none(player[part])
        return found

    if not isinstance(players, list):
        raise PayloadError(f"{payload.label}: {name} is not a list")
    lines = read_each(payload, players, line, f"{name}, row")
    return _told_apart(payload, lines) if name == "inactive_players" else lines


def _told_apart(payload: Payload, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lists in which one team's runs on into the other's, which then stands there once more.

    The reader of the PDF misses the end of a list at a line break. What follows is left out only
    where the other team's own list repeats it word for word.
    """
    for team in dict.fromkeys(line["team"] for line in lines):
        own = [line for line in lines if line["team"] == team]
        ends = [n for n, line in enumerate(own) if _RUN_ON.search(line["reason"] or "")]
        if not ends:
            continue
        others = {(line["name"], line["reason"]) for line in lines if line["team"] != team}
        spilled = own[ends[0] + 1 :]
        for line in spilled:
            if (line["name"], line["reason"]) not in others:
                raise PayloadError(
                    f"{payload.label}: {team}'s inactive players run into the other team's at "
                    f"{line['name']!r}"
                )
        own[ends[0]]["reason"] = _RUN_ON.sub("", own[ends[0]]["reason"])
        lines = [line for line in lines if not any(line is s for s in spilled)]
    return lines


_STATS = (
    "minutes field_goals_made field_goals_attempted three_pointers_made three_pointers_attempted "
    "free_throws_made free_throws_attempted offensive_rebounds defensive_rebounds total_rebounds "
    "assists personal_fouls steals turnovers blocks plus_minus points field_goal_percentage "
    "three_point_percentage free_throw_percentage"
)
SHEET_GAMEBOOK_JSON = layout(
    Layout.SHEET_GAMEBOOK_JSON,
    parser=gamebook,
    fields=" ".join((
        "game_code date matchup away_team home_team pdf_version pdf_url arena city state location "
        "officials game_duration attendance attendance_note timestamp active_players dnp_players "
        "inactive_players total_players active_count dnp_count inactive_count source debug_info",
        under("active_players", "name team status " + under("stats", _STATS)),
        under("dnp_players", "name team status dnp_reason category"),
        under("inactive_players", "name team status reason category"),
    )),
)  # fmt: skip
