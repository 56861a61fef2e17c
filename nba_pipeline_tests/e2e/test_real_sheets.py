"""The real archives: game sheets with did-not-play rows, and the one night of BallDontLie."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from nba_pipeline.landing.payload import Endpoint, Layout, Payload
from nba_pipeline.league.calendar import DayKind, season_label
from nba_pipeline.platform import Platform
from nba_pipeline.sources.lookup import parse
from nba_pipeline.verdicts.snapshot import Snapshot, snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.real import DATES, query

SHEETS, BDL = "nbac_game_sheets", "bdl_player_boxscores"
COUNTS = (
    "points", "field_goals_made", "three_pointers_made", "free_throws_made",
    "free_throws_attempted", "offensive_rebounds", "blocks", "personal_fouls",
)  # fmt: skip
"""Statistics that no later correction of the league touched."""


@pytest.mark.parametrize(("table", "complete"), [(SHEETS, 226), (BDL, 1)])
def test_every_date_is_settled_and_every_hole_has_its_reason(
    seen: Snapshot, table: str, complete: int
) -> None:
    found = {d: seen.verdict(table, d) for d in DATES}
    assert [d for d, v in found.items() if not v.is_settled] == []
    states = Counter(v.state for v in found.values())
    assert states[State.COMPLETE] == complete
    assert states[State.NO_GAMES] == sum(seen.day(d).kind is DayKind.NO_GAMES for d in DATES)
    for date, verdict in found.items():
        if verdict.state is State.UNRECOVERABLE:
            season = season_label(seen.day(date).games[0].season_year)
            assert season in verdict.reasons[0], date


def test_a_month_has_every_sheet_once(real: Platform) -> None:
    found = query(
        real,
        "SELECT EXTRACT(MONTH FROM game_date) AS month, COUNT(*) AS n, "
        "COUNTIF(player_status = 'dnp') AS dnp, COUNT(DISTINCT game_id) AS games "
        f"FROM nba_raw.{SHEETS} WHERE season_type = 'regular' GROUP BY month ORDER BY month",
    )
    assert [(r["month"], r["n"], r["dnp"], r["games"]) for r in found] == [
        (1, 5952, 1059, 227),
        (2, 4665, 926, 176),
        (3, 6237, 1208, 238),
        (4, 2813 + 39, 604 + 6, 105 + 1),  # of 2025, and one gamebook of 2024
        (10, 2147, 356, 80),
        (11, 4693, 735, 180),
    ]


def test_playoffs_are_there_with_the_reasons(real: Platform) -> None:
    found = query(
        real,
        "SELECT season_year, COUNT(*) AS n, COUNTIF(player_status = 'dnp') AS dnp, "
        "COUNT(DISTINCT game_id) AS games, COUNTIF(is_starter) AS starters "
        f"FROM nba_raw.{SHEETS} WHERE season_type = 'playoffs' "
        "GROUP BY season_year ORDER BY season_year",
    )
    assert [(r["n"], r["dnp"], r["games"], r["starters"]) for r in found] == [
        (2372, 481, 87, 870),
        (2321, 593, 84, 840),
        (304, 91, 11, 110),
    ]
    reasons = query(
        real,
        f"SELECT not_playing_category AS category, COUNT(*) AS n FROM nba_raw.{SHEETS} "
        "WHERE season_type = 'playoffs' AND player_status = 'dnp' GROUP BY category",
    )
    assert {r["category"]: r["n"] for r in reasons} == {
        "coach_decision": 1125,
        "injury": 34,
        "suspension": 4,
        "personal": 2,
    }


SAME_PLAYER = (
    "(l.player_id = s.player_id OR (s.player_id IS NULL AND l.team = s.team "
    "AND l.name_key = s.name_key))"
)
"""A gamebook prints names, no ids."""


def test_every_active_row_is_in_the_game_log_and_the_other_way_round(real: Platform) -> None:
    differ = ", ".join(f"COUNTIF(s.{c} <> l.{c}) AS {c}" for c in COUNTS)
    found = query(
        real,
        f"SELECT COUNT(*) AS n, {differ} FROM nba_raw.{SHEETS} AS s "
        "INNER JOIN nba_raw.nbac_player_boxscores AS l ON l.game_date = s.game_date "
        f"AND l.team = s.team AND {SAME_PLAYER} WHERE s.player_status = 'active'",
    )[0]
    assert found.pop("n") == 21_619 + 21
    assert set(found.values()) == {0}
    lonely = query(
        real,
        f"SELECT COUNTIF(l.team IS NULL AND s.player_status = 'active') AS sheet, "
        "COUNTIF(l.team IS NOT NULL AND s.player_status <> 'active') AS absent "
        f"FROM nba_raw.{SHEETS} AS s LEFT JOIN nba_raw.nbac_player_boxscores AS l "
        f"ON l.game_date = s.game_date AND {SAME_PLAYER} "
        "WHERE s.season_type = 'regular'",
    )
    assert lonely == [{"sheet": 0, "absent": 0}]
    unlisted = query(
        real,
        "SELECT COUNT(*) AS n FROM nba_raw.nbac_player_boxscores AS l "
        f"LEFT JOIN nba_raw.{SHEETS} AS s ON s.game_date = l.game_date "
        f"AND {SAME_PLAYER} WHERE s.team IS NULL "
        f"AND l.game_id IN (SELECT game_id FROM nba_raw.{SHEETS})",
    )
    assert unlisted == [{"n": 0}]


def test_corrections_of_the_league_are_few_and_counted(real: Platform) -> None:
    """The months were fetched before the log: plus-minus and four counts were corrected since."""
    names = ("plus_minus", "rebounds", "assists", "steals", "turnovers")
    differ = ", ".join(f"COUNTIF(s.{c} <> l.{c}) AS {c}" for c in names)
    found = query(
        real,
        f"SELECT {differ} "
        f"FROM nba_raw.{SHEETS} AS s INNER JOIN nba_raw.nbac_player_boxscores AS l "
        "ON l.game_date = s.game_date AND l.player_id = s.player_id",
    )
    assert found == [{"plus_minus": 19, "rebounds": 2, "assists": 2, "steals": 2, "turnovers": 2}]


def test_decimal_minutes_round_to_the_whole_ones_of_the_log(real: Platform) -> None:
    """All but 58, and those are exact half minutes, which the log rounds down."""
    found = query(
        real,
        "SELECT FLOOR(s.minutes_played + 0.5) = l.minutes_played AS same, COUNT(*) AS n, "
        "MIN(s.minutes_played - l.minutes_played) AS low, "
        "MAX(s.minutes_played - l.minutes_played) AS high "
        f"FROM nba_raw.{SHEETS} AS s INNER JOIN nba_raw.nbac_player_boxscores AS l "
        "ON l.game_date = s.game_date AND l.player_id = s.player_id "
        "WHERE s.player_status = 'active' GROUP BY same ORDER BY same",
    )
    differ, same = found
    assert (differ["n"], differ["low"], differ["high"]) == (58, 0.5, 0.5)
    assert same["n"] == 21_561
    assert float(str(same["low"])) >= -0.5 and float(str(same["high"])) <= 0.5


def test_starters_and_points_are_the_independent_sources(real: Platform) -> None:
    found = query(
        real,
        "SELECT COUNT(*) AS n, COUNTIF(s.points <> b.points) AS points, "
        "COUNTIF(s.is_starter <> b.is_starter) AS starters "
        f"FROM nba_raw.{SHEETS} AS s INNER JOIN nba_raw.bref_player_boxscores AS b "
        "ON b.game_date = s.game_date AND b.team = s.team AND b.name_key = s.name_key "
        "WHERE s.player_status = 'active' AND s.season_type = 'playoffs'",
    )
    assert found == [{"n": 3831, "points": 0, "starters": 0}]


def test_two_newcomers_have_no_name_in_the_archive_and_keep_their_rows(real: Platform) -> None:
    found = query(
        real,
        f"SELECT player_id, COUNT(*) AS n FROM nba_raw.{SHEETS} WHERE player_name IS NULL "
        "GROUP BY player_id ORDER BY player_id",
    )
    assert [(r["player_id"], r["n"]) for r in found] == [(1641907, 1), (1642942, 4)]


def test_the_night_of_balldontlie_is_the_official_one(real: Platform) -> None:
    found = query(
        real,
        "SELECT COUNT(*) AS n, COUNT(l.points) AS joined, COUNTIF(b.points <> l.points) AS points, "
        "MAX(ABS(b.minutes_played - l.minutes_played)) AS minutes "
        f"FROM nba_raw.{BDL} AS b LEFT JOIN nba_raw.nbac_player_boxscores AS l "
        "ON l.game_date = b.game_date AND l.team = b.team AND l.name_key = b.name_key",
    )
    # three of them are spelled otherwise (Kenyon Martin Jr., Nicolas Claxton, ...)
    assert found == [{"n": 229, "joined": 226, "points": 0, "minutes": 1.0}]


def test_nothing_was_kept_aside(real: Platform) -> None:
    found = query(
        real,
        "SELECT COUNT(*) AS n FROM nba_orchestration.quarantined_rows "
        f"WHERE asset IN ('{SHEETS}', '{BDL}')",
    )
    assert found == [{"n": 0}]


def sample(archives: Path, file: str, layout: Layout) -> pd.DataFrame:
    content = (archives / "raw_api_samples" / file).read_bytes()
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return parse(Payload("sample", Endpoint.GAME_SHEETS, file, layout, at, content))


def test_a_real_gamebook_says_what_the_log_says(real: Platform, archives: Path) -> None:
    frame = sample(archives, "nbac_gamebook_pdf/exp_0173bcd1.json.gz", Layout.SHEET_GAMEBOOK_JSON)
    found = query(
        real,
        "SELECT name_key, points, assists, minutes_played FROM nba_raw.nbac_player_boxscores "
        "WHERE game_date = DATE '2024-04-10' AND team IN ('MEM', 'CLE')",
    )
    log = {r["name_key"]: (r["points"], r["assists"], r["minutes_played"]) for r in found}
    active = frame[frame["player_status"] == "active"]
    theirs = {
        r.name_key: (r.points, r.assists, float(int(r.minutes_played + 0.5)))
        for r in active.itertuples()
    }
    assert len(theirs) == 21
    assert theirs == log
    listed = frame.groupby(["team", "player_status"]).size().to_dict()
    assert listed["CLE", "inactive"] == 3  # two of them stand in Memphis's list once more
    assert listed["MEM", "inactive"] == 9
    stored = query(
        real,
        f"SELECT team, player_status, COUNT(*) AS n FROM nba_raw.{SHEETS} "
        "WHERE game_date = DATE '2024-04-10' GROUP BY team, player_status",
    )
    assert {(r["team"], r["player_status"]): r["n"] for r in stored} == listed
    verdict = snapshot_of(real).verdict(SHEETS, dt.date(2024, 4, 10))
    assert verdict.reasons == ("39 rows", "7 of 8 games are not in the source")


@pytest.mark.parametrize(
    ("game", "scores"),
    [
        ("22500775", {"CHA": 110, "ATL": 107}),
        ("22500776", {"CLE": 138, "WAS": 113}),
        ("22500777", {"ORL": 108, "MIL": 116}),
    ],
)
def test_a_real_live_sheet_adds_up(archives: Path, game: str, scores: dict[str, int]) -> None:
    file = f"nbac_live_feed/{game}-07_box_Complete.json.gz"
    frame = sample(archives, file, Layout.SHEET_LIVE_JSON)
    assert set(frame["game_date"]) == {dt.date(2026, 2, 11)}
    sums = frame.groupby("team")[["points", "minutes_played", "is_starter"]].sum()
    assert sums["points"].to_dict() == scores
    assert [round(float(m), 2) for m in sums["minutes_played"]] == [240.0, 240.0]
    assert sums["is_starter"].tolist() == [5, 5]
    absent = frame[frame["player_status"] == "inactive"]
    assert len(absent) >= 7
    assert absent["not_playing_category"].notna().mean() > 0.8
