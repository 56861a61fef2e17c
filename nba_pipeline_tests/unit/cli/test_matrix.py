"""The matrix fits its terminal, and says the same at every scale."""

from __future__ import annotations

import datetime as dt

import pytest
from rich.console import Console

from nba_pipeline.cli.matrix import MARKS, Place, Places, legend, matrix
from nba_pipeline.verdicts.verdict import SETTLED, State

FIRST = dt.date(2021, 10, 19)
TABLES = (
    "nbac_schedule",
    "player_game_summary",
    "player_name_matches",
    "team_offense_game_summary",
)


def places(days: int, **bad: State) -> tuple[Places, list[dt.date]]:
    """Complete dates, Thursdays without games, and a first date as asked."""
    dates = [FIRST + dt.timedelta(n) for n in range(days)]

    def place(name: str, date: dt.date) -> Place:
        if date == FIRST and name in bad:
            return Place(bad[name], 0)
        return Place(State.NO_GAMES, 0) if date.weekday() == 3 else Place(State.COMPLETE, 211)

    return {n: {d: place(n, d) for d in dates} for n in TABLES}, dates


def drawn(days: int, width: int, **bad: State) -> dict[str, list[str]]:
    found, dates = places(days, **bad)
    console = Console(width=width)
    with console.capture() as capture:
        console.print(matrix(found, dates, width))
    lines = capture.get().splitlines()
    assert all(len(line.rstrip()) <= width for line in lines)
    return {line.split()[0]: line.split()[1:] for line in lines}


@pytest.mark.parametrize("width", [80, 140])
@pytest.mark.parametrize("days", [1, 7, 30, 200, 1535])
def test_every_table_is_one_line_of_any_width_with_all_its_dates(days: int, width: int) -> None:
    found = drawn(days, width, player_game_summary=State.PARTIAL)
    assert set(found) >= set(TABLES)
    states = found["table"][-3 if days > 2 else -2 :]
    assert states[-1] == "P"
    assert found["player_game_summary"][-1] == "1"
    total = sum(int(n) for n in found["nbac_schedule"][-(2 if days > 2 else 1) :])
    assert total == days


def test_the_scale_is_the_finest_that_fits() -> None:
    bad = {"player_game_summary": State.STALE}
    assert drawn(2, 80, **bad)["player_game_summary"][:2] == ["S", "211"]
    assert drawn(21, 80, **bad)["player_game_summary"][0] == "S+.++++++.++++++.++++"
    assert drawn(200, 80, **bad)["player_game_summary"][0] == "S+++++++"
    assert drawn(1535, 80, **bad)["player_game_summary"][:2] == ["1S", "312+"]  # 53 Thursdays


def test_tables_of_a_dataset_stand_together() -> None:
    names = list(drawn(7, 140))
    assert names[names.index("nba_analytics:") + 1 :][:2] == [
        "player_game_summary",
        "team_offense_game_summary",
    ]


def test_a_mark_is_a_capital_where_somebody_must_look() -> None:
    assert set(MARKS) == set(State)
    assert len(set(MARKS.values())) == len(State)
    assert {s for s, mark in MARKS.items() if mark.isupper()} == set(State) - SETTLED
    assert "P partial" in legend(places(3, nbac_schedule=State.PARTIAL)[0])
