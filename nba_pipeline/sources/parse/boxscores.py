"""Parsers of box scores: league game logs (players and teams) and Basketball-Reference games.

Belongs here: reading one payload. Does not belong here: the schedule's ids, home teams and season
types; those are joined later, because every vendor has its own idea of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from nba_pipeline.landing.payload import Endpoint, Layout, Payload
from nba_pipeline.league.calendar import (
    SeasonType,
    canonical_team,
    season_type_of,
    season_year_on,
)
from nba_pipeline.league.names import repair_mojibake
from nba_pipeline.sources.reading.json_fields import with_fields
from nba_pipeline.sources.reading.layouts import layout
from nba_pipeline.sources.reading.numbers import decimals, whole_numbers
from nba_pipeline.sources.reading.record import Record, read_each, text_of
from nba_pipeline.sources.reading.unpack import (
    csv_of,
    json_lines_of,
    parquet_of,
    result_set_of,
    with_columns,
)
from nba_pipeline.sources.reading.values import (
    flag,
    iso_date,
    iso_dates,
    mapped,
    put_names,
    teams_of,
)

_BASIC: Mapping[str, str] = {
    "REB": "rebounds", "AST": "assists", "STL": "steals", "BLK": "blocks", "TOV": "turnovers",
    "PTS": "points", "PLUS_MINUS": "plus_minus",
}  # fmt: skip
_FULL: Mapping[str, str] = {
    "FGM": "field_goals_made", "FGA": "field_goals_attempted", "FG3M": "three_pointers_made",
    "FG3A": "three_pointers_attempted", "FTM": "free_throws_made", "FTA": "free_throws_attempted",
    "OREB": "offensive_rebounds", "DREB": "defensive_rebounds", **_BASIC, "PF": "personal_fouls",
}  # fmt: skip
_BREF: Mapping[str, str] = {
    "fg": "field_goals_made", "fga": "field_goals_attempted", "fg3": "three_pointers_made",
    "fg3a": "three_pointers_attempted", "ft": "free_throws_made", "fta": "free_throws_attempted",
    "orb": "offensive_rebounds", "drb": "defensive_rebounds", "trb": "rebounds", "ast": "assists",
    "stl": "steals", "blk": "blocks", "tov": "turnovers", "pf": "personal_fouls", "pts": "points",
    "plus_minus": "plus_minus",
}  # fmt: skip
_SEASON_TYPES: Mapping[str, SeasonType] = {
    "Regular Season": SeasonType.REGULAR,
    "Playoffs": SeasonType.PLAYOFFS,
    "PlayIn": SeasonType.PLAY_IN,
    "IST": SeasonType.CUP_FINAL,
}
_BREF_GAME = ("game_date", "home", "visitor", "home_pts", "visitor_pts", "bref_id")
_PLAYER = ("PLAYER_ID", "PLAYER_NAME")


def gamelog(payload: Payload) -> pd.DataFrame:
    """LeagueGameLog of players or teams, as JSON, CSV or Parquet.

    Returns:
        nba_game_id, game_date, season_year, season_type, team, opponent, home_hint, won,
        minutes_played, the counts by their full names; for players also player_id, player_name,
        player_lookup, name_key.

    Raises:
        PayloadError: another shape, or a value that is no number, date, game id or team.
    """
    needed = ["GAME_ID", "GAME_DATE", "TEAM_ABBREVIATION", "MATCHUP", "WL", "MIN", *_FULL]
    if payload.endpoint is Endpoint.PLAYER_GAMELOG:
        needed += _PLAYER
    if payload.layout is Layout.GAMELOG_JSON:
        raw = result_set_of(payload, "LeagueGameLog", needed)
    elif payload.layout is Layout.GAMELOG_PARQUET:
        raw = parquet_of(payload, needed)
    else:
        raw = csv_of(payload, needed)
    frame = _common(payload, raw, _FULL)
    frame["nba_game_id"] = mapped(payload, raw["GAME_ID"], "GAME_ID", text_of, required=True)
    frame["season_type"] = mapped(
        payload, raw["GAME_ID"], "GAME_ID", lambda i: str(season_type_of(text_of(i)))
    )
    return frame


def compact_gamelog(payload: Payload) -> pd.DataFrame:
    """Game log without game id and shot counts; the columns that it lacks are absent.

    Raises:
        PayloadError: another shape, or a season type of another name.
    """
    needed = ["TEAM_ABBREVIATION", "GAME_DATE", "MATCHUP", "WL", *_BASIC, "SEASON_TYPE"]
    if payload.endpoint is Endpoint.PLAYER_GAMELOG:
        needed += [*_PLAYER, "MIN"]
    raw = csv_of(payload, needed)
    frame = _common(payload, raw, _BASIC)
    frame["nba_game_id"] = None
    frame["season_type"] = mapped(
        payload, raw["SEASON_TYPE"], "SEASON_TYPE", _season_type, required=True
    )
    for name in set(_FULL.values()) - set(_BASIC.values()):
        frame[name] = pd.array([pd.NA] * len(frame), dtype="Int64")
    return frame


def _common(payload: Payload, raw: pd.DataFrame, counts: Mapping[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(index=raw.index)
    frame["game_date"] = iso_dates(payload, raw["GAME_DATE"])
    frame["season_year"] = frame["game_date"].map(season_year_on)
    frame["team"] = teams_of(payload, raw["TEAM_ABBREVIATION"])
    sides = mapped(payload, raw["MATCHUP"], "MATCHUP", _matchup, required=True)
    frame["opponent"] = [opponent for opponent, _ in sides]
    frame["home_hint"] = [is_home for _, is_home in sides]
    frame["won"] = mapped(payload, raw["WL"], "WL", _won).astype("boolean")
    if "MIN" in raw:
        frame["minutes_played"] = decimals(payload, raw["MIN"], "MIN")
    for theirs, ours in counts.items():
        frame[ours] = whole_numbers(payload, raw[theirs], theirs)
    if payload.endpoint is Endpoint.PLAYER_GAMELOG:
        frame["player_id"] = whole_numbers(payload, raw["PLAYER_ID"], "PLAYER_ID")
        put_names(payload, frame, raw["PLAYER_NAME"])
    return frame


def bref(payload: Payload) -> pd.DataFrame:
    """Basketball-Reference box scores, one game a line; mis-decoded names are repaired.

    Returns:
        game_date, bref_game_id, team, opponent, is_home, home_team, away_team, home_score,
        away_score, player_name, player_lookup, name_key, is_starter, minutes_played,
        source_usage_pct (percent), the counts by their full names.

    Raises:
        PayloadError: another shape; the message has the line.
    """
    games = json_lines_of(payload)
    with_fields(payload, games, _BREF_GAME, lists=["players"])
    parts = [p for of_game in read_each(payload, games, _bref_players, "line") for p in of_game]
    raw = with_columns(
        payload,
        pd.DataFrame(parts, dtype=object),
        ["player_name", "team", "mp", "is_starter", "adv_usg_pct", *_BREF],
    )
    frame = raw[["home_team", "away_team"]].copy()
    frame["bref_game_id"] = mapped(payload, raw["bref_game_id"], "bref_id", text_of, required=True)
    frame["game_date"] = iso_dates(payload, raw["game_date"])
    frame["team"] = teams_of(payload, raw["team"])
    frame["is_home"] = frame["team"] == frame["home_team"]
    frame["opponent"] = frame["away_team"].where(frame["is_home"], frame["home_team"])
    frame["is_starter"] = mapped(payload, raw["is_starter"], "is_starter", flag).astype("boolean")
    frame["minutes_played"] = decimals(payload, raw["mp"], "mp")
    frame["source_usage_pct"] = decimals(payload, raw["adv_usg_pct"], "adv_usg_pct")
    for name in ("home_score", "away_score"):
        frame[name] = whole_numbers(payload, raw[name], name)
    for theirs, ours in _BREF.items():
        frame[ours] = whole_numbers(payload, raw[theirs], theirs)
    repaired = mapped(payload, raw["player_name"], "player_name", _repaired, required=True)
    put_names(payload, frame, repaired)
    return frame


def _bref_players(game: Record) -> list[dict[str, Any]]:
    """Lines of a game's players, each with what is said of the game."""
    home, away = (canonical_team(text_of(game[side])) for side in ("home", "visitor"))
    of_all = {
        "game_date": game["game_date"], "bref_game_id": game["bref_id"], "home_team": home,
        "away_team": away, "home_score": game["home_pts"], "away_score": game["visitor_pts"],
    }  # fmt: skip
    return [{**player, **of_all} for player in game.plain("players") or ()]


