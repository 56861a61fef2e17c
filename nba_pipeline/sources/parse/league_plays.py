"""Parser of the league's live feed of plays: one game, one action after the other.

Belongs here: reading one payload of ``game.actions[]``. Does not belong here: joining to the
schedule (``rows.plays``). The feed is corrected while and after the game is played: a correction
may come as another action of the same ``actionNumber``. The one edited last wins, and the feed's
own order (``orderNumber``), not the number, says when it happened.
"""

from __future__ import annotations

import pandas as pd

from nba_pipeline.landing.payload import Layout, Payload, PayloadError
from nba_pipeline.league.calendar import EASTERN, TEAM_IDS
from nba_pipeline.sources.reading.json_fields import with_fields
from nba_pipeline.sources.reading.layouts import layout
from nba_pipeline.sources.reading.numbers import decimals, whole_numbers
from nba_pipeline.sources.reading.record import read_each, text_of
from nba_pipeline.sources.reading.unpack import json_of, with_columns
from nba_pipeline.sources.reading.values import clock_seconds, mapped, moment, teams_of, times

_NEEDED = (
    "actionNumber", "orderNumber", "edited", "timeActual", "clock", "period", "teamTricode",
    "actionType", "subType", "personId", "playerNameI", "description", "scoreHome", "scoreAway",
    "shotResult", "shotDistance", "area", "xLegacy", "yLegacy",
)  # fmt: skip
_IN_SOME_GAMES = ("descriptor", "assistPersonId", "assistPlayerNameInitial", "blockPersonId")
"""Fields that an action has only when there is something to say."""

_EVENT_TYPES = {
    "2pt": "shot", "3pt": "shot", "freethrow": "free_throw", "heave": "heave",
    "rebound": "rebound", "turnover": "turnover", "foul": "foul", "steal": "steal",
    "block": "block", "substitution": "substitution", "timeout": "timeout",
    "jumpball": "jump_ball", "violation": "violation", "instantreplay": "replay",
    "ejection": "ejection", "period": "period", "game": "period",
}  # fmt: skip
_WORTH = {"2pt": 2, "3pt": 3, "freethrow": 1, "heave": 3}
_TENTHS = 10  # the feed's place of a shot is in tenths of a foot from the basket


def league_plays(payload: Payload) -> pd.DataFrame:
    """Every action of a game in playing order; of a corrected action the last edit.

    Returns:
        nba_game_id, game_date (Eastern date of the first action), home_team and away_team (the
        feed does not name them: the home team's points are the home score), event_number,
        action_number, period, seconds_remaining (seconds), team (NULL for a period's start),
        event_type, action_type, description, running_home_score, running_away_score, points,
        is_made (attempts only), is_three (shots only), shot_distance, loc_x, loc_y (feet from the
        basket, shots only), shot_zone (shots only), player_id, player_short_name,
        assist_player_id, assist_short_name, block_player_id.

    Raises:
        PayloadError: another shape, no actions, not two teams, or a value that is no number, time
            or team.
    """
    found = json_of(payload)
    game = found.get("game") if isinstance(found, dict) else None
    if not isinstance(game, dict) or not isinstance(game.get("actions"), list):
        raise PayloadError(f"{payload.label}: no game.actions[]")
    if not game["actions"] or not all(isinstance(a, dict) for a in game["actions"]):
        raise PayloadError(f"{payload.label}: game.actions[] is empty or holds no objects")
    with_fields(payload, [game], ["gameId"], lists=["actions"])
    raw = with_columns(payload, pd.DataFrame(game["actions"], dtype=object), _NEEDED)
    raw = _last_edits(payload, raw.reindex(columns=[*_NEEDED, *_IN_SOME_GAMES]))
    frame = pd.DataFrame(index=raw.index)
    frame["event_number"] = frame.index + 1
    (frame["nba_game_id"],) = read_each(payload, [game], lambda g: text_of(g["gameId"]), "game")
    actual = mapped(payload, raw["timeActual"], "timeActual", moment, required=True)
    frame["game_date"] = min(actual).tz_convert(EASTERN).date()
    frame["team"] = teams_of(payload, raw["teamTricode"], required=False)
    sides = sorted(frame["team"].dropna().unique())
    if len(sides) != 2:
        raise PayloadError(f"{payload.label}: actions of {len(sides)} teams, not two")
    for theirs, ours in (
        ("actionNumber", "action_number"), ("period", "period"),
        ("scoreHome", "running_home_score"), ("scoreAway", "running_away_score"),
    ):  # fmt: skip
        frame[ours] = whole_numbers(payload, raw[theirs], theirs)
    for theirs, ours in (("personId", "player_id"), ("assistPersonId", "assist_player_id"),
                         ("blockPersonId", "block_player_id")):  # fmt: skip
        people = whole_numbers(payload, raw[theirs], theirs)
        frame[ours] = people.mask(people.isin([0, *TEAM_IDS]))
    frame["seconds_remaining"] = decimals(
        payload, mapped(payload, raw["clock"], "clock", clock_seconds, required=True), "clock"
    )
    texts = {
        name: mapped(payload, raw[name], name, text_of)
        for name in ("actionType", "descriptor", "subType", "description", "playerNameI",
                     "assistPlayerNameInitial", "area", "shotResult")
    }  # fmt: skip
    raw = raw.assign(**texts)
    frame["event_type"] = raw["actionType"].map(_EVENT_TYPES).fillna("other")
    said = raw["descriptor"].fillna("") + " " + raw["subType"].fillna("")
    frame["action_type"] = said.str.strip().replace("", None)
    frame["description"] = raw["description"].astype("string")
    frame["player_short_name"] = raw["playerNameI"].astype("string")
    frame["assist_short_name"] = raw["assistPlayerNameInitial"].astype("string")
    frame = _with_shots(payload, frame, raw)
    if frame["running_home_score"].isna().iloc[-1]:
        raise PayloadError(f"{payload.label}: row {len(frame)}: scoreHome is empty")
    scored = frame.loc[frame["team"] == sides[0], "points"].sum()
    is_first_home = scored == frame["running_home_score"].iloc[-1]
    frame["home_team"], frame["away_team"] = sides if is_first_home else reversed(sides)
    return frame


