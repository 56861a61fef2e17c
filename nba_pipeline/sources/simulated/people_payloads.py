"""Injury reports, rosters and the player index of the simulated league, in the sources' shapes.

Belongs here: rendering, and what such a source knows at which time. Does not belong here: who plays
(``league``). Whoever is not in a box score was on the report as out; some who play were doubtful.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nba_pipeline.league.calendar import TEAMS, SeasonType
from nba_pipeline.sources.simulated.fixtures import Fixture
from nba_pipeline.sources.simulated.league import Season
from nba_pipeline.sources.simulated.people import Player

_OUT = ("Injury/Illness - Left Ankle; Sprain", "Injury/Illness - Right Knee; Soreness", "Rest",
        "G League - Two-Way", "Personal Reasons")  # fmt: skip
_UNSURE = ("Questionable", "Probable", "Doubtful")
_POSITIONS = ("G", "G-F", "F", "F-C", "C")
_AFTERNOON, _MORNING = 17, 4
_SEASON_TYPES = frozenset(t for t in SeasonType if t.counts)
INDEX_COLUMNS = ["PERSON_ID", "PLAYER_LAST_NAME", "PLAYER_FIRST_NAME", "TEAM_ABBREVIATION",
                 "JERSEY_NUMBER", "POSITION", "HEIGHT", "WEIGHT"]  # fmt: skip


def _number(player: Player, salt: int) -> int:
    """A number that is always the same for a player and a purpose."""
    return zlib.crc32(f"{player.player_id}/{salt}".encode())


def injury_report(season: Season, date: dt.date, as_of: dt.date) -> bytes | None:
    """The report of a date's games: the afternoon's of the past, the morning's of today.

    None where there are no games, or the date has not begun.
    """
    games = [g for g in season.fixtures if g.date == date and g.season_type in _SEASON_TYPES]
    if not games or date > as_of:
        return None
    hour = _AFTERNOON if date < as_of else _MORNING
    head = {"gamedate": f"{date:%Y%m%d}", "hour24": f"{hour:02d}"}
    records = [r for game in games for r in _records(season, game)]
    return json.dumps({"metadata": head, "records": records}, ensure_ascii=False).encode()


def _records(season: Season, game: Fixture) -> Iterator[dict[str, str]]:
    box = season.boxes.get(game.nba_game_id)
    played = {line.player.player_id for line in box.lines} if box else None
    for team in (game.away, game.home):
        for place, player in enumerate(season.rosters[game.nba_game_id][team]):
            chance = _number(player, int(game.nba_game_id))
            # before the game the end of the bench stands for those who will not play
            is_out = place >= 11 if played is None else player.player_id not in played
            if is_out or chance % 17 == 0:
                yield {
                    "date": f"{game.date:%m/%d/%Y}",
                    "gametime": "07:30 (ET)",
                    "matchup": f"{game.away}@{game.home}",
                    "team": team,
                    "player": _last_first(player.name),
                    "status": "Out" if is_out else _UNSURE[chance % 3],
                    "reason": _OUT[chance % len(_OUT)] if is_out else _OUT[chance % 2],
                }


def _last_first(name: str) -> str:
    first, _, rest = name.partition(" ")
    return f"{rest}, {first}"


def rosters_on(season: Season, date: dt.date) -> Mapping[str, tuple[Player, ...]] | None:
    """Rosters after the last game on or before the date; None outside the season."""
    dates = {g.nba_game_id: g.date for g in season.fixtures if g.nba_game_id in season.rosters}
    if not dates or not min(dates.values()) <= date <= max(dates.values()):
        return None
    last = max((d, game_id) for game_id, d in dates.items() if d <= date)
    return season.rosters[last[1]]


def roster(team: str, players: tuple[Player, ...], season_year: int) -> bytes:
    """ESPN's page of a team."""
    athletes = [
        {
            "id": str(p.player_id),
            "fullName": p.name,
            "dateOfBirth": f"{_born(p)}T08:00Z",
            "position": {"abbreviation": _POSITIONS[_number(p, 1) % 5][0]},
            "jersey": str(_number(p, 2) % 100),
            "experience": {"years": max(0, season_year - _born(p).year - 20)},
            "status": {"type": "active"},
            "height": _inches(p),
            "weight": 3 * _inches(p) - 20,
            "injuries": [],
        }
        for p in players
    ]
    return json.dumps({"team": {"abbreviation": team, "athletes": athletes}}).encode()


def player_index(rosters: Mapping[str, Sequence[Player]]) -> bytes:
    """``playerindex`` of a season."""
    rows: list[list[Any]] = []
    for team in TEAMS:
        for p in rosters[team]:
            first, _, last = p.name.partition(" ")
            feet, inches = divmod(_inches(p), 12)
            rows.append([p.player_id, last, first, team, str(_number(p, 2) % 100),
                         _POSITIONS[_number(p, 1) % 5], f"{feet}-{inches}",
                         str(3 * _inches(p) - 20)])  # fmt: skip
    sets = [{"name": "PlayerIndex", "headers": INDEX_COLUMNS, "rowSet": rows}]
    return json.dumps({"resource": "playerindex", "resultSets": sets}).encode()


def profiles(players: tuple[Player, ...]) -> bytes:
    """Profiles with dates of birth."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["PLAYER_ID", "PLAYER_NAME", "BIRTHDATE", "HEIGHT", "WEIGHT", "POSITION",
                     "JERSEY"])  # fmt: skip
    for p in players:
        feet, inches = divmod(_inches(p), 12)
        writer.writerow([p.player_id, p.name, f"{_born(p)}T00:00:00", f"{feet}-{inches}",
                         3 * _inches(p) - 20, "Guard", _number(p, 2) % 100])  # fmt: skip
    return text.getvalue().encode()


def _born(player: Player) -> dt.date:
    return dt.date(1988, 1, 1) + dt.timedelta(_number(player, 3) % 5000)


def _inches(player: Player) -> int:
    return 73 + _number(player, 4) % 14
