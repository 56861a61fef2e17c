"""Spreads, totals and PrizePicks boards of the simulated league.

Belongs here: quotes, made of what is known before tip-off: rosters. Does not belong here: scores.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nba_pipeline.league.calendar import SeasonType
from nba_pipeline.sources.reading.values import TEAM_NAMES
from nba_pipeline.sources.simulated.fixtures import Fixture
from nba_pipeline.sources.simulated.league import Season, SimulatedLeague
from nba_pipeline.sources.simulated.people import Player

BOARD_AT = dt.time(17)
MORNING, CLOSING = dt.time(15), dt.time(23)
_TIPOFF = dt.time(23, 30)
_BOOKS = (("draftkings", 0.0), ("fanduel", 0.5))
_NAMES = {team: name for name, team in TEAM_NAMES.items()}
_LEAST_SHARE, _STAR_SHARE = 14, 27
_KINDS = (("standard", 0.0), ("demon", 4.0), ("goblin", -4.0))
_TEAM_POINTS, _SPREAD_OF_STRENGTH = 113.5, 1.2


def on_sale(league: SimulatedLeague, season: Season, date: dt.date) -> list[Fixture]:
    """Games of the date that books quote: up to tomorrow, and not put off."""
    if date > league.as_of + dt.timedelta(1):
        return []
    return [
        g for g in season.fixtures if g.season_type.counts and league.listed(g) == (date, False)
    ]


def game_lines(
    league: SimulatedLeague, season: Season, date: dt.date, taken: dt.time
) -> bytes | None:
    """A historical snapshot of The Odds API with all games of a date; None without games."""
    games = on_sale(league, season, date)
    if not games:
        return None
    rosters = rosters_of(league, season, date)
    moves = 0.0 if taken == MORNING else 0.5
    data = [
        {
            "id": game.nba_game_id,
            "sport_key": "basketball_nba",
            "commence_time": _text(date, _TIPOFF),
            "home_team": _NAMES[game.home],
            "away_team": _NAMES[game.away],
            "bookmakers": [
                _book(game, rosters[game.home], rosters[game.away], name, shift + moves)
                for name, shift in _BOOKS
            ],
        }
        for game in games
    ]
    return json.dumps({"timestamp": _text(date, taken), "data": data}).encode()


def rosters_of(
    league: SimulatedLeague, season: Season, date: dt.date
) -> Mapping[str, Sequence[Player]]:
    """Rosters of the day; after the regular season those of its end."""
    kinds = (SeasonType.REGULAR, SeasonType.CUP_FINAL)
    dates = sorted({g.date for g in season.fixtures if g.season_type in kinds})
    found = league.people.rosters_by_date(season.season_year, dates)
    return found.get(date, found[dates[-1]])


def _book(
    game: Fixture, home: Sequence[Player], away: Sequence[Player], name: str, shift: float
) -> dict[str, Any]:
    spread = round(_SPREAD_OF_STRENGTH * (_strength(away) - _strength(home))) + shift
    total = round(_TEAM_POINTS * (_strength(home) + _strength(away)) / 100) + shift
    sides = [
        {"name": _NAMES[game.home], "price": -110, "point": spread},
        {"name": _NAMES[game.away], "price": -110, "point": -spread},
    ]
    over_under = [{"name": side, "price": -110, "point": total} for side in ("Over", "Under")]
    markets = [{"key": "spreads", "outcomes": sides}, {"key": "totals", "outcomes": over_under}]
    return {"key": name, "markets": markets}


def _strength(roster: Sequence[Player]) -> float:
    """Skill of a roster weighted by minutes; about 100."""
    return 100 * sum(p.skill * p.share for p in roster) / sum(p.share for p in roster)


def prizepicks_board(league: SimulatedLeague, season: Season, date: dt.date) -> bytes | None:
    """A board with the rotation of every team that plays; None without games."""
    games = on_sale(league, season, date)
    if not games:
        return None
    rosters = rosters_of(league, season, date)
    props = [
        entry
        for game in games
        for team, other in ((game.home, game.away), (game.away, game.home))
        for player in rosters[team]
        if player.share >= _LEAST_SHARE
        for entry in _entries(player, team, other, _text(date, _TIPOFF))
    ]
    board = {"scrapedAt": _text(date, BOARD_AT), "sport": "NBA", "props": props}
    return json.dumps(board, ensure_ascii=False).encode()


def _entries(player: Player, team: str, other: str, tipoff: str) -> Iterator[dict[str, Any]]:
    expected = round(player.share * player.skill * 0.45) + 0.5
    for kind, shift in _KINDS if player.share >= _STAR_SHARE else _KINDS[:1]:
        yield {
            "player": player.name, "stat": "Points", "line": expected + shift, "sport": "NBA",
            "startTimeIso": tipoff, "oddsType": kind, "Team": _NAMES[team], "teamCode": team,
            "Opponent": _NAMES[other], "opponentCode": other,
        }  # fmt: skip


def _text(date: dt.date, time: dt.time) -> str:
    return f"{date}T{time:%H:%M:%S}Z"
