"""Closing lines that are none: taken in the game, impossible, or of two sources that contradict."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.landing.payload import DateRange, Endpoint, Layout, Payload
from nba_pipeline.league.calendar import Game
from nba_pipeline.platform import Platform
from nba_pipeline.sources.reading.values import TEAM_NAMES
from nba_pipeline.verdicts.snapshot import snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.incidents.season import TEAMS, rows_of
from nba_pipeline_tests.support import TODAY, platform_in, rows, run, simulated, verdict

LINES = "odds_game_lines"
NEXT = tuple(TODAY + dt.timedelta(n) for n in range(4))
DATE, LATER = NEXT[-1], NEXT[-1] + dt.timedelta(1)
"""A date of which nothing was quoted when the season was built."""
NAMES = {team: name for name, team in TEAM_NAMES.items()}
SBR_HEAD = "Date,Home,Away,OU,Spread,ML_Home,ML_Away\n"


@dataclass
class Closing:
    """Two archives of closing lines: of each game, in order, a book's line and an average."""

    games: tuple[Game, ...]
    sbr: dict[int, tuple[float, float]]
    consensus: dict[int, tuple[str, float, float]]
    name: str = "closing"
    endpoint: Endpoint = Endpoint.GAME_LINES

    def fetch(self, dates: DateRange) -> Iterator[Payload]:
        key, at = f"dates={DATE}..{DATE}/file=", dt.datetime.combine(LATER, dt.time(), dt.UTC)
        season = f"{DATE.year - (DATE.month < 9)}-{(DATE.year + (DATE.month >= 9)) % 100:02d}"
        lines = [
            f"{season}-{DATE:%m%d},{NAMES[str(self.games[n].home_team)]},"
            f"{NAMES[str(self.games[n].away_team)]},{total},{spread},-150,130\n"
            for n, (spread, total) in self.sbr.items()
        ]
        found = "".join([SBR_HEAD, *lines]).encode()
        yield Payload(self.name, self.endpoint, f"{key}sbr", Layout.SBR_GAMES_CSV, at, found)
        table = [
            {"home_team": NAMES[str(self.games[n].home_team)], "spread_point": spread,
             "away_team": NAMES[str(self.games[n].away_team)], "total_point": total,
             "commence_time": f"{DATE + dt.timedelta(1)}T{clock}Z"}
            for n, (clock, spread, total) in self.consensus.items()
        ]  # fmt: skip
        body = io.BytesIO()
        pd.DataFrame(table).to_parquet(body)
        layout = Layout.CONSENSUS_GAMES_PARQUET
        yield Payload(self.name, self.endpoint, f"{key}average", layout, at, body.getvalue())

    def not_offered(self, game: Game) -> str | None:
        return None


def with_closing(home: Path, **lines: Any) -> tuple[Platform, tuple[Game, ...]]:
    """Every table of the date, with these closing lines."""
    platform = platform_in(home, today=LATER)
    run(platform, "nbac_schedule", *NEXT)
    games = snapshot_of(platform).day(DATE).games
    source = Closing(games, **lines)
    changed = {**simulated(LATER), source.endpoint: source}
    platform = platform_in(home, today=LATER, loaders=changed)
    for name, contract in contracts().items():
        if contract.is_partitioned:
            run(platform, name, *NEXT)
    return platform, games


def test_what_is_no_closing_line_is_kept_and_not_used_and_says_why(home: Path) -> None:
    platform, games = with_closing(
        home,
        sbr={0: (4.5, 220), 2: (4.5, 32.5), 3: (2.5, 224), 5: (2.5, 212.5)},
        consensus={
            0: ("00:10:00", -5.5, 222),
            1: ("00:10:48", 13.5, 208.5),  # the real start, written over the scheduled one
            3: ("00:40:00", -12.5, 220),
            5: ("01:41:00", 11.5, 190.5),  # likewise, on a whole minute
        },
    )
    assert len(games) > 5, "the day has too few games for the test"
    assert verdict(platform, LINES, DATE).state is State.COMPLETE
    kept = {(r["game_id"], r["bookmaker"]): r for r in rows(platform, LINES, DATE)}
    assert len(kept) == 8
    faults = {
        (n, book): kept[games[n].game_id, book]["line_fault"]
        for n, book in [(1, "consensus"), (2, "sbr_consensus"), (5, "consensus"), (3, "consensus")]
    }
    assert faults == {
        (1, "consensus"): "taken_in_game", (2, "sbr_consensus"): "impossible",
        (5, "consensus"): "taken_in_game", (3, "consensus"): None,
    }  # fmt: skip
    assert kept[games[1].game_id, "consensus"]["home_spread"] == 13.5
    assert kept[games[2].game_id, "sbr_consensus"]["game_total"] == 32.5
    told = rows_of(platform, TEAMS, DATE)
    told = told[told["is_home"]].set_index("game_id")
    found = {
        n: told.loc[game.game_id, ["team_spread", "game_total", "line_null_reason"]].tolist()
        for n, game in enumerate(games[:6])
    }
    nothing = [None, None]
    assert {n: [None if pd.isna(v) else v for v in values] for n, values in found.items()} == {
        0: [-5, 221, None],
        1: [*nothing, "taken_in_game"],
        2: [*nothing, "impossible"],
        3: [None, 222, "sources_disagree"],
        4: [*nothing, "no_line"],
        5: [-2.5, 212.5, None],
    }
