"""Game sheets that are wrong in one way each, and the check that must say so."""

from __future__ import annotations

from collections.abc import Callable

Row = dict[str, object]
SHEETS, BDL = "nbac_game_sheets", "bdl_player_boxscores"


def _nobody_active(rows: list[Row]) -> str:
    """A sheet of before the game: the starters are known, nobody has minutes."""
    team = str(rows[0]["team"])
    for r in rows:
        if r["team"] == team:
            r.update(player_status="dnp", minutes_played=None, points=None)
    return team


def _guest(rows: list[Row]) -> str:
    other = next(r for r in rows if r["team"] != rows[0]["team"])
    other["player_id"] = rows[0]["player_id"]
    return min(str(other["team"]), str(rows[0]["team"]))


def _four_starters(rows: list[Row]) -> str:
    starter = next(r for r in rows if r["is_starter"])
    starter["is_starter"] = False
    return str(starter["team"])


def _absent_starter(rows: list[Row]) -> str:
    """Five starters, one of whom did not play."""
    team = _four_starters(rows)
    absent = next(r for r in rows if r["team"] == team and r["player_status"] == "dnp")
    absent["is_starter"] = True
    return team


SHEET_CASES: tuple[tuple[str, str, Callable[[list[Row]], str]], ...] = (
    ("somebody_played", SHEETS, _nobody_active),
    ("one_team_per_player", SHEETS, _guest),
    ("five_starters", SHEETS, _four_starters),
    ("five_starters", SHEETS, _absent_starter),
)
