"""Payloads of the simulated league, in the shapes of the real sources.

Belongs here: rendering. Does not belong here: the league itself. Because the shapes are the real
ones, the simulated league goes through the same parsers, with the sources' habits: rounded minutes,
two visitors on a neutral site, names without suffix and mis-decoded accents.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from nba_pipeline.league.calendar import TEAM_IDS, TEAMS, SeasonType, season_label
from nba_pipeline.sources.simulated.boxscores import BoxScore, Line
from nba_pipeline.sources.simulated.fixtures import Fixture
from nba_pipeline.sources.simulated.league import EAST, Season, SimulatedLeague

_LOG = {
    "FGM": "field_goals_made", "FGA": "field_goals_attempted", "FG3M": "three_pointers_made",
    "FG3A": "three_pointers_attempted", "FTM": "free_throws_made", "FTA": "free_throws_attempted",
    "OREB": "offensive_rebounds", "DREB": "defensive_rebounds", "REB": "rebounds",
    "AST": "assists", "STL": "steals", "BLK": "blocks", "TOV": "turnovers",
    "PF": "personal_fouls", "PTS": "points", "PLUS_MINUS": "plus_minus",
}  # fmt: skip
_BREF = {
    "fg": "field_goals_made", "fga": "field_goals_attempted", "fg3": "three_pointers_made",
    "fg3a": "three_pointers_attempted", "ft": "free_throws_made", "fta": "free_throws_attempted",
    "orb": "offensive_rebounds", "drb": "defensive_rebounds", "trb": "rebounds",
    "ast": "assists", "stl": "steals", "blk": "blocks", "tov": "turnovers",
    "pf": "personal_fouls", "pts": "points", "plus_minus": "plus_minus",
}  # fmt: skip
_OLD_CODES = {"BKN": "BRK", "CHA": "CHO", "PHX": "PHO"}
_TEAM_COLUMNS = ["SEASON_ID", "TEAM_ID", "TEAM_ABBREVIATION", "TEAM_NAME", "GAME_ID", "GAME_DATE",
                 "MATCHUP", "WL", "MIN", *_LOG]  # fmt: skip
_PLAYER_COLUMNS = ["SEASON_ID", "PLAYER_ID", "PLAYER_NAME", *_TEAM_COLUMNS[1:]]
_SUFFIX = re.compile(r" (Jr\.|II|III)$")


def team_id(team: str) -> int:
    """Official id of a team."""
    return next(number for number, code in TEAM_IDS.items() if code == team)


def schedule(league: SimulatedLeague, season: Season) -> bytes:
    """``scheduleleaguev2`` as of the league's date."""
    days: dict[str, list[dict[str, Any]]] = {}
    for game in sorted(season.fixtures, key=lambda g: (league.listed(g)[0], g.nba_game_id)):
        date, postponed = league.listed(game)
        box = season.boxes.get(game.nba_game_id)
        days.setdefault(f"{date:%m/%d/%Y} 00:00:00", []).append(
            {
                "gameId": game.nba_game_id,
                "gameStatus": 3 if box else 1,
                "gameStatusText": "Final" if box else "PPD" if postponed else "7:30 pm ET",
                "gameDateEst": f"{date}T00:00:00Z",
                "gameDateTimeUTC": f"{date}T23:30:00Z",
                "gameLabel": "",
                "gameSubLabel": "",
                "seriesText": "Neutral Site" if game.is_neutral else "",
                "arenaName": f"{game.home} Arena",
                "arenaCity": game.home,
                "postponedStatus": "P" if postponed else "N",
                "isNeutral": game.is_neutral,
                "homeTeam": _side(game.home, box),
                "awayTeam": _side(game.away, box),
            }
        )
    dates = [{"gameDate": day, "games": games} for day, games in days.items()]
    found = {"leagueSchedule": {"seasonYear": season_label(season.season_year), "gameDates": dates}}
    return json.dumps(found).encode()


def _side(team: str, box: BoxScore | None) -> dict[str, Any]:
    return {"teamTricode": team, "score": box.total(team, "points") if box else 0}


def _played(season: Season, kind: SeasonType) -> Iterator[tuple[Fixture, BoxScore]]:
    for game in sorted(season.fixtures, key=lambda g: (g.date, g.nba_game_id)):
        if game.season_type is kind and game.nba_game_id in season.boxes:
            yield game, season.boxes[game.nba_game_id]


def player_log(season: Season, kind: SeasonType) -> bytes:
    """``leaguegamelog`` of players: one row per player who entered the game."""
    rows = []
    for game, box in _played(season, kind):
        for line in box.lines:
            row = _common(season, game, box, line.team)
            row |= {"PLAYER_ID": line.player.player_id, "PLAYER_NAME": line.player.name,
                    "MIN": line.whole_minutes}  # fmt: skip
            row |= {theirs: line.counts[ours] for theirs, ours in _LOG.items()}
            rows.append([row[c] for c in _PLAYER_COLUMNS])
    return _envelope("leaguegamelog", "LeagueGameLog", _PLAYER_COLUMNS, rows)