def _with_shots(payload: Payload, frame: pd.DataFrame, raw: pd.DataFrame) -> pd.DataFrame:
    worth = raw["actionType"].map(_WORTH)
    is_shot = frame["event_type"] == "shot"
    is_made = raw["shotResult"].map({"Made": True, "Missed": False}).astype("boolean")
    # a missed heave has no result: it is charged to the team and to no player
    is_made = is_made.mask(frame["event_type"] == "heave", is_made.fillna(value=False))
    frame["is_made"] = is_made.where(worth.notna())
    unknown = worth.notna() & frame["is_made"].isna()
    if unknown.any():
        number = frame.loc[unknown, "action_number"].iloc[0]
        raise PayloadError(f"{payload.label}: action {number} is an attempt without a shotResult")
    made = frame["is_made"].fillna(value=False)
    frame["points"] = worth.where(made, 0).fillna(0).astype("Int64")
    counts = is_shot | (frame["event_type"] == "heave")
    frame["is_three"] = (worth == 3).astype("boolean").where(counts)
    frame["shot_zone"] = raw["area"].astype("string").where(is_shot)
    frame["shot_distance"] = decimals(payload, raw["shotDistance"], "shotDistance").where(counts)
    for theirs, ours in (("xLegacy", "loc_x"), ("yLegacy", "loc_y")):
        frame[ours] = (decimals(payload, raw[theirs], theirs) / _TENTHS).where(is_shot)
    return frame


def _last_edits(payload: Payload, raw: pd.DataFrame) -> pd.DataFrame:
    """One action per number, the one edited last, in the feed's order."""
    edited = raw.assign(
        edited=times(payload, raw["edited"]),
        actionNumber=whole_numbers(payload, raw["actionNumber"], "actionNumber"),
        orderNumber=whole_numbers(payload, raw["orderNumber"], "orderNumber"),
    )
    kept = edited.sort_values("edited", kind="stable").drop_duplicates("actionNumber", keep="last")
    return kept.sort_values("orderNumber", kind="stable").reset_index(drop=True)


LEAGUE_PLAYS_JSON = layout(
    Layout.LEAGUE_PLAYS_JSON,
    parser=league_plays,
    fields="gameId actions actionNumber orderNumber clock timeActual period periodType teamId "
    "teamTricode actionType subType descriptor qualifiers personId playerName playerNameI "
    "personIdsFilter x y side possession scoreHome scoreAway edited isTargetScoreLastPeriod "
    "xLegacy yLegacy isFieldGoal description area areaDetail shotResult shotDistance "
    "shotActionNumber pointsTotal assistPlayerNameInitial assistPersonId assistTotal "
    "blockPlayerName blockPersonId stealPlayerName stealPersonId reboundTotal "
    "reboundDefensiveTotal reboundOffensiveTotal turnoverTotal foulPersonalTotal "
    "foulTechnicalTotal foulDrawnPlayerName foulDrawnPersonId officialId jumpBallRecoveredName "
    "jumpBallRecoverdPersonId jumpBallWonPlayerName jumpBallWonPersonId jumpBallLostPlayerName "
    "jumpBallLostPersonId value",
)