def _season_type(printed: object) -> str:
    if not isinstance(printed, str) or printed not in _SEASON_TYPES:
        raise ValueError("is an unknown season type")
    return str(_SEASON_TYPES[printed])


def _matchup(printed: object) -> tuple[str, bool]:
    """Opponent, and whether the row's team is shown as home; neutral sites show two visitors."""
    words = text_of(printed).split()
    if len(words) != 3 or words[1] not in ("vs.", "@"):
        raise ValueError("is not 'BOS vs. NYK' or 'NYK @ BOS'")
    return canonical_team(words[2]), words[1] == "vs."


def _won(printed: object) -> bool:
    if printed not in ("W", "L"):
        raise ValueError("is neither W nor L")
    return printed == "W"


def _repaired(printed: object) -> str:
    return repair_mojibake(text_of(printed))


_LOG_FIELDS = (
    "SEASON_ID PLAYER_ID PLAYER_NAME NICKNAME TEAM_ID TEAM_ABBREVIATION TEAM_NAME GAME_ID "
    "GAME_DATE MATCHUP WL MIN FGM FGA FG_PCT FG3M FG3A FG3_PCT FTM FTA FT_PCT OREB DREB REB AST "
    "STL BLK TOV PF PTS PLUS_MINUS FANTASY_PTS VIDEO_AVAILABLE"
)


