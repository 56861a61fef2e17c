"""The real archives: names that sources print, and the lines that hang on them."""

from __future__ import annotations

from nba_pipeline.platform import Platform
from nba_pipeline.reports.names import match_rates, open_names
from nba_pipeline_tests.real import query
from nba_pipeline_tests.support import PLAYERS


def test_points_lines_are_those_of_before_the_game(real: Platform) -> None:
    """Known of these archives: correlation 0.68 to 0.70 with the points, overs 48 to 50 percent."""
    found = query(
        real,
        "SELECT season_year, COUNT(*) AS n, CORR(points, points_line) AS agreement, "
        "COUNTIF(points_line_result = 'OVER') AS overs "
        f"FROM nba_analytics.{PLAYERS} WHERE points_line IS NOT NULL GROUP BY season_year "
        "ORDER BY season_year",
    )
    assert [r["season_year"] for r in found] == [2023, 2025]
    for r in found:
        assert int(str(r["n"])) > 2300
        assert 0.67 < float(str(r["agreement"])) < 0.71
        assert 0.47 < int(str(r["overs"])) / int(str(r["n"])) < 0.51
    wrong = query(
        real,
        "SELECT COUNTIF((points_line IS NULL) <> (line_null_reason IS NOT NULL)) AS silent, "
        "COUNTIF((points > points_line) <> (points_line_result = 'OVER')) AS wrong "
        f"FROM nba_analytics.{PLAYERS}",
    )
    assert wrong == [{"silent": 0, "wrong": 0}]


def test_no_line_of_a_running_game_and_no_alternate_line_is_used(real: Platform) -> None:
    found = query(
        real,
        "SELECT COUNTIF(minutes_before_tipoff < 0) AS late, "
        "COUNTIF(minutes_before_tipoff IS NULL) AS untimed FROM nba_raw.odds_points_lines",
    )[0]
    assert int(str(found["late"])) > 0 and int(str(found["untimed"])) > 9000
    used = query(
        real,
        f"SELECT COUNT(*) AS n FROM nba_analytics.{PLAYERS} AS p WHERE p.bookmaker IS NOT NULL "
        "AND p.bookmaker <> 'prizepicks' AND NOT EXISTS "
        "(SELECT 1 FROM nba_raw.odds_points_lines AS o WHERE "
        "o.game_date = p.game_date AND o.game_id = p.game_id AND o.bookmaker = p.bookmaker "
        "AND o.points_line = p.points_line AND o.minutes_before_tipoff >= 0)",
    )
    assert used == [{"n": 0}]


def test_nearly_every_name_finds_its_player_and_the_rest_is_listed(real: Platform) -> None:
    for rate in match_rates(real.warehouse):
        # a transaction may print two spellings of which one is the league's
        assert rate.pct > (90 if rate.source_table == "pst_transactions" else 98), rate
    found = {n.printed_lookup: n for n in open_names(real.warehouse)}
    of_games = [n for n in found.values() if n.source_tables != ("pst_transactions",)]
    assert 0 < len(of_games) < 60
    # a full name of either brother would do: only a person can say which one it is
    assert len(found["gantetokounmpo"].near) == 2
    lost = query(
        real,
        "SELECT COUNT(*) AS n FROM nba_raw.odds_points_lines AS o WHERE NOT EXISTS (SELECT 1 FROM "
        "nba_reference.player_name_matches AS m WHERE m.game_date = o.game_date AND "
        "m.source_table = 'odds_points_lines' AND m.printed_lookup = o.player_lookup)",
    )
    assert lost == [{"n": 0}]


def test_other_spellings_have_their_line(real: Platform) -> None:
    found = query(
        real,
        "SELECT player_name, COUNT(points_line) AS n "
        f"FROM nba_analytics.{PLAYERS} WHERE player_name IN ('Nic Claxton', 'Herbert Jones', "
        "'Moritz Wagner', 'Bub Carrington', 'Brandon Boston') GROUP BY player_name",
    )
    assert {r["player_name"] for r in found if int(str(r["n"])) > 0} >= {
        "Nic Claxton", "Herbert Jones", "Moritz Wagner", "Bub Carrington",
    }  # fmt: skip


def test_lines_of_who_played_are_joined(real: Platform) -> None:
    """Timed quotes of both sides, by game and name; who has no box score did not play."""
    found = query(
        real,
        "WITH quoted AS (SELECT DISTINCT o.game_date, o.game_id, m.player_id "
        "FROM nba_raw.odds_points_lines AS o LEFT JOIN nba_reference.player_name_matches AS m "
        "ON m.game_date = o.game_date AND m.source_table = 'odds_points_lines' "
        "AND m.printed_lookup = o.player_lookup WHERE o.minutes_before_tipoff >= 0 "
        "AND o.over_price IS NOT NULL AND o.under_price IS NOT NULL) "
        "SELECT COUNT(*) AS quoted, COUNT(q.player_id) AS named, COUNT(p.player_id) AS played, "
        f"COUNT(p.points_line) AS joined FROM quoted AS q LEFT JOIN nba_analytics.{PLAYERS} AS p "
        "ON p.game_date = q.game_date AND p.game_id = q.game_id AND p.player_id = q.player_id",
    )[0]
    assert found == {"quoted": 6_955, "named": 6_940, "played": 6_619, "joined": 6_619}


def test_a_transaction_is_of_a_player_by_one_of_its_two_spellings(real: Platform) -> None:
    """One spelling in thirty is of nobody ("Maximilian Kleber"), but the other one beside it is."""
    one, other = (
        f"LEFT JOIN nba_reference.roster_name_matches AS {m} ON {m}.game_date = t.game_date "
        f"AND {m}.source_table = 'pst_transactions' AND {m}.printed_lookup = t.{column} "
        for m, column in (("a", "player_lookup"), ("b", "player_lookup_alternative"))
    )
    found = query(
        real,
        "SELECT COUNT(*) AS n, COUNT(a.player_id) AS first, "
        "COUNT(COALESCE(a.player_id, b.player_id)) AS either "
        f"FROM nba_raw.pst_transactions AS t {one} {other} WHERE t.player_lookup IS NOT NULL",
    )
    assert found == [{"n": 10_948, "first": 10_667, "either": 10_924}]
