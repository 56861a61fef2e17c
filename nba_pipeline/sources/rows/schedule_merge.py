"""One season's schedule from its newest snapshot and the witnesses of what was played.

Belongs here: pure rules over parsed frames. Does not belong here: fetching, or which
seasons there are (``schedule``).
A schedule taken during the season does not know later results, moves and added games. The official
team box score of both teams is then the witness; where the league has none (play-in games), an
independent box score of both teams is, and after that a live scoreboard. Which witness it was is
kept with the game.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from nba_pipeline.league.calendar import GameStatus, SeasonType, Witness, game_key
from nba_pipeline.sources.reading.unpack import records

_LOG = ["game_date", "team", "opponent", "points", "home_hint", "nba_game_id", "season_type"]


@dataclass(frozen=True, slots=True)
class Result:
    """A played game by a witness; ``home`` is None where nobody can say.

    ``is_neutral`` says that the witness has two visitors.
    """

    date: dt.date
    scores: dict[str, int]
    home: str | None
    nba_game_id: str | None
    season_type: SeasonType | None
    witness: Witness
    is_neutral: bool = False

    @property
    def teams(self) -> frozenset[str]:
        """Both teams."""
        return frozenset(self.scores)


@dataclass
class SeasonSchedule:
    """Games of a season by official id (or our own key for games without one)."""

    season_year: int
    games: dict[str, dict[str, Any]]
    snapshot: str
    as_of: dt.date
    notes: dict[dt.date, list[str]] = field(default_factory=dict)

    def counting(self) -> Iterator[dict[str, Any]]:
        """Games of the kinds that tables must hold."""
        return (g for g in self.games.values() if g["season_type"].counts)

    @property
    def last_date(self) -> dt.date:
        """Date of the last game listed or witnessed."""
        dates: list[dt.date] = [g["game_date"] for g in self.games.values()]
        return max(dates)

    @property
    def is_over(self) -> bool:
        """The last listed game is a final playoff game in June or later: the Finals."""
        last = max(self.counting(), key=lambda g: g["game_date"], default=None)
        return (
            last is not None
            and last["season_type"] is SeasonType.PLAYOFFS
            and last["game_status"] is GameStatus.FINAL
            and last["game_date"] >= dt.date(self.season_year + 1, 6, 1)
        )

    def needs_witness(self, until: dt.date) -> bool:
        """Whether games up to a date have no result, or may not even be listed."""
        if self.is_over:
            return False
        return until > self.last_date or any(
            g["game_date"] <= until and g["game_status"] in (GameStatus.SCHEDULED, GameStatus.LIVE)
            for g in self.counting()
        )


def season_schedule(snapshots: list[tuple[str, dt.datetime, pd.DataFrame]]) -> SeasonSchedule:
    """The newest of a season's snapshots: (label, fetched_at, frame); its content says its age."""
    label, _, frame = max(snapshots, key=lambda s: (s[2]["as_of"].iloc[0], s[1], s[0]))
    rows = records(frame)
    games: dict[str, dict[str, Any]] = {}
    for row in rows:
        row["season_type"] = SeasonType(row["season_type"])
        row["game_status"] = GameStatus(row["game_status"])
        row["final_witness"] = Witness.SCHEDULE if row["game_status"] is GameStatus.FINAL else None
        games[row["nba_game_id"]] = row
    return SeasonSchedule(
        season_year=rows[0]["season_year"],
        games=games,
        snapshot=label,
        as_of=rows[0]["as_of"],
    )


def official_results(
    team_log: pd.DataFrame, ids: pd.DataFrame | None, others: list[Result]
) -> list[Result]:
    """Games of which the official team log holds both teams.

    ``ids`` gives (game_date, team) their nba_game_id where the team log lacks it. On a neutral
    site the log shows two visitors; ``others`` may know who was the home team.
    """
    homes = {(r.date, r.teams): r.home for r in others}
    log = team_log[_LOG].copy()
    if ids is not None and log["nba_game_id"].isna().any():
        known = ids[["game_date", "team", "nba_game_id"]].dropna().drop_duplicates()
        log = log.merge(known, on=["game_date", "team"], how="left", suffixes=("", "_known"))
        log["nba_game_id"] = log["nba_game_id"].fillna(log["nba_game_id_known"])
    found: dict[tuple[dt.date, frozenset[str]], list[dict[str, Any]]] = {}
    for row in log.drop_duplicates(["game_date", "team", "opponent"]).to_dict("records"):
        pair = (row["game_date"], frozenset((row["team"], row["opponent"])))
        found.setdefault(pair, []).append({str(k): v for k, v in row.items()})
    return [
        Result(
            date=date,
            scores={r["team"]: int(r["points"]) for r in rows},
            home=next((r["team"] for r in rows if r["home_hint"]), homes.get((date, teams))),
            nba_game_id=next((i for r in rows if isinstance(i := r["nba_game_id"], str)), None),
            season_type=SeasonType(rows[0]["season_type"]),
            witness=Witness.TEAM_BOXSCORE,
            is_neutral=not any(r["home_hint"] for r in rows),
        )
        for (date, teams), rows in found.items()
        if len(rows) == 2 and not any(pd.isna(r["points"]) for r in rows)
    ]