def team_log(season: Season, kind: SeasonType) -> bytes:
    """``leaguegamelog`` of teams; turnovers include those of no player."""
    rows = []
    for game, box in _played(season, kind):
        for team, other in ((game.home, game.away), (game.away, game.home)):
            row = _common(season, game, box, team)
            row |= {theirs: box.total(team, ours) for theirs, ours in _LOG.items()}
            row["TOV"] += box.team_turnovers[team]
            row["PLUS_MINUS"] = box.total(team, "points") - box.total(other, "points")
            row["MIN"] = 240 + 25 * box.overtimes
            rows.append([row[c] for c in _TEAM_COLUMNS])
    return _envelope("leaguegamelog", "LeagueGameLog", _TEAM_COLUMNS, rows)


def _common(season: Season, game: Fixture, box: BoxScore, team: str) -> dict[str, Any]:
    other = game.away if team == game.home else game.home
    at_home = team == game.home and not game.is_neutral
    return {
        "SEASON_ID": f"2{season.season_year}",
        "TEAM_ID": team_id(team),
        "TEAM_ABBREVIATION": team,
        "TEAM_NAME": f"{team} Simulated",
        "GAME_ID": game.nba_game_id,
        "GAME_DATE": game.date.isoformat(),
        "MATCHUP": f"{team} vs. {other}" if at_home else f"{team} @ {other}",
        "WL": "W" if box.total(team, "points") > box.total(other, "points") else "L",
    }


def bref(season: Season) -> bytes:
    """Basketball-Reference games, one a line."""
    lines = []
    for kind in (k for k in SeasonType if k.counts):
        for game, box in _played(season, kind):
            lines.append(json.dumps(_bref_game(game, box), ensure_ascii=False))
    return "\n".join(lines).encode()


def _bref_game(game: Fixture, box: BoxScore) -> dict[str, Any]:
    return {
        "bref_id": f"{game.date:%Y%m%d}0{_OLD_CODES.get(game.home, game.home)}",
        "game_date": game.date.isoformat(),
        "home": game.home,
        "visitor": game.away,
        "home_pts": box.total(game.home, "points"),
        "visitor_pts": box.total(game.away, "points"),
        "players": [_bref_line(game, box, line) for line in box.lines],
    }


def _bref_line(game: Fixture, box: BoxScore, line: Line) -> dict[str, Any]:
    used = _used(line.counts)
    team_used = sum(_used(other.counts) for other in box.lines if other.team == line.team)
    minutes = 48 + 5 * box.overtimes
    return {
        "player_name": _SUFFIX.sub("", line.player.name).encode().decode("latin-1"),
        "team": line.team,
        "is_home": line.team == game.home,
        "is_starter": line.is_starter,
        "mp": line.minutes,
        **{theirs: line.counts[ours] for theirs, ours in _BREF.items()},
        "adv_usg_pct": round(100 * used * minutes / (line.minutes * team_used), 1),
    }


def _used(counts: dict[str, int]) -> float:
    return (
        counts["field_goals_attempted"]
        + 0.44 * counts["free_throws_attempted"]
        + counts["turnovers"]
    )


def players(league: SimulatedLeague) -> bytes:
    """``commonallplayers``."""
    columns = ["PERSON_ID", "DISPLAY_FIRST_LAST", "ROSTERSTATUS", "FROM_YEAR", "TO_YEAR",
               "TEAM_ABBREVIATION"]  # fmt: skip
    years = league.season_years
    rows = [
        [p.player_id, p.name, 1, str(years[0]), str(years[-1]), team]
        for team, roster in league.people.opening_rosters().items()
        for p in roster
    ]
    return _envelope("commonallplayers", "CommonAllPlayers", columns, rows)


def teams() -> bytes:
    """The team list as CSV."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["ID", "Abbreviation", "Full Name", "NICKNAME", "City", "State", "Arena ",
                     "Division", "Conference"])  # fmt: skip
    for team in TEAMS:
        side = "East" if team in EAST else "West"
        writer.writerow([team_id(team), team, f"{team} Simulated", "Simulated", team, "",
                         f"{team} Arena", side, side])  # fmt: skip
    return text.getvalue().encode()


def _envelope(resource: str, name: str, headers: list[str], rows: list[list[Any]]) -> bytes:
    sets = [{"name": name, "headers": headers, "rowSet": rows}]
    return json.dumps({"resource": resource, "resultSets": sets}).encode()
