"""The SELECTs of the summaries on hand-made rows: which row they take, and what they leave NULL."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.render import arrow_schema
from nba_pipeline.contracts.sql_files import bound, load_sql
from nba_pipeline.warehouse.sql import to_duckdb
from nba_pipeline_tests.support import DEFENSE, OFFENSE

DAY = dt.date(2025, 1, 15)
GAME = {"game_date": DAY, "game_id": "20250115_NYK_PHI", "season_year": 2024,
        "season_type": "regular"}  # fmt: skip
# NYK at PHI: what the official box score has, but the rebounds that nobody needs here
COUNTS = (
    "points", "field_goals_made", "field_goals_attempted", "three_pointers_made",
    "free_throws_made", "free_throws_attempted", "offensive_rebounds", "defensive_rebounds",
    "turnovers",
)  # fmt: skip
PHI = dict(zip(COUNTS, (119, 46, 92, 16, 11, 14, 11, 24, 12), strict=True))
NYK = dict(zip(COUNTS, (125, 46, 86, 13, 20, 24, 15, 30, 16), strict=True))
POSSESSIONS = 95.7665
"""(92 + 5.6 - 1.07 * 11/41 * 46 + 12 + 86 + 9.6 - 1.07 * 15/39 * 40 + 16) / 2"""
SHOTS = [c for c in COUNTS if c not in ("points", "turnovers")]
Rows = list[dict[str, Any]]


def selected(table: str, given: dict[str, Rows]) -> Rows:
    """Rows that the table's SELECT makes of ``given``; every other table is empty."""
    contract = contracts()[table]
    with duckdb.connect() as con:
        for upstream in (contracts()[u] for u in contract.upstreams):
            schema = arrow_schema(upstream)
            found = given.get(upstream.name, [])
            columns = {f.name: pa.array([r.get(f.name) for r in found], f.type) for f in schema}
            con.register("found", pa.table(columns, schema=schema))
            con.execute(f"CREATE SCHEMA IF NOT EXISTS {upstream.dataset}")
            con.execute(f"CREATE TABLE {upstream.path} AS SELECT * FROM found")
        text = load_sql(contract.sql_path)
        params = bound(text, contract.sql_parameters(DAY, DAY))
        return con.sql(to_duckdb(text), params=params).to_arrow_table().to_pylist()


def schedule(**changes: Any) -> Rows:
    game = {"home_team": "PHI", "away_team": "NYK", "home_score": 119, "away_score": 125,
            "game_status": "final", "arena_city": "Philadelphia"}  # fmt: skip
    return [{**GAME, **game, **changes}]


def team(name: str, counts: dict[str, int], **changes: Any) -> dict[str, Any]:
    """An official row."""
    rebounds = counts["offensive_rebounds"] + counts["defensive_rebounds"]
    return {**GAME, "team": name, **counts, "rebounds": rebounds, "team_minutes": 265.0, **changes}


