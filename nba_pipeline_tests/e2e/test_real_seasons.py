"""The real archives, five seasons: every date of every table has the right verdict."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from nba_pipeline.build.verify import verify_table
from nba_pipeline.contracts.registry import contracts
from nba_pipeline.contracts.spec import WHOLE_TABLE
from nba_pipeline.league.calendar import DayKind
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.snapshot import Snapshot, snapshot_of
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.real import DATES, FULL_SEASONS, NO_BOX_SCORE, build_all, query
from nba_pipeline_tests.support import DEFENSE, OFFENSE, PLAYERS


def test_no_date_is_left_in_a_bad_state(seen: Snapshot) -> None:
    for name, contract in contracts().items():
        dates = DATES if contract.is_partitioned else [WHOLE_TABLE]
        bad = [d for d in dates if not seen.verdict(name, d).is_settled]
        assert bad == [], name


@pytest.mark.parametrize("table", [OFFENSE, DEFENSE, PLAYERS])
def test_every_game_date_is_complete_and_every_other_has_no_games(
    seen: Snapshot, table: str
) -> None:
    for date in DATES:
        found = seen.verdict(table, date).state
        if seen.day(date).kind is DayKind.NO_GAMES:
            assert found is State.NO_GAMES
        elif date in NO_BOX_SCORE:
            assert found is State.UNRECOVERABLE
        else:
            assert found is State.COMPLETE, date


def test_four_regular_seasons_have_1230_games_each(real: Platform) -> None:
    found = query(
        real,
        "SELECT season_year, season_type, COUNT(*) AS games, COUNT(DISTINCT game_date) AS dates "
        "FROM nba_raw.nbac_schedule WHERE game_status = 'final' GROUP BY season_year, season_type",
    )
    games = {(r["season_year"], r["season_type"]): r["games"] for r in found}
    dates = {(r["season_year"], r["season_type"]): r["dates"] for r in found}
    assert [games[y, "regular"] for y in FULL_SEASONS] == [1230] * 4
    assert sum(dates[y, "regular"] for y in FULL_SEASONS) == 652
    assert (games[2025, "regular"], dates[2025, "regular"]) == (496, 69)
    assert [games[y, "playoffs"] for y in FULL_SEASONS] == [87, 84, 82, 84]
    assert [games[y, "play_in"] for y in FULL_SEASONS] == [6, 6, 6, 6]
    assert [games.get((y, "cup_final"), 0) for y in (2022, 2023, 2024, 2025)] == [0, 1, 1, 1]


def test_every_team_and_every_box_score_row_is_there(real: Platform) -> None:
    teams = query(
        real,
        f"SELECT COUNT(*) AS n FROM nba_analytics.{OFFENSE} "
        "WHERE season_type = 'regular' AND season_year < 2025",
    )
    assert teams == [{"n": 9840}]
    players = query(
        real,
        f"SELECT season_year, COUNT(*) AS n FROM nba_analytics.{PLAYERS} "
        "WHERE season_type = 'regular' GROUP BY season_year ORDER BY season_year",
    )
    assert [r["n"] for r in players] == [26039, 25895, 26401, 26306, 10840]
    assert sum(r["n"] for r in players[:4]) == 104_641  # type: ignore[misc]


STATS = (
    "points",
    "field_goals_made",
    "field_goals_attempted",
    "three_pointers_made",
    "three_pointers_attempted",
    "free_throws_made",
    "free_throws_attempted",
    "offensive_rebounds",
    "defensive_rebounds",
    "assists",
    "steals",
    "blocks",
    "personal_fouls",
    "rebounds",
)


def test_player_sums_are_the_official_team_rows_in_fourteen_statistics(real: Platform) -> None:
    sums = ", ".join(f"SUM(p.{s}) - ANY_VALUE(t.{s}) AS {s}" for s in STATS)
    found = query(
        real,
        f"SELECT {sums} FROM nba_analytics.{PLAYERS} AS p "
        f"INNER JOIN nba_analytics.{OFFENSE} AS t "
        "ON t.game_date = p.game_date AND t.team = p.team "
        "WHERE p.season_type = 'regular' AND p.season_year < 2025 AND t.source = 'nbac' "
        "GROUP BY p.game_date, p.team",
    )
    assert len(found) == 9840
    assert all(v == 0 for r in found for v in r.values())


def test_usage_is_there_for_who_played_and_the_rest_has_a_reason(real: Platform) -> None:
    found = query(
        real,
        "SELECT COUNTIF(minutes_played > 0) AS played, "
        "COUNTIF(minutes_played > 0 AND usage_rate IS NOT NULL) AS with_usage, "
        "COUNTIF((usage_rate IS NULL) = (usage_null_reason IS NULL)) AS unexplained, "
        "MAX(usage_rate) AS highest "
        f"FROM nba_analytics.{PLAYERS} WHERE NOT is_degraded",
    )[0]
    assert int(str(found["with_usage"])) / int(str(found["played"])) >= 0.99
    assert found["unexplained"] == 0
    assert float(str(found["highest"])) <= 100


def test_our_usage_is_the_independent_sources(real: Platform) -> None:
    """Basketball-Reference prints its own, from decimal minutes: the gap is rounding."""
    found = query(
        real,
        "SELECT COUNT(*) AS n, AVG(ABS(p.usage_rate - b.source_usage_rate)) AS gap "
        f"FROM nba_analytics.{PLAYERS} AS p "
        "INNER JOIN nba_raw.bref_player_boxscores AS b "
        "ON b.game_date = p.game_date AND b.team = p.team AND b.player_lookup = p.player_lookup "
        "WHERE p.source = 'bref' AND p.minutes_played >= 5",
    )[0]
    assert int(str(found["n"])) > 4000
    assert float(str(found["gap"])) < 0.1


def test_both_sources_agree_on_every_joined_row(real: Platform) -> None:
    names = (*STATS[:1], "rebounds", "assists", "field_goals_attempted", "turnovers", "steals",
             "three_pointers_attempted", "blocks", "personal_fouls")  # fmt: skip
    differ = " OR ".join(f"n.{c} <> b.{c}" for c in names)
    found = query(
        real,
        f"SELECT COUNT(*) AS joined, COUNTIF({differ}) AS differ "
        "FROM nba_raw.nbac_player_boxscores AS n INNER JOIN nba_raw.bref_player_boxscores AS b "
        "ON b.game_date = n.game_date AND b.team = n.team AND b.name_key = n.name_key "
        "WHERE n.season_year < 2024",
    )[0]
    assert found == {"joined": 78_290, "differ": 0}


def test_who_said_that_a_game_was_final_is_recorded(real: Platform) -> None:
    found = query(
        real,
        "SELECT season_year, final_witness, COUNT(*) AS n FROM nba_raw.nbac_schedule "
        "WHERE game_status = 'final' GROUP BY season_year, final_witness",
    )
    witness = {(r["season_year"], r["final_witness"]): r["n"] for r in found}
    assert witness[2023, "schedule"] == 734
    assert witness[2023, "team_boxscore"] == 579
    assert witness[2023, "independent_boxscore"] == 6  # the play-in
    assert witness[2025, "team_boxscore"] == 496
    assert witness[2025, "independent_boxscore"] == 1  # the Cup final
    assert (2021, "team_boxscore") not in witness


def test_a_game_has_one_source_and_says_which(real: Platform) -> None:
    found = query(
        real,
        f"SELECT source, season_type, COUNT(DISTINCT game_id) AS games "
        f"FROM nba_analytics.{PLAYERS} GROUP BY source, season_type",
    )
    games = Counter({(r["source"], r["season_type"]): int(str(r["games"])) for r in found})
    assert games["nbac", "regular"] == 4920 + 496
    assert games["bref", "playoffs"] == 87 + 84 + 82
    assert games["nbac", "playoffs"] == 84  # compact, without shot counts: degraded
    assert games["bref", "play_in"] == 18
    assert games["bref", "cup_final"] == 2
    mixed = query(
        real,
        f"SELECT game_id FROM nba_analytics.{PLAYERS} GROUP BY game_id "
        "HAVING COUNT(DISTINCT source) > 1",
    )
    assert mixed == []


def test_degraded_rows_are_marked_and_no_others(real: Platform) -> None:
    found = query(
        real,
        f"SELECT season_year, season_type, COUNT(*) AS n FROM nba_analytics.{PLAYERS} "
        "WHERE is_degraded GROUP BY season_year, season_type",
    )
    assert [(r["season_year"], r["season_type"]) for r in found] == [(2024, "playoffs")]


SHOT_GAMES = {2021: 580, 2022: 1230, 2023: 1230, 2024: 1230}


def test_shots_are_there_for_every_game_that_the_archive_holds_whole(real: Platform) -> None:
    found = query(
        real,
        "SELECT season_year, COUNT(DISTINCT game_id) AS games, COUNT(*) AS n "
        "FROM nba_raw.nbac_shots GROUP BY season_year",
    )
    assert {r["season_year"]: r["games"] for r in found} == SHOT_GAMES
    rows = {r["season_year"]: r["n"] for r in found}
    assert [rows[y] for y in (2022, 2023, 2024)] == [217_220, 218_701, 219_527]


def test_makes_by_zone_are_the_box_scores_in_every_game(real: Platform) -> None:
    """Attempts differ in four games of the sources; makes never do."""
    found = query(
        real,
        "SELECT t.season_year, COUNTIF(s.made <> t.field_goals_made) AS made_differ, "
        "COUNTIF(s.attempts <> t.field_goals_attempted) AS attempts_differ "
        f"FROM nba_analytics.{OFFENSE} AS t INNER JOIN (SELECT game_date, team, "
        "COUNTIF(is_made) AS made, COUNT(*) AS attempts FROM nba_raw.nbac_shots "
        "GROUP BY game_date, team) AS s ON s.game_date = t.game_date AND s.team = t.team "
        "GROUP BY t.season_year ORDER BY t.season_year",
    )
    assert [r["made_differ"] for r in found] == [0, 0, 0, 0]
    assert [r["attempts_differ"] for r in found[1:]] == [1, 3, 0]


def test_zone_totals_of_a_season_are_the_leagues_own(real: Platform, archives: Path) -> None:
    """Against LeagueDashPlayerShotLocations of 2022-23.

    Three players of 539 differ there, each by one mid-range attempt: the archive of single shots
    has it, the totals do not.
    """
    import pandas as pd

    folder = archives / "stats_nba_shot_zone_totals"
    totals = pd.concat(pd.read_csv(p) for p in sorted(folder.glob("*2022-23*")))
    totals = totals[totals["SEASON_TYPE"] == "Regular Season"].set_index("PLAYER_ID").fillna(0)
    found = query(
        real,
        "SELECT player_id, SUM(paint_attempted) AS paint, SUM(paint_made) AS paint_made, "
        "SUM(mid_range_attempted) AS mid, SUM(mid_range_made) AS mid_made "
        f"FROM nba_analytics.{PLAYERS} WHERE season_year = 2022 AND season_type = 'regular' "
        "GROUP BY player_id",
    )
    differ = []
    for r in found:
        t = totals.loc[r["player_id"]]
        theirs = (
            t["RA_FGA"] + t["PAINT_FGA"], t["RA_FGM"] + t["PAINT_FGM"], t["MID_FGA"], t["MID_FGM"],
        )  # fmt: skip
        if tuple(int(v) for v in theirs) != (r["paint"], r["paint_made"], r["mid"], r["mid_made"]):
            differ.append(r["player_id"])
        assert theirs[:2] == (r["paint"], r["paint_made"])
    assert len(found) == 539
    assert sorted(map(str, differ)) == ["1631106", "201580", "203926"]


def test_zones_are_there_or_the_reason_why_not(real: Platform) -> None:
    found = query(
        real,
        "SELECT COUNTIF((paint_attempted IS NULL) <> (zones_null_reason IS NOT NULL)) AS silent, "
        "COUNTIF(paint_attempted IS NOT NULL) AS n, "
        "COUNTIF(has_complete_shot_zones) AS whole "
        f"FROM nba_analytics.{PLAYERS}",
    )[0]
    assert found["silent"] == 0
    assert int(str(found["n"])) > 90_000
    assert int(str(found["whole"])) / int(str(found["n"])) > 0.999


@pytest.fixture(scope="module")
def again(real: Platform, seen: Snapshot) -> Snapshot:
    """Everything built a second time."""
    build_all(real, run_id="again")
    return snapshot_of(real)


def test_running_everything_again_changes_no_version(seen: Snapshot, again: Snapshot) -> None:
    for name in contracts():
        for date, row in seen.rows(name).items():
            now = again.rows(name)[date]
            assert (now.version, now.attempt) == (row.version, row.attempt), (name, date)


def test_every_published_row_is_as_recorded(real: Platform, again: Snapshot) -> None:
    for contract in contracts().values():
        assert verify_table(real.warehouse, again, contract) == []