def _log_date(row: Mapping[str, Any]) -> dt.date:
    return iso_date(row["GAME_DATE"])


GAMELOG_JSON = layout(Layout.GAMELOG_JSON, parser=gamelog, fields=_LOG_FIELDS, date_of=_log_date)
GAMELOG_CSV = layout(Layout.GAMELOG_CSV, parser=gamelog, fields=_LOG_FIELDS, date_of=_log_date)
GAMELOG_PARQUET = layout(
    Layout.GAMELOG_PARQUET, parser=gamelog, fields=_LOG_FIELDS, date_of=_log_date
)
GAMELOG_COMPACT_CSV = layout(
    Layout.GAMELOG_COMPACT_CSV,
    parser=compact_gamelog,
    fields=f"{_LOG_FIELDS} SEASON_TYPE",
    date_of=_log_date,
)
BREF_JSONL = layout(
    Layout.BREF_JSONL,
    parser=bref,
    fields="bref_id game_date home visitor home_pts visitor_pts home_starters visitor_starters "
    "players player_name team is_home is_starter mp fg fga fg_pct fg3 fg3a fg3_pct ft fta ft_pct "
    "orb drb trb ast stl blk tov pf pts plus_minus adv_ts_pct adv_efg_pct adv_orb_pct adv_drb_pct "
    "adv_trb_pct adv_ast_pct adv_stl_pct adv_blk_pct adv_tov_pct adv_usg_pct adv_off_rtg "
    "adv_def_rtg adv_bpm home_team away_team home_score away_score bref_game_id",
    date_of=lambda game: iso_date(game["game_date"]),
)