def independent_results(bref: pd.DataFrame) -> list[Result]:
    """Games of which the independent source holds both teams, adding up to the score it prints."""
    sums = bref.groupby(
        ["game_date", "home_team", "away_team", "home_score", "away_score", "team"], as_index=False
    )["points"].sum()
    found: dict[tuple[Any, ...], dict[str, int]] = {}
    for *game, team, points in sums.itertuples(index=False):
        found.setdefault(tuple(game), {})[team] = int(points)
    return [
        Result(date, scores, home, None, None, Witness.INDEPENDENT_BOXSCORE)
        for (date, home, away, home_score, away_score), scores in found.items()
        if scores == {home: home_score, away: away_score}
    ]


def scoreboard_results(board: pd.DataFrame) -> list[Result]:
    """Games that a live scoreboard showed as final, by the newest board that has them."""
    newest = board.drop_duplicates("nba_game_id")
    return [
        Result(
            date=row["game_date"],
            scores={row["home_team"]: row["home_score"], row["away_team"]: row["away_score"]},
            home=row["home_team"],
            nba_game_id=row["nba_game_id"],
            season_type=SeasonType(row["season_type"]),
            witness=Witness.SCOREBOARD,
        )
        for row in records(newest)
    ]


def apply_results(season: SeasonSchedule, results: list[Result]) -> None:
    """Put witnessed results on the season's games, adding those that were not listed."""
    for result in sorted(results, key=lambda r: (r.date, sorted(r.teams))):
        game = _game_of(season, result)
        if game is None:
            _note(season, result, "is not on the schedule and was left out")
        elif game["game_status"] is not GameStatus.FINAL:
            _finish(season, game, result)
        elif {game["home_team"]: game["home_score"],
              game["away_team"]: game["away_score"]} != result.scores:  # fmt: skip
            _note(season, result, f"contradicts the result by {game['final_witness']}")


def _game_of(season: SeasonSchedule, result: Result) -> dict[str, Any] | None:
    """The game that a result belongs to: by official id, by date and teams, or a new one."""
    if result.nba_game_id in season.games:
        return season.games[str(result.nba_game_id)]
    for game in season.games.values():
        if game["game_date"] == result.date and game["season_type"].counts:
            teams = {game["home_team"], game["away_team"]} - {None}
            if teams == result.teams or (not teams and _is_cup_final(game)):
                return game
    kind = result.season_type or _inferred_type(season, result.date)
    if kind is None or not kind.counts:
        return None
    key = result.nba_game_id or f"{result.date}:{'-'.join(sorted(result.teams))}"
    season.games[key] = {
        "nba_game_id": result.nba_game_id,
        "game_date": result.date,
        "season_year": season.season_year,
        "season_type": kind,
        "home_team": None,
        "away_team": None,
        "game_status": GameStatus.SCHEDULED,
        "label": None,
        "is_neutral": None,
    }
    return season.games[key]


def _is_cup_final(game: dict[str, Any]) -> bool:
    return bool(game["season_type"] is SeasonType.CUP_FINAL)


def _inferred_type(season: SeasonSchedule, date: dt.date) -> SeasonType | None:
    """Between the last regular and the first playoff game only the play-in is played."""
    regular = [g["game_date"] for g in season.counting() if g["season_type"] is SeasonType.REGULAR]
    playoffs = [
        g["game_date"] for g in season.counting() if g["season_type"] is SeasonType.PLAYOFFS
    ]
    if regular and playoffs and max(regular) < date < min(playoffs):
        return SeasonType.PLAY_IN
    return None


def _finish(season: SeasonSchedule, game: dict[str, Any], result: Result) -> None:
    if game["game_date"] != result.date:
        text = f"{'-'.join(sorted(result.teams))} moved to {result.date}"
        season.notes.setdefault(game["game_date"], []).append(text)
    sides = {game["home_team"], game["away_team"]}
    if sides != result.teams:
        home = result.home or min(result.teams)
        game["home_team"], game["away_team"] = home, next(iter(result.teams - {home}))
    if result.is_neutral:
        # apart from what the schedule says, which is known before the game
        game["is_neutral_in_log"] = True
    game["game_date"] = result.date
    game["game_status"] = GameStatus.FINAL
    game["home_score"] = result.scores[game["home_team"]]
    game["away_score"] = result.scores[game["away_team"]]
    game["final_witness"] = result.witness


def _note(season: SeasonSchedule, result: Result, what: str) -> None:
    score = " ".join(f"{t} {p}" for t, p in sorted(result.scores.items()))
    season.notes.setdefault(result.date, []).append(f"{result.witness} {score} {what}")


def game_id_of(game: dict[str, Any]) -> str:
    """Our id; the official one stands in while a team is unknown."""
    if game["home_team"] is None or game["away_team"] is None:
        return f"{game['game_date']:%Y%m%d}_{game['nba_game_id']}"
    return game_key(game["game_date"], game["away_team"], game["home_team"])
