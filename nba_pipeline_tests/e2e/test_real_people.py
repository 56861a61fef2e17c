"""Injury reports, transactions, player seasons and arenas on the real archives."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from nba_pipeline.league.calendar import FIRST_GAME_DATE
from nba_pipeline.platform import Platform
from nba_pipeline.verdicts.snapshot import Snapshot
from nba_pipeline.verdicts.verdict import State
from nba_pipeline_tests.real import DATES, query

REPORT_DATE = dt.date(2024, 1, 4)
_KM = (
    "6371 * ACOS(LEAST(1, SIN({a}.arena_latitude * 0.017453293) "
    "* SIN({b}.arena_latitude * 0.017453293) + COS({a}.arena_latitude * 0.017453293) "
    "* COS({b}.arena_latitude * 0.017453293) "
    "* COS(({a}.arena_longitude - {b}.arena_longitude) * 0.017453293)))"
)
"""Great-circle distance in kilometres."""
_VENUES = (
    "SELECT s.game_id, s.season_year, c.venue_key IS NULL AS by_home, COALESCE(c.venue_key, "
    "CASE WHEN COALESCE(s.is_neutral, FALSE) THEN NULL ELSE h.venue_key END) AS venue_key "
    "FROM nba_raw.nbac_schedule AS s "
    "LEFT JOIN nba_reference.arenas AS c "
    "ON c.arena_city = REGEXP_EXTRACT(s.arena_city, '^[^,]+') "
    "AND COALESCE(c.venue_team, s.home_team) = s.home_team "
    "LEFT JOIN nba_reference.arenas AS h ON h.venue_team = s.home_team AND h.is_home_arena "
    "AND s.season_year BETWEEN h.first_season_year AND COALESCE(h.last_season_year, 9999) "
    "WHERE s.home_team IS NOT NULL"
)


def one(platform: Platform, text: str) -> dict[str, int]:
    return {name: int(str(value)) for name, value in query(platform, text)[0].items()}


def test_what_cannot_be_had_is_declared(seen: Snapshot) -> None:
    def complete(name: str) -> list[dt.date]:
        return [d for d in DATES if seen.verdict(name, d).state is State.COMPLETE]

    assert complete("nbac_injury_report") == complete("nbac_injury_report_teams") == [REPORT_DATE]
    assert complete("espn_rosters") == []
    transactions = complete("pst_transactions")
    assert (transactions[0], transactions[-1]) == (FIRST_GAME_DATE, dt.date(2025, 5, 13))
    assert len(transactions) == 1303


def test_no_transaction_is_lost(real: Platform, archives: Path) -> None:
    import pandas as pd

    file = archives / "injuries" / "prosportstransactions_injuries_all.csv.gz"
    raw = pd.read_csv(file, dtype=str, keep_default_na=False)
    assert len(raw) == 73_306
    kept = raw[raw["Date"] >= FIRST_GAME_DATE.isoformat()]
    assert len(kept) == 10_970
    names = (kept["Acquired"] + kept["Relinquished"]).str.count("•")
    assert (names == 0).sum() == 4  # rows of the source that name nobody
    found = one(
        real,
        "SELECT COUNT(*) AS n, COUNTIF(movement = 'out') AS gone, COUNTIF(movement = 'back') AS "
        "back, COUNTIF(movement IS NULL) AS neither, COUNTIF(team IS NULL) AS no_team, "
        "COUNTIF(player_lookup IS NULL) AS no_player FROM nba_raw.pst_transactions",
    )
    assert found == {"n": 10_972, "gone": 6249, "back": 4719, "neither": 4, "no_team": 13,
                     "no_player": 24}  # fmt: skip
    assert found["n"] == int(names.clip(lower=1).sum())


def test_nearly_every_name_of_a_transaction_is_a_players(real: Platform) -> None:
    known = "SELECT player_lookup FROM nba_reference.players"
    found = one(
        real,
        f"SELECT COUNT(*) AS n, COUNTIF(player_lookup IN ({known})) AS by_first, "
        f"COUNTIF(player_lookup IN ({known}) OR COALESCE(player_lookup_alternative IN ({known}), "
        "FALSE)) AS by_either FROM nba_raw.pst_transactions WHERE player_lookup IS NOT NULL",
    )
    assert found == {"n": 10_948, "by_first": 10_456, "by_either": 10_769}


def test_the_kinds_of_transactions(real: Platform) -> None:
    found = query(
        real,
        "SELECT transaction_category AS kind, COUNT(*) AS n FROM nba_raw.pst_transactions "
        "GROUP BY transaction_category",
    )
    assert {r["kind"]: r["n"] for r in found} == {
        "missed_game": 5833, "injury_list": 4732, "health_protocols": 394, "other": 12,
        "personal": 1,
    }  # fmt: skip


def test_who_was_out_did_not_play_and_who_had_not_reported_is_not_healthy(real: Platform) -> None:
    found = query(
        real,
        "SELECT i.injury_status AS status, COUNT(*) AS n, COUNTIF(b.player_id IS NOT NULL) AS "
        "played FROM nba_raw.nbac_injury_report AS i LEFT JOIN nba_raw.nbac_player_boxscores AS b "
        "ON b.game_date = i.game_date AND b.team = i.team AND b.player_lookup = i.player_lookup "
        "GROUP BY i.injury_status",
    )
    assert {r["status"]: (r["n"], r["played"]) for r in found} == {
        "out": (10, 0), "doubtful": (1, 0), "questionable": (2, 1), "probable": (1, 1),
    }  # fmt: skip
    teams = query(
        real,
        "SELECT team, team_report_status AS status, players_listed AS n, minutes_before_tipoff "
        "FROM nba_raw.nbac_injury_report_teams ORDER BY team",
    )
    assert [(r["team"], r["status"], r["n"]) for r in teams] == [
        ("DEN", "players_listed", 4), ("GSW", "players_listed", 2),
        ("MIL", "not_submitted", None), ("SAS", "players_listed", 8),
    ]  # fmt: skip
    assert [r["minutes_before_tipoff"] for r in teams] == [570.0, 570.0, 420.0, 420.0]


def test_positions_are_there_for_nearly_all_minutes_of_a_season(real: Platform) -> None:
    """Lists of a season are not complete: who is missing played little."""
    found = query(
        real,
        "SELECT b.season_year, COUNT(DISTINCT b.player_id) AS played, "
        "COUNT(DISTINCT s.player_id) AS listed, "
        "SAFE_DIVIDE(SUM(CASE WHEN s.position IS NULL THEN b.minutes_played ELSE 0 END), "
        "SUM(b.minutes_played)) AS without_position FROM nba_raw.nbac_player_boxscores AS b "
        "LEFT JOIN nba_reference.player_seasons AS s "
        "ON s.player_id = b.player_id AND s.season_year = b.season_year "
        "WHERE b.season_type = 'regular' GROUP BY b.season_year ORDER BY b.season_year",
    )
    assert [(r["played"], r["listed"]) for r in found] == [
        (605, 493), (539, 497), (572, 522), (569, 528), (505, 501),
    ]  # fmt: skip
    assert all(float(str(r["without_position"])) < 0.026 for r in found)


def test_names_and_teams_of_a_season_are_those_of_the_box_scores(real: Platform) -> None:
    found = query(
        real,
        "SELECT s.season_year, COUNT(DISTINCT s.player_id) AS n, "
        "COUNT(DISTINCT CASE WHEN s.team = b.team THEN s.player_id END) AS played_for_it, "
        "COUNTIF(s.player_lookup <> b.player_lookup) AS other_name "
        "FROM nba_reference.player_seasons AS s INNER JOIN nba_raw.nbac_player_boxscores AS b "
        "ON b.player_id = s.player_id AND b.season_year = s.season_year "
        "GROUP BY s.season_year ORDER BY s.season_year",
    )
    assert [r["other_name"] for r in found] == [0] * 5
    assert all(int(str(r["played_for_it"])) / int(str(r["n"])) > 0.97 for r in found)


def test_every_game_has_a_venue(real: Platform) -> None:
    found = one(
        real,
        f"SELECT COUNT(*) AS n, COUNT(DISTINCT game_id) AS games, COUNTIF(venue_key IS NULL) AS "
        f"nowhere, COUNTIF(by_home) AS by_home FROM ({_VENUES})",
    )
    assert found["n"] == found["games"] > 5700
    assert found["nowhere"] == 0
    assert found["by_home"] < 120
    abroad = query(
        real,
        f"SELECT v.season_year, v.venue_key, COUNT(*) AS n FROM ({_VENUES}) AS v "
        "WHERE v.venue_key IN ('neutral_paris', 'neutral_mexico_city', 'neutral_las_vegas', "
        "'sas_austin') GROUP BY v.season_year, v.venue_key",
    )
    assert {(r["season_year"], r["venue_key"]): r["n"] for r in abroad} == {
        (2022, "neutral_mexico_city"): 1, (2023, "neutral_mexico_city"): 1,
        (2024, "neutral_mexico_city"): 1, (2025, "neutral_mexico_city"): 1,
        (2022, "neutral_paris"): 1, (2023, "neutral_paris"): 1, (2024, "neutral_paris"): 2,
        (2023, "neutral_las_vegas"): 3, (2024, "neutral_las_vegas"): 3,
        (2025, "neutral_las_vegas"): 3, (2022, "sas_austin"): 2, (2023, "sas_austin"): 2,
        (2024, "sas_austin"): 2,
    }  # fmt: skip


def test_distances_are_those_of_the_map(real: Platform) -> None:
    found = query(
        real,
        f"SELECT a.venue_key AS one, b.venue_key AS other, {_KM.format(a='a', b='b')} AS km "
        "FROM nba_reference.arenas AS a INNER JOIN nba_reference.arenas AS b "
        "ON a.venue_key < b.venue_key",
    )
    km = {(r["one"], r["other"]): float(str(r["km"])) for r in found}
    assert km["lac_los_angeles", "lal_los_angeles"] < 1
    assert km["lac_inglewood", "lal_los_angeles"] == pytest.approx(13, abs=2)
    assert km["bkn_brooklyn", "nyk_new_york"] == pytest.approx(8, abs=1)
    assert km["bos_boston", "lal_los_angeles"] == pytest.approx(4170, abs=30)
    assert km["mia_miami", "por_portland"] == pytest.approx(4350, abs=40)
    assert km["neutral_paris", "nyk_new_york"] == pytest.approx(5840, abs=30)
    assert km["neutral_london", "neutral_paris"] == pytest.approx(340, abs=10)