def five(name: str, counts: dict[str, int], *, turnovers: int) -> Rows:
    """Five players who share a team's counts as evenly as they go."""
    counts = {**counts, "turnovers": turnovers}
    rows = []
    for n in range(5):
        share = {c: v // 5 + (n < v % 5) for c, v in counts.items()}
        share["rebounds"] = share["offensive_rebounds"] + share["defensive_rebounds"]
        rows.append({**GAME, "team": name, "minutes_played": 53.0, **share})
    return rows


def without_shots(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, **dict.fromkeys((*SHOTS, "team_minutes"))}


def offense(**given: Rows) -> dict[str, dict[str, Any]]:
    rows = selected(OFFENSE, {"nbac_schedule": schedule(), **given})
    return {r["team"]: r for r in rows}


PLAYED = [*five("PHI", PHI, turnovers=12), *five("NYK", NYK, turnovers=13)]
OFFICIAL = [team("PHI", PHI), team("NYK", NYK)]


def test_both_teams_have_the_possessions_of_the_full_estimate() -> None:
    found = offense(nbac_team_boxscore=OFFICIAL)
    for name, points in (("PHI", 119), ("NYK", 125)):
        row = found[name]
        assert row["possessions"] == pytest.approx(POSSESSIONS, abs=1e-4)
        assert row["offensive_rating"] == pytest.approx(100 * points / POSSESSIONS, abs=1e-3)
        assert row["pace"] == pytest.approx(48 * POSSESSIONS / 53, abs=1e-3)
        assert (row["possessions_null_reason"], row["is_degraded"]) == (None, False)
    defense = {r["team"]: r for r in selected(DEFENSE, {OFFENSE: list(found.values())})}
    for name, other in (("PHI", "NYK"), ("NYK", "PHI")):
        assert defense[name]["defensive_rating"] == found[other]["offensive_rating"]
        assert defense[name]["opponent_possessions"] == found[name]["possessions"]


def test_a_game_without_shot_counts_takes_the_turnovers_of_its_teams_all_the_same() -> None:
    """The league's NYK lost the ball three times as a team: the players' sum is 13."""
    found = offense(
        nbac_player_boxscores=PLAYED, nbac_team_boxscore=[without_shots(r) for r in OFFICIAL]
    )
    assert found["NYK"]["source"] == "reconstructed_from_nbac"
    assert found["NYK"]["turnovers"] == 16
    assert found["PHI"]["possessions"] == pytest.approx(POSSESSIONS, abs=1e-4)
    assert not found["PHI"]["is_degraded"]


@pytest.mark.parametrize(
    "teams",
    [
        [],
        [without_shots(OFFICIAL[0])],
        # fewer than the players', or of another score: the row is of something else
        [without_shots(OFFICIAL[0]), {**without_shots(OFFICIAL[1]), "turnovers": 11}],
        [without_shots(OFFICIAL[0]), {**without_shots(OFFICIAL[1]), "points": 124}],
    ],
    ids=["none", "one", "too_few", "another_score"],
)
def test_without_the_turnovers_of_both_teams_nothing_is_estimated(teams: Rows) -> None:
    found = offense(nbac_player_boxscores=PLAYED, nbac_team_boxscore=teams)
    assert found["NYK"]["turnovers"] is None
    for row in found.values():
        assert [row[c] for c in ("possessions", "pace", "offensive_rating")] == [None] * 3
        assert row["possessions_null_reason"] == "no_team_turnovers"
        assert row["is_degraded"]
        assert row["field_goals_attempted"] == {"PHI": 92, "NYK": 86}[row["team"]]
    defense = selected(DEFENSE, {OFFENSE: list(found.values())})
    assert [r["defensive_rating"] for r in defense] == [None, None]
    assert {r["possessions_null_reason"] for r in defense} == {"no_team_turnovers"}


ARENAS = [
    {"venue_key": key, "venue_team": who, "arena_city": city, "first_season_year": first,
     "last_season_year": last}
    for key, who, city, first, last in (
        ("phi", "PHI", "Philadelphia", 2021, None),
        ("phi_old", "PHI", "Camden", 2021, 2023),
        ("nyk", "NYK", "New York", 2021, None),
        ("paris", None, "Paris", 2021, None),
    )
]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "city", "in_log", "is_neutral", "source"),
    [
        (True, "Philadelphia", None, True, "schedule"),
        (False, "Paris", True, False, "schedule"),
        (None, "Paris", None, True, "arena"),
        (None, "Paris, France", None, True, "arena"),
        (None, "Philadelphia", None, False, "arena"),
        # a home of former seasons, the visitors' home, nobody knows where, and no city at all
        (None, "Camden", None, None, None),
        (None, "New York", None, None, None),
        (None, "Springfield", None, None, None),
        (None, None, None, None, None),
        (None, None, True, True, "game_log"),
    ],
)
def test_a_site_is_neutral_where_it_is_proven_and_else_unknown(
    said: bool | None,
    city: str | None,
    in_log: bool | None,
    is_neutral: bool | None,
    source: str | None,
) -> None:
    games = schedule(is_neutral=said, arena_city=city, is_neutral_in_log=in_log)
    found = offense(nbac_schedule=games, arenas=ARENAS, nbac_team_boxscore=OFFICIAL)
    assert {(r["is_neutral"], r["neutral_source"]) for r in found.values()} == {
        (is_neutral, source)
    }
    defense = selected(DEFENSE, {OFFENSE: list(found.values())})
    assert {(r["is_neutral"], r["neutral_source"]) for r in defense} == {(is_neutral, source)}


NAMES = ("onefirst", "twosecond", "threethird", "fourfourth", "fivefifth")
